using System.Runtime.CompilerServices;
using CiCost.Accounting.Booking;
using CiCost.CostIngest.Formats.Csv;
using CiCost.Domain.Lines;
using CiCost.Domain.Money;

namespace CiCost.CostIngest.Formats.Focus;

/// <summary>
/// Turns the rows of a delivery into lines. The measured path: it allocates nothing for a row whose texts were seen before, looks them
/// up by hashes of raw bytes, and decodes and judges a text only when it is new. Everything that goes wrong leaves the fast path.
/// </summary>
internal sealed partial class FocusRowReader : IRowTaker
{
    private readonly LineEncoder _encoder;
    private readonly Tolerance _granted;
    private readonly ToleranceLog _uses;
    private readonly ErrorLog _errors;
    private readonly List<RowError> _rowErrors = [];
    private CsvTokenizer _csv;
    private FocusLayout _layout;
    private string _file = "";
    private long _rowInFile;
    private CsvText _first;
    private CsvText _second;
    private CostHighs _highs;
    private bool _hasHighs;

    public FocusRowReader(LineEncoder encoder, FormatRequest request, Tolerance granted, ToleranceLog uses, ErrorLog errors)
    {
        _encoder = encoder;
        _granted = granted;
        _uses = uses;
        _errors = errors;
        _options = request.Dimensions;
        _tagReader = new TagReader(request.Dimensions.TagKeys, (granted & Tolerance.MalformedTags) != 0);
        _csv = null!;
        _layout = null!;
    }

    /// <summary>Cost fields that were empty or null.</summary>
    public long EmptyCosts { get; private set; }

    /// <inheritdoc/>
    public long RowCount { get; private set; }

    /// <inheritdoc/>
    public long RowInFile => _rowInFile;

    /// <summary>Goes to the next file.</summary>
    public void Begin(CsvTokenizer csv, FocusLayout layout, string file)
    {
        (_csv, _layout, _file, _rowInFile) = (csv, layout, file, 0);
        (_startOfBilling, _startOfCharge, _endOfCharge, _endOfBilling) = (default, default, default, default);
    }

    /// <summary>Takes the record that the tokenizer stands at.</summary>
    public void Take()
    {
        RowCount++;
        _rowInFile++;
        if (_csv.FieldCount != _layout.Names.Count)
        {
            Fail(-1, "csv-field-count", $"The row has {_csv.FieldCount} fields, the header has {_layout.Names.Count}. "
                + "An unquoted comma or line break inside a field is the usual cause.");
        }
        else
        {
            var row = default(CostLineRow);
            _hasHighs = false;
            ReadMoney(ref row);
            ReadQuantities(ref row);
            ReadPeriods(ref row);
            var digest = ReadTexts(ref row);
            if (_rowErrors.Count == 0 && !_errors.IsRefused)
            {
                Add(ref row, digest);
                return;
            }
        }

        SetAside();
    }

    /// <summary>Takes an empty line that stands between rows.</summary>
    public void TakeBlankLine()
    {
        RowCount++;
        _rowInFile++;
        Fail(-1, "csv-blank-line", "The line is empty and others follow it. Only the last line of a file may be empty.");
        SetAside();
    }

    private void Add(ref CostLineRow row, Hash128 digest)
    {
        if (_hasHighs)
        {
            _encoder.Add(in row, in _highs, digest);
        }
        else
        {
            _encoder.Add(in row, digest);
        }
    }

    private void SetAside()
    {
        if (_rowErrors.Count == 0)
        {
            return;
        }

        _errors.AddRow(_rowErrors);
        _rowErrors.Clear();
        if (!_errors.IsRefused)
        {
            _encoder.Skip();
        }
    }

