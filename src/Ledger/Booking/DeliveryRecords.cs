using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using CiCost.Domain.Lines;
using CiCost.Domain.Money;
using CiCost.Ledger.Digests;
using CiCost.Ledger.Objects;
using CiCost.Ledger.Sqlite;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CiCost.Ledger.Booking;

/// <summary>Writes what the books keep about a delivery beside its lines.</summary>
internal sealed class DeliveryRecords(SqliteConnection connection, int deliveryId, TimeProvider time)
{
    private const string InsertDelivery = """
        INSERT INTO delivery (delivery_id, scope_id, book_version_id, supersedes, fingerprint, format_version, profile, row_count,
          quarantined_count, empty_cost_count, new_dimension_sets, posting_month, booked_at_ms, tool_version)
        VALUES (@deliveryId, @scopeId, @bookVersionId, @supersedes, @fingerprint, @formatVersion, @profile, @rowCount,
          @quarantined, @emptyCosts, @newDimensionSets, @postingMonth, @now, @toolVersion)
        """;

    private const string InsertObject = """
        INSERT INTO delivery_object (delivery_id, ordinal, sha256, object_name, first_row, row_count, content_bytes, checkpoints)
        VALUES (@deliveryId, @ordinal, @sha256, @name, @firstRow, @rowCount, @contentBytes, @checkpoints)
        """;

    private const string InsertTotal = """
        INSERT INTO delivery_total (delivery_id, currency, cost_column, are_credits, line_count, exact, rounded, residue, rounding_nanos)
        VALUES (@deliveryId, @currency, @column, @areCredits, @lineCount, @exact, @rounded, @residue, @rounding)
        """;

    private const string InsertDay = "INSERT INTO delivery_day (delivery_id, charge_day, line_count, digest) VALUES (?1, ?2, ?3, ?4)";

    private const string InsertDayTotal = """
        INSERT INTO delivery_day_total (delivery_id, charge_day, currency, billed_nanos, effective_nanos, list_nanos, contracted_nanos,
          billed_high, effective_high, list_high, contracted_high)
        VALUES (@deliveryId, @chargeDay, @currency, @billed, @effective, @list, @contracted, @billedHigh, @effectiveHigh, @listHigh,
          @contractedHigh)
        """;

    private const string InsertBlock = """
        INSERT INTO delivery_block (delivery_id, first_row, row_count, first_day, last_day, digest) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        """;

    private const string InsertTolerance = """
        INSERT INTO delivery_tolerance (delivery_id, name, use_count, first_row, example) VALUES (@deliveryId, @Name, @Count, @FirstRow,
          @Example)
        """;

    private const string InsertQuarantined = """
        INSERT OR REPLACE INTO quarantine (delivery_id, row_number, file_name, column_name, rule, value, message)
        VALUES (@deliveryId, @RowNumber, @File, @Column, @Rule, @Value, @Message)
        """;

    private readonly long _now = time.GetUtcNow().ToUnixTimeMilliseconds();

    public void Write(
        BookingRequest request,
        BookingFindings findings,
        long scopeId,
        long bookVersionId,
        int? supersedes,
        int newDimensionSets,
        IReadOnlyList<RoundingLine> rounding,
        DayCosts dayCosts)
    {
        connection.Execute(InsertDelivery, new
        {
            deliveryId,
            scopeId,
            bookVersionId,
            supersedes,
            fingerprint = request.Fingerprint,
            formatVersion = findings.FormatVersion,
            profile = request.Profile,
            rowCount = (long)findings.Encoded.RowCount,
            quarantined = findings.Quarantined.Select(q => q.RowNumber).Distinct().Count(),
            emptyCosts = findings.EmptyCostCount,
            newDimensionSets,
            postingMonth = request.BillingMonth.Index,
            now = _now,
            toolVersion = request.ToolVersion,
        });
        WriteObjects(request, findings);
        WriteTotals(findings.Encoded.Totals, rounding);
        WriteDays(findings.Encoded.Days, dayCosts);
        WriteBlocks(findings.Encoded.Blocks);
        foreach (var (name, count, firstRow, example) in findings.Tolerances)
        {
            connection.Execute(InsertTolerance, new { deliveryId, Name = name, Count = count, FirstRow = firstRow, Example = example });
        }

        foreach (var error in findings.Quarantined)
        {
            connection.Execute(InsertQuarantined,
                new { deliveryId, error.RowNumber, error.File, error.Column, error.Rule, error.Value, error.Message });
        }
    }

