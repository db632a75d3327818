using CiCost.Ledger;

namespace CiCost.Accounting.Checks;

/// <summary>What an exception says of the books.</summary>
internal static class Findings
{
    /// <summary>Books that cannot be read or added up are a finding, whatever a damaged value or page makes of it: a date that is none, a text
    /// where a number belongs, a row that is not there. A full disk, a lock, or a user who stops it says nothing of the books.</summary>
    public static bool IsOne(Exception exception) => exception is not (OperationCanceledException or OutOfMemoryException)
        && (StorageFault.Of(exception) is not { } fault || fault.Code == "books-damaged");
}
