using System.Net;
using CiCost.TestKit;
using CiCost.TestKit.Servers;

namespace CiCost.CostIngest.Tests.Sources.Http;

/// <summary>The storage servers from npm start, answer as themselves, and end with their standard input.</summary>
public sealed class TestServerTests
{
    [Test]
    public async Task Azurite_Started_RefusesStrangersAndEnds()
    {
        using var client = new HttpClient();
        Uri address;
        await using (var server = await NodeServer.StartAzuriteAsync())
        {
            address = server.Address;
            using var answer = await client.GetAsync(new Uri(address, "devstoreaccount1?comp=list"));

            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
            Assert.That(answer.Headers.Server.ToString(), Does.Contain("Azurite"));
        }

        Assert.That(() => client.GetAsync(address), Throws.InstanceOf<HttpRequestException>());
    }

    [Test]
    public async Task S3rver_Started_HasItsBucketAndEnds()
    {
        using var folder = new TempFolder();
        using var client = new HttpClient();
        Uri address;
        await using (var server = await NodeServer.StartS3rverAsync(folder.FullName, "demo"))
        {
            address = server.Address;
            using var answer = await client.GetAsync(new Uri(address, "demo/no-such-key"));

            Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain("<Error>"));
        }

        Assert.That(() => client.GetAsync(address), Throws.InstanceOf<HttpRequestException>());
    }
}
