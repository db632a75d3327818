using System.Collections.Immutable;
using CiCost.Domain.Attribution;
using CiCost.Domain.Sharing;
using CiCost.Policy.Yaml;

namespace CiCost.Policy.Reading;

/// <summary>Reads splits.yaml: how consumption is shared (accounting.md, 12).</summary>
internal sealed class SplitsReader(PolicyTexts texts, VocabularyReader words, Action<AttributeName, YamlText, FileErrors> requireValue)
{
    /// <summary>A hundred percent in 1e-9 of a percent.</summary>
    private const long WholePercentNanos = 100_000_000_000;

    private readonly KnownIds _ids = new("split", PolicyTexts.Splits);

    public ImmutableArray<SplitPolicy> Read()
    {
        if (!texts.Has(PolicyTexts.Splits) || texts.Open(PolicyTexts.Splits, Shape.SplitsFile) is not var (map, errors))
        {
            return [];
        }

        var splits = VocabularyReader.ReadList(map, "splits", Shape.Split, _ids, errors, Split);
        RefuseTwoAgreed(splits, map, errors);
        return splits;
    }

    private SplitPolicy? Split(string id, MapReader map, FileErrors errors)
    {
        var (from, to) = map.Days();
        var name = map.Text("name");
        var status = map.Choice("status", Choices.SplitStatuses);
        var currency = map.Currency("currency");
        var method = map.Choice("method", Choices.SplitMethods);
        var fallback = map.Choice("fallback", Choices.SplitFallbacks);
        var metric = map.Node("proportionalTo") is null ? null : map.Choice("proportionalTo", Choices.SplitMetrics);
        if (method == SplitMethod.Proportional && map.Node("proportionalTo") is null)
        {
            errors.Add(map.Start, PolicyErrorCode.MissingKey, "A proportional split needs 'proportionalTo'. Add it here.");
        }

        var participants = Participants(map, method, errors);
        var exclusions = Exclusions(map, errors);
        var (overhead, overheadBase) = Overhead(map, errors);
        var inKind = InKind(map, errors);
        return name is null || status is null || currency is null || method is null || fallback is null || from >= to
            ? null
            : new SplitPolicy
            {
                Id = id,
                Name = name.Value,
                IsAgreed = status.Value,
                Currency = currency,
                FromDay = from,
                ToDay = to,
                Method = method.Value,
                Metric = metric ?? SplitMetric.Used,
                Fallback = fallback.Value,
                Participants = participants,
                Exclusions = exclusions,
                OverheadComponents = overhead,
                OverheadBase = overheadBase,
                InKind = inKind,
            };
    }

    private ImmutableArray<Participant> Participants(MapReader map, SplitMethod? method, FileErrors errors)
    {
        var participants = ImmutableArray.CreateBuilder<Participant>();
        foreach (var node in map.List("participants"))
        {
            if (MapReader.Open(node, Shape.Participant, errors) is not { } item)
            {
                continue;
            }

            var (from, to) = item.Days();
            var organisation = words.OrganisationIds.Resolve(item.Text("organisation"), errors);
            var percent = item.Node("percent") is null ? null : item.Amount("percent");
            if (method is not null && percent is null != (method != SplitMethod.FixedPercent))
            {
                errors.Add(node, PolicyErrorCode.BadChoice,
                    "A percentage belongs to the method fixed-percent, and only to it. Correct one.");
            }

            if (organisation is not null && from < to)
            {
                participants.Add(new Participant(organisation, from, to, percent ?? 0));
            }
        }

        RefuseOverlaps(participants, map, errors);
        return participants.ToImmutable();
    }

    private static void RefuseOverlaps(ImmutableArray<Participant>.Builder participants, MapReader map, FileErrors errors)
    {
        foreach (var group in participants.GroupBy(p => p.Organisation, StringComparer.Ordinal))
        {
            var sorted = group.OrderBy(p => p.FromDay).ToArray();
            if (sorted.Zip(sorted.Skip(1)).Any(pair => pair.Second.FromDay < pair.First.ToDay))
            {
                errors.Add(map.Node("participants")!, PolicyErrorCode.DuplicateId,
                    $"'{group.Key}' takes part twice on one day. End the first with 'to' on the day that the second begins with 'from'.");
            }
        }

        foreach (var day in participants.Select(p => p.FromDay).Distinct())
        {
            var sum = participants.Where(p => p.FromDay <= day && day < p.ToDay).Aggregate((Int128)0, (total, p) => total + p.PercentNanos);
            if (sum > WholePercentNanos || participants.Any(p => p.PercentNanos < 0))
            {
                errors.Add(map.Node("participants")!, PolicyErrorCode.BadAmount,
                    "The percentages of a day are above 100 together, or one is below 0. Lower them; what they leave is Unallocated.");
                return;
            }
        }
    }

