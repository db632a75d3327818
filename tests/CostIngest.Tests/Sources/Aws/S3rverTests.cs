using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using CiCost.CostIngest.Sources;
using CiCost.CostIngest.Sources.Aws.Exports;
using CiCost.CostIngest.Tests.Formats;
using CiCost.TestKit;
using CiCost.TestKit.Servers;

namespace CiCost.CostIngest.Tests.Sources.Aws;

/// <summary>The same export from an S3 server that others wrote. It verifies no signature, so this is one run and no more.</summary>
public sealed class S3rverTests
{
    [Test]
    public async Task Fetch_BothMonths_HasTheirFiles()
    {
        using var folder = new TempFolder();
        using var rig = AwsRig.New();
        await using var server = await NodeServer.StartS3rverAsync(folder.FullName, "demo");
        var root = Path.Combine(TestFiles.Focus, "layouts", "aws-focus-s3", "fixture", "demo");

        // AWS writes the manifest after the data, and so does this.
        var keys = Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(root, f).Replace('\\', '/'))
            .OrderBy(k => k.EndsWith(".json", StringComparison.Ordinal)).ToArray();
        await PutAsync(server.Address, root, keys);
        var source = rig.Setup(
            new AwsDataExportsConnector(),
            "\n    bucket: demo\n    prefix: /exports/\n    exportName: costroid-demo"
            + $"\n    endpoint: {server.Address}{rig.Keys("S3RVER", "S3RVER")}").Source;

        var offers = await SourceRig.FindAsync(source, "2026-05..2026-06");
        var may = (FetchedDelivery)await rig.FetchAsync(source, offers[0]);
        var june = (FetchedDelivery)await rig.FetchAsync(source, offers[1]);

        var data = keys.Where(k => k.EndsWith(".csv.gz", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        Assert.That(
            may.Files.Concat(june.Files).Select(File.ReadAllBytes), Is.EqualTo(data.Select(k => File.ReadAllBytes(Path.Combine(root, k)))));
    }

    private static async Task PutAsync(Uri address, string root, string[] keys)
    {
        using var client = new AmazonS3Client(new BasicAWSCredentials("S3RVER", "S3RVER"), new AmazonS3Config
        {
            ServiceURL = address.AbsoluteUri,
            AuthenticationRegion = "us-east-1",
            ForcePathStyle = true,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
        });
        foreach (var key in keys)
        {
            // Chunked uploads stay framed in s3rver's files.
            await client.PutObjectAsync(new PutObjectRequest
            {
                BucketName = "demo",
                Key = key,
                FilePath = Path.Combine(root, key),
                UseChunkEncoding = false,
            });
        }
    }
}
