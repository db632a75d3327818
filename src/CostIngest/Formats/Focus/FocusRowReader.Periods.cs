using System.Runtime.CompilerServices;
using CiCost.Domain.Lines;
using CiCost.Domain.Periods;

namespace CiCost.CostIngest.Formats.Focus;

/// <content>Billing period and charge period.</content>
internal sealed partial class FocusRowReader
{
    private RememberedTime _startOfBilling;
    private RememberedTime _startOfCharge;
    private RememberedTime _endOfCharge;
    private RememberedTime _endOfBilling;
    private int _monthIndex;
    private bool _isEndOdd;

    private void ReadPeriods(ref CostLineRow row)
    {
        ReadBillingMonth(ref row);
        if (!TryTime(_layout.ChargePeriodStart, ref _startOfCharge, out var start)
            | !TryTime(_layout.ChargePeriodEnd, ref _endOfCharge, out var end))
        {
            return;
        }

        var length = end - start;
        if (length < 0)
        {
            Fail(_layout.ChargePeriodEnd, "charge-period-end-before-start", "ChargePeriodEnd lies before ChargePeriodStart.");
        }
        else if (length > int.MaxValue)
        {
            Fail(_layout.ChargePeriodEnd, "charge-period-too-long", "The charge period is longer than 68 years.");
        }
        else
        {
            row.ChargeStartSeconds = start;
            row.ChargeSeconds = (int)length;
            if (length == 0)
            {
                _uses.Use(Tolerance.ZeroLengthPeriod, RowCount, _csv.Raw(_layout.ChargePeriodEnd));
            }
        }
    }

    private void ReadBillingMonth(ref CostLineRow row)
    {
        var column = _layout.BillingPeriodStart;
        var isKnown = _startOfBilling.Is(_csv.Raw(column));
        if (!TryTime(column, ref _startOfBilling, out var start))
        {
            return;
        }

        if (!isKnown)
        {
            _monthIndex = FocusTime.MonthIndexOf(start, out var isFirstInstant);
            if (!isFirstInstant)
            {
                _startOfBilling = default;
                _monthIndex = MonthOfShiftedPeriod(start);
            }
        }

        row.BillingMonthIndex = _monthIndex;
        if (_layout.BillingPeriodEnd >= 0 && _startOfBilling.IsSet)
        {
            CheckBillingEnd(isKnown);
        }
    }

    /// <summary>An end that is not that of the month is counted: the period may be another one, or be written in another way.</summary>
    private void CheckBillingEnd(bool isStartKnown)
    {
        var raw = _csv.Raw(_layout.BillingPeriodEnd);
        if (!isStartKnown || !_endOfBilling.Is(raw))
        {
            var fault = FocusTime.TryParse(_first.Value(raw), out var end, out _);
            _isEndOdd = fault != TimeFault.None || FocusTime.MonthIndexOf(end, out var isFirstInstant) != _monthIndex + 1 || !isFirstInstant;
            _endOfBilling.Set(raw, end, Tolerance.None);
        }

        if (_isEndOdd)
        {
            _uses.Use(Tolerance.BillingPeriodEnd, RowCount, raw);
        }
    }

    /// <summary>
    /// A period that another time zone shifted belongs to the month that holds its middle, or its start when it has no end.
    /// </summary>
    private int MonthOfShiftedPeriod(long start)
    {
        var column = _layout.BillingPeriodStart;
        if ((_granted & Tolerance.MonthStartOffset) == 0)
        {
            Fail(column, "billing-period-start-not-month-start",
                "BillingPeriodStart is not the first instant of a month in UTC", Tolerance.MonthStartOffset);
            return 0;
        }

        _uses.Use(Tolerance.MonthStartOffset, RowCount, _csv.Raw(column));
        const long longestPeriodSeconds = 62L * ChargeDay.SecondsPerDay;
        var middle = start;
        if (_layout.BillingPeriodEnd >= 0
            && FocusTime.TryParse(_first.Value(_csv.Raw(_layout.BillingPeriodEnd)), out var end, out var needed) == TimeFault.None
            && (needed & ~_granted) == Tolerance.None && end > start && end - start <= longestPeriodSeconds)
        {
            middle = start + ((end - start) / 2);
        }

        return FocusTime.MonthIndexOf(middle, out _);
    }

    private bool TryTime(int column, ref RememberedTime remembered, out long seconds)
    {
        var raw = _csv.Raw(column);
        if (remembered.Is(raw))
        {
            seconds = remembered.Seconds;
            if (remembered.Needed != Tolerance.None)
            {
                _uses.Use(remembered.Needed, RowCount, raw);
            }

            return true;
        }

        var value = _first.Value(raw);
        var fault = FocusTime.TryParse(value, out seconds, out var needed);
        if (fault == TimeFault.None && (needed & ~_granted) == Tolerance.None)
        {
            _uses.Use(needed, RowCount, raw);
            remembered.Set(raw, seconds, needed);
            return true;
        }

        FailTime(column, value, fault, needed);
        return false;
    }

    private void FailTime(int column, ReadOnlySpan<byte> value, TimeFault fault, Tolerance needed)
    {
        if (value.IsEmpty || value.SequenceEqual("NULL"u8))
        {
            Fail(column, "value-missing", "A row cannot be booked without this value.");
            return;
        }

        if (fault == TimeFault.None)
        {
            var (rule, message) = FieldFaults.OfTimeForm(needed & ~_granted);
            Fail(column, rule, message, needed);
        }
        else
        {
            var (rule, message) = FieldFaults.OfTime(fault);
            Fail(column, rule, message);
        }
    }

    /// <summary>The last text of a column and what it meant: neighbouring rows mostly have the same.</summary>
    private struct RememberedTime
    {
        private const int MaxBytes = 32;
        private Text _text;
        private int _length;

        public long Seconds { get; private set; }

        public Tolerance Needed { get; private set; }

        public readonly bool IsSet => _length != 0;

        public readonly bool Is(ReadOnlySpan<byte> raw) =>
            _length > 0 && raw.Length == _length && raw.SequenceEqual(((ReadOnlySpan<byte>)_text)[.._length]);

        public void Set(ReadOnlySpan<byte> raw, long seconds, Tolerance needed)
        {
            _length = raw.Length is > 0 and <= MaxBytes ? raw.Length : -1;
            if (_length > 0)
            {
                raw.CopyTo(_text);
                (Seconds, Needed) = (seconds, needed);
            }
        }

        [InlineArray(MaxBytes)]
        private struct Text
        {
            private byte _first;
        }
    }
}
