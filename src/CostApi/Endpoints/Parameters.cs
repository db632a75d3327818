using CiCost.Accounting.Costs;

namespace CiCost.CostApi.Endpoints;

/// <summary>The parameters of the API; one name means one thing everywhere.</summary>
internal static class Parameters
{
    private const string MonthPattern = "^[0-9]{4}-(0[1-9]|1[0-2])$";

    public static ParameterSpec Month { get; } = new("month", "The month, or the first of a range; by default the charge month, UTC.")
    {
        Pattern = MonthPattern,
        Example = "2026-07",
        IsRequired = true
    };

    public static ParameterSpec OptionalMonth { get; } = new("month", "Only this billing period.")
    {
        Pattern = MonthPattern,
        Example = "2026-07"
    };

    public static ParameterSpec To { get; } = new("to", "The last month of a range, included; by default the first.")
    {
        Pattern = MonthPattern,
        Example = "2026-07"
    };

    public static ParameterSpec GroupBy { get; } = new("group-by",
        "Dimensions of the rows, comma separated or repeated: " + string.Join(", ", CostDimensions.Names)
            + ", and the custom columns and tags (tags.KEY) that the policy lists.")
    {
        Example = "component,architecture",
        IsRepeatable = true
    };

    public static ParameterSpec Metric { get; } = new("metric", "What is summed.")
    {
        Values = [.. CostMetrics.Names],
        Default = "consumption",
        Example = "payable"
    };

    public static ParameterSpec Axis { get; } = new("axis",
        "By which month a line counts: charge (used), billing (invoiced) or posting (booked).")
    {
        Values = [.. Enum.GetNames<TimeAxis>().Select(n => n.ToLowerInvariant())],
        Default = "charge",
        Example = "billing"
    };

    public static ParameterSpec BillingAxis { get; } = Axis with { Default = "billing" };

    public static ParameterSpec Where { get; } = new("where",
        "Only lines with this value of a dimension, key=value; may be repeated, and then all must hold.")
    {
        Pattern = "^[^=]+=.*$",
        Example = "component=storage",
        IsRepeatable = true
    };

    public static ParameterSpec AsOf { get; } = new("as-of", "As the books stood at this instant, with a zone; by default now.")
    {
        Example = "2026-08-05T00:00:00Z"
    };

    public static ParameterSpec Split { get; } = new("split",
        "The split policy; by default the agreed one of the month, else its first proposal.")
    {
        Example = "even"
    };

    public static ParameterSpec Rows { get; } = new("rows", "How many of the largest bill rows to list.")
    {
        Range = (0, 1000),
        Default = "20",
        Example = "50"
    };

    public static ParameterSpec Delivery { get; } = new("delivery", "One delivery, by its id.")
    {
        Range = (1, int.MaxValue),
        Example = "1"
    };

    public static ParameterSpec Row { get; } = new("row", "A row of the delivery, from 1; with it a raw row is followed up to its figures.")
    {
        Range = (1, uint.MaxValue),
        Example = "1"
    };

    public static ParameterSpec Source { get; } = new("source", "Only this source.") { Example = "aws-foundation" };

    public static ParameterSpec RunsAfter { get; } = new("after", "Only runs with a larger number.")
    {
        Range = (0, long.MaxValue),
        Example = "41"
    };

    public static ParameterSpec RunsLimit { get; } = new("limit", "How many runs at most.")
    {
        Range = (1, 1000),
        Default = "50",
        Example = "50"
    };
}
