using CiCost.Domain.Checks;

namespace CiCost.Accounting.Checks;

/// <summary>One named claim about the books. It returns what does not hold; it never throws for bad books and never mends them.</summary>
public interface ICheck
{
    /// <summary>Its stable name; docs/errors.md has a section for it.</summary>
    string Name { get; }

    /// <summary>What it claims, in one sentence.</summary>
    string Claim { get; }

    /// <summary>Everything that does not hold.</summary>
    IEnumerable<CheckFailure> Run(CheckContext context);

    /// <summary>What a reader should know and nothing is wrong with.</summary>
    IEnumerable<string> Notices(CheckContext context);

    /// <summary>Is there anything that it could look at? Without, a check that finds nothing wrong has proved nothing.</summary>
    bool HasAnything(CheckContext context);
}

/// <summary>The part that all checks share.</summary>
/// <param name="name">The stable name.</param>
/// <param name="claim">The claim.</param>
public abstract class Check(string name, string claim) : ICheck
{
    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public string Claim { get; } = claim;

    /// <inheritdoc/>
    public abstract IEnumerable<CheckFailure> Run(CheckContext context);

    /// <inheritdoc/>
    public virtual IEnumerable<string> Notices(CheckContext context) => [];

    /// <inheritdoc/>
    public virtual bool HasAnything(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Scopes.Count > 0;
    }

    /// <summary>A failure of this check.</summary>
    protected CheckFailure Failure(string where, string message, string expected = "", string actual = "")
        => new(Name, where, message, expected, actual);

    /// <summary>How a scope is called in failures.</summary>
    protected static string Where(Ledger.Costs.ScopeState scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return scope.Part == "*"
            ? $"{scope.SourceKey} {scope.BillingMonth} (delivery {scope.DeliveryId})"
            : $"{scope.SourceKey} {scope.BillingMonth} {scope.Part} (delivery {scope.DeliveryId})";
    }
}
