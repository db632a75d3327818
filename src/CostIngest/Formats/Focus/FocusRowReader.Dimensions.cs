using System.Collections.Immutable;
using CiCost.CostIngest.Formats.Csv;
using CiCost.Domain.Focus;
using CiCost.Domain.Lines;
using CiCost.Domain.Money;

namespace CiCost.CostIngest.Formats.Focus;

/// <content>
/// A dimension set that was not seen before: decoded, judged, and brought up to the meaning of FOCUS 1.4. Runs once per distinct set.
/// </content>
internal sealed partial class FocusRowReader
{
    private static readonly DimensionColumn[] AllColumns = Enum.GetValues<DimensionColumn>();
    private static readonly FocusColumn?[] Definitions = [.. Enum.GetNames<DimensionColumn>().Select(FocusCatalogue.Instance.Find)];
    private readonly DimensionOptions _options;
    private readonly List<Tolerance> _setUses = [];
    private (Tolerance Tolerance, int Count)[]?[] _usesOfSet = new (Tolerance, int)[]?[1024];
    private bool _anySetUses;

    private int ReadNewDimensionSet(Hash128 key)
    {
        _setUses.Clear();
        var errorsBefore = _rowErrors.Count;
        var values = new string?[DimensionSet.ColumnCount];
        foreach (var column in AllColumns)
        {
            values[(int)column] = DimensionValue(column);
        }

        var extras = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        ReadExtras(extras);
        if (_rowErrors.Count == errorsBefore)
        {
            CheckShift(values);
            MapProviders(values);
            values[(int)DimensionColumn.PricingCurrency] ??= values[(int)DimensionColumn.BillingCurrency];
            CheckMandatory(values);
        }


        if (_rowErrors.Count > 0 || _errors.IsRefused)
        {
            return 0;
        }

        var ordinal = _encoder.AddDimensionSet(key, new DimensionSet(values, extras.ToImmutable()));
        RememberUses(ordinal);
        return ordinal;
    }

    private string? DimensionValue(DimensionColumn column)
    {
        var index = _layout.Dimensions[(int)column];
        if (index < 0 || column is DimensionColumn.x_ProviderName or DimensionColumn.x_PublisherName)
        {
            return null;
        }

        var text = DecodedText(index);
        return text is null || Definitions[(int)column]?.AllowedValues is not { } allowed
            ? text
            : AllowedValue(column, index, text, allowed);
    }

    /// <summary>The text of a column; null when it is null, or broken, which is reported.</summary>
    private string? DecodedText(int index)
    {
        if (index < 0)
        {
            return null;
        }

        var value = _first.Value(_csv.Raw(index));
        if (value.IsEmpty)
        {
            return null;
        }

        if (value.SequenceEqual("NULL"u8))
        {
            if (IsNullLiteral(index))
            {
                CountSetUse(Tolerance.NullLiteral);
            }

            return null;
        }

        if (!CsvText.TryDecode(value, out var text))
        {
            Fail(index, "csv-invalid-utf8", "The field is no UTF-8 text. Export the file in UTF-8.");
            return null;
        }

        var isQuoted = _csv.Raw(index)[0] == '"';
        if (!isQuoted && text.Contains('\r', StringComparison.Ordinal))
        {
            Fail(index, "csv-stray-carriage-return", "A carriage return stands inside a field without quotes. Quote the field, or end "
                + "lines with LF or CRLF.");
        }

        return text;
    }

    private string? AllowedValue(DimensionColumn column, int index, string text, IReadOnlyList<string> allowed)
    {
        if (allowed.Contains(text))
        {
            return text;
        }

        var isDescriptive = column is DimensionColumn.ServiceCategory or DimensionColumn.ServiceSubcategory;
        var meant = allowed.FirstOrDefault(a => a.Equals(text, StringComparison.OrdinalIgnoreCase));
        if (meant is not null && (_granted & Tolerance.EnumCase) != 0)
        {
            Use(Tolerance.EnumCase, index);
            return meant;
        }

        if (isDescriptive && (_granted & Tolerance.UnknownServiceCategory) != 0)
        {
            Use(Tolerance.UnknownServiceCategory, index);
            return text;
        }

        if (meant is not null)
        {
            Fail(index, "enum-case", $"FOCUS writes this value '{meant}'", Tolerance.EnumCase);
        }
        else
        {
            Fail(index, "enum-value", $"FOCUS allows only {(isDescriptive ? "its list of categories" : string.Join(", ", allowed))} here",
                isDescriptive ? Tolerance.UnknownServiceCategory : Tolerance.None);
        }

        return null;
    }

