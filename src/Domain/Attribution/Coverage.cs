using System.Collections.Frozen;

namespace CiCost.Domain.Attribution;

/// <summary>The coverage table (accounting.md, 4) from its dated entries.</summary>
public sealed class Coverage : ICoverage
{
    private readonly FrozenDictionary<string, CoverageEntry[]> _byDomain;
    private readonly CoverageEntry[] _entries;

    /// <summary>Makes the table.</summary>
    /// <exception cref="ArgumentException">Two entries name a ledger source for the same domain and day.</exception>
    public Coverage(IEnumerable<CoverageEntry> entries)
    {
        _entries = [.. entries.OrderBy(entry => entry.Domain, StringComparer.Ordinal).ThenBy(entry => entry.FromDay)];
        foreach (var (first, second) in _entries.Zip(_entries.Skip(1)))
        {
            if (first.Domain == second.Domain && second.FromDay < first.ToDay)
            {
                throw new ArgumentException(
                    $"Domain '{first.Domain}' has two ledger sources on one day: '{first.LedgerSource}' and '{second.LedgerSource}'.",
                    nameof(entries));
            }
        }

        _byDomain = _entries.GroupBy(entry => entry.Domain).ToFrozenDictionary(g => g.Key, g => g.ToArray(), StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public (SourceStanding Standing, CostBasis Basis) Resolve(string? domain, string source, int chargeDay)
    {
        if (domain is null)
        {
            return (SourceStanding.Ledger, CostBasis.Billed);
        }

        if (domain == AttributionResult.Rounding)
        {
            return ResolveRounding(source, chargeDay);
        }

        var entries = _byDomain.GetValueOrDefault(domain, []);
        if (entries.Length == 0)
        {
            return (SourceStanding.Uncovered, CostBasis.Billed);
        }

        var entry = EntryFor(entries, chargeDay);
        var isCovered = entry.Covers(chargeDay);
        return entry.LedgerSource == source
            ? (isCovered ? SourceStanding.Ledger : SourceStanding.Uncovered, entry.LedgerBasis)
            : (isCovered ? SourceStanding.Evidence : SourceStanding.UncoveredEvidence, EvidenceBasis(entries, entry, source, isCovered));
    }

    /// <inheritdoc/>
    public IReadOnlyList<int> ChangeDays(string? domain, string source)
    {
        if (domain is null)
        {
            return [];
        }

        var entries = domain == AttributionResult.Rounding ? _entries : _byDomain.GetValueOrDefault(domain, []);
        var days = entries.SelectMany(entry => new[] { entry.FromDay, entry.ToDay })
            .Where(day => day is not int.MinValue and not int.MaxValue).Distinct().Order();
        return [.. days.Where(day => Resolve(domain, source, day - 1) != Resolve(domain, source, day))];
    }

    /// <summary>The entry of a day; where none covers it the nearest earlier one, else the nearest later (accounting.md, 4).</summary>
    private static CoverageEntry EntryFor(CoverageEntry[] entries, int day) => Array.FindLast(entries, e => e.FromDay <= day) ?? entries[0];

    /// <summary>On a day that nothing covers, a source keeps the basis that it has where it is the ledger source.</summary>
    private static CostBasis EvidenceBasis(CoverageEntry[] entries, CoverageEntry entry, string source, bool isCovered) =>
        entry.Evidence.FirstOrDefault(e => e.Source == source)?.Basis
        ?? (isCovered ? null : Array.Find(entries, e => e.LedgerSource == source)?.LedgerBasis)
        ?? CostBasis.Billed;

    /// <summary>
    /// A residue belongs to a delivery and to no domain. It stands with its source: apart when the source is only evidence on that day,
    /// else in the books, as the delivery's lines are.
    /// </summary>
    private (SourceStanding Standing, CostBasis Basis) ResolveRounding(string source, int chargeDay)
    {
        var today = _byDomain.Values.Select(entries => EntryFor(entries, chargeDay)).OrderBy(e => e.Domain, StringComparer.Ordinal).ToArray();
        if (Array.Find(today, entry => entry.LedgerSource == source) is { } ledger)
        {
            return (SourceStanding.Ledger, ledger.LedgerBasis);
        }

        var evidence = today.SelectMany(entry => entry.Evidence).FirstOrDefault(e => e.Source == source);
        return evidence is null ? (SourceStanding.Ledger, CostBasis.Billed) : (SourceStanding.Evidence, evidence.Basis);
    }
}
