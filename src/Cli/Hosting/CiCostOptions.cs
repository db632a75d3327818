using System.ComponentModel.DataAnnotations;

namespace CiCost.Cli.Hosting;

/// <summary>The configuration: <c>appsettings.json</c> in the working directory, then environment variables
/// <c>CICOST_Section__Key</c>.</summary>
public sealed class CiCostOptions
{
    /// <summary>Where the books and the policy are.</summary>
    public BooksOptions Books { get; set; } = new();

    /// <summary>What bounds a booking.</summary>
    public IngestOptions Ingest { get; set; } = new();

    /// <summary>What providers may send to the server.</summary>
    public WebhooksOptions Webhooks { get; set; } = new();

    /// <summary>What <c>cicost serve</c> does when its command line does not say.</summary>
    public ServeOptions Serve { get; set; } = new();
}

/// <summary>What providers may send to the server.</summary>
public sealed class WebhooksOptions
{
    /// <summary>GitHub's workflow_job events.</summary>
    public GitHubWebhookOptions GitHub { get; set; } = new();
}

/// <summary>GitHub's workflow_job events.</summary>
public sealed class GitHubWebhookOptions
{
    /// <summary>Where the secret stands that GitHub signs with, <c>env:NAME</c> or <c>file:PATH</c>; empty: nothing is received.</summary>
    public string Secret { get; set; } = "";

    /// <summary>The source that the jobs are booked under.</summary>
    [Required]
    public string Source { get; set; } = "github-jobs";

    /// <summary>How often what came is booked, in seconds.</summary>
    [Range(1, 86_400)]
    public int BookEverySeconds { get; set; } = 180;
}

/// <summary>Where the books and the policy are.</summary>
public sealed class BooksOptions
{
    /// <summary>The database file; <c>--db</c> goes before it.</summary>
    [Required]
    public string Database { get; set; } = "cicost.db";

    /// <summary>The folder of the policy files; <c>--policy</c> goes before it. When it is not there, the one shipped with the program is
    /// used.</summary>
    [Required]
    public string PolicyDirectory { get; set; } = "policy";

    /// <summary>How long to wait for another writer, in seconds.</summary>
    [Range(1, 3600)]
    public int BusyTimeoutSeconds { get; set; } = 60;
}

/// <summary>What bounds a booking: reaching a limit is an error that names it.</summary>
public sealed class IngestOptions
{
    /// <summary>The most bytes in one delivered file.</summary>
    [Range(1, long.MaxValue)]
    public long MaxObjectBytes { get; set; } = 64L * 1024 * 1024 * 1024;

    /// <summary>The most bytes in one object after decompression.</summary>
    [Range(1, long.MaxValue)]
    public long MaxContentBytes { get; set; } = 512L * 1024 * 1024 * 1024;

    /// <summary>The most columns in a file.</summary>
    [Range(1, 100_000)]
    public int MaxColumns { get; set; } = 1_000;

    /// <summary>The most bytes in one record.</summary>
    [Range(1024, 64 * 1024 * 1024)]
    public int MaxRecordBytes { get; set; } = 1024 * 1024;

    /// <summary>The most rows in a delivery.</summary>
    [Range(1, 4_000_000_000)]
    public long MaxRows { get; set; } = 4_000_000_000;

    /// <summary>The most distinct dimension sets in a delivery.</summary>
    [Range(1, 10_000_000)]
    public int MaxDimensionSets { get; set; } = 500_000;

    /// <summary>The most groups (billing month, charge day, dimension set) in a delivery.</summary>
    [Range(1, 10_000_000)]
    public int MaxRollupGroups { get; set; } = 1_000_000;

    /// <summary>The most bytes of one resource, tag set, pair of unit prices or dimension set.</summary>
    [Range(1024, 64 * 1024 * 1024)]
    public int MaxEntryBytes { get; set; } = 256 * 1024;

    /// <summary>The most bytes of all dimension sets of a delivery, in memory.</summary>
    [Range(1, long.MaxValue)]
    public long MaxDimensionSetBytes { get; set; } = 256L * 1024 * 1024;

    /// <summary>The most bytes of all resources, tag sets and unit prices of a delivery, in the database.</summary>
    [Range(1, long.MaxValue)]
    public long MaxDictionaryBytes { get; set; } = 16L * 1024 * 1024 * 1024;

    /// <summary>The most rows set aside before a delivery is refused all the same.</summary>
    [Range(0, 1_000_000)]
    public int MaxQuarantinedRows { get; set; } = 10_000;

    /// <summary>The most errors that a refusal lists.</summary>
    [Range(1, 10_000)]
    public int MaxReportedErrors { get; set; } = 50;
}

/// <summary>What the command line of <c>cicost serve</c> says, as keys: each option goes before its key.</summary>
public sealed class ServeOptions
{
    /// <summary>Where to listen; <c>--address</c>.</summary>
    public string Address { get; set; } = CostApi.ApiHostOptions.DefaultAddress;

    /// <summary>May that be an address that other machines reach? <c>--allow-remote</c>.</summary>
    public bool AllowRemote { get; set; }

    /// <summary>Names under which it answers beside those of this machine, with blanks between; <c>--allowed-host</c>.</summary>
    public string AllowedHosts { get; set; } = "";

    /// <summary>The folder of board reports; <c>--reports</c>.</summary>
    public string? Reports { get; set; }

    /// <summary>A notice on every page and answer; <c>--notice</c>.</summary>
    public string? Notice { get; set; }

    /// <summary>The sources file; <c>--sources</c>.</summary>
    public string? Sources { get; set; }

    /// <summary>How the log looks, <c>text</c> or <c>json</c>; <c>--log-format</c>.</summary>
    [RegularExpression("text|json", ErrorMessage = "text or json is expected.")]
    public string LogFormat { get; set; } = "text";

    /// <summary>The least level that is logged, <c>warning</c>, <c>information</c> or <c>debug</c>; <c>--log-level</c>.</summary>
    [RegularExpression("warning|information|debug", ErrorMessage = "warning, information or debug is expected.")]
    public string LogLevel { get; set; } = "warning";

    /// <summary>May the group read what is made? <c>--group-readable</c>.</summary>
    public bool GroupReadable { get; set; }
}
