using CiCost.Domain.Funding;

namespace CiCost.Domain.Tests.Funding;

/// <summary>The step for tests of one account.</summary>
internal static class FundingSteps
{
    public static FundedMonth Fund(this FundingStep step, PayerMonth month, int monthIndex = 0) => step.Fund(monthIndex, [month]).Accounts[0];
}
