using CiCost.Accounting.Presentation;
using CiCost.Accounting.Statements;
using CiCost.Domain.Funding;
using CiCost.Domain.Money;
using CiCost.Domain.Periods;
using CiCost.Domain.Sharing;

namespace CiCost.CostApi.Documents;

/// <summary>Per organisation what was given, used, directed and shared in a charge month: <c>/v1/statements</c>.</summary>
/// <param name="Month">The charge month.</param>
/// <param name="BookVersion">The books that answered.</param>
/// <param name="Split">The policy that divides.</param>
/// <param name="IsIndicative">True when less than 80 % of absolute consumption is invoiced.</param>
/// <param name="Rows">One per organisation, then Unallocated and Unfunded; the net positions add up to zero.</param>
/// <param name="Pool">What becomes of the consumption: shared + directed + excluded + free terms = consumption.</param>
/// <param name="Excluded">What is not shared, by name.</param>
/// <param name="OtherCurrencies">Consumption in currencies that are not the policy's: not shared, because there is no rate.</param>
/// <param name="Notes">What a reader should know: fallbacks used, negative weights.</param>
/// <param name="Disclaimer">What a statement is not.</param>
/// <param name="Checks">How the checks on the books ended.</param>
/// <param name="Sources">How fresh the sources are now.</param>
public sealed record StatementsDocument(
    string Month,
    BookVersionDocument BookVersion,
    SplitDocument Split,
    bool IsIndicative,
    IReadOnlyList<StatementRowDocument> Rows,
    PoolDocument Pool,
    IReadOnlyList<ExcludedDocument> Excluded,
    IReadOnlyList<OtherMoneyDocument> OtherCurrencies,
    IReadOnlyList<string> Notes,
    string Disclaimer,
    ChecksInShort Checks,
    SourcesInShort Sources)
{
    /// <summary>The document of an answer.</summary>
    public static StatementsDocument Of(StatementAnswer answer, BooksCondition condition)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(condition);
        var (point, cents) = (answer.Point, new StatementCents(answer));
        return new StatementsDocument(
            answer.Month.ToString(),
            BookVersionDocument.Of(answer.Funding.BookVersion),
            new SplitDocument(point.Policy.Id, point.Name, point.IsAgreed, point.Policy.Currency,
                [.. point.Periods.Select(p => new SplitDaysDocument(p.Policy?.Id, ChargeDay.ToText(p.FirstDay), ChargeDay.ToText(p.LastDay)))]),
            answer.IsIndicative,
            [.. point.Rows.Select(r => Row(r, cents, answer))],
            new PoolDocument(
                Of(point.CommonDirectNanos + point.CommonOverheadNanos + point.ReservedNanos, cents.PoolTotal),
                Of(point.CommonDirectNanos, cents.CommonDirect),
                Of(point.CommonOverheadNanos, cents.CommonOverhead),
                Of(point.ReservedNanos, cents.Reserved),
                Of(point.DirectedNanos, cents.DirectedTotal),
                Of(point.Excluded.Aggregate((Int128)0, (s, e) => s + e.Nanos), cents.ExcludedTotal),
                Of(point.FreeTermsNanos, cents.FreeTerms),
                Of(point.ConsumptionNanos, cents.ConsumptionTotal),
                DecimalText.OfNanos(answer.BilledNanos)),
            [.. point.Excluded.Select(e => new ExcludedDocument(e.Id, e.Reason, Of(e.Nanos, cents.ExcludedBy(e.Id))))],
            [.. answer.OtherMoney.Select(OtherMoneyDocument.Of)],
            point.Notes,
            StateMonth.Disclaimer,
            condition.Checks,
            condition.Sources);
    }

    private static MoneyDocument Of(Int128 nanos, long shown) => MoneyDocument.Of(nanos, shown);

    private static StatementRowDocument Row(StatementRow row, StatementCents cents, StatementAnswer answer)
    {
        var name = row.Organisation;
        RangeDocument Range(Func<StatementRow, Int128> value)
        {
            Int128 In(SplitStatement statement) =>
                statement.Rows.Where(r => r.Organisation == name).Aggregate((Int128)0, (s, r) => s + value(r));
            var (low, high) = (In(answer.Low), In(answer.High));
            return new RangeDocument(DecimalText.OfNanos(Int128.Min(low, high)), DecimalText.OfNanos(Int128.Max(low, high)));
        }

        return new StatementRowDocument(
            name,
            row.GivenNanos.ToDictionary(g => g.Key.ToText(), g => Of(g.Value, cents.Given(name, g.Key))),
            Of(row.TotalGivenNanos, cents.Given(name)),
            Of(row.PaidAheadNanos, cents.PaidAhead(name)),
            cents.Used(name) is { } used ? Of(row.UsedNanos, used) : null,
            Of(row.ExcludedNanos, cents.Excluded(name)),
            cents.KnowsDirected(name) ? Of(row.DirectedNanos, cents.Directed(name)) : null,
            Of(row.SharedNanos, cents.Shared(name)),
            MoneyDocument.Of(row.PriorPeriodNanos),
            Of(row.NetNanos, cents.Net(name)),
            Range(r => r.TotalGivenNanos),
            Range(r => r.SharedNanos),
            Range(r => r.NetNanos));
    }
}

/// <summary>An amount in the statement's currency.</summary>
/// <param name="Amount">The exact amount.</param>
/// <param name="Display">The amount in cents, for people.</param>
public sealed record MoneyDocument(string Amount, string Display)
{
    internal static MoneyDocument Of(Int128 nanos) => new(DecimalText.OfNanos(nanos), Amounts.Cents(nanos));

