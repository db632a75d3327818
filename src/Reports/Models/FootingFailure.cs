namespace CiCost.Reports.Models;

/// <summary>Two figures of a report that should be equal and are not, or a row that must be there and is not.</summary>
/// <param name="Where">The exhibit and the row or column.</param>
/// <param name="Message">What does not hold.</param>
/// <param name="Expected">What should be: cents, hours or a word.</param>
/// <param name="Actual">What is.</param>
public sealed record FootingFailure(string Where, string Message, string Expected, string Actual)
{
    /// <summary>One line for people.</summary>
    public override string ToString() => $"{Where}: {Message}: {Expected} expected, {Actual} found";
}
