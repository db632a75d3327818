using CiCost.CostIngest.Formats.Csv;
using CiCost.CostIngest.Formats.Focus;
using CiCost.Domain.Lines;
using CiCost.Domain.Money;

namespace CiCost.CostIngest.Formats.Native;

/// <summary>
/// Turns the rows of a native bill into lines. What the formats have in common is here: columns that are copied, tags, resources,
/// amounts, dictionaries, errors. A format fills in the drafts of a row by its own rules.
/// </summary>
internal abstract partial class NativeRowReader : IRowTaker
{
    private readonly LineEncoder _encoder;
    private readonly ToleranceLog _uses;
    private readonly ErrorLog _errors;
    private readonly List<RowError> _rowErrors = [];
    private LineDraft[] _drafts;
    private CostLineRow[] _rows;
    private Hash128[] _digests;
    private CostHighs[] _highs;
    private int _lines;
    private IRecord _record;
    private string _file = "";

    protected NativeRowReader(
        NativeMapping mapping, NativeReadContext context, int linesPerRow)
    {
        Mapping = mapping;
        Granted = context.Granted;
        _encoder = context.Encoder;
        _uses = context.Uses;
        _errors = context.Errors;
        _options = context.Request.Dimensions;
        _tagReader = new TagReader(_options.TagKeys, (Granted & Tolerance.MalformedTags) != 0);
        _lines = linesPerRow;
        (_drafts, _rows, _digests, _highs) = ([], [], [], []);
        MakeRoom();
        _record = null!;
        Layout = null!;
    }

    /// <summary>Cost fields that were empty.</summary>
    public long EmptyCosts { get; private set; }

    /// <summary>Lines so far in the whole delivery.</summary>
    public long RowCount { get; private set; }

    /// <inheritdoc/>
    public long RowInFile { get; private set; }

    protected NativeMapping Mapping { get; }

    protected NativeLayout Layout { get; private set; }

    protected Tolerance Granted { get; }

    /// <summary>Goes to the next file.</summary>
    public void Begin(IRecord record, NativeLayout layout, string file)
    {
        (_record, Layout, _file, RowInFile) = (record, layout, file, 0);
        FindColumns();
    }

    /// <inheritdoc/>
    public void Take()
    {
        RowInFile++;
        _lines = LinesOfRow(_lines);
        MakeRoom();
        if (_record.FieldCount != Layout.Names.Count)
        {
            Fail(-1, "csv-field-count", $"The row has {_record.FieldCount} fields, the header has {Layout.Names.Count}. "
                + "An unquoted comma or line break inside a field is the usual cause.");
        }
        else
        {
            foreach (var draft in _drafts.AsSpan(0, _lines))
            {
                Prepare(draft);
            }

            var tags = ReadTags();
            if (_rowErrors.Count == 0)
            {
                Map(_drafts.AsSpan(0, _lines));
            }

            if (_rowErrors.Count == 0 && TryAdd(in tags))
            {
                return;
            }
        }

        SetAside();
    }

    /// <inheritdoc/>
    public void TakeBlankLine()
    {
        RowInFile++;
        Fail(-1, "csv-blank-line", "The line is empty and others follow it. Only the last line of a file may be empty.");
        SetAside();
    }

    /// <summary>Judges the delivery as a whole when its last file is read.</summary>
    public virtual void Finish()
    {
    }

    /// <summary>How many lines the row makes; most formats make the same number of every row.</summary>
    protected virtual int LinesOfRow(int linesPerRow) => linesPerRow;

    /// <summary>Finds the columns of the rules in a new file.</summary>
    protected abstract void FindColumns();

    /// <summary>Fills in the drafts of one row; the copied columns, the constants and the custom columns are there already.</summary>
    protected abstract void Map(ReadOnlySpan<LineDraft> drafts);

    /// <summary>Refuses the delivery for something that no single row shows.</summary>
    protected void FailDelivery(string rule, string value, string message) => _errors.Add(new RowError(_file, 0, "", rule, value, message));

    /// <summary>Reports what is wrong with a field, or with the row as a whole where the column is negative.</summary>
    protected void Fail(int column, string rule, string message)
    {
        var value = CsvText.ForMessage(column < 0 ? _record.RawRecord() : _record.Raw(column));
        value = value.Length > 200 ? value[..200] : value;
        _rowErrors.Add(new RowError(_file, RowInFile, column < 0 ? "" : Layout.Names[column], rule, value, message));
    }

    /// <summary>Reports what is wrong and which profiles would let it pass.</summary>
    protected void Fail(int column, string rule, string message, Tolerance needed) =>
        Fail(column, rule, message + Mapping.Profiles.Advice(needed, Granted) + ".");

