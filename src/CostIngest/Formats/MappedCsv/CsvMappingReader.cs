using CiCost.CostIngest.Formats.Csv;
using CiCost.Domain.Focus;
using CiCost.Domain.Lines;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace CiCost.CostIngest.Formats.MappedCsv;

/// <summary>Reads a mapping file. Every mistake is said with its line, all of them at once.</summary>
internal sealed class CsvMappingReader
{
    private const string FormatName = "mapped-csv/1";
    private static readonly string[] TopKeys = ["format", "name", "separator", "numbers", "currencySign", "negative", "dates", "columns"];
    private static readonly string[] FieldKeys = ["column", "constant", "values", "date", "inclusive", "negate"];
    private static readonly HashSet<string> Known =
    [
        .. Enum.GetNames<DimensionColumn>().Where(n => !FocusCatalogue.IsCustom(n)),
        .. CsvMapping.Costs, .. CsvMapping.OtherNumbers, .. CsvMapping.Times, .. CsvMapping.OtherTexts,
    ];

    private readonly string _file;
    private readonly List<RowError> _errors = [];

    private CsvMappingReader(string file) => _file = file;

    /// <summary>Reads one.</summary>
    /// <exception cref="DeliveryRejectedException">It has mistakes.</exception>
    public static CsvMapping Read(string file, string text)
    {
        var reader = new CsvMappingReader(file);
        var mapping = reader.ReadRoot(text);
        return reader._errors.Count == 0 ? mapping! : throw new DeliveryRejectedException([.. reader._errors.OrderBy(e => e.RowNumber)]);
    }

    private CsvMapping? ReadRoot(string text)
    {
        YamlMappingNode? root = null;
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            root = stream.Documents is [{ RootNode: YamlMappingNode map }] ? map : null;
        }
        catch (YamlException e)
        {
            Add((int)e.Start.Line, "", "mapping-yaml", "", $"This is not YAML: {(e.InnerException ?? e).Message.TrimEnd('.')}.");
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // The scanner of YamlDotNet 16.3 gives up so on some texts, and does not say where.
            Add(1, "", "mapping-yaml", "", "This is not YAML. A bracket or quote that is never closed is the usual cause.");
            return null;
        }

        if (root is null)
        {
            Add(1, "", "mapping-yaml", "", $"A mapping has the keys {string.Join(", ", TopKeys)}.");
            return null;
        }

        RefuseOtherKeys(root, TopKeys);
        if (Text(root, "format") is var format && format != FormatName)
        {
            Add(LineOf(root, "format"), "format", "mapping-value", format ?? "", $"Write 'format: {FormatName}'.");
        }

        var name = Text(root, "name");
        if (name is null)
        {
            Add(1, "name", "mapping-missing-key", "", "Name the source, for example 'name: Neocloud invoices'.");
        }

        var numbers = Choose(root, "numbers", NumberForm.All, f => f.Name, NumberForm.All[0]) with { Negatives = Negatives(root) };
        if (Text(root, "currencySign") is { } sign)
        {
            numbers = numbers with { Sign = System.Text.Encoding.UTF8.GetBytes(sign) };
        }

