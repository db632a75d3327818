using CiCost.CostIngest.Sources.Http;
using CiCost.Policy.Sources;

namespace CiCost.CostIngest.Sources.Azure;

/// <summary><c>azure-exports</c>: docs/sources/azure.md.</summary>
public sealed class AzureExportsConnector : ISourceConnector
{
    private const string StorageScope = "https://storage.azure.com/.default";

    /// <inheritdoc/>
    public string Name => "azure-exports";

    /// <summary>The last handlers of requests to storage and for tokens; null connects over sockets.</summary>
    internal (Func<HttpMessageHandler>? Storage, Func<HttpMessageHandler>? Tokens) Transports { get; init; }

    internal AzureExportsLimits Limits { get; init; } = new();

    /// <inheritdoc/>
    public SourceSetup Create(SourceSettings settings, SourceServices services)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(services);
        var address = ContainerAddress(settings);
        var access = AzureAccess.Read(settings, allowsSas: true, Transports.Tokens);
        var prefix = settings.OptionalText("prefix")?.TrimStart('/') ?? "";
        var export = settings.OptionalText("export");
        var profile = settings.OptionalText("profile") ?? "azure-export";
        var http = HttpChain.Create(new HttpChainOptions
        {
            Provider = "Azure Blob storage",
            BaseAddress = address,
            Rule = RetryRule.Azure,
            Authorisation = access.Authorisation(StorageScope, services.Time),
            Time = services.Time,
            Transport = Transports.Storage?.Invoke(),
        });
        var container = new BlobContainer(http, address, Limits.PageSize);
        return new SourceSetup(new AzureExports(container, new ExportFinder(container, prefix, export), Limits), "focus-csv", profile);
    }

    // A signature that was pasted with the address is refused without being repeated.
    private static Uri ContainerAddress(SourceSettings settings)
    {
        const string Key = "containerUrl";
        if (settings.Text(Key) is { Length: > 0 } text && text.AsSpan().ContainsAny('?', '#'))
        {
            settings.Refuse(Key, $"'{Key}' is the address of the container alone. A signature is a secret: name its place with 'sas: env:NAME'.");
            return new Uri("https://localhost/container/");
        }

        var address = settings.Address(Key, "https://localhost/container/");
        if (address.AbsolutePath.Trim('/').Length == 0)
        {
            settings.Refuse(Key, $"'{Key}' must name the container: https://ACCOUNT.blob.core.windows.net/CONTAINER.");
        }

        return address;
    }
}