    private void ReadMoney(ref CostLineRow row)
    {
        var costs = _layout.Costs;
        Cost(CostColumn.Billed, costs[(int)CostColumn.Billed], ref row.BilledNanos, ref row.BilledResidueAttos);
        Cost(CostColumn.Effective, costs[(int)CostColumn.Effective], ref row.EffectiveNanos, ref row.EffectiveResidueAttos);
        Cost(CostColumn.List, costs[(int)CostColumn.List], ref row.ListNanos, ref row.ListResidueAttos);
        Cost(CostColumn.Contracted, costs[(int)CostColumn.Contracted], ref row.ContractedNanos, ref row.ContractedResidueAttos);
        if ((row.EffectiveNanos == 0) | (row.ContractedNanos == 0) | (row.ListNanos == 0) | (row.BilledNanos == 0))
        {
            JudgeZeros(ref row);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Cost(CostColumn cost, int column, ref long nanos, ref int residueAttos)
    {
        var value = _first.Value(_csv.Raw(column));
        var error = FocusDecimal.TryParse(value, out nanos, out var residue);
        residueAttos = (int)residue;
        if (error != FocusDecimalError.None)
        {
            UnusualCost(cost, column, value, ref nanos, ref residueAttos);
        }
    }

    /// <summary>A cost that is empty, long, beyond 64 bits, or no number.</summary>
    private void UnusualCost(CostColumn cost, int column, ReadOnlySpan<byte> value, ref long nanos, ref int residueAttos)
    {
        if (IsNull(column, value))
        {
            EmptyCosts++;
            _emptyInRow |= 1 << Array.IndexOf(_layout.Costs, column);
            return;
        }

        var error = FocusDecimal.TryParseCost(value, out var wide, out residueAttos, out var wasRounded);
        if (error != FocusDecimalError.None)
        {
            if (_rowErrors.Count == 0 || _rowErrors[^1].Column != _layout.Names[column])
            {
                FailNumber(column, error);
            }

            return;
        }

        if (wasRounded)
        {
            _uses.Use(Tolerance.LongFractions, RowCount, value);
        }

        (var high, nanos) = WideNanos.Split(wide);
        if (high != 0)
        {
            SetHigh(cost, high);
        }
    }

    private void SetHigh(CostColumn cost, long high)
    {
        var highs = _hasHighs ? _highs : default;
        _hasHighs = true;
        _highs = cost switch
        {
            CostColumn.Billed => highs with { Billed = high },
            CostColumn.Effective => highs with { Effective = high },
            CostColumn.List => highs with { List = high },
            _ => highs with { Contracted = high },
        };
    }

    private void ReadQuantities(ref CostLineRow row)
    {
        row.HasPricingQuantity = Quantity(_layout.PricingQuantity, ref row.PricingUnits, ref row.PricingSubunitNanos);
        row.HasConsumedQuantity = Quantity(_layout.ConsumedQuantity, ref row.ConsumedUnits, ref row.ConsumedSubunitNanos);
    }

    private bool Quantity(int column, ref long units, ref int subunitNanos)
    {
        if (column < 0)
        {
            return false;
        }

        var value = _first.Value(_csv.Raw(column));
        if (value.IsEmpty)
        {
            return false;
        }

        if (FocusNumber.TryQuantity(value, out units, out subunitNanos, out var used))
        {
            if (used != Tolerance.None)
            {
                _uses.Use(used, RowCount, value);
            }

            return used != Tolerance.LargeQuantities;
        }

        var before = _rowErrors.Count;
        if (!IsNull(column, value) && _rowErrors.Count == before)
        {
            FailNumber(column, FocusDecimalError.NotANumber);
        }

        return false;
    }

    /// <summary>
    /// Is the value null: empty, or the text NULL where the profile allows it? Where it does not, the text NULL is an error, which is
    /// reported here, and the answer is false.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsNull(int column, ReadOnlySpan<byte> value) =>
        value.IsEmpty || (value.Length == 4 && value.SequenceEqual("NULL"u8) && IsNullLiteral(column));

    private bool IsNullLiteral(int column)
    {
        if ((_granted & Tolerance.NullLiteral) != 0)
        {
            _uses.Use(Tolerance.NullLiteral, RowCount, "NULL"u8);
            return true;
        }

        Fail(column, "null-literal", "The text NULL is not null in FOCUS. Leave the field empty", Tolerance.NullLiteral);
        return false;
    }

    private void FailNumber(int column, FocusDecimalError error)
    {
        var (rule, message) = FieldFaults.OfNumber(error);
        Fail(column, rule, message);
    }

    private void Fail(int column, string rule, string message)
    {
        var value = CsvText.ForMessage(column < 0 ? _csv.RawRecord() : _csv.Raw(column));
        value = value.Length > 200 ? value[..200] : value;
        _rowErrors.Add(new RowError(_file, _rowInFile, column < 0 ? "" : _layout.Names[column], rule, value, message));
    }

    private void Fail(int column, string rule, string message, Tolerance needed) =>
        Fail(column, rule, message + FocusProfiles.Instance.Advice(needed, _granted) + ".");
}