        var dates = Choose(root, "dates", DateForm.All, f => f.Name, DateForm.Focus);
        var numbersLine = Child(root, "numbers") is null ? 0 : LineOf(root, "numbers");
        return new CsvMapping(_file, name ?? "", Separator(root), numbers, numbersLine, ReadFields(root, dates));
    }

    /// <summary>Without the key it is a comma, or what the file's first line declares.</summary>
    private CsvSeparator Separator(YamlMappingNode root)
    {
        if (Text(root, "separator") is not { } text)
        {
            return CsvSeparator.Comma with { TakesDeclared = true };
        }

        foreach (var (separator, name, _) in CsvSeparator.All)
        {
            if (text == name || text == ((char)separator).ToString())
            {
                return new CsvSeparator(separator, TakesDeclared: false);
            }
        }

        Add(LineOf(root, "separator"), "separator", "mapping-value", text,
            $"Known are {string.Join(" ", CsvSeparator.All.Select(s => $"\"{s.Name}\""))}.");
        return CsvSeparator.Comma;
    }

    private NegativeForms Negatives(YamlMappingNode root)
    {
        var forms = NegativeForms.None;
        IEnumerable<YamlNode> nodes = Child(root, "negative") switch { null => [], YamlSequenceNode all => all.Children, var one => [one] };
        foreach (var node in nodes)
        {
            var text = (node as YamlScalarNode)?.Value ?? "";
            var known = NumberForm.NegativeNames.FirstOrDefault(n => n.Name == text);
            forms |= known.Form;
            if (known.Name is null)
            {
                Add((int)node.Start.Line, "negative", "mapping-value", text,
                    $"Known are {string.Join(" ", NumberForm.NegativeNames.Select(n => $"\"{n.Name}\""))}, one or a list.");
            }
        }

        return forms;
    }

    private List<MappedField> ReadFields(YamlMappingNode root, DateForm dates)
    {
        if (Child(root, "columns") is not YamlMappingNode columns)
        {
            Add(LineOf(root, "columns"), "columns", "mapping-missing-key", "",
                "Name the FOCUS columns under 'columns:', each with its column or constant.");
            return [];
        }

        List<MappedField> fields = [];
        foreach (var (key, value) in columns.Children)
        {
            var focus = (key as YamlScalarNode)?.Value ?? "";
            var line = (int)key.Start.Line;
            if (!Known.Contains(focus) && !IsCustom(focus))
            {
                var near = Known.FirstOrDefault(k => k.Equals(focus, StringComparison.OrdinalIgnoreCase));
                Add(line, focus, "mapping-unknown-column", focus, "There is no such column in FOCUS 1.4 that can be mapped, and custom ones begin "
                    + $"with x_.{(near is null ? "" : $" Did you mean {near}?")}");
            }
            else if (fields.Exists(f => f.Focus == focus))
            {
                Add(line, focus, "mapping-value", focus, "This column is there twice.");
            }
            else if (value is not YamlMappingNode map)
            {
                Add(line, focus, "mapping-value", "", "Write {column: NAME} or {constant: VALUE}.");
            }
            else if (ReadField(focus, line, map, dates) is { } field)
            {
                fields.Add(field);
            }
        }

        foreach (var missing in CsvMapping.Required.Where(r => columns.Children.All(c => (c.Key as YamlScalarNode)?.Value != r)))
        {
            Add((int)columns.Start.Line, missing, "mapping-missing-key", "", "No line can be booked without this column. Name the file's "
                + "column or a constant for it.");
        }

        if (fields.Find(f => f.Focus == "ChargePeriodStart") is { Date.Unit: DateUnit.Second } start
            && fields.TrueForAll(f => f.Focus != "ChargePeriodEnd"))
        {
            Add(start.Line, "ChargePeriodEnd", "mapping-missing-key", "", "Without it, only the end of a day or month is known, and "
                + $"{start.Date.Name} is neither.");
        }

        return fields;
    }

    private MappedField? ReadField(string focus, int line, YamlMappingNode map, DateForm dates)
    {
        RefuseOtherKeys(map, FieldKeys);
        var (column, constant) = (Text(map, "column"), Text(map, "constant"));
        if ((column is null) == (constant is null))
        {
            Add(line, focus, "mapping-value", "", "Name either a column of the file or a constant.");
            return null;
        }

        var field = new MappedField(focus, line, column, constant, Values(map, focus), Choose(map, "date", DateForm.All, f => f.Name, dates),
            Flag(map, "inclusive"), Flag(map, "negate"));
        RefuseMisuse(field, map);
        return field;
    }

    private void RefuseMisuse(MappedField field, YamlMappingNode map)
    {
        var isTime = CsvMapping.Times.Contains(field.Focus);
        var isDimension = Enum.TryParse<DimensionColumn>(field.Focus, out _);
        if (field.Constant is not null && !isDimension && field.Focus != "BillingPeriodStart")
        {
            Add(field.Line, field.Focus, "mapping-value", field.Constant, "This column differs from row to row: name a column of the file.");
        }

        if (field.Constant is { } constant && field.Focus == "BillingPeriodStart" && field.Date.TryRead(System.Text.Encoding.UTF8
            .GetBytes(constant)) is null)
        {
            Add(field.Line, field.Focus, "mapping-value", constant, $"This is not written as {field.Date.Name}.");
        }

        RefuseKey(map, "date", field, isTime, "times");
        RefuseKey(map, "inclusive", field, field.Focus == "ChargePeriodEnd", "ChargePeriodEnd");
        RefuseKey(map, "negate", field, CsvMapping.Costs.Contains(field.Focus), "the four costs");
        RefuseKey(map, "values", field, isDimension && field.Column is not null, "dimensions that come from a column");
        if (isDimension && FocusCatalogue.Instance.Find(field.Focus)?.AllowedValues is { } allowed)
        {
            foreach (var value in field.Values.Values.Append(field.Constant).OfType<string>().Where(v => v.Length > 0 && !allowed.Contains(v)))
            {
                Add(field.Line, field.Focus, "mapping-value", value, $"FOCUS allows {string.Join(", ", allowed)}.");
            }
        }
    }

    private void RefuseKey(YamlMappingNode map, string key, MappedField field, bool isAllowed, string owner)
    {
        if (!isAllowed && Child(map, key) is not null)
        {
            Add(LineOf(map, key), field.Focus, "mapping-value", key, $"'{key}' is only for {owner}.");
        }
    }

    private Dictionary<string, string> Values(YamlMappingNode map, string focus)
    {
        switch (Child(map, "values"))
        {
            case null:
                return [];
            case YamlMappingNode values when values.Children.All(v => v is { Key: YamlScalarNode, Value: YamlScalarNode })
                && values.Children.DistinctBy(v => ((YamlScalarNode)v.Key).Value).Count() == values.Children.Count:
                return values.Children.ToDictionary(
                    v => ((YamlScalarNode)v.Key).Value ?? "", v => ((YamlScalarNode)v.Value).Value ?? "", StringComparer.Ordinal);
            default:
                Add(LineOf(map, "values"), focus, "mapping-value", "", "Write {theirs: ours}, texts only, each of theirs once.");
                return [];
        }
    }

    private T Choose<T>(YamlMappingNode map, string key, IReadOnlyList<T> all, Func<T, string> nameOf, T fallback)
        where T : class
    {
        if (Text(map, key) is not { } text)
        {
            return fallback;
        }

        // An example that was copied from a file has its no-break blanks.
        var plain = text.Replace('\u00A0', ' ').Replace('\u202F', ' ').Replace('\u2019', '\'');
        if (all.FirstOrDefault(f => nameOf(f) == plain) is { } found)
        {
            return found;
        }

        Add(LineOf(map, key), key, "mapping-value", text, $"Known are {string.Join(" | ", all.Select(nameOf))}.");
        return fallback;
    }

    private bool Flag(YamlMappingNode map, string key)
    {
        var text = Text(map, key);
        if (text is not (null or "true" or "false"))
        {
            Add(LineOf(map, key), key, "mapping-value", text, "Write true or false.");
        }

        return text == "true";
    }

    private string? Text(YamlMappingNode map, string key)
    {
        switch (Child(map, key))
        {
            case null:
                return null;
            case YamlScalarNode { Value: { Length: > 0 } text }:
                return text;
            default:
                Add(LineOf(map, key), key, "mapping-value", "", "A text is expected here.");
                return null;
        }
    }

    private void RefuseOtherKeys(YamlMappingNode map, string[] known)
    {
        foreach (var key in map.Children.Keys.Where(k => !known.Contains((k as YamlScalarNode)?.Value)))
        {
            Add((int)key.Start.Line, (key as YamlScalarNode)?.Value ?? "", "mapping-value", (key as YamlScalarNode)?.Value ?? "",
                $"This key is not known here. Known are {string.Join(", ", known)}.");
        }
    }

    private static bool IsCustom(string name) => name.Length > 2 && name.StartsWith("x_", StringComparison.Ordinal)
        && !Enum.TryParse<DimensionColumn>(name, out _);

    private static YamlNode? Child(YamlMappingNode map, string key) =>
        map.Children.FirstOrDefault(c => (c.Key as YamlScalarNode)?.Value == key).Value;

    private static int LineOf(YamlMappingNode map, string key) =>
        (int)(map.Children.Keys.FirstOrDefault(k => (k as YamlScalarNode)?.Value == key) ?? map).Start.Line;

    private void Add(int line, string column, string rule, string value, string message) =>
        _errors.Add(new RowError(_file, line, column, rule, value.Length > 200 ? value[..200] : value, $"Line {line}: {message}"));
}
