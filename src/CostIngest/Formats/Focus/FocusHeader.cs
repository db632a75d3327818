using CiCost.Accounting.Booking;
using CiCost.CostIngest.Formats.Csv;
using CiCost.Domain.Focus;
using CiCost.Domain.Lines;

namespace CiCost.CostIngest.Formats.Focus;

/// <summary>Reads the header of a file and judges whether its rows can be booked.</summary>
internal static class FocusHeader
{
    private static readonly string[] Mandatory =
    [
        "BilledCost", "EffectiveCost", "ListCost", "ContractedCost", "BillingCurrency", "BillingPeriodStart", "ChargePeriodStart",
        "ChargePeriodEnd", "ChargeCategory", "BillingAccountId",
    ];

    /// <summary>The names in the header.</summary>
    /// <exception cref="DeliveryRejectedException">A name is empty or stands twice, or there are too many.</exception>
    public static List<string> ReadNames(CsvTokenizer csv, string file, int maxColumns)
    {
        if (csv.FieldCount > maxColumns)
        {
            throw Refuse(file, "header-too-many-columns", "",
                $"The header has {csv.FieldCount} columns, more than {maxColumns} (MaxColumns). If the file is right, raise the limit "
                    + "in the configuration.");
        }

        var names = new List<string>(csv.FieldCount);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var unquoted = default(CsvText);
        for (var i = 0; i < csv.FieldCount; i++)
        {
            if (!CsvText.TryDecode(unquoted.Value(csv.Raw(i)), out var name))
            {
                throw Refuse(file, "csv-invalid-utf8", CsvText.ForMessage(csv.Raw(i)), $"The name of column {i + 1} is no UTF-8 text. Export "
                    + "the file in UTF-8.");
            }

            if (name.Contains('\r', StringComparison.Ordinal))
            {
                throw Refuse(file, "csv-line-ends", Cut(name.ReplaceLineEndings(" ")), $"The name of column {i + 1} holds a carriage return. "
                    + CsvTokenizer.LoneReturns);
            }

            if (name.Length == 0)
            {
                throw Refuse(file, "header-empty-name", "", $"Column {i + 1} of {csv.FieldCount} has no name. The first line must name "
                    + "every column.");
            }

            if (!seen.Add(name))
            {
                throw Refuse(file, "header-duplicate-name", name, "Two columns have this name, so it is not clear which one is meant.");
            }

            names.Add(name);
        }

        return names;
    }

    /// <summary>
    /// Makes the layout of a file whose rows can be booked; unknown columns go to the error log, anything worse is thrown.
    /// </summary>
    public static FocusLayout Judge(
        List<string> names, string file, FormatRequest request, Tolerance granted, ErrorLog errors, ToleranceLog uses)
    {
        RefuseWhatCannotBeBooked(names, file);
        var unknown = names.Where(n => FocusCatalogue.Instance.Find(n) is null && !FocusCatalogue.IsCustom(n)).ToList();
        if (unknown.Count > 0 && (granted & Tolerance.ForeignColumns) != 0)
        {
            foreach (var name in unknown)
            {
                uses.Use(Tolerance.ForeignColumns, 0, System.Text.Encoding.UTF8.GetBytes(name));
            }
        }
        else if (unknown.Count > 0)
        {
            errors.Add(new RowError(file, 0, "", "header-unknown-column", Cut(string.Join(", ", unknown)),
                $"FOCUS 1.0 to {FocusCatalogue.Instance.NewestVersion} has no such column. {Hint(unknown)}Name custom columns x_..."
                + FocusProfiles.Instance.Advice(Tolerance.ForeignColumns, granted) + "."));
        }

        return new FocusLayout(names, request.Dimensions);
    }

    /// <summary>Refuses a part whose columns are not those of the first part.</summary>
    public static void RefuseOtherColumns(FocusLayout first, string firstFile, FocusLayout next, string file)
    {
        if (first.HasSameColumns(next))
        {
            return;
        }

        var lacks = first.Names.Except(next.Names).ToList();
        var more = next.Names.Except(first.Names).ToList();
        throw Refuse(file, "header-parts-differ", Cut(string.Join(", ", lacks.Concat(more))),
            $"The parts of one delivery must have the same columns, in any order. Against {firstFile} this one lacks {Count(lacks)} and "
                + $"adds {Count(more)}. "
            + "Deliver files of different exports under different sources.");
    }

    private static void RefuseWhatCannotBeBooked(List<string> names, string file)
    {
        var missing = Mandatory.Except(names).ToList();
        if (!names.Contains("ServiceProviderName") && !names.Contains("ProviderName"))
        {
            missing.Add("ServiceProviderName (or ProviderName)");
        }

        if (missing.Count == 0)
        {
            return;
        }

        if (FocusCatalogue.Instance.OtherDatasetOf(names) is { } dataset)
        {
            throw Refuse(file, "header-other-dataset", "",
                $"This is the FOCUS {dataset} dataset, not CostAndUsage: its rows are no charges. Deliver the CostAndUsage file of the "
                    + "same export.");
        }

        if (!names.Exists(n => FocusCatalogue.Instance.Find(n) is not null))
        {
            throw Refuse(file, "header-not-focus", Cut(string.Join(", ", names)),
                "None of the columns is a FOCUS column. Deliver a FOCUS export (CostAndUsage, comma-separated), not the provider's own "
                    + "report.");
        }

        throw Refuse(file, "header-missing-columns", Cut(string.Join(", ", missing)),
            $"Without {(missing.Count == 1 ? "this column" : $"these {missing.Count} columns")} no row can be booked: "
                + $"{string.Join(", ", missing)}. {Hint(names)}"
            + "Export the file with them.");
    }

    /// <summary>Says when a name is only written in another case.</summary>
    private static string Hint(List<string> names)
    {
        foreach (var name in names.Where(n => FocusCatalogue.Instance.Find(n) is null))
        {
            if (FocusCatalogue.Instance.FindIgnoringCase(name.Trim()) is { } meant)
            {
                return $"'{Cut(name)}' must be written {meant.Name}. ";
            }
        }

        return "";
    }

    private static string Count(List<string> names) =>
        names.Count == 0 ? "none" : Cut(string.Join(", ", names));

    private static string Cut(string text) => text.Length > 200 ? text[..200] : text;

    private static DeliveryRejectedException Refuse(string file, string rule, string value, string message) =>
        new([new RowError(file, 0, "", rule, Cut(value), message)]);
}
