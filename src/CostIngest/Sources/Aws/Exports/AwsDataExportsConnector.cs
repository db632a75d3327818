using Amazon.S3;
using CiCost.CostIngest.Sources.Http;
using CiCost.Policy.Sources;

namespace CiCost.CostIngest.Sources.Aws.Exports;

/// <summary><c>connector: aws-data-exports</c>: bills as AWS exports them to a bucket.</summary>
public sealed class AwsDataExportsConnector : ISourceConnector
{
    /// <inheritdoc/>
    public string Name => "aws-data-exports";

    /// <inheritdoc/>
    public SourceSetup Create(SourceSettings settings, SourceServices services)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(services);
        var access = AwsAccess.Read(settings);
        var bucket = settings.Text("bucket");
        var name = settings.Text("exportName");
        var prefix = settings.OptionalText("prefix")?.Trim('/') ?? "";
        var folder = prefix.Length == 0 ? $"{name}/" : $"{prefix}/{name}/";
        var table = settings.Choice("table", "focus", "focus", "cur-2.0");
        var hasEndpoint = settings.OptionalText("endpoint") is not null;
        var endpoint = settings.Address("endpoint", $"https://s3.{access.Region}.amazonaws.com");
        if (bucket.AsSpan().ContainsAny('/', ':'))
        {
            settings.Refuse(
                "bucket", $"'{bucket}' is no bucket's name. Write the name alone, such as acme-billing: no s3://, no arn:, no folder ('prefix').");
        }

        if (name.Contains('/', StringComparison.Ordinal))
        {
            settings.Refuse("exportName", $"'{name}' is no export's name: it has no slash. Folders stand in 'prefix'.");
        }

        if (prefix.Contains(':', StringComparison.Ordinal))
        {
            settings.Refuse("prefix", $"'{prefix}' is no prefix: it is the folder in the bucket alone, such as cicost, without s3:// and bucket.");
        }

        var source = new AwsExportSource(
            new ExportPlace(bucket, folder, name), () => Open(access, endpoint, hasEndpoint, bucket, services.Time), services.Time);
        return new SourceSetup(source, table == "focus" ? "focus-csv" : "aws-cur2", settings.OptionalText("profile"));
    }

    /// <summary>The S3 client's settings: AWS's own endpoint has the bucket in the host's name, others have it in the path.</summary>
    internal static AmazonS3Config Config(HttpChainOptions chain, string region, bool pathStyle) => new()
    {
        ServiceURL = chain.BaseAddress.AbsoluteUri,
        AuthenticationRegion = region,
        ForcePathStyle = pathStyle,
        MaxErrorRetry = 0,
        HttpClientFactory = new ChainClientFactory(chain, ExportBucket.IsDownload),
    };

    private static ExportBucket Open(AwsAccess access, Uri endpoint, bool pathStyle, string bucket, TimeProvider time)
    {
        var chain = new HttpChainOptions { Provider = "S3", BaseAddress = endpoint, Rule = RetryRule.Aws, Time = time };
        return new ExportBucket(new AmazonS3Client(access.Open(time), Config(chain, access.Region, pathStyle)), bucket, time);
    }
}
