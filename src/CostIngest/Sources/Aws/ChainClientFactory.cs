using Amazon.Runtime;
using CiCost.CostIngest.Sources.Http;

namespace CiCost.CostIngest.Sources.Aws;

/// <summary>
/// Lets the AWS libraries send through the common chain, with its repeats and limits in place of their own. A repeat keeps the signature
/// of the first attempt, which AWS takes for 15 minutes; the chain's total time is shorter.
/// </summary>
internal sealed class ChainClientFactory(HttpChainOptions options, Predicate<HttpRequestMessage> isDownload) : HttpClientFactory
{
    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => HttpChain.CreateClient(options, isDownload);

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    public override string? GetConfigUniqueString(IClientConfig clientConfig) => null;
}
