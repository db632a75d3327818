using System.Text.Unicode;
using CiCost.Domain.Lines;
using CiCost.Domain.Money;

namespace CiCost.CostIngest.Formats.Focus;

/// <content>Tags, resources, unit prices, and the look-up of dimension sets.</content>
internal sealed partial class FocusRowReader
{
    private readonly TagReader _tagReader;
    private readonly TagCache _tagCache = new();

    /// <summary>Reads all texts of a row; returns the hash of those that are no dimensions.</summary>
    private Hash128 ReadTexts(ref CostLineRow row)
    {
        var tags = ReadTags();
        row.TagSet = tags.TagSet;
        row.Resource = ReadResource(out var resourceHash);
        row.UnitPrices = ReadUnitPrices(out var pricesHash);
        row.DimensionSet = ReadDimensionSet(in tags);
        return resourceHash.Append(tags.RestHash).Append(pricesHash);
    }

    private KnownTags ReadTags()
    {
        if (_layout.Tags < 0)
        {
            return default;
        }

        var raw = _csv.Raw(_layout.Tags);
        if (raw.IsEmpty)
        {
            return default;
        }

        var key = Hash128.Seed.Append(raw);
        return _tagCache.TryFind(key, out var known) ? CountNullTags(known, raw) : ReadNewTags(key, raw);
    }

    private KnownTags CountNullTags(KnownTags known, ReadOnlySpan<byte> raw)
    {
        if (known.IsNullLiteral)
        {
            _uses.Add(Tolerance.NullLiteral, 1);
        }
        else
        {
            CountTagUses(in known, raw);
        }

        return known;
    }

    private void CountTagUses(in KnownTags known, ReadOnlySpan<byte> raw)
    {
        if (known.HadDuplicates)
        {
            _uses.Use(Tolerance.DuplicateTagKeys, RowCount, raw);
        }

        if (known.Dropped is { } dropped)
        {
            _uses.UseLeavingOut(Tolerance.MalformedTags, RowCount, _file, _rowInFile, dropped);
        }
    }

    private KnownTags ReadNewTags(Hash128 key, ReadOnlySpan<byte> raw)
    {
        var value = _first.Value(raw);
        var before = _rowErrors.Count;
        var isDropped = value.SequenceEqual("NULL"u8)
            && (_granted & (Tolerance.NullLiteral | Tolerance.MalformedTags)) == Tolerance.MalformedTags;
        if (!isDropped && IsNull(_layout.Tags, value))
        {
            var none = new KnownTags { IsNullLiteral = !value.IsEmpty };
            _tagCache.Add(key, none);
            return none;
        }

        if (_rowErrors.Count != before)
        {
            return default;
        }

        if (!_tagReader.TryRead(value, out var brokenAt))
        {
            Fail(_layout.Tags, "tags-json", $"Tags must be a JSON object such as {{\"env\":\"prod\"}}; this one breaks at byte "
                + $"{brokenAt}. Correct the export", Tolerance.MalformedTags);
            return default;
        }

        if (_tagReader.HadDuplicates && (_granted & Tolerance.DuplicateTagKeys) == 0)
        {
            Fail(_layout.Tags, "tags-duplicate-key", "A tag key stands twice in one object", Tolerance.DuplicateTagKeys);
            return default;
        }

        if (_errors.IsRefused)
        {
            return default;
        }

        var known = new KnownTags
        {
            TagSet = TagSetOrdinal(),
            RestHash = _tagReader.RestHash,
            ListedHash = _tagReader.ListedHash,
            HadDuplicates = _tagReader.HadDuplicates,
            Dropped = _tagReader.Dropped,
        };
        CountTagUses(in known, raw);
        _tagCache.Add(key, known);
        return known;
    }

    private int TagSetOrdinal()
    {
        if (_tagReader.Rest.IsEmpty)
        {
            return 0;
        }

        var hash = _tagReader.RestHash;
        return _encoder.TryFindTagSet(hash, out var ordinal) ? ordinal : _encoder.AddTagSet(hash, _tagReader.Rest);
    }

    private int ReadResource(out Hash128 hash)
    {
        var id = Text(_layout.ResourceId, ref _first);
        var name = Text(_layout.ResourceName, ref _second);
        if (id.IsEmpty && name.IsEmpty)
        {
            hash = default;
            return 0;
        }

        hash = Hash128.Seed.Append(id).Append(name);
        if (_encoder.TryFindResource(hash, out var ordinal))
        {
            return ordinal;
        }

        var isText = IsText(_layout.ResourceId, id) & IsText(_layout.ResourceName, name);
        return isText && !_errors.IsRefused ? _encoder.AddResource(hash, id, name) : 0;
    }

    private int ReadUnitPrices(out Hash128 hash)
    {
        var list = Text(_layout.ListUnitPrice, ref _first);
        var contracted = Text(_layout.ContractedUnitPrice, ref _second);
        if (list.IsEmpty && contracted.IsEmpty)
        {
            hash = default;
            return 0;
        }

        hash = Hash128.Seed.Append(list).Append(contracted);
        if (_encoder.TryFindUnitPrices(hash, out var ordinal))
        {
            return ordinal;
        }

        var isPrice = IsUnitPrice(_layout.ListUnitPrice, list) & IsUnitPrice(_layout.ContractedUnitPrice, contracted);
        return isPrice && !_errors.IsRefused ? _encoder.AddUnitPrices(hash, list, contracted) : 0;
    }

    /// <summary>The value of a column; empty when it is null or the file does not have the column.</summary>
    private ReadOnlySpan<byte> Text(int column, ref Csv.CsvText text)
    {
        if (column < 0)
        {
            return default;
        }

        var value = text.Value(_csv.Raw(column));
        return IsNull(column, value) ? default : value;
    }

    private bool IsText(int column, ReadOnlySpan<byte> value)
    {
        if (Utf8.IsValid(value))
        {
            return true;
        }

        Fail(column, "csv-invalid-utf8", "The field is no UTF-8 text. Export the file in UTF-8.");
        return false;
    }

    private bool IsUnitPrice(int column, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty || FocusDecimal.IsDecimal(value))
        {
            return true;
        }

        if (_rowErrors.Count == 0 || _rowErrors[^1].Rule != "null-literal")
        {
            Fail(column, "decimal-not-a-number", "A unit price is a decimal such as 0.0000004: no plus sign before it, no thousands "
                + "separator, no blanks.");
        }

        return false;
    }

    private int ReadDimensionSet(in KnownTags tags)
    {
        var key = _layout.Seed;
        foreach (var (first, last) in _layout.Runs)
        {
            key = key.Append(_csv.RawRun(first, last));
        }

        key = key.Append(tags.ListedHash);
        if (_encoder.TryFindDimensionSet(key, out var ordinal))
        {
            if (_anySetUses && _usesOfSet[ordinal] is { } uses)
            {
                AddUses(uses);
            }

            return ordinal;
        }

        return ReadNewDimensionSet(key);
    }
}
