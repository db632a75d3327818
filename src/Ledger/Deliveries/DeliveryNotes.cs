using System.Globalization;
using CiCost.Ledger.Digests;
using CiCost.Ledger.Sqlite;
using Dapper;

namespace CiCost.Ledger.Deliveries;

/// <summary>What somebody says of a delivery after it was booked. It stands with the delivery's tolerances and changes no figure.</summary>
public sealed class DeliveryNotes(Books books)
{
    private const string Insert = """
        INSERT INTO delivery_tolerance (delivery_id, name, use_count, first_row, example) VALUES (@deliveryId, @name, 1, 0, @text)
        ON CONFLICT DO NOTHING
        """;

    /// <summary>Records it; what is there already stays.</summary>
    /// <exception cref="BooksException">Another writer holds the books too long.</exception>
    public async Task RecordAsync(int deliveryId, string name, string text, CancellationToken cancellationToken)
    {
        using var gate = await books.EnterWriteAsync($"note to delivery {deliveryId}", cancellationToken).ConfigureAwait(false);
        using var connection = books.OpenWriter();
        WriteTransaction.Run(connection, () => RecordDigests.Change(connection, RecordKind.DeliveryState,
            deliveryId.ToString(CultureInfo.InvariantCulture), () => connection.Execute(Insert, new { deliveryId, name, text })));
    }
}
