using System.Globalization;
using System.Runtime.CompilerServices;
using CiCost.CostIngest.Sources;
using CiCost.Domain.Periods;
using CiCost.Policy.Sources;
using CiCost.TestKit.Bookkeeping;

namespace CiCost.CostApi.Tests.Scheduling;

/// <summary>What a scripted provider holds for a month at an instant.</summary>
/// <param name="Version">Changes when it restates the month.</param>
/// <param name="Lines">The bill.</param>
internal sealed record ScriptedBill(string Version, IReadOnlyList<BillLine> Lines);

/// <summary>A provider as a script: from an instant and how often it was asked, what it holds, or what it refuses with.</summary>
internal delegate ScriptedBill? Script(DateTimeOffset now, int asked);

/// <summary>Sources that a test writes the providers of; everything between them and the books is the real one.</summary>
internal sealed class ScriptedConnector(IReadOnlyDictionary<string, Script> scripts) : ISourceConnector
{
    private readonly Dictionary<string, int> _asked = new(StringComparer.Ordinal);

    public string Name => "scripted";

    public SourceSetup Create(SourceSettings settings, SourceServices services)
    {
        var script = settings.Text("script");
        return new SourceSetup(new Source(() => scripts[script](services.Time.GetUtcNow(), Ask(script)), services.Time), "focus-csv");
    }

    private int Ask(string script)
    {
        lock (_asked)
        {
            return _asked[script] = _asked.GetValueOrDefault(script) + 1;
        }
    }

    private sealed class Source(Func<ScriptedBill?> ask, TimeProvider time) : ISource
    {
        private ScriptedBill? _found;

        public async IAsyncEnumerable<Offer> FindAsync(MonthRange months, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.CompletedTask;
            if ((_found = ask()) is { } bill)
            {
                yield return new Offer
                {
                    Month = BillingMonth.Of(DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime)),
                    Version = bill.Version,
                    Description = string.Create(CultureInfo.InvariantCulture, $"bill {bill.Version}"),
                };
            }
        }

        public async Task<Fetched> FetchAsync(Offer offer, string folder, CancellationToken cancellationToken)
        {
            var path = Path.Combine(folder, "bill.csv");
            await File.WriteAllTextAsync(path, BillLine.File(_found!.Lines), cancellationToken);
            return new FetchedDelivery([path], _found.Lines.Count);
        }
    }
}
