namespace CiCost.Ledger.Proofs;

/// <summary>A value in the books that is not what it is recomputed to be.</summary>
/// <param name="Table">The table.</param>
/// <param name="Where">The row: the columns of its key with their values.</param>
/// <param name="Column">The column; empty where the whole row is meant.</param>
/// <param name="Stored">What the books have; <c>no row</c> where they lack it.</param>
/// <param name="Recomputed">What it should be; <c>no row</c> where nothing should be.</param>
public sealed record RecordDifference(string Table, string Where, string Column, string Stored, string Recomputed)
{
    /// <summary>In place of a row that is not there.</summary>
    public const string NoRow = "no row";
}
