using CiCost.Accounting.Booking;
using CiCost.CostIngest.Formats.Csv;
using CiCost.CostIngest.Formats.Focus;
using CiCost.CostIngest.Formats.Native;
using CiCost.Domain.Lines;

namespace CiCost.CostIngest.Formats.MappedCsv;

/// <summary>
/// Anybody's CSV under a small mapping file. The mapping is a file of the delivery: so it is kept with the bill, is part of its identity,
/// and the same lines can be read again for ever.
/// </summary>
public sealed class MappedCsvFormat : ILineFormat
{
    private const int MaxMappingBytes = 64 * 1024;
    private static readonly FocusProfiles.ProfilesFile ProfilesFile = EmbeddedJson.Read<FocusProfiles.ProfilesFile>("profiles.json", "MappedCsv");
    private static readonly FocusProfiles OwnProfiles = new("mapped-csv", ProfilesFile);

    /// <inheritdoc/>
    public string Kind => "mapped-csv";

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Profiles => OwnProfiles.Descriptions;

    /// <inheritdoc/>
    public int MappingVersion => 2;

    /// <inheritdoc/>
    public FormatReport Read(FormatRequest request, LineEncoder encoder, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(encoder);
        var mappings = request.Objects.Where(o => IsMapping(o.Name)).ToList();
        if (mappings.Count != 1 || request.Objects.Count == 1)
        {
            throw new DeliveryRejectedException([new RowError(request.Objects[0].Name, 0, "", "mapping-missing", "",
                $"A mapped-csv delivery has one mapping, a .yaml file, and at least one CSV file; here are {mappings.Count} mappings and "
                    + $"{request.Objects.Count - mappings.Count} other files. See docs/sources/mapped-csv.md.")]);
        }

        var (text, length) = TextOf(mappings[0]);
        var profile = CsvMappingReader.Read(mappings[0].Name, text);
        var mapping = MappingOf(profile);
        try
        {
            var report = NativeCsvReader.Read(
                mapping,
                request with { Objects = [.. request.Objects.Except(mappings)] },
                encoder,
                context => new MappedRows(mapping, context, profile),
                (csv, layout) => new MappedRecord(csv, profile.Numbers, NumericColumns(layout)),
                _ => profile.Name,
                cancellationToken,
                profile.Separator);
            return report with { Objects = WithMapping(report.Objects, request.Objects.ToList().IndexOf(mappings[0]), length) };
        }
        catch (DeliveryRejectedException refusal) when (refusal.Errors is [{ Rule: "header-missing-columns" } missing])
        {
            var names = missing.Value.Split(", ");
            throw new DeliveryRejectedException(
            [
                .. profile.Fields.Where(f => f.Column is not null && names.Contains(f.Column)).Select(f => new RowError(profile.File, f.Line,
                    f.Focus, "mapping-column", f.Column!, $"{missing.File} has no column of this name. Correct the mapping, or export the "
                        + "file with it.")),
            ]);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<RawRow> ReadRows(ContentObject content, IReadOnlyList<long> rowNumbers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(rowNumbers);
        var mapping = content.DeliveredWith.FirstOrDefault(o => IsMapping(o.Name));
        var separator = mapping is null ? CsvSeparator.Comma : CsvMappingReader.Read(mapping.Name, TextOf(mapping).Text).Separator;
        return RawRowReader.Read(content, rowNumbers, cancellationToken, separator);
    }

    private static bool IsMapping(string name)
    {
        var plain = name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? name[..^3] : name;
        return plain.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) || plain.EndsWith(".yml", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The mapping has no rows, and stands where it was delivered.</summary>
    private static List<ObjectRows> WithMapping(IReadOnlyList<ObjectRows> files, int at, long length)
    {
        var firstRow = at < files.Count ? files[at].FirstRowNumber : files[^1].FirstRowNumber + files[^1].RowCount;
        return [.. files.Take(at), new ObjectRows(firstRow, 0, length, []), .. files.Skip(at)];
    }

    private static (string Text, long Length) TextOf(ContentObject mapping)
    {
        using var stream = mapping.Open();
        var bytes = new byte[MaxMappingBytes + 1];
        var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return length <= MaxMappingBytes && CsvText.TryDecode(bytes.AsSpan(0, length), out var text)
            ? (text, length)
            : throw new DeliveryRejectedException([new RowError(mapping.Name, 0, "", "mapping-yaml", "",
                $"A mapping is a YAML file in UTF-8 of at most {MaxMappingBytes} bytes.")]);
    }

    private static HashSet<int> NumericColumns(NativeLayout layout) =>
        [.. CsvMapping.Costs.Concat(CsvMapping.OtherNumbers).SelectMany(layout.Find)];

    private static NativeMapping MappingOf(CsvMapping profile) => NativeMapping.Of(new NativeMapping.MappingFile(
        "mapped-csv",
        [],
        [
            .. profile.Fields.Where(f => f.Column is not null).Select(f => new NativeMapping.ColumnRow(
                [f.Column!], NameOf(f.Focus), IsCopied(f) ? f.Focus : null, Required: true)),
        ],
        profile.Fields.Where(f => f.Constant is not null && Enum.TryParse<DimensionColumn>(f.Focus, out _))
            .ToDictionary(f => f.Focus, f => f.Constant!),
        new Dictionary<string, NativeMapping.ChargeRow>(),
        new Dictionary<string, Dictionary<string, string>>(),
        [],
        ProfilesFile.Tolerances,
        ProfilesFile.Profiles));

    /// <summary>What the rules that all native formats share call these two columns.</summary>
    private static string NameOf(string focus) => focus switch
    {
        nameof(DimensionColumn.BillingAccountId) => "account",
        nameof(DimensionColumn.BillingCurrency) => "currency",
        _ => focus,
    };

    private static bool IsCopied(MappedField field) => field.Values.Count == 0
        && (Enum.TryParse<DimensionColumn>(field.Focus, out _) || Domain.Focus.FocusCatalogue.IsCustom(field.Focus));
}
