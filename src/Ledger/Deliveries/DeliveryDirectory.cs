using CiCost.Domain.Periods;
using Dapper;

namespace CiCost.Ledger.Deliveries;

/// <summary>A delivery as the books know it.</summary>
public sealed record Delivery
{
    /// <summary>Its id; later deliveries have larger ones.</summary>
    public required int Id { get; init; }

    /// <summary>The source's key.</summary>
    public required string SourceKey { get; init; }

    /// <summary>The format.</summary>
    public required string Kind { get; init; }

    /// <summary>The scope's billing period.</summary>
    public required BillingMonth BillingMonth { get; init; }

    /// <summary>The scope's part.</summary>
    public required string Part { get; init; }

    /// <summary>The book version that it made.</summary>
    public required long BookVersionId { get; init; }

    /// <summary>The delivery whose place it took, or null.</summary>
    public int? Supersedes { get; init; }

    /// <summary>The delivery that took its place, or null while it is current.</summary>
    public int? SupersededBy { get; init; }

    /// <summary>The open month that took it into the books.</summary>
    public required BillingMonth PostingMonth { get; init; }

    /// <summary>Version of the format.</summary>
    public required string FormatVersion { get; init; }

    /// <summary>Profile used, or null.</summary>
    public string? Profile { get; init; }

    /// <summary>Data rows, set-aside ones included.</summary>
    public required long RowCount { get; init; }

    /// <summary>Rows set aside.</summary>
    public required long QuarantinedCount { get; init; }

    /// <summary>Cost fields that were empty and count as 0.</summary>
    public required long EmptyCostCount { get; init; }

    /// <summary>Dimension sets that the books had not seen.</summary>
    public required long NewDimensionSets { get; init; }

    /// <summary>When it was booked.</summary>
    public required DateTimeOffset BookedAt { get; init; }

    /// <summary>True when its lines were removed after it was superseded.</summary>
    public required bool IsPruned { get; init; }
}

/// <summary>An object of a delivery.</summary>
/// <param name="Ordinal">Its place, from 0.</param>
/// <param name="Sha256">Its address.</param>
/// <param name="Name">The name it was delivered under.</param>
/// <param name="FirstRow">Its first row's number in the delivery.</param>
/// <param name="RowCount">Its data rows.</param>
public sealed record DeliveryObject(int Ordinal, string Sha256, string Name, long FirstRow, long RowCount);

/// <summary>Exact totals of one currency and cost column of a delivery, credits and others together.</summary>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Column">BilledCost, EffectiveCost, ListCost or ContractedCost.</param>
/// <param name="AreCredits">For the Credit rows or for the others.</param>
/// <param name="Exact">Decimal text, up to 18 fractional digits.</param>
/// <param name="Residue">Exact minus the sum of the rounded lines; decimal text.</param>
/// <param name="LineCount">Rows.</param>
/// <param name="RoundingNanos">What is booked as rounding line.</param>
public sealed record DeliveryTotal(string Currency, string Column, bool AreCredits, string Exact, string Residue, long LineCount,
    long RoundingNanos);

/// <summary>Looks deliveries up.</summary>
public sealed class DeliveryDirectory(Books books)
{
    private const string SelectAll = """
        SELECT d.delivery_id AS Id, s.source_key AS SourceKey, s.kind AS Kind, sc.billing_month AS BillingMonth, sc.part AS Part,
               d.book_version_id AS BookVersionId, d.supersedes AS Supersedes,
               (SELECT MIN(n.delivery_id) FROM delivery n WHERE n.scope_id = d.scope_id AND n.delivery_id > d.delivery_id) AS SupersededBy,
               d.posting_month AS PostingMonth, d.format_version AS FormatVersion, d.profile AS Profile, d.row_count AS RowCount,
               d.quarantined_count AS QuarantinedCount, d.empty_cost_count AS EmptyCostCount, d.new_dimension_sets AS NewDimensionSets,
               d.booked_at_ms AS BookedAtMs, d.pruned_at_ms IS NOT NULL AS IsPruned
        FROM delivery d JOIN scope sc ON sc.scope_id = d.scope_id JOIN source s ON s.source_id = sc.source_id
        WHERE (@id IS NULL OR d.delivery_id = @id)
        ORDER BY d.delivery_id
        """;

    private const string SelectObjects = """
        SELECT ordinal AS Ordinal, sha256 AS Sha256, object_name AS Name, first_row AS FirstRow, row_count AS RowCount
        FROM delivery_object WHERE delivery_id = @id ORDER BY ordinal
        """;

    private const string SelectFingerprint = "SELECT fingerprint FROM delivery WHERE delivery_id = @id";

    private const string SelectTotals = """
        SELECT currency AS Currency, cost_column AS CostColumn, are_credits AS AreCredits, exact AS Exact, residue AS Residue,
               line_count AS LineCount, rounding_nanos AS RoundingNanos
        FROM delivery_total WHERE delivery_id = @id ORDER BY currency, cost_column, are_credits
        """;

