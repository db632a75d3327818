using CiCost.CostIngest.Formats.Focus;
using CiCost.Domain.Money;

namespace CiCost.CostIngest.Formats.Native;

/// <content>Reads fields: texts, amounts, quantities, instants. What cannot be read is reported and null.</content>
internal abstract partial class NativeRowReader
{
    private readonly TextCache _texts = new();

    /// <summary>How the file writes numbers, for the message on one that is none; null where that is as FOCUS does.</summary>
    protected virtual string? NumberRule => null;

    /// <summary>The text of the first of these columns that has a value; null when none has one.</summary>
    protected string? Text(int[] columns)
    {
        foreach (var column in columns)
        {
            if (Text(column) is { } text)
            {
                return text;
            }
        }

        return null;
    }

    /// <summary>The first of these columns that has a value; -1 for none.</summary>
    protected int Filled(int[] columns)
    {
        foreach (var column in columns)
        {
            if (!Value(column).IsEmpty)
            {
                return column;
            }
        }

        return -1;
    }

    /// <summary>The text of a column that must have a value.</summary>
    protected string? Demand(int[] columns)
    {
        if (Text(columns) is { } text)
        {
            return text;
        }

        FailMissing(columns);
        return null;
    }

    /// <summary>An amount in 1e-18; 0, counted, when it is empty.</summary>
    protected Int128 Cost(int[] columns)
    {
        if (Filled(columns) is var column && column >= 0)
        {
            return Attos(column);
        }

        EmptyCosts++;
        return 0;
    }

    /// <summary>
    /// EffectiveCost in 1e-18 of a file that states it beside BilledCost; where only the latter has a value, refused or taken from it by a
    /// profile, because else nothing of the row would be consumed.
    /// </summary>
    protected Int128 EffectiveCost(int[] columns, int[] billedColumns, Int128 billedAttos)
    {
        if (Filled(columns) >= 0 || Filled(billedColumns) < 0)
        {
            return Cost(columns);
        }

        if ((Granted & Tolerance.EffectiveIsBilled) == 0)
        {
            Fail(columns.Length == 0 ? -1 : columns[0], "effective-cost-missing", "A row that has a BilledCost must have an EffectiveCost: "
                + "without it nothing of the row is consumed. Export the report with it", Tolerance.EffectiveIsBilled);
        }
        else
        {
            Use(Tolerance.EffectiveIsBilled, Filled(billedColumns));
        }

        return billedAttos;
    }

    /// <summary>An amount in 1e-18 without which the row has no cost, of a column by its name in the mapping.</summary>
    protected Int128 DemandCost(string name)
    {
        var columns = Layout.Find(name);
        if (Filled(columns) is var column && column >= 0)
        {
            return Attos(column);
        }

        if (columns.Length > 0)
        {
            FailMissing(columns);
        }
        else
        {
            var missing = Mapping.Columns.First(c => c.Name == name).Native[^1];
            Fail(-1, "column-missing", $"A charge of this type cannot be booked without the column {missing}, which the file does not "
                + "have. Export the report with it.");
        }

        return 0;
    }

    /// <summary>An amount in 1e-18 of a column that has a value; within the range of a cost, so that sums of some never overflow.</summary>
    protected Int128 Attos(int column) => Attos(column, Value(column));

    /// <summary>An amount in 1e-18 of a text that stands in a column.</summary>
    protected Int128 Attos(int column, ReadOnlySpan<byte> value)
    {
        var error = FocusDecimal.TryParseCost(value, out var nanos, out var residueAttos, out var wasRounded);
        if (error != FocusDecimalError.None)
        {
            FailNumber(column, error);
            return 0;
        }

        if (wasRounded)
        {
            Use(Tolerance.LongFractions, column);
        }

        return (nanos * FocusDecimal.AttosPerNano) + residueAttos;
    }

