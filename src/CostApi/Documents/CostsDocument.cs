using CiCost.Accounting.Costs;
using CiCost.Accounting.Presentation;
using CiCost.Domain.Money;
using CiCost.Ledger.BookVersions;

namespace CiCost.CostApi.Documents;

/// <summary>What something cost, with its proof: <c>/v1/costs</c> and <c>cicost costs --json</c>.</summary>
/// <param name="Query">The question, with every dimension in its one spelling.</param>
/// <param name="BookVersion">The books that answered.</param>
/// <param name="Rows">The groups, largest amount first; per currency their <c>display</c> adds up to that of the total.</param>
/// <param name="Totals">The proof per currency.</param>
/// <param name="Checks">How the checks on the books ended.</param>
/// <param name="Sources">How fresh the sources are now.</param>
public sealed record CostsDocument(
    QueryDocument Query,
    BookVersionDocument BookVersion,
    IReadOnlyList<CostRowDocument> Rows,
    IReadOnlyDictionary<string, CostTotalDocument> Totals,
    ChecksInShort Checks,
    SourcesInShort Sources)
{
    /// <summary>The document of an answer.</summary>
    public static CostsDocument Of(CostAnswer answer, BooksCondition condition)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(condition);
        return new CostsDocument(
            QueryDocument.Of(answer.Query),
            Version(answer.BookVersion),
            [.. answer.Rows.GroupBy(r => r.Currency).SelectMany(g => RowsOf(answer.Query, [.. g]))],
            answer.Proofs.ToDictionary(p => p.Currency, CostTotalDocument.Of),
            condition.Checks,
            condition.Sources);
    }

    /// <summary>The document of a book version.</summary>
    public static BookVersionDocument Version(BookVersion version) => BookVersionDocument.Of(version);

    /// <summary>How metrics, axes and standings are called.</summary>
    public static string Name(Enum value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value.ToString().ToLowerInvariant();
    }

    private static IEnumerable<CostRowDocument> RowsOf(CostQuery query, List<CostRow> rows)
    {
        var cents = PresentationCube.CentsOf([.. rows.Select(r => r.Nanos)]);
        return rows.Select((r, i) => new CostRowDocument(
            query.GroupBy.Zip(r.Keys).ToDictionary(k => k.First, k => k.Second),
            r.Currency,
            DecimalText.OfNanos(r.Nanos),
            Amounts.OfCents(cents[i]),
            r.LineCount));
    }
}

/// <summary>A question about costs.</summary>
/// <param name="Month">The first month.</param>
/// <param name="To">The last month, included.</param>
/// <param name="Metric">What is summed.</param>
/// <param name="Axis">By which month: <c>charge</c>, <c>billing</c> or <c>posting</c>.</param>
/// <param name="GroupBy">The dimensions of the rows.</param>
/// <param name="Where">The conditions, as <c>key=value</c>.</param>
/// <param name="AsOf">As the books stood at this instant; null for now.</param>
public sealed record QueryDocument(
    string Month,
    string To,
    string Metric,
    string Axis,
    IReadOnlyList<string> GroupBy,
    IReadOnlyList<string> Where,
    DateTimeOffset? AsOf)
{
    /// <summary>The document of a question.</summary>
    public static QueryDocument Of(CostQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return new QueryDocument(query.From.ToString(), query.To.ToString(), CostMetrics.Text(query.Metric),
            CostsDocument.Name(query.Axis), query.GroupBy, [.. query.Where.Select(w => $"{w.Key}={w.Value}")], query.AsOf);
    }
}

/// <summary>One group of an answer.</summary>
/// <param name="Keys">The value of each asked dimension; empty where a bill has none, Unattributed where no rule decides.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Amount">The exact amount, a decimal.</param>
/// <param name="Display">The amount in cents, for people; by largest remainder against the total.</param>
/// <param name="Lines">Bill lines behind it.</param>
public sealed record CostRowDocument(
    IReadOnlyDictionary<string, string> Keys, string Currency, string Amount, string Display, long Lines);

/// <summary>The proof beside the rows of a currency: total = attributed + unattributed = sum of the rows = sum of the basis mix.</summary>
/// <param name="Total">The sum of all rows, exact.</param>
/// <param name="Attributed">The part whose attributes in question are all decided, exact.</param>
/// <param name="Unattributed">The part where at least one is not, exact.</param>
/// <param name="Basis">How sure: the total by basis, exact.</param>
/// <param name="Evidence">What evidence says about the same question; never a part of the total.</param>
/// <param name="Lines">Bill lines behind the total.</param>
/// <param name="Display">The same in cents, for people.</param>
public sealed record CostTotalDocument(
    string Total,
    string Attributed,
    string Unattributed,
    IReadOnlyDictionary<string, string> Basis,
    string Evidence,
    long Lines,
    CostDisplay Display)
{
    /// <summary>The document of a proof.</summary>
    public static CostTotalDocument Of(CostProof proof)
    {
        ArgumentNullException.ThrowIfNull(proof);
        var parts = PresentationCube.CentsOf([proof.AttributedNanos, proof.UnattributedNanos]);
        var basis = proof.BasisNanos.ToList();
        var basisCents = PresentationCube.CentsOf([.. basis.Select(b => b.Value)]);
        return new CostTotalDocument(
            DecimalText.OfNanos(proof.TotalNanos),
            DecimalText.OfNanos(proof.AttributedNanos),
            DecimalText.OfNanos(proof.UnattributedNanos),
            basis.ToDictionary(b => CostCube.BasisText(b.Key), b => DecimalText.OfNanos(b.Value)),
            DecimalText.OfNanos(proof.EvidenceNanos),
            proof.LineCount,
            new CostDisplay(
                Amounts.Cents(proof.TotalNanos),
                Amounts.OfCents(parts[0]),
                Amounts.OfCents(parts[1]),
                basis.Select((b, i) => (Name: CostCube.BasisText(b.Key), Cents: basisCents[i]))
                    .ToDictionary(b => b.Name, b => Amounts.OfCents(b.Cents))));
    }
}

/// <summary>A proof in cents; it foots as the exact one does.</summary>
/// <param name="Total">The total.</param>
/// <param name="Attributed">The attributed part.</param>
/// <param name="Unattributed">The rest.</param>
/// <param name="Basis">The total by basis.</param>
public sealed record CostDisplay(string Total, string Attributed, string Unattributed, IReadOnlyDictionary<string, string> Basis);
