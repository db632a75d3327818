using CiCost.CostApi.Documents;
using CiCost.CostApi.Hosting;

namespace CiCost.CostApi.Endpoints;

/// <summary>What an answer is made from.</summary>
/// <param name="Query">The parameters.</param>
/// <param name="Books">The books.</param>
/// <param name="Condition">How the checks on the newest book version ended and how fresh the sources are; not asked for endpoints that do
/// not show it.</param>
/// <param name="CancellationToken">Cancelled when the caller goes.</param>
internal sealed record Asked(QueryReader Query, OpenBooks Books, BooksCondition Condition, CancellationToken CancellationToken);

/// <summary>One endpoint: its words, its parameters, and how it answers.</summary>
internal sealed record ApiEndpoint
{
    /// <summary>The path.</summary>
    public required string Path { get; init; }

    /// <summary>The operation's name.</summary>
    public required string Name { get; init; }

    /// <summary>What it answers, in one sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>The parameters.</summary>
    public IReadOnlyList<ParameterSpec> Parameters { get; init; } = [];

    /// <summary>The type of its document; a second one when the parameters decide which it is.</summary>
    public required IReadOnlyList<Type> Documents { get; init; }

    /// <summary>Does the document show how the checks ended and how fresh the sources are?</summary>
    public bool ShowsCondition { get; init; }

    /// <summary>Is the document fixed by book version and question? Else it may change without a new book version.</summary>
    public bool IsFixedByVersion { get; init; }

    /// <summary>Can a parameter name something that is not there?</summary>
    public bool CanBeNotFound { get; init; }

    /// <summary>Makes the document.</summary>
    public required Func<Asked, Task<object>> AnswerAsync { get; init; }
}