    private void ReadExtras(ImmutableSortedDictionary<string, string>.Builder extras)
    {
        foreach (var (name, index) in _layout.Custom)
        {
            if (DecodedText(index) is { } text)
            {
                extras[name] = text;
            }
        }

        if (_options.TagKeys.IsEmpty || _layout.Tags < 0)
        {
            return;
        }

        // The cache knew the tags only by their hash, so the object is read once more for the values themselves.
        var tags = _first.Value(_csv.Raw(_layout.Tags));
        if (!tags.IsEmpty && !tags.SequenceEqual("NULL"u8) && _tagReader.TryRead(tags, out _) && !_tagReader.TryListed(extras))
        {
            Fail(_layout.Tags, "tags-json", "A value in Tags escapes half of a surrogate pair, which is no text. Correct the export",
                Tolerance.MalformedTags);
        }
    }

    /// <summary>
    /// In real files a number stands where the zone belongs, for example <c>0.05</c>. One digit from 1 may be a zone: Azure counts them.
    /// </summary>
    private void CheckShift(string?[] values)
    {
        ref var zone = ref values[(int)DimensionColumn.AvailabilityZone];
        if (zone is null or [>= '1' and <= '9'] || !FocusDecimal.IsDecimal(System.Text.Encoding.UTF8.GetBytes(zone)))
        {
            return;
        }

        var index = _layout.Dimensions[(int)DimensionColumn.AvailabilityZone];
        if ((_granted & Tolerance.ShiftedValues) != 0)
        {
            Use(Tolerance.ShiftedValues, index);
            zone = null;
            return;
        }

        Fail(index, "shifted-value", "A number is no availability zone; the value of another column seems to stand here",
            Tolerance.ShiftedValues);
    }

    /// <summary>
    /// FOCUS 1.4 names who sells the service and who hosts it. Until 1.3 it was the provider and the publisher: the publisher is the
    /// service provider only of marketplace rows, that is when it is another company than the provider. The host is never the publisher.
    /// </summary>
    private void MapProviders(string?[] values)
    {
        var provider = DecodedText(_layout.ProviderName);
        var publisher = DecodedText(_layout.PublisherName);
        values[(int)DimensionColumn.x_ProviderName] = provider;
        values[(int)DimensionColumn.x_PublisherName] = publisher;
        ref var service = ref values[(int)DimensionColumn.ServiceProviderName];
        service ??= provider is not null && publisher is not null && !ProviderAliases.Instance.AreSame(provider, publisher)
            ? publisher
            : provider;
        values[(int)DimensionColumn.HostProviderName] ??= service;
    }

    private void CheckMandatory(string?[] values)
    {
        Demand(values, DimensionColumn.BillingAccountId);
        Demand(values, DimensionColumn.ChargeCategory);
        var currency = Demand(values, DimensionColumn.BillingCurrency);
        if (currency is not null && (currency.Length != 3 || !currency.All(char.IsAsciiLetterUpper)))
        {
            Fail(_layout.Dimensions[(int)DimensionColumn.BillingCurrency], "currency-form",
                "An ISO 4217 code of three upper-case letters is expected, such as USD.");
        }

        if (values[(int)DimensionColumn.ServiceProviderName] is not null)
        {
            return;
        }

        var index = Math.Max(_layout.Dimensions[(int)DimensionColumn.ServiceProviderName], _layout.ProviderName);
        if ((_granted & Tolerance.MissingProvider) != 0)
        {
            Use(Tolerance.MissingProvider, index);
        }
        else
        {
            Fail(index, "provider-missing", "The row names no provider", Tolerance.MissingProvider);
        }
    }

    private string? Demand(string?[] values, DimensionColumn column)
    {
        if (values[(int)column] is null)
        {
            Fail(_layout.Dimensions[(int)column], "value-missing", "A row cannot be booked without this value.");
        }

        return values[(int)column];
    }

    private void Use(Tolerance tolerance, int index)
    {
        _uses.Use(tolerance, RowCount, _csv.Raw(index));
        CountSetUse(tolerance);
    }

    private void CountSetUse(Tolerance tolerance) => _setUses.Add(tolerance);

    private void RememberUses(int ordinal)
    {
        if (ordinal >= _usesOfSet.Length)
        {
            Array.Resize(ref _usesOfSet, Math.Max(ordinal + 1, _usesOfSet.Length * 2));
        }

        if (_setUses.Count > 0)
        {
            _usesOfSet[ordinal] = [.. _setUses.GroupBy(u => u).Select(g => (g.Key, g.Count()))];
            _anySetUses = true;
        }
    }

    private void AddUses((Tolerance Tolerance, int Count)[] uses)
    {
        foreach (var (tolerance, count) in uses)
        {
            _uses.Add(tolerance, count);
        }
    }
}
