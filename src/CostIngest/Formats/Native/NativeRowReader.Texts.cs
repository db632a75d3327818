using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CiCost.CostIngest.Formats.Focus;
using CiCost.Domain.Lines;
using CiCost.Domain.Money;

namespace CiCost.CostIngest.Formats.Native;

/// <content>Tags, resources, unit prices and dimension sets.</content>
internal abstract partial class NativeRowReader
{
    private static readonly JsonWriterOptions TagForm = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly DimensionOptions _options;
    private readonly TagReader _tagReader;
    private readonly TagCache _tagCache = new();
    private readonly ArrayBufferWriter<byte> _tagJson = new();
    private readonly byte[] _pair = new byte[32 * 1024];

    /// <summary>The column with all tags as one text; -1 when each tag has its column.</summary>
    protected virtual int TagsColumn => -1;

    /// <summary>A second column with tags as one text; -1 when there is none.</summary>
    protected virtual int MoreTagsColumn => -1;

    private KnownTags ReadTags()
    {
        if (!TryTagKey(out var key))
        {
            return default;
        }

        if (_tagCache.TryFind(key, out var known))
        {
            CountTagUses(in known);
            return known;
        }

        if (!TryReadTags())
        {
            return default;
        }

        var hash = _tagReader.RestHash;
        var ordinal = _tagReader.Rest.IsEmpty ? 0
            : _encoder.TryFindTagSet(hash, out var found) ? found : _encoder.AddTagSet(hash, _tagReader.Rest);
        known = new KnownTags
        {
            TagSet = ordinal,
            RestHash = hash,
            ListedHash = _tagReader.ListedHash,
            HadDuplicates = _tagReader.HadDuplicates,
            Dropped = _tagReader.Dropped,
        };
        CountTagUses(in known);
        _tagCache.Add(key, known);
        return known;
    }

    private void CountTagUses(in KnownTags known)
    {
        if (known.HadDuplicates)
        {
            Use(Tolerance.DuplicateTagKeys, TagsColumn);
        }

        if (known.Dropped is { } dropped)
        {
            LeaveOutOfTags(dropped);
        }
    }

    /// <summary>Counts and names what is left out of the row's tags.</summary>
    protected void LeaveOutOfTags(string dropped) =>
        _uses.UseLeavingOut(Tolerance.MalformedTags, RowCount + 1, _file, RowInFile, dropped);

    /// <summary>A hash of all that the row says of tags; false when it says nothing.</summary>
    private bool TryTagKey(out Hash128 key)
    {
        key = Hash128.Seed;
        if (TagsColumn >= 0)
        {
            key = key.Append(_record.Raw(TagsColumn));
            var isFilled = !Value(TagsColumn).IsEmpty;
            if (MoreTagsColumn >= 0)
            {
                key = key.Append(_record.Raw(MoreTagsColumn));
                isFilled |= !Value(MoreTagsColumn).IsEmpty;
            }

            return isFilled;
        }

        var isAny = false;
        foreach (var (_, index) in Layout.Tags)
        {
            var raw = _record.Raw(index);
            isAny |= !Value(index).IsEmpty;
            key = key.Append(raw);
        }

        return isAny;
    }

    private bool TryReadTags()
    {
        _tagJson.ResetWrittenCount();
        var isJoined = TagsColumn >= 0;
        if (!(isJoined ? TryCopyTags(_tagJson) : TryJoinTags()))
        {
            return false;
        }

        if (!_tagReader.TryRead(_tagJson.WrittenSpan, out var brokenAt))
        {
            Fail(TagsColumn, "tags-json", $"Tags must be pairs such as \"env\": \"prod\"; they break at byte {brokenAt}. Correct the export",
                Tolerance.MalformedTags);
            return false;
        }

        if (_tagReader.HadDuplicates && (Granted & Tolerance.DuplicateTagKeys) == 0)
        {
            Fail(TagsColumn, "tags-duplicate-key", "A tag key stands twice in one row. Give the tag one value", Tolerance.DuplicateTagKeys);
            return false;
        }

        return true;
    }

    /// <summary>Writes the tags of a row as one JSON object. Some exports leave out the braces around the pairs.</summary>
    protected virtual bool TryCopyTags(ArrayBufferWriter<byte> json)
    {
        var value = Value(TagsColumn).Trim((byte)' ');
        var isWhole = value.StartsWith("{"u8);
        json.Write(isWhole ? value : [(byte)'{', .. value, (byte)'}']);
        return true;
    }

