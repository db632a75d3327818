using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using CiCost.CostIngest.Sources.Http;
using CiCost.Policy.Sources;

namespace CiCost.CostIngest.Sources.Aws;

/// <summary>
/// The settings by which every AWS source proves who it is: keys by reference, or the chain of the AWS libraries (environment, profile,
/// web identity, container, instance); and then, where given, a role in the account that pays.
/// </summary>
internal sealed record AwsAccess
{
    // The shortest that AWS allows: a stolen key is of use for 15 minutes.
    private const int RoleSeconds = 900;

    public required SecretReference? AccessKeyId { get; init; }

    public required SecretReference? SecretAccessKey { get; init; }

    public required SecretReference? SessionToken { get; init; }

    public required string? RoleArn { get; init; }

    public required string? ExternalId { get; init; }

    public required string Region { get; init; }

    public required Uri StsEndpoint { get; init; }

    public static AwsAccess Read(SourceSettings settings)
    {
        var region = settings.OptionalText("region") ?? "us-east-1";
        var access = new AwsAccess
        {
            AccessKeyId = settings.OptionalSecret("accessKeyId"),
            SecretAccessKey = settings.OptionalSecret("secretAccessKey"),
            SessionToken = settings.OptionalSecret("sessionToken"),
            RoleArn = settings.OptionalText("roleArn"),
            ExternalId = settings.OptionalText("externalId"),
            Region = region,
            StsEndpoint = settings.Address("stsEndpoint", $"https://sts.{region}.amazonaws.com"),
        };
        if (settings.Has("accessKeyId") != settings.Has("secretAccessKey"))
        {
            settings.Refuse(
                "accessKeyId", "'accessKeyId' and 'secretAccessKey' belong together. Give both, or neither for the machine's own.");
        }

        if (access.RoleArn is { } role && !role.StartsWith("arn:aws", StringComparison.Ordinal))
        {
            settings.Refuse("roleArn", "'roleArn' must be the ARN of a role, such as arn:aws:iam::111122223333:role/cicost-reader.");
        }

        if (access.ExternalId is not null && access.RoleArn is null)
        {
            settings.Refuse("externalId", "'externalId' is for taking a role. Add 'roleArn', or remove it.");
        }

        return access;
    }

    /// <summary>The keys, which renew themselves where they expire. Called when a run begins: nothing is read before.</summary>
    /// <exception cref="SourceException">There are none.</exception>
    public AWSCredentials Open(TimeProvider time)
    {
        var own = Own();
        if (RoleArn is null)
        {
            return own;
        }

        var config = new AmazonSecurityTokenServiceConfig
        {
            ServiceURL = StsEndpoint.AbsoluteUri,
            AuthenticationRegion = Region,
            MaxErrorRetry = 0,
            HttpClientFactory = new ChainClientFactory(
                new HttpChainOptions { Provider = "AWS STS", BaseAddress = StsEndpoint, Rule = RetryRule.Aws, Time = time }, _ => false),
        };
        var request = new AssumeRoleRequest
        {
            RoleArn = RoleArn,
            ExternalId = ExternalId,
            RoleSessionName = "cicost",
            DurationSeconds = RoleSeconds,
        };
        return new StsRoleCredentials(new AmazonSecurityTokenServiceClient(own, config), request);
    }

    private AWSCredentials Own()
    {
        try
        {
            return (AccessKeyId?.Read(), SecretAccessKey?.Read(), SessionToken?.Read()) switch
            {
                ({ } id, { } secret, { } token) => new SessionAWSCredentials(id, secret, token),
                ({ } id, { } secret, null) => new BasicAWSCredentials(id, secret),
                _ => DefaultAWSCredentialsIdentityResolver.GetCredentials(),
            };
        }
        catch (AmazonClientException exception)
        {
            throw new SourceException(
                "credentials-missing",
                "There are no AWS credentials: neither keys in the source's settings, nor in the environment, a profile, a web identity or "
                + "the instance's role. Give the program one of them.",
                exception);
        }
    }
}

/// <summary>The keys of a role, taken anew shortly before they expire.</summary>
internal sealed class StsRoleCredentials : RefreshingAWSCredentials
{
    private const string WhenDenied =
        "Compare 'roleArn' and 'externalId' with the role's trust policy (docs/sources/aws.md, step 4), and see that who asks may "
        + "sts:AssumeRole on it.";

    private readonly IAmazonSecurityTokenService _sts;
    private readonly AssumeRoleRequest _request;

    public StsRoleCredentials(IAmazonSecurityTokenService sts, AssumeRoleRequest request)
    {
        (_sts, _request) = (sts, request);
        PreemptExpiryTime = TimeSpan.FromMinutes(5);
    }

    protected override CredentialsRefreshState GenerateNewCredentials() => GenerateNewCredentialsAsync().GetAwaiter().GetResult();

    protected override async Task<CredentialsRefreshState> GenerateNewCredentialsAsync()
    {
        try
        {
            var answer = await _sts.AssumeRoleAsync(_request).ConfigureAwait(false);
            return new CredentialsRefreshState(answer.Credentials.GetCredentials(), answer.Credentials.Expiration ?? DateTime.MaxValue);
        }
        catch (Exception exception) when (AwsRefusals.Of($"AWS STS (AssumeRole {_request.RoleArn})", exception, WhenDenied) is { } refusal)
        {
            throw refusal;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _sts.Dispose();
        }

        base.Dispose(disposing);
    }
}