    /// <summary>Counts the use of a tolerance.</summary>
    protected void Use(Tolerance tolerance, int column) =>
        _uses.Use(tolerance, RowCount + 1, column < 0 ? default : _record.Raw(column));

    private void Prepare(LineDraft draft)
    {
        draft.Reset();
        foreach (var (column, value) in Mapping.Constants)
        {
            draft[column] = value;
        }

        foreach (var (column, indexes) in Layout.Copies)
        {
            draft[column] = Text(indexes) ?? draft[column];
        }

        foreach (var (name, indexes) in Layout.Extras)
        {
            if (Text(indexes) is { } value)
            {
                draft.Extras.Add((name, value));
            }
        }
    }

    private void MakeRoom()
    {
        if (_drafts.Length < _lines)
        {
            _drafts = [.. _drafts, .. Enumerable.Range(_drafts.Length, _lines - _drafts.Length).Select(_ => new LineDraft())];
            _rows = new CostLineRow[_lines];
            _digests = new Hash128[_lines];
            _highs = new CostHighs[_lines];
        }
    }

    private bool TryAdd(in KnownTags tags)
    {
        for (var i = 0; i < _lines; i++)
        {
            if (!TryMakeRow(_drafts[i], in tags, out _rows[i], out _digests[i], out _highs[i]))
            {
                return false;
            }
        }

        if (_errors.IsRefused)
        {
            return false;
        }

        for (var i = 0; i < _lines; i++)
        {
            RowCount++;
            _encoder.Add(in _rows[i], in _highs[i], _digests[i]);
        }

        return true;
    }

    private bool TryMakeRow(LineDraft draft, in KnownTags tags, out CostLineRow row, out Hash128 digest,
        out CostHighs highs)
    {
        row = new CostLineRow
        {
            ChargeStartSeconds = draft.StartSeconds,
            BillingMonthIndex = draft.MonthIndex,
            TagSet = tags.TagSet,
            HasPricingQuantity = draft.PricingQuantity is not null,
            HasConsumedQuantity = draft.ConsumedQuantity is not null,
        };
        (row.PricingUnits, row.PricingSubunitNanos) = draft.PricingQuantity ?? default;
        (row.ConsumedUnits, row.ConsumedSubunitNanos) = draft.ConsumedQuantity ?? default;
        digest = default;
        highs = default;
        var fits = TryRound(draft.BilledAttos, out var billed, out row.BilledNanos, out row.BilledResidueAttos)
            & TryRound(draft.EffectiveAttos, out var effective, out row.EffectiveNanos, out row.EffectiveResidueAttos)
            & TryRound(draft.ListAttos, out var list, out row.ListNanos, out row.ListResidueAttos)
            & TryRound(draft.ContractedAttos, out var contracted, out row.ContractedNanos, out row.ContractedResidueAttos);
        if (!fits)
        {
            var (rule, message) = FieldFaults.OfNumber(FocusDecimalError.OutOfRange);
            Fail(-1, rule, message);
            return false;
        }

        highs = new CostHighs(billed, effective, list, contracted);
        if (!TrySetPeriod(draft, ref row))
        {
            return false;
        }

        row.Resource = Resource(draft, out var resourceHash);
        row.UnitPrices = UnitPrices(draft, out var pricesHash);
        row.DimensionSet = DimensionSetOf(draft, in tags);
        digest = resourceHash.Append(tags.RestHash).Append(pricesHash);
        return _rowErrors.Count == 0;
    }

    private bool TrySetPeriod(LineDraft draft, ref CostLineRow row)
    {
        var length = draft.EndSeconds - draft.StartSeconds;
        if (length is < 0 or > int.MaxValue)
        {
            Fail(-1, length < 0 ? "charge-period-end-before-start" : "charge-period-too-long",
                length < 0 ? "The charge period ends before it starts." : "The charge period is longer than 68 years.");
            return false;
        }

        row.ChargeSeconds = (int)length;
        if (length == 0)
        {
            Use(Tolerance.ZeroLengthPeriod, -1);
        }

        return true;
    }

    private static bool TryRound(Int128 attos, out long high, out long nanos, out int residueAttos)
    {
        (high, nanos, residueAttos) = (0, 0, 0);
        if (!FocusDecimal.IsCost(attos))
        {
            return false;
        }

        (var wide, residueAttos) = FocusDecimal.Round(attos);
        (high, nanos) = WideNanos.Split(wide);
        return true;
    }

    private void SetAside()
    {
        if (_rowErrors.Count > 0)
        {
            _errors.AddRow(_rowErrors);
            _rowErrors.Clear();
        }

        // A row that is set aside keeps the numbers of all its lines.
        RowCount += _lines;
        for (var i = 0; i < _lines && !_errors.IsRefused; i++)
        {
            _encoder.Skip();
        }
    }
}