    private bool TryJoinTags()
    {
        using var json = new Utf8JsonWriter(_tagJson, TagForm);
        json.WriteStartObject();
        foreach (var (key, index) in Layout.Tags)
        {
            if (Text(index) is { } value)
            {
                json.WriteString(key, value);
            }
        }

        json.WriteEndObject();
        json.Flush();
        return _rowErrors.Count == 0;
    }

    private int Resource(LineDraft draft, out Hash128 hash)
    {
        if (!TryPair(draft.ResourceId, draft.ResourceName, out var id, out var name))
        {
            hash = default;
            return 0;
        }

        hash = Hash128.Seed.Append(id).Append(name);
        return _encoder.TryFindResource(hash, out var ordinal) ? ordinal : _encoder.AddResource(hash, id, name);
    }

    private int UnitPrices(LineDraft draft, out Hash128 hash)
    {
        if (!TryPair(draft.ListUnitPrice, draft.ContractedUnitPrice, out var list, out var contracted))
        {
            hash = default;
            return 0;
        }

        hash = Hash128.Seed.Append(list).Append(contracted);
        return _encoder.TryFindUnitPrices(hash, out var ordinal) ? ordinal : _encoder.AddUnitPrices(hash, list, contracted);
    }

    /// <summary>Both texts as UTF-8; false when there is none.</summary>
    private bool TryPair(string? first, string? second, out ReadOnlySpan<byte> firstUtf8, out ReadOnlySpan<byte> secondUtf8)
    {
        firstUtf8 = secondUtf8 = default;
        if (first is null && second is null)
        {
            return false;
        }

        var needed = Encoding.UTF8.GetMaxByteCount((first?.Length ?? 0) + (second?.Length ?? 0));
        var bytes = needed <= _pair.Length ? _pair : new byte[needed];
        var split = Encoding.UTF8.GetBytes(first ?? "", bytes);
        var end = split + Encoding.UTF8.GetBytes(second ?? "", bytes.AsSpan(split));
        firstUtf8 = bytes.AsSpan(0, split);
        secondUtf8 = bytes.AsSpan(split..end);
        return true;
    }

    /// <summary>A unit price keeps its text, which must be a decimal.</summary>
    protected string? UnitPrice(int[] columns)
    {
        var column = Filled(columns);
        if (column < 0 || FocusDecimal.IsDecimal(Value(column)))
        {
            return column < 0 ? null : Text(column);
        }

        Fail(column, "decimal-not-a-number", NumberRule ?? "A unit price is a decimal such as 0.0000004: no plus sign before it, no thousands "
            + "separator, no blanks.");
        return null;
    }

    private int DimensionSetOf(LineDraft draft, in KnownTags tags)
    {
        draft[DimensionColumn.PricingCurrency] ??= draft[DimensionColumn.BillingCurrency];
        draft[DimensionColumn.HostProviderName] ??= draft[DimensionColumn.ServiceProviderName];
        var key = draft.HashOfValues().Append(tags.ListedHash);
        if (_encoder.TryFindDimensionSet(key, out var ordinal))
        {
            return ordinal;
        }

        CheckNewSet(draft);
        var extras = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in draft.Extras)
        {
            extras[name] = value;
        }

        // The cache knew the tags only by their hash, so they are read once more for the values themselves.
        if (!_options.TagKeys.IsEmpty && TryTagKey(out _) && TryReadTags() && !_tagReader.TryListed(extras))
        {
            Fail(TagsColumn, "tags-json", "A value in the tags escapes half of a surrogate pair, which is no text. Correct the export",
                Tolerance.MalformedTags);
        }

        return _rowErrors.Count > 0 || _errors.IsRefused ? 0
            : _encoder.AddDimensionSet(key, new DimensionSet(draft.CopyValues(), extras.ToImmutable()));
    }

    private void CheckNewSet(LineDraft draft)
    {
        if (draft[DimensionColumn.BillingAccountId] is null)
        {
            FailMissing(Layout.Find("account"));
        }

        if (draft[DimensionColumn.BillingCurrency] is not { } currency)
        {
            FailMissing(Layout.Find("currency"));
        }
        else if (currency.Length != 3 || !currency.All(char.IsAsciiLetterUpper))
        {
            Fail(Filled(Layout.Find("currency")), "currency-form",
                "An ISO 4217 code of three upper-case letters is expected, such as USD.");
        }
    }
}
