using System.Net;
using System.Text;
using CiCost.CostIngest.Sources.Http;

namespace CiCost.CostIngest.Tests.Sources.Http;

/// <summary>What each provider's refusals mean, example by example.</summary>
public sealed class RetryRuleTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.Parse("2026-08-05T00:00:00Z");

    // https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetCostAndUsage.html#API_GetCostAndUsage_Errors
    [TestCase(400, """{"__type":"LimitExceededException","message":"slow"}""", true)]
    [TestCase(400, """{"__type":"com.amazonaws.ce#ThrottlingException","Message":"slow"}""", true)]
    [TestCase(400, """{"__type":"ValidationException","message":"no"}""", false)]
    [TestCase(400, """{"__type":"ExpiredTokenException","message":"old"}""", false)]
    [TestCase(400, "no json", false)]
    [TestCase(503, "<Error><Code>SlowDown</Code></Error>", true)]
    [TestCase(403, "<Error><Code>AccessDenied</Code></Error>", false)]
    [TestCase(500, "", true)]
    public void Aws_Refusal_IsJudged(int status, string body, bool repeatable) =>
        Assert.That(Judge(RetryRule.Aws, status, body).IsRepeatable, Is.EqualTo(repeatable));

    // https://learn.microsoft.com/azure/cost-management-billing/costs/manage-automation: all the headers have to pass.
    [Test]
    public void Azure_SeveralWaits_TheLongestCounts()
    {
        var verdict = Judge(RetryRule.Azure, 429, "", ("Retry-After", "20"),
            ("x-ms-ratelimit-microsoft.costmanagement-entity-retry-after", "7"),
            ("x-ms-ratelimit-microsoft.costmanagement-qpu-retry-after", "41"),
            ("x-ms-ratelimit-remaining-microsoft.costmanagement-qpu", "99"));

        Assert.That(verdict, Is.EqualTo(new RetryVerdict(true, TimeSpan.FromSeconds(41))));
    }

    [Test]
    public void Azure_RetryAfterIsLongest_ItCounts() =>
        Assert.That(
            Judge(
                RetryRule.Azure, 429, "", ("Retry-After", "50"), ("x-ms-ratelimit-microsoft.costmanagement-tenant-retry-after", "2")).Wait,
            Is.EqualTo(TimeSpan.FromSeconds(50)));

    [TestCase("rateLimitExceeded", true)]
    [TestCase("quotaExceeded", true)]
    [TestCase("backendError", true)]
    [TestCase("accessDenied", false)]
    public void Google_Forbidden_IsJudgedByItsReason(string reason, bool repeatable)
    {
        var body = $$$"""{"error":{"code":403,"message":"m","errors":[{"reason":"{{{reason}}}"}],"status":"PERMISSION_DENIED"}}""";

        Assert.That(Judge(RetryRule.Google, 403, body).IsRepeatable, Is.EqualTo(repeatable));
    }

    [Test]
    public void GitHub_SecondaryLimitWithRetryAfter_IsWaited() =>
        Assert.That(
            Judge(RetryRule.GitHub, 403, "", ("Retry-After", "30"), ("x-ratelimit-remaining", "0")),
            Is.EqualTo(new RetryVerdict(true, TimeSpan.FromSeconds(30))));

    [Test]
    public void GitHub_PrimaryLimit_WaitsUntilASecondAfterTheReset()
    {
        var reset = Now.AddMinutes(12).ToUnixTimeSeconds().ToString();

        var verdict = Judge(RetryRule.GitHub, 403, "", ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", reset));

        Assert.That(verdict, Is.EqualTo(new RetryVerdict(true, TimeSpan.FromSeconds((12 * 60) + 1))));
    }

    [TestCase(429, "", true)]
    [TestCase(403, """{"message":"You have exceeded a secondary rate limit. Please wait."}""", true)]
    [TestCase(403, """{"message":"Resource not accessible by integration"}""", false)]
    public void GitHub_NoHeaders_ByStatusAndMessage(int status, string body, bool repeatable) =>
        Assert.That(
            Judge(RetryRule.GitHub, status, body),
            Is.EqualTo(repeatable ? new RetryVerdict(true, TimeSpan.FromSeconds(60)) : new RetryVerdict(false)));

    private static RetryVerdict Judge(RetryRule rule, int status, string body, params (string Name, string Value)[] headers)
    {
        using var response = new HttpResponseMessage((HttpStatusCode)status);
        foreach (var (name, value) in headers)
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }

        return rule.Judge(response, Encoding.UTF8.GetBytes(body), Now);
    }
}
