using System.Text.RegularExpressions;
using CiCost.Policy.Sources;

namespace CiCost.CostIngest.Sources.Google;

/// <summary>A table of BigQuery and how it is asked.</summary>
internal sealed partial record BigQuerySettings
{
    private const long BytesPerGigabyte = 1L << 30;

    /// <summary>Where the API is.</summary>
    public required Uri Address { get; init; }

    /// <summary>The project that the queries run in and are billed to.</summary>
    public required string JobProject { get; init; }

    /// <summary>The project of the data.</summary>
    public required string Project { get; init; }

    /// <summary>The dataset.</summary>
    public required string Dataset { get; init; }

    /// <summary>The table or view.</summary>
    public required string Table { get; init; }

    /// <summary>Where the dataset is, such as <c>US</c>; without it BigQuery does not find datasets elsewhere.</summary>
    public required string Location { get; init; }

    /// <summary>A query that would read more is refused by BigQuery before it costs anything.</summary>
    public required long MaxBytesBilled { get; init; }

    /// <summary>Rows in a page at most; BigQuery makes pages of 10 MB at most.</summary>
    public required int RowsPerPage { get; init; }

    /// <summary>How often an unfinished query is asked for.</summary>
    public required int MaxPolls { get; init; }

    /// <summary>The key of a service account; null for the machine's identity.</summary>
    public SecretReference? Key { get; init; }

    /// <summary>The table as a query names it.</summary>
    public string QuotedTable => $"`{Project}.{Dataset}.{Table}`";

    /// <summary>For people.</summary>
    public string FullName => $"{Project}.{Dataset}.{Table}";

    /// <summary>Reads them.</summary>
    public static BigQuerySettings Read(SourceSettings settings)
    {
        var project = Name(settings, "project");
        return new BigQuerySettings
        {
            Address = settings.Address("endpoint", "https://bigquery.googleapis.com/"),
            Project = project,
            JobProject = settings.OptionalText("jobProject") is null ? project : Name(settings, "jobProject"),
            Dataset = Name(settings, "dataset"),
            Table = Name(settings, "table"),
            Location = settings.Text("location"),
            MaxBytesBilled = settings.Number("maxGigabytesBilled", 200, 1, 100_000) * BytesPerGigabyte,
            RowsPerPage = settings.Number("rowsPerPage", 10_000, 1, 100_000),
            MaxPolls = settings.Number("maxPolls", 180, 1, 10_000),
            Key = settings.OptionalSecret("credentials"),
        };
    }

    private static string Name(SourceSettings settings, string key)
    {
        var name = settings.Text(key);
        if (name.Length > 0 && !NamePattern().IsMatch(name))
        {
            settings.Refuse(key, $"'{key}' is a name of letters, digits, '-', '_', '.' and ':', as BigQuery shows it.");
        }

        return name;
    }

    // What stands between backticks in a query: no backtick, backslash or blank can end it.
    [GeneratedRegex(@"^[A-Za-z0-9_.:$-]{1,300}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}
