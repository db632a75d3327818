using CiCost.CostIngest.Sources.Http;
using CiCost.Policy.Sources;

namespace CiCost.CostIngest.Sources.Hud;

/// <summary>
/// Cost estimates of PyTorch HUD (rows shaped as <c>misc.runner_cost</c>): job time x list price. Figures to compare the books with, never
/// a bill.
/// </summary>
public sealed class PyTorchHudConnector : ISourceConnector
{
    private readonly Func<HttpChainOptions, HttpChainOptions>? _tune;

    /// <summary>Makes the connector.</summary>
    public PyTorchHudConnector()
    {
    }

    internal PyTorchHudConnector(Func<HttpChainOptions, HttpChainOptions> tune) => _tune = tune;

    /// <inheritdoc/>
    public string Name => "hud";

    /// <inheritdoc/>
    public SourceSetup Create(SourceSettings settings, SourceServices services)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(services);
        var options = new HttpChainOptions
        {
            Provider = "PyTorch HUD",
            BaseAddress = settings.Address("endpoint", "https://hud.pytorch.org/"),
            Time = services.Time,
        };
        var header = settings.OptionalText("tokenHeader") ?? "x-hud-internal-bot";
        if (settings.OptionalSecret("token") is { } token)
        {
            options = options with { Authorisation = Credentials.Header(header, token.Read) };
        }

        var query = new HudQuery(
            settings.Text("query"),
            settings.Map("parameters"),
            settings.OptionalText("dateField") ?? "date",
            settings.OptionalText("itemField") ?? "runner_type",
            settings.OptionalText("costField") ?? "cost",
            settings.OptionalText("accountField") ?? "owning_account",
            settings.Map("accounts"),
            settings.Number("settleDays", 3, 0, 60),
            settings.Flag("everyDay", true));
        return new SourceSetup(new PyTorchHudSource(_tune?.Invoke(options) ?? options, query, services.Time), null);
    }
}
