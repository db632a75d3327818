using System.Globalization;
using System.Collections.Immutable;
using CiCost.Domain.Attribution;
using CiCost.Domain.Money;
using CiCost.Domain.Periods;
using CiCost.Policy.Yaml;

namespace CiCost.Policy.Reading;

/// <summary>Reads coverage.yaml.</summary>
internal sealed class CoverageReader(VocabularyReader words, KnownIds accounts)
{
    private readonly ImmutableArray<CoverageEntry>.Builder _entries = ImmutableArray.CreateBuilder<CoverageEntry>();

    public KnownIds Ids { get; } = new("domain", PolicyTexts.Coverage);

    /// <summary>The entries that were read without a mistake.</summary>
    public ImmutableArray<CoverageEntry> Entries => _entries.ToImmutable();

    public ImmutableArray<SpendDomain> Read() => words.ReadItems(PolicyTexts.Coverage, Shape.CoverageFile, Shape.Domain, Ids,
        (id, map, errors) =>
        {
            var name = map.Text("name");
            var account = map.Text("account");
            var isKnown = account is null || accounts.Resolve(account, errors) is not null;
            ReadEntries(id, map, errors);
            var (low, high) = ReadRange(map, errors);
            return name is null || !isKnown
                ? null
                : new SpendDomain(id, name.Value, account?.Value) { LowNanos = low, HighNanos = high };
        });

    /// <summary>How far a domain's amounts may be off, as factors around 1.</summary>
    private static (long Low, long High) ReadRange(MapReader domain, FileErrors errors)
    {
        if (domain.Node("range") is not { } node || MapReader.Open(node, Shape.Range, errors) is not { } range)
        {
            return (Money.NanosPerUnit, Money.NanosPerUnit);
        }

        var (low, high) = (range.Amount("low"), range.Amount("high"));
        if (low is < 0 or > Money.NanosPerUnit || high < Money.NanosPerUnit)
        {
            errors.Add(node, PolicyErrorCode.BadAmount,
                "A range has factors around 1: low from 0 to 1, high from 1. Write low: \"0.8\" and high: \"1.3\" for -20 % to +30 %.");
        }

        return (low ?? Money.NanosPerUnit, high ?? Money.NanosPerUnit);
    }

    private void ReadEntries(string domain, MapReader map, FileErrors errors)
    {
        if (map.Node("coverage") is YamlList { Items.Count: 0 } empty)
        {
            errors.Add(empty, PolicyErrorCode.EmptyValue, $"Domain '{domain}' has no ledger source. Add - ledger: SOURCE with its basis.");
        }

        var earlier = new List<(CoverageEntry Entry, int Line)>();
        foreach (var node in map.List("coverage"))
        {
            if (MapReader.Open(node, Shape.CoverageEntry, errors) is not { } reader)
            {
                continue;
            }

            var (from, to) = reader.Days();
            var (ledger, basis) = (reader.Id("ledger"), reader.Choice("basis", Choices.Bases));
            var evidence = ReadEvidence(reader, ledger?.Value, errors);
            if (ledger is null || basis is null || from >= to)
            {
                continue;
            }

            var isValued = reader.Node("valuedFrom") is not null && reader.Choice("valuedFrom", Choices.ValuedFrom) is true;
            var entry = new CoverageEntry(domain, from, to, ledger.Value, basis.Value, evidence)
            {
                IsValuedFromJobs = isValued,
                Cadence = reader.Node("cadence") is null ? Cadence.Monthly : reader.Choice("cadence", Choices.Cadences) ?? Cadence.Monthly,
                FinalAfterDays = ReadFinalAfterDays(reader, errors),
            };
            var other = earlier.Find(e => e.Entry.FromDay < to && from < e.Entry.ToDay);
            if (other.Entry is null)
            {
                _entries.Add(entry);
            }
            else
            {
                errors.Add(node, PolicyErrorCode.OverlappingCoverage,
                    $"Domain '{domain}' has two ledger sources {From(Math.Max(from, other.Entry.FromDay))}: '{other.Entry.LedgerSource}' "
                    + $"(line {other.Line}) and '{ledger.Value}'. End the first with 'to' on the day that the second begins with 'from'.");
            }

            earlier.Add((entry, node.Line));
        }
    }

    private static int ReadFinalAfterDays(MapReader entry, FileErrors errors)
    {
        const int most = 366;
        if (entry.Node("finalAfterDays") is null || entry.Text("finalAfterDays") is not { } text)
        {
            return CoverageEntry.DefaultFinalAfterDays;
        }

        if (int.TryParse(text.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days <= most)
        {
            return days;
        }

        errors.Add(text, PolicyErrorCode.BadAmount, $"finalAfterDays is a whole number of days from 0 to {most}, such as \"5\".");
        return CoverageEntry.DefaultFinalAfterDays;
    }

    private static ImmutableArray<EvidenceSource> ReadEvidence(MapReader entry, string? ledger, FileErrors errors)
    {
        var evidence = new List<EvidenceSource>();
        foreach (var node in entry.List("evidence"))
        {
            if (MapReader.Open(node, Shape.Evidence, errors) is not { } map)
            {
                continue;
            }

            var (source, basis) = (map.Id("source"), map.Choice("basis", Choices.Bases));
            if (source is null || basis is null)
            {
                continue;
            }

            if (source.Value == ledger || evidence.Exists(e => e.Source == source.Value))
            {
                errors.Add(source, PolicyErrorCode.DuplicateId,
                    $"The source '{source.Value}' is already named in this entry. A source is the ledger or evidence, once. Remove one.");
                continue;
            }

            evidence.Add(new EvidenceSource(source.Value, basis.Value));
        }

        return [.. evidence];
    }

    private static string From(int day) => day == int.MinValue ? "from the beginning" : $"from {ChargeDay.ToText(day)}";
}
