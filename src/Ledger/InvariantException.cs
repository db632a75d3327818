namespace CiCost.Ledger;

/// <summary>Something that must always hold does not: a bug in CiCost, never bad input. Nothing was committed.</summary>
/// <param name="message">What was expected and what was found.</param>
public sealed class InvariantException(string message) : Exception(message);