    internal static MoneyDocument Of(Int128 nanos, long shown) => new(DecimalText.OfNanos(nanos), Amounts.OfCents(shown));
}

/// <summary>Consumption in a currency without a rate.</summary>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Amount">The exact amount.</param>
/// <param name="Display">The amount in cents, for people.</param>
/// <param name="Given">Who gave it.</param>
/// <param name="Reason">Why it is not shared.</param>
public sealed record OtherMoneyDocument(string Currency, string Amount, string Display, IReadOnlyList<OtherGivenDocument> Given, string Reason)
{
    internal static OtherMoneyDocument Of(OtherMoney money) => new(money.Currency, DecimalText.OfNanos(money.Nanos),
        Amounts.OfCents(money.Cents),
        [
            .. money.Rows.Select(r => new OtherGivenDocument(r.Organisation, r.Kind.ToText(), DecimalText.OfNanos(r.Nanos),
                Amounts.OfCents(r.Cents))),
        ],
        OtherMoney.Reason);
}

/// <summary>What an organisation gave in another currency.</summary>
/// <param name="Organisation">The organisation, or Unfunded.</param>
/// <param name="Kind">With what it pays.</param>
/// <param name="Amount">The exact amount.</param>
/// <param name="Display">The amount in cents, for people.</param>
public sealed record OtherGivenDocument(string Organisation, string Kind, string Amount, string Display);

/// <summary>From the low to the high end of what is estimated (accounting.md, 14), exact.</summary>
/// <param name="Low">The low end.</param>
/// <param name="High">The high end.</param>
public sealed record RangeDocument(string Low, string High);

/// <summary>The split policy of a month, or the policies of its days.</summary>
/// <param name="Id">The policy that holds at the end of the month, or held last.</param>
/// <param name="Name">Its name; of several, each with its days.</param>
/// <param name="IsAgreed">False for a proposal, and where the policy of any day is one.</param>
/// <param name="Currency">The currency that it divides.</param>
/// <param name="Days">The policy of each day.</param>
public sealed record SplitDocument(string Id, string Name, bool IsAgreed, string Currency, IReadOnlyList<SplitDaysDocument> Days);

/// <summary>Days on which one policy holds.</summary>
/// <param name="Id">The policy; null where none holds: what was consumed then is shared with nobody.</param>
/// <param name="From">The first day.</param>
/// <param name="To">The last day, included.</param>
public sealed record SplitDaysDocument(string? Id, string From, string To);

/// <summary>A named part of what is not shared.</summary>
/// <param name="Id">The exclusion.</param>
/// <param name="Reason">Why.</param>
/// <param name="Amount">How much.</param>
public sealed record ExcludedDocument(string Id, string Reason, MoneyDocument Amount);

/// <summary>What becomes of the consumption.</summary>
/// <param name="Shared">Direct cost, overhead and unused reservations: all shares together.</param>
/// <param name="CommonDirect">The direct cost among it.</param>
/// <param name="CommonOverhead">The overhead among it.</param>
/// <param name="UnusedReservations">Reserved capacity that nobody used: the share of who reserved it.</param>
/// <param name="Directed">For the funder's own work.</param>
/// <param name="Excluded">Not shared, by name.</param>
/// <param name="FreeTerms">What providers give to anybody: a memo, outside given, pool and net.</param>
/// <param name="Consumption">All of it.</param>
/// <param name="Billed">The part of the consumption that is from bills, exact.</param>
public sealed record PoolDocument(
    MoneyDocument Shared,
    MoneyDocument CommonDirect,
    MoneyDocument CommonOverhead,
    MoneyDocument UnusedReservations,
    MoneyDocument Directed,
    MoneyDocument Excluded,
    MoneyDocument FreeTerms,
    MoneyDocument Consumption,
    string Billed);

/// <summary>One organisation: net = given - excluded - directed - shared - priorPeriod.</summary>
/// <param name="Organisation">The organisation, Unallocated or Unfunded.</param>
/// <param name="GivenByKind">What it gave, by kind. Kinds do not offset each other.</param>
/// <param name="Given">All that it gave.</param>
/// <param name="PaidAhead">What it paid for later use; beside the sum.</param>
/// <param name="Used">Consumption whose beneficiary it is, for information; null where no rule says whose it is.</param>
/// <param name="Excluded">Of what it gave: not shared.</param>
/// <param name="Directed">Of what it gave: for its own work; null where no rule says for whom any of it was, which counts as 0 in the sum.</param>
/// <param name="Shared">Its part of the pool.</param>
/// <param name="PriorPeriod">Corrections of sealed months.</param>
/// <param name="Net">Its net position.</param>
/// <param name="GivenRange">The range of what it gave.</param>
/// <param name="SharedRange">The range of its part.</param>
/// <param name="NetRange">The range of its net position.</param>
public sealed record StatementRowDocument(
    string Organisation,
    IReadOnlyDictionary<string, MoneyDocument> GivenByKind,
    MoneyDocument Given,
    MoneyDocument PaidAhead,
    MoneyDocument? Used,
    MoneyDocument Excluded,
    MoneyDocument? Directed,
    MoneyDocument Shared,
    MoneyDocument PriorPeriod,
    MoneyDocument Net,
    RangeDocument GivenRange,
    RangeDocument SharedRange,
    RangeDocument NetRange);
