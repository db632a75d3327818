using System.CommandLine;
using CiCost.Cli.Hosting;
using CiCost.Ledger;

namespace CiCost.Cli.Commands;

/// <summary>The options that every command takes, before or after its name.</summary>
internal sealed class GlobalOptions
{
    public Option<string?> Database { get; } = new("--db")
    {
        Description = "The database file of the books.",
        HelpName = "FILE",
        Recursive = true
    };

    public Option<string?> Policy { get; } = new("--policy")
    {
        Description = "The folder of the policy files.",
        HelpName = "DIR",
        Recursive = true
    };

    public Option<string?> Sources { get; } = new("--sources")
    {
        Description = "The file that says which sources are pulled (sources.yaml).",
        HelpName = "FILE",
        Recursive = true
    };

    public Option<bool> GroupReadable { get; } = new("--group-readable")
    {
        Description = "Make files that the group may read (0640, folders 0750); without it only their owner may.",
        Recursive = true
    };

    public Option<bool> Json { get; } = new("--json")
    {
        Description = "Print one JSON document on standard output; all else goes to "
        + "standard error.",
        Recursive = true
    };

    public void AddTo(RootCommand root)
    {
        root.Options.Add(Database);
        root.Options.Add(Policy);
        root.Options.Add(Sources);
        root.Options.Add(Json);
        root.Options.Add(GroupReadable);
    }

    public bool IsJson(ParseResult parse) => parse.GetValue(Json);

    /// <summary>The sources file that was named, or <c>sources.yaml</c> in the working directory.</summary>
    public string SourcesPath(ParseResult parse) => parse.GetValue(Sources) ?? "sources.yaml";

    /// <summary>Opens the books that are there.</summary>
    /// <exception cref="BooksException">There are none: a command that only reads would make empty ones, and answer from them.</exception>
    public Task<Session> OpenAsync(ParseResult parse, CancellationToken cancellationToken) =>
        Session.OpenAsync(parse.GetValue(Database), parse.GetValue(Policy), mayCreate: false, cancellationToken);

    /// <summary>Are there books?</summary>
    public bool AreBooksThere(ParseResult parse) => File.Exists(Session.DatabaseOf(parse.GetValue(Database)));

    /// <summary>Opens the books, and makes them where none are: for what is the first thing that is done with them.</summary>
    public Task<Session> OpenOrCreateAsync(ParseResult parse, CancellationToken cancellationToken) =>
        Session.OpenAsync(parse.GetValue(Database), parse.GetValue(Policy), mayCreate: true, cancellationToken);
}
