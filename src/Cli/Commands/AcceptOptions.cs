using System.CommandLine;
using CiCost.Accounting.Booking;

namespace CiCost.Cli.Commands;

/// <summary>The options that say of a delivery which would be refused that it is meant; <c>ingest</c> and <c>pull</c> have them.</summary>
internal sealed class AcceptOptions
{
    private readonly Option<bool> _empty = new("--accept-empty")
    {
        Description = "Let a delivery without a row take the place of one with rows.",
    };

    private readonly Option<bool> _shorter = new("--accept-shorter")
    {
        Description = "Let a delivery that lost rows or days take the place of a longer one.",
    };

    private readonly Option<bool> _otherMonth = new("--accept-other-month")
    {
        Description = "Book a delivery for a month that its rows are not of.",
    };

    private readonly Option<bool> _repeated = new("--accept-repeated")
    {
        Description = "Let files with the same rows of a day all count.",
    };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_empty);
        command.Add(_shorter);
        command.Add(_otherMonth);
        command.Add(_repeated);
    }

    /// <summary>What was said.</summary>
    public AcceptedDeliveries Of(ParseResult parse) =>
        new(parse.GetValue(_empty), parse.GetValue(_shorter), parse.GetValue(_otherMonth), parse.GetValue(_repeated));
}
