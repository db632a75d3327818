using System.Collections.Immutable;
using CiCost.Domain.Attribution;
using CiCost.Domain.JobCosting;
using CiCost.Domain.Money;

namespace CiCost.Policy.Reading;

/// <summary>Reads rates.yaml: what an hour of a job costs where there is no bill (accounting.md, 13).</summary>
internal sealed class RatesReader(PolicyTexts texts, VocabularyReader words, Fleets fleets)
{
    private const int MaxGpus = 1000;

    /// <summary>A thousandth in nanos.</summary>
    private const long MilliNanos = Money.NanosPerUnit / 1000;

    private readonly KnownIds _ids = new("rate", PolicyTexts.Rates);

    public ImmutableArray<RateCard> Read()
    {
        if (!texts.Has(PolicyTexts.Rates) || texts.Open(PolicyTexts.Rates, Shape.RatesFile) is not var (map, errors))
        {
            return [];
        }

        return VocabularyReader.ReadList(map, "rates", Shape.Rate, _ids, errors, Rate);
    }

    private RateCard? Rate(string id, MapReader map, FileErrors errors)
    {
        var (from, to) = map.Days();
        var labels = Pattern(map, errors);
        var unit = map.Choice("unit", Choices.RateUnits);
        var method = map.Choice("method", Choices.ValuationMethods);
        var rate = map.Amount("rate");
        var currency = map.Currency("currency");
        var evidence = map.Text("evidence");
        var gpus = map.Node("gpus") is null ? null : map.Amount("gpus");
        var donorId = map.Node("donor") is null ? null : words.OrganisationIds.Resolve(map.Text("donor"), errors);
        var approver = map.Text("approver");
        if (approver is not null && words.Organisations.FirstOrDefault(o => o.Id == donorId) is { } donor && PoolValue.IsOf(approver.Value, donor))
        {
            errors.Add(approver, PolicyErrorCode.BadChoice,
                $"The donor '{donorId}' cannot approve its own rate. Name an approver of another organisation.");
        }

        if (gpus is < MilliNanos or > MaxGpus * Money.NanosPerUnit || gpus % MilliNanos > 0)
        {
            errors.Add(map.Node("gpus")!, PolicyErrorCode.BadAmount,
                $"'gpus' is how many GPUs a job holds, from 0.001 to {MaxGpus} and to three places. Correct it, or leave it out to "
                + "take the label's own number.");
            gpus = null;
        }

        if (donorId is not null && method is { } found and not ValuationMethod.DonorStated && !errors.IsChecked
            && fleets.DonorStated(donorId, from, to) is { } domain)
        {
            errors.Add(map.Node("method")!, PolicyErrorCode.BasisAgainstMethod,
                $"'{donorId}' did not state this rate: its method is {Choices.ValuationMethods.First(m => m.Value == found).Key}. But "
                + $"coverage.yaml gives domain '{domain}' the basis donor-stated. Write estimated there, or the rate that the donor states here.");
        }

        var (reference, source) = Reference(map, errors);
        if (rate < 0)
        {
            errors.Add(map.Node("rate")!, PolicyErrorCode.BadAmount, "A rate is not below zero. Correct it.");
        }

        return labels is null || unit is null || method is null || rate is null || currency is null || evidence is null || from >= to
            ? null
            : new RateCard
            {
                Id = id,
                Labels = labels,
                FromDay = from,
                ToDay = to,
                Unit = unit.Value,
                MilliGpus = gpus is { } count ? (int)(count / MilliNanos) : null,
                RateNanos = rate.Value,
                Currency = currency,
                Method = method.Value,
                Evidence = evidence.Value,
                Donor = donorId,
                Approver = approver?.Value,
                ReferenceRateNanos = reference,
                ReferenceSource = source,
            };
    }

    /// <summary>What the same unit costs by somebody else's word: both keys or none.</summary>
    private static (long? Nanos, string? Source) Reference(MapReader rate, FileErrors errors)
    {
        if (rate.Node("referenceRate") is not { } node || MapReader.Open(node, Shape.ReferenceRate, errors) is not { } map)
        {
            return (null, null);
        }

        var (nanos, source) = (map.Amount("rate"), map.Text("source"));
        if (nanos < 0)
        {
            errors.Add(map.Node("rate")!, PolicyErrorCode.BadAmount, "A rate is not below zero. Correct it.");
        }

        return (nanos, source?.Value);
    }

    private static LinearPattern? Pattern(MapReader map, FileErrors errors)
    {
        if (map.Text("labels") is not { } text)
        {
            return null;
        }

        var pattern = new LinearPattern(text.Value, ignoresCase: true);
        if (errors.IsChecked)
        {
            return pattern;
        }

        try
        {
            pattern.Require();
            if (!pattern.TryOut(""))
            {
                return pattern;
            }

            errors.Add(text, PolicyErrorCode.PatternTooWide, "The pattern matches every label. Say which labels are meant.");
        }
        catch (ArgumentException e)
        {
            errors.Add(text, PolicyErrorCode.BadPattern,
                $"'{Words.Cut(text.Value)}' is not a pattern that runs in linear time: {e.Message} Correct it.");
        }

        return null;
    }
}