    /// <summary>Price times quantity in 1e-18 of two columns that have a value; null, counted, beyond the range of a cost.</summary>
    protected Int128? Product(int price, int quantity)
    {
        if (!FocusDecimal.IsDecimal(Value(price)) || !FocusDecimal.IsDecimal(Value(quantity)))
        {
            FailNumber(FocusDecimal.IsDecimal(Value(price)) ? quantity : price, FocusDecimalError.NotANumber);
            return null;
        }

        if (ExactProduct.Of(Value(price), Value(quantity)) is { } product && FocusDecimal.IsCost(product))
        {
            return product;
        }

        Use(Tolerance.LargeQuantities, price);
        return null;
    }

    /// <summary>A quantity; null when it is empty.</summary>
    protected (long Units, int SubunitNanos)? Quantity(int[] columns)
    {
        var column = Filled(columns);
        if (column < 0)
        {
            return null;
        }

        if (!FocusNumber.TryQuantity(Value(column), out var units, out var subunitNanos, out var used))
        {
            FailNumber(column, FocusDecimalError.NotANumber);
            return null;
        }

        if (used != Tolerance.None)
        {
            Use(used, column);
        }

        return used == Tolerance.LargeQuantities ? null : (units, subunitNanos);
    }

    /// <summary>An instant in seconds since 1970, of the form that FOCUS asks for or one that the profile grants.</summary>
    protected long? Instant(int[] columns)
    {
        var column = Filled(columns);
        if (column < 0)
        {
            FailMissing(columns);
            return null;
        }

        var fault = FocusTime.TryParse(Value(column), out var seconds, out var needed);
        if (fault == TimeFault.None && (needed & ~Granted) == Tolerance.None)
        {
            _uses.Use(needed, RowCount + 1, _record.Raw(column));
            return seconds;
        }

        FailTime(column, fault, needed);
        return null;
    }

    /// <summary>The month that begins at an instant.</summary>
    protected int MonthFrom(int[] columns, long seconds)
    {
        var month = FocusTime.MonthIndexOf(seconds, out var isFirstInstant);
        if (!isFirstInstant)
        {
            Fail(Filled(columns), "billing-period-start-not-month-start", "The billing period does not begin with a month in UTC. Only "
                + "whole months can be booked.");
        }

        return month;
    }

    /// <summary>The bytes of a field without quotes. Valid until the next call.</summary>
    protected ReadOnlySpan<byte> Value(int column) => _record.Value(column);

    /// <summary>Reports a value that is not among those that the format knows.</summary>
    protected void FailValue(int column, IEnumerable<string> known, string advice) =>
        Fail(column, "enum-value", $"This value is not known here. Known are {string.Join(", ", known)}. {advice}");

    private string? Text(int column)
    {
        var value = Value(column);
        if (value.IsEmpty)
        {
            return null;
        }

        if (!_texts.TryGet(value, out var text))
        {
            Fail(column, "csv-invalid-utf8", "The field is no UTF-8 text. Export the file in UTF-8.");
            return null;
        }

        if (text.Contains('\r', StringComparison.Ordinal) && !_record.IsQuoted(column))
        {
            Fail(column, "csv-stray-carriage-return", "A carriage return stands inside a field without quotes. Quote the field, or end "
                + "lines with LF or CRLF.");
        }

        return text;
    }

    private void FailMissing(int[] columns) =>
        Fail(columns.Length == 0 ? -1 : columns[0], "value-missing", "A row cannot be booked without this value.");

    private void FailTime(int column, TimeFault fault, Tolerance needed)
    {
        if (fault == TimeFault.None)
        {
            var (rule, message) = FieldFaults.OfTimeForm(needed & ~Granted);
            Fail(column, rule, message, needed);
        }
        else
        {
            var (rule, message) = FieldFaults.OfTime(fault);
            Fail(column, rule, message);
        }
    }

    private void FailNumber(int column, FocusDecimalError error)
    {
        var (rule, message) = FieldFaults.OfNumber(error);
        Fail(column, rule, error == FocusDecimalError.NotANumber ? NumberRule ?? message : message);
    }
}
