using System.Globalization;

namespace CiCost.Domain.Tests.Funding;

/// <summary>How many random cases the tests of the funding step try: 200, or what <c>CICOST_FUNDING_CASES</c> says, such as 10000.</summary>
internal static class FundingCounts
{
    public static int Cases { get; } = Environment.GetEnvironmentVariable("CICOST_FUNDING_CASES") is { Length: > 0 } given
        ? int.Parse(given, CultureInfo.InvariantCulture)
        : 200;
}
