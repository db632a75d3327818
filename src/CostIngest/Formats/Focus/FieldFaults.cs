using CiCost.Domain.Money;

namespace CiCost.CostIngest.Formats.Focus;

/// <summary>The stable names and the words for numbers and times that cannot be read.</summary>
internal static class FieldFaults
{
    private const string TimeForm = "Write it as YYYY-MM-DDTHH:mm:ssZ";

    /// <summary>Rule and message for a number.</summary>
    public static (string Rule, string Message) OfNumber(FocusDecimalError error) => error switch
    {
        FocusDecimalError.NotANumber => ("decimal-not-a-number",
            "A decimal such as -12.5 or 1.5E-7 is expected: no plus sign before it, no thousands separator, no blanks."),
        _ => ("decimal-out-of-range", "The amount is beyond plus or minus 9,223,372,036,854,775,807 units (9.2E18) of its currency."),
    };

    /// <summary>Rule and message for a text that is no instant.</summary>
    public static (string Rule, string Message) OfTime(TimeFault fault) => fault switch
    {
        TimeFault.Form => ("time-form", $"This is no instant. {TimeForm}."),
        _ => ("time-range", "There is no such day or time, or it is outside the years 1970 to 2199."),
    };

    /// <summary>Rule and message for an instant whose form needs a tolerance that is not granted; advice on profiles follows.</summary>
    public static (string Rule, string Message) OfTimeForm(Tolerance missing)
    {
        if (missing.HasFlag(Tolerance.FractionalTimes))
        {
            return ("time-fraction", "Charge and billing periods begin and end at full seconds");
        }

        var (rule, message) = missing switch
        {
            _ when missing.HasFlag(Tolerance.DateOnly) => ("time-form", "The time has a day and no hour"),
            _ when missing.HasFlag(Tolerance.ZonelessUtc) => ("time-without-zone", "The time has no zone"),
            _ when missing.HasFlag(Tolerance.OffsetTimes) => ("time-with-offset", "The time is not in UTC"),
            _ when missing.HasFlag(Tolerance.UtcSuffix) => ("time-utc-form", "UTC is written in another form than FOCUS asks for"),
            _ => ("time-without-seconds", "The time has no seconds"),
        };
        return (rule, $"{message}. {TimeForm}");
    }
}
