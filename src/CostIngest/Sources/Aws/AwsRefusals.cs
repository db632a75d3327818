using System.Net;
using System.Xml;
using Amazon.Runtime;
using CiCost.CostIngest.Sources.Http;

namespace CiCost.CostIngest.Sources.Aws;

/// <summary>What the refusals of AWS mean. The name in the answer counts before the status, which is 400 for almost everything.</summary>
internal static class AwsRefusals
{
    private static readonly HashSet<string> Credentials = new(StringComparer.Ordinal)
    {
        "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "RequestExpired", "InvalidToken", "InvalidAccessKeyId",
        "InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch", "InvalidSignatureException",
        "IncompleteSignature", "IncompleteSignatureException", "MissingAuthenticationToken", "MissingAuthenticationTokenException",
        "RequestTimeTooSkewed",
    };

    private static readonly HashSet<string> Denied = new(StringComparer.Ordinal)
    {
        "AccessDenied", "AccessDeniedException", "AllAccessDisabled", "UnauthorizedOperation", "UserNotEntitledException",
        "BillingViewHealthStatusException",
    };

    private static readonly HashSet<string> Paging = new(StringComparer.Ordinal)
    {
        "InvalidNextTokenException", "RequestChangedException", "InvalidContinuationToken",
    };

    /// <summary>What to do when a permission of the role or user is missing.</summary>
    private const string Grant = "Grant the permissions of docs/sources/aws.md, step 3, to whom the message names.";

    /// <summary>Returns a successful answer.</summary>
    /// <exception cref="SourceException">It is none.</exception>
    public static HttpAnswer Expect(HttpAnswer answer)
    {
        if (answer.IsSuccess)
        {
            return answer;
        }

        var said = ProviderMessage.Read(answer.Body);
        throw Named(answer.Subject, said.Code, said.Message, (int)answer.Status, Grant, null) ?? answer.Refusal();
    }

    /// <summary>The refusal that an exception of the AWS libraries stands for; null when it is none.</summary>
    /// <param name="subject">What was asked.</param>
    /// <param name="exception">The exception.</param>
    /// <param name="whenDenied">What to do when access was denied: which settings it may be, and which step of the page.</param>
    public static SourceException? Of(string subject, Exception exception, string whenDenied) => exception switch
    {
        SourceException source => source,
        AmazonServiceException { InnerException: { } inner, StatusCode: 0 } when HttpFailure.Of(subject, inner) is { } failure => failure,
        AmazonUnmarshallingException or XmlException => new SourceException(
            "answer-unreadable", $"{subject} answered with something that is no answer of AWS. Check the endpoint, and any proxy.", exception),
        AmazonServiceException service => Named(subject, service.ErrorCode, service.Message, (int)service.StatusCode, whenDenied, service)
            ?? ByStatus(subject, service),
        AmazonClientException client => new SourceException(
            "provider-unreachable",
            $"{subject} could not be asked ({client.Message.Split('\n')[0].TrimEnd('.')}). Check credentials and network.",
            client),
        _ => HttpFailure.Of(subject, exception),
    };

    private static SourceException? Named(
        string subject, string? code, string? message, int status, string whenDenied, Exception? inner)
    {
        var said = $"{subject} answered {status}: {code}, {message?.Trim().TrimEnd('.')}.";
        return code switch
        {
            null => null,
            _ when Credentials.Contains(code) => new SourceException(
                "credentials-refused",
                said + " Check that the keys exist and are not expired, and that this machine's clock is right.", inner),
            _ when Denied.Contains(code) => new SourceException("access-denied", $"{said} {whenDenied}", inner),
            _ when Paging.Contains(code) => new SourceException(
                "paging-broken", said + " Run it again: a page belongs to a question that AWS no longer knows.", inner),
            _ when AwsRule.IsThrottling(code) => new SourceException(
                "provider-throttles", said + " Run it later, or less often.", inner),
            "NoSuchBucket" => new SourceException("not-found-at-provider", said + " Check 'bucket'.", inner),
            "PermanentRedirect" or "AuthorizationHeaderMalformed" or "TemporaryRedirect" or "IllegalLocationConstraintException" =>
                new SourceException("region-wrong", said + " Set 'region' to the one where the bucket lies.", inner),
            _ => null,
        };
    }

    private static SourceException ByStatus(string subject, AmazonServiceException exception)
    {
        var answer = new HttpAnswer
        {
            Subject = subject,
            Status = exception.StatusCode == 0 ? HttpStatusCode.ServiceUnavailable : exception.StatusCode,
            Headers = new Dictionary<string, string>(),
            Body = default,
        };
        var refusal = answer.Refusal();
        return new SourceException(refusal.Code, refusal.Message + " " + exception.Message.Trim(), exception);
    }
}
