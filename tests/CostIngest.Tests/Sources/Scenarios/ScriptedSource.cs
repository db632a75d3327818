using System.Runtime.CompilerServices;
using CiCost.CostIngest.Sources;
using CiCost.Domain.Periods;
using CiCost.Ledger.Sources;
using CiCost.Policy.Sources;

namespace CiCost.CostIngest.Tests.Sources.Scenarios;

/// <summary>A source that misbehaves at random around another one, for as long as it is told to.</summary>
internal sealed class ScriptedSource(ISource inner, Random random) : ISource
{
    private static readonly (int Weight, Trouble Trouble)[] AtFind =
    [
        (50, Trouble.None), (3, Trouble.Refusal), (2, Trouble.Disk), (3, Trouble.Cancel), (1, Trouble.OfferTwice),
    ];

    private static readonly (int Weight, Trouble Trouble)[] AtFetch =
    [
        (40, Trouble.None), (8, Trouble.Refusal), (4, Trouble.Disk), (4, Trouble.Cancel), (8, Trouble.Truncated), (6, Trouble.WrongCount),
        (4, Trouble.Garbage), (4, Trouble.Restated), (3, Trouble.CancelAfter),
    ];

    private enum Trouble
    {
        None,
        Refusal,
        Disk,
        Cancel,
        CancelAfter,
        OfferTwice,
        Truncated,
        WrongCount,
        Garbage,
        Restated,
    }

    public bool Misbehaves { get; set; }

    /// <summary>What stops the run that goes on.</summary>
    public CancellationTokenSource? Run { get; set; }

    /// <summary>Changes what the provider holds.</summary>
    public Action Restate { get; init; } = () => { };

    /// <summary>Held before a fetch, so that a second run meets the first one.</summary>
    public Func<Task>? BeforeFetch { get; set; }

    public async IAsyncEnumerable<Offer> FindAsync(MonthRange months, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var offer in inner.FindAsync(months, cancellationToken))
        {
            switch (Pick(AtFind))
            {
                case Trouble.Refusal:
                    throw new SourceException("provider-unavailable", "The provider is not there.");
                case Trouble.Disk:
                    throw new IOException("No space left on device");
                case Trouble.Cancel:
                    await Run!.CancelAsync();
                    break;
                case Trouble.OfferTwice:
                    yield return offer;
                    break;
            }

            yield return offer;
        }
    }

    public async Task<Fetched> FetchAsync(Offer offer, string folder, CancellationToken cancellationToken)
    {
        if (BeforeFetch is { } before)
        {
            await before();
        }

        var trouble = Pick(AtFetch);
        switch (trouble)
        {
            case Trouble.Refusal:
                throw new SourceException("download-cut-off", "The connection broke.");
            case Trouble.Cancel:
                await Run!.CancelAsync();
                cancellationToken.ThrowIfCancellationRequested();
                break;
            case Trouble.Restated:
                Restate();
                break;
        }

        var fetched = (FetchedDelivery)await inner.FetchAsync(offer, folder, cancellationToken);
        switch (trouble)
        {
            case Trouble.Disk:
                throw new IOException("No space left on device");
            case Trouble.CancelAfter:
                await Run!.CancelAsync();
                break;
            case Trouble.Truncated:
                Truncate(fetched.Files[^1]);
                break;
            case Trouble.Garbage:
                await File.WriteAllBytesAsync(fetched.Files[0], [0x1f, 0x8b, 8, 0, 1, 2, 3], CancellationToken.None);
                break;
            case Trouble.WrongCount:
                return fetched with { ExpectedRows = (fetched.ExpectedRows ?? 0) + random.Next(1, 5) };
        }

        return fetched;
    }

    private Trouble Pick((int Weight, Trouble Trouble)[] choices)
    {
        if (!Misbehaves)
        {
            return Trouble.None;
        }

        var at = random.Next(choices.Sum(c => c.Weight));
        return choices.First(c => (at -= c.Weight) < 0).Trouble;
    }

    // A text loses its last row at least; of a gzip file any part.
    private void Truncate(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var most = bytes.Length < 2 || bytes[0] == 0x1f ? bytes.Length - 1 : bytes.AsSpan(0, bytes.Length - 1).LastIndexOf((byte)'\n');
        File.WriteAllBytes(path, bytes[..random.Next(Math.Max(1, most))]);
    }
}

/// <summary>Makes the one source of a scenario.</summary>
internal sealed class ScriptedConnector(ISource source, string format, SourceMode mode) : ISourceConnector
{
    public string Name => "scripted";

    public SourceSetup Create(SourceSettings settings, SourceServices services) => new(source, format, null, mode);
}