    private const string SelectTolerances = """
        SELECT name AS Name, use_count AS UseCount, first_row AS FirstRow, example AS Example FROM delivery_tolerance
          WHERE delivery_id = @id ORDER BY name
        """;

    /// <summary>All deliveries, oldest first.</summary>
    public IReadOnlyList<Delivery> List() => Read(null);

    /// <summary>One delivery.</summary>
    /// <exception cref="BooksException">There is none of that id.</exception>
    public Delivery Get(int id) => Read(id) is [var delivery]
        ? delivery
        : throw new BooksException("delivery-unknown", $"There is no delivery {id}. 'cicost deliveries' lists them.");

    /// <summary>The fingerprint that a delivery was booked with.</summary>
    public string FingerprintOf(int id)
    {
        using var connection = books.OpenReader();
        return connection.ExecuteScalar<string?>(SelectFingerprint, new { id }) ?? "";
    }

    /// <summary>The objects of a delivery in order.</summary>
    public IReadOnlyList<DeliveryObject> ObjectsOf(int id)
    {
        using var connection = books.OpenReader();
        return [.. connection.Query<ObjectRow>(SelectObjects, new { id }).Select(r
            => new DeliveryObject(r.Ordinal, r.Sha256, r.Name, r.FirstRow, r.RowCount))];
    }

    /// <summary>The totals of a delivery.</summary>
    public IReadOnlyList<DeliveryTotal> TotalsOf(int id)
    {
        using var connection = books.OpenReader();
        return [.. connection.Query<TotalRow>(SelectTotals, new { id })
            .Select(r => new DeliveryTotal(r.Currency, r.CostColumn, r.AreCredits != 0, r.Exact, r.Residue, r.LineCount, r.RoundingNanos))];
    }

    /// <summary>The tolerances that a delivery needed: name, how often, first row, example.</summary>
    public IReadOnlyList<(string Name, long Count, long FirstRow, string Example)> TolerancesOf(int id)
    {
        using var connection = books.OpenReader();
        return [.. connection.Query<ToleranceRow>(SelectTolerances, new { id }).Select(r => (r.Name, r.UseCount, r.FirstRow, r.Example))];
    }

    private List<Delivery> Read(int? id)
    {
        using var connection = books.OpenReader();
        return [.. connection.Query<Row>(SelectAll, new { id }).Select(r => r.ToDelivery())];
    }

    private sealed record Row
    {
        public int Id { get; init; }

        public string SourceKey { get; init; } = "";

        public string Kind { get; init; } = "";

        public int BillingMonth { get; init; }

        public string Part { get; init; } = "";

        public long BookVersionId { get; init; }

        public int? Supersedes { get; init; }

        public int? SupersededBy { get; init; }

        public int PostingMonth { get; init; }

        public string FormatVersion { get; init; } = "";

        public string? Profile { get; init; }

        public long RowCount { get; init; }

        public long QuarantinedCount { get; init; }

        public long EmptyCostCount { get; init; }

        public long NewDimensionSets { get; init; }

        public long BookedAtMs { get; init; }

        public long IsPruned { get; init; }

        public Delivery ToDelivery() => new()
        {
            Id = Id,
            SourceKey = SourceKey,
            Kind = Kind,
            BillingMonth = Domain.Periods.BillingMonth.FromIndex(BillingMonth),
            Part = Part,
            BookVersionId = BookVersionId,
            Supersedes = Supersedes,
            SupersededBy = SupersededBy,
            PostingMonth = Domain.Periods.BillingMonth.FromIndex(PostingMonth),
            FormatVersion = FormatVersion,
            Profile = Profile,
            RowCount = RowCount,
            QuarantinedCount = QuarantinedCount,
            EmptyCostCount = EmptyCostCount,
            NewDimensionSets = NewDimensionSets,
            BookedAt = DateTimeOffset.FromUnixTimeMilliseconds(BookedAtMs),
            IsPruned = IsPruned != 0,
        };
    }

    private sealed record ObjectRow
    {
        public int Ordinal { get; init; }

        public string Sha256 { get; init; } = "";

        public string Name { get; init; } = "";

        public long FirstRow { get; init; }

        public long RowCount { get; init; }
    }

    private sealed record TotalRow
    {
        public string Currency { get; init; } = "";

        public string CostColumn { get; init; } = "";

        public long AreCredits { get; init; }

        public string Exact { get; init; } = "";

        public string Residue { get; init; } = "";

        public long LineCount { get; init; }

        public long RoundingNanos { get; init; }
    }

    private sealed record ToleranceRow
    {
        public string Name { get; init; } = "";

        public long UseCount { get; init; }

        public long FirstRow { get; init; }

        public string Example { get; init; } = "";
    }
}
