using CiCost.Ledger.Sources;
using CiCost.Policy.Sources;

namespace CiCost.CostIngest.Sources.DropFolder;

/// <summary>The connector <c>drop-folder</c>: files that somebody puts into <c>FOLDER/YYYY-MM</c>, bills or
/// invoices.</summary>
public sealed class DropFolderConnector : ISourceConnector
{
    private const string InvoiceDetail = "focus-invoice-detail";

    /// <inheritdoc/>
    public string Name => "drop-folder";

    /// <inheritdoc/>
    public SourceSetup Create(SourceSettings settings, SourceServices services)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(services);
        var folder = settings.Text("folder");
        if (folder.Length > 0 && !Path.IsPathFullyQualified(folder))
        {
            settings.Refuse("folder", "Write the whole path, beginning at the root: the program may be started anywhere.");
        }

        var rules = new DropRules
        {
            Mode = settings.Choice("mode", "replace", "replace", "append") == "append" ? SourceMode.Append : SourceMode.Replace,
            NeedsMarker = settings.Choice("complete", "settled", "settled", "marker") == "marker",
            SettleTime = TimeSpan.FromMinutes(settings.Number("settleMinutes", 15, 1, 7 * 24 * 60)),
            NeedsSums = settings.Choice("checksums", "optional", "optional", "required") == "required",
            Mapping = settings.OptionalText("mapping"),
        };
        if (rules.Mapping is { } mapping && !Path.IsPathFullyQualified(mapping))
        {
            settings.Refuse("mapping", "Write the whole path, beginning at the root: the program may be started anywhere.");
        }

        var format = settings.Text("format");
        var profile = settings.OptionalText("profile");
        var source = new DropFolderSource(folder, rules, new SeenFiles(Path.Combine(services.StateFolder, "seen.json")), services.Time);
        return format == InvoiceDetail
            ? new SourceSetup(new InvoiceDetailSource(source, ReadInvoiceSettings(settings, rules, profile)), Format: null)
            : Bills(settings, new SourceSetup(source, format, profile, rules.Mode));
    }

    private static SourceSetup Bills(SourceSettings settings, SourceSetup setup)
    {
        if (settings.OptionalText("credits") is not null)
        {
            settings.Refuse("credits", $"Bills state their credits themselves: remove 'credits', which is for 'format: {InvoiceDetail}' only.");
        }

        return setup;
    }

    /// <summary>Are credits within the lines? Lists the settings that invoices cannot have.</summary>
    private static bool ReadInvoiceSettings(SourceSettings settings, DropRules rules, string? profile)
    {
        if (profile is not null)
        {
            settings.Refuse("profile", $"'{InvoiceDetail}' has no profiles: an invoice's amounts are taken as they stand or not at all. Remove it.");
        }

        if (rules.Mapping is not null)
        {
            settings.Refuse("mapping", "A mapping is for 'format: mapped-csv'. Remove it, and name the columns as FOCUS InvoiceDetail does.");
        }

        if (rules.Mode == SourceMode.Append)
        {
            settings.Refuse("mode", "The files of a month are its invoices together, so that a line that stands in two files is noticed and a "
                + "file that is taken away counts no longer. Remove 'mode'; further files may come at any time.");
        }

        return settings.Choice("credits", "apart", "apart", "within") == "within";
    }
}

/// <summary>When files count.</summary>
internal sealed record DropRules
{
    /// <summary>Whether a month's files are one delivery, or each is one of its own.</summary>
    public required SourceMode Mode { get; init; }

    /// <summary>Complete is what has a marker; else what stays as it is.</summary>
    public required bool NeedsMarker { get; init; }

    /// <summary>How long a file has to stay as it is.</summary>
    public required TimeSpan SettleTime { get; init; }

    /// <summary>A month without SHA256SUMS is not complete.</summary>
    public required bool NeedsSums { get; init; }

    /// <summary>A file that goes before the data in each delivery, such as the mapping of <c>mapped-csv</c>; null for none. It lies with
    /// the configuration, not in the folder.</summary>
    public string? Mapping { get; init; }
}