    /// <summary>Takes the digests of the delivery, of what it is the first to use, and of its book version. Last of all: they are of what
    /// the tables say.</summary>
    public void TakeDigests(BookingRequest request, long scopeId, long bookVersionId)
    {
        var key = deliveryId.ToString(CultureInfo.InvariantCulture);
        RecordDigests.TakeOnce(connection, RecordKind.Source, request.Source.Key);
        RecordDigests.TakeOnce(connection, RecordKind.Scope, scopeId.ToString(CultureInfo.InvariantCulture));
        foreach (var (_, stored) in request.Objects)
        {
            RecordDigests.TakeOnce(connection, RecordKind.RawObject, stored.Sha256);
        }

        RecordDigests.Take(connection, RecordKind.Delivery, key);
        RecordDigests.Take(connection, RecordKind.DeliveryState, key);
        RecordDigests.TakeVersion(connection, bookVersionId);
    }

    private void WriteObjects(BookingRequest request, BookingFindings findings)
    {
        for (var i = 0; i < request.Objects.Count; i++)
        {
            var (name, stored) = request.Objects[i];
            var rows = findings.Objects[i];
            RawObjectDirectory.Register(connection, stored, _now);
            connection.Execute(InsertObject, new
            {
                deliveryId,
                ordinal = i,
                sha256 = stored.Sha256,
                name,
                firstRow = (long)rows.FirstRow,
                rowCount = (long)rows.RowCount,
                contentBytes = rows.ContentBytes,
                checkpoints = MemoryMarshal.AsBytes<long>(rows.Checkpoints.ToArray()).ToArray(),
            });
        }
    }

    private void WriteTotals(IReadOnlyList<ExactTotals> totals, IReadOnlyList<RoundingLine> rounding)
    {
        foreach (var line in rounding)
        {
            var areCredits = line.Origin == LineOrigin.RoundingOfCredits;
            var part = totals.FirstOrDefault(t => t.Currency == line.Currency && t.AreCredits == areCredits)
                ?? new ExactTotals(line.Currency, areCredits);
            foreach (var column in Enum.GetValues<CostColumn>())
            {
                connection.Execute(InsertTotal, new
                {
                    deliveryId,
                    currency = line.Currency.Code,
                    column = column + "Cost",
                    areCredits = areCredits ? 1 : 0,
                    lineCount = part.RowCount,
                    exact = part.Exact(column).ToString(),
                    rounded = DecimalText.OfNanos(part.RoundedNanos(column)),
                    residue = DecimalText.OfAttos(part.ResidueAttos(column)),
                    rounding = line.Nanos(column),
                });
            }
        }
    }

    private void WriteDays(IReadOnlyList<DayTotals> days, DayCosts dayCosts)
    {
        Span<byte> digest = stackalloc byte[16];
        using (var insert = new HotStatement(connection, InsertDay))
        {
            foreach (var day in days)
            {
                BinaryPrimitives.WriteUInt128BigEndian(digest, day.Digest);
                insert.Bind(1, deliveryId);
                insert.Bind(2, day.ChargeDay);
                insert.Bind(3, day.LineCount);
                insert.BindBlob(4, digest);
                insert.Run();
            }
        }

        foreach (var (chargeDay, currency, costs) in dayCosts.All)
        {
            var (billedHigh, billed) = WideNanos.Split(costs.Billed);
            var (effectiveHigh, effective) = WideNanos.Split(costs.Effective);
            var (listHigh, list) = WideNanos.Split(costs.List);
            var (contractedHigh, contracted) = WideNanos.Split(costs.Contracted);
            connection.Execute(InsertDayTotal, new
            {
                deliveryId,
                chargeDay,
                currency,
                billed,
                effective,
                list,
                contracted,
                billedHigh,
                effectiveHigh,
                listHigh,
                contractedHigh,
            });
        }
    }

    private void WriteBlocks(IReadOnlyList<LineBlock> blocks)
    {
        Span<byte> digest = stackalloc byte[16];
        using var insert = new HotStatement(connection, InsertBlock);
        foreach (var block in blocks)
        {
            BinaryPrimitives.WriteUInt128BigEndian(digest, block.Digest.ToUInt128());
            insert.Bind(1, deliveryId);
            insert.Bind(2, block.FirstRowNumber);
            insert.Bind(3, block.RowCount);
            insert.Bind(4, block.FirstChargeDay);
            insert.Bind(5, block.LastChargeDay);
            insert.BindBlob(6, digest);
            insert.Run();
        }
    }
}