    private ImmutableArray<Exclusion> Exclusions(MapReader map, FileErrors errors)
    {
        var exclusions = ImmutableArray.CreateBuilder<Exclusion>();
        var ids = new KnownIds("exclusion", PolicyTexts.Splits);
        foreach (var node in map.List("excluded"))
        {
            if (MapReader.Open(node, Shape.Exclusion, errors) is not { } item)
            {
                continue;
            }

            var id = item.Id();
            var isNew = id is not null && ids.Declare(id, errors);
            var (reason, attribute) = (item.Text("reason"), item.Choice("attribute", Choices.Attributes));
            var values = item.Texts("values");
            if (attribute is { } known)
            {
                foreach (var value in values)
                {
                    requireValue(known, value, errors);
                }
            }

            if (isNew && reason is not null && attribute is not null)
            {
                exclusions.Add(new Exclusion(id!.Value, reason.Value, attribute.Value, [.. values.Select(v => v.Value)]));
            }
        }

        return exclusions.ToImmutable();
    }

    private (ImmutableArray<string> Components, OverheadBase Base) Overhead(MapReader map, FileErrors errors)
    {
        if (map.Node("overhead") is not { } node || MapReader.Open(node, Shape.Overhead, errors) is not { } overhead)
        {
            return ([], OverheadBase.CommonDirect);
        }

        var components = overhead.Texts("components").Select(c => words.ComponentIds.Resolve(c, errors)).OfType<string>();
        return ([.. components], overhead.Choice("base", Choices.OverheadBases) ?? OverheadBase.CommonDirect);
    }

    private ImmutableArray<InKindAcceptance> InKind(MapReader map, FileErrors errors)
    {
        var accepted = ImmutableArray.CreateBuilder<InKindAcceptance>();
        foreach (var node in map.List("inKind"))
        {
            if (MapReader.Open(node, Shape.InKindAcceptance, errors) is not { } item)
            {
                continue;
            }

            var (from, to) = item.Days();
            var organisation = words.OrganisationIds.Resolve(item.Text("organisation"), errors);
            if (item.Amount("acceptedPerMonth") is { } amount && organisation is not null && from < to)
            {
                if (amount < 0)
                {
                    errors.Add(item.Node("acceptedPerMonth")!, PolicyErrorCode.BadAmount,
                        "An accepted amount is not below zero. Correct it; 0 accepts nothing.");
                }

                accepted.Add(new InKindAcceptance(organisation, amount, from, to));
            }
        }

        foreach (var donor in accepted.GroupBy(a => a.Organisation, StringComparer.Ordinal))
        {
            var sorted = donor.OrderBy(a => a.FromDay).ToArray();
            if (sorted.Zip(sorted.Skip(1)).Any(pair => pair.Second.FromDay < pair.First.ToDay))
            {
                errors.Add(map.Node("inKind")!, PolicyErrorCode.DuplicateId, $"Hardware of '{donor.Key}' is accepted twice on one day. End the "
                    + "first with 'to' on the day that the second begins with 'from'; two amounts for the same days are one amount.");
            }
        }

        return accepted.ToImmutable();
    }

    private static void RefuseTwoAgreed(ImmutableArray<SplitPolicy> splits, MapReader map, FileErrors errors)
    {
        var agreed = splits.Where(s => s.IsAgreed).OrderBy(s => s.FromDay).ToArray();
        foreach (var (first, second) in agreed.Zip(agreed.Skip(1)))
        {
            if (second.FromDay < first.ToDay)
            {
                errors.Add(map.Node("splits")!, PolicyErrorCode.DuplicateId,
                    $"'{first.Id}' and '{second.Id}' are both agreed for one day. End the first with 'to', or make one a proposal.");
            }
        }
    }
}
