using System.Collections.Immutable;
using CiCost.Domain.Attribution;
using CiCost.Domain.Funding;
using CiCost.Domain.Periods;
using CiCost.Policy.Yaml;

namespace CiCost.Policy.Reading;

/// <summary>Reads what funding.yaml says of commitments: opening balances and ends (accounting.md, 10).</summary>
internal sealed class PrepaidReader(VocabularyReader words, KnownIds accountIds, KnownIds grantIds, ImmutableArray<Grant> grants)
{
    public PrepaidTerms Read(MapReader map, FileErrors errors) => new() { Openings = Openings(map, errors), LastMonths = LastMonths(map, errors) };

    private List<OpeningBalance> Openings(MapReader map, FileErrors errors)
    {
        List<OpeningBalance> openings = [];
        var known = new HashSet<(string, string)>();
        foreach (var node in map.List("openingBalances"))
        {
            if (MapReader.Open(node, Shape.OpeningBalance, errors) is not { } item)
            {
                continue;
            }

            var (commitment, currency, amount) = (item.Text("commitment"), item.Currency("currency"), Positive(item, errors));
            var account = accountIds.Resolve(item.Text("account"), errors);
            var month = FirstOfMonth(item, errors);
            var parts = Parts(item, errors);
            _ = (item.Text("evidence"), item.Text("approver"));
            if (commitment is null || currency is null || amount is null || account is null || month is null || parts is null)
            {
                continue;
            }

            if (!known.Add((commitment.Value, currency)))
            {
                errors.Add(commitment, PolicyErrorCode.DuplicateId,
                    $"'{Words.Cut(commitment.Value)}' has two opening balances in {currency}. Remove one, or add them up.");
            }

            if (Shares(parts) != amount)
            {
                errors.Add(item.Node("funders")!, PolicyErrorCode.BadAmount,
                    "The funders' amounts are not the amount together. Correct one, so that every part of the balance has its funder.");
                continue;
            }

            openings.Add(new OpeningBalance(commitment.Value, account, currency, month.Value, parts));
        }

        return openings;
    }

    private List<(Funder Funder, Int128 Nanos)>? Parts(MapReader map, FileErrors errors)
    {
        List<(Funder Funder, Int128 Nanos)> parts = [];
        var isWhole = map.Node("funders") is not null;
        foreach (var node in map.List("funders"))
        {
            var part = MapReader.Open(node, Shape.BalanceFunder, errors) is { } item && Positive(item, errors) is { } amount
                && Funder(item, node, errors) is { } funder ? (funder, (Int128)amount) : ((Funder, Int128)?)null;
            isWhole &= part is not null;
            parts.AddRange(part is { } known ? [known] : []);
        }

        return isWhole ? parts : null;
    }

    private Funder? Funder(MapReader map, YamlNode node, FileErrors errors)
    {
        if (map.Node("grant") is not null == (map.Node("organisation") is not null || map.Node("kind") is not null))
        {
            errors.Add(node, PolicyErrorCode.BadChoice, "A funder is one of the two: grant: ID, or organisation: ID with kind.");
            return null;
        }

        if (map.Node("grant") is not null)
        {
            return grantIds.Resolve(map.Text("grant"), errors) is { } id && grants.FirstOrDefault(g => g.Id == id) is { } grant
                ? new FundingGrant(grant.Id, grant.Donor, grant.Kind, ImmutableHashSet<string>.Empty).Funder
                : null;
        }

        var organisation = words.OrganisationIds.Resolve(map.Text("organisation"), errors);
        var kind = map.Choice("kind", Choices.OwnerKinds);
        if (map.Node("organisation") is null || map.Node("kind") is null)
        {
            errors.Add(node, PolicyErrorCode.MissingKey, "A funder that is no grant has both keys: organisation and kind. Add the other.");
        }

        return organisation is null || kind is null ? null : new Funder(organisation, kind.Value);
    }

    private static Dictionary<string, int> LastMonths(MapReader map, FileErrors errors)
    {
        var last = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var node in map.List("commitmentEnds"))
        {
            if (MapReader.Open(node, Shape.CommitmentEnd, errors) is not { } item)
            {
                continue;
            }

            var (commitment, day) = (item.Text("commitment"), item.Day("to"));
            _ = item.Text("evidence");
            if (commitment is null || day is null)
            {
                continue;
            }

            if (!last.TryAdd(commitment.Value, BillingMonth.Of(ChargeDay.ToDate(day.Value - 1)).Index))
            {
                errors.Add(commitment, PolicyErrorCode.DuplicateId, $"'{Words.Cut(commitment.Value)}' ends twice. Remove one.");
            }
        }

        return last;
    }

    private static int? FirstOfMonth(MapReader map, FileErrors errors)
    {
        if (map.Day("asOf") is not { } day)
        {
            return null;
        }

        var month = BillingMonth.Of(ChargeDay.ToDate(day));
        if (ChargeDay.Of(month.FirstDay) == day)
        {
            return month.Index;
        }

        errors.Add(map.Node("asOf")!, PolicyErrorCode.BadDate,
            $"A balance is that of the beginning of a month. Write its first day, such as {ChargeDay.ToText(ChargeDay.Of(month.FirstDay))}.");
        return null;
    }

    private static long? Positive(MapReader map, FileErrors errors)
    {
        var amount = map.Amount("amount");
        if (amount is null or > 0)
        {
            return amount;
        }

        errors.Add(map.Node("amount")!, PolicyErrorCode.BadAmount, "What was paid ahead is above zero. Correct the amount, or remove the entry.");
        return null;
    }

    private static Int128 Shares(List<(Funder Funder, Int128 Nanos)> parts) => parts.Aggregate((Int128)0, (sum, p) => sum + p.Nanos);
}
