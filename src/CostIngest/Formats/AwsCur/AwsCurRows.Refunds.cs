using CiCost.CostIngest.Formats.Focus;
using CiCost.CostIngest.Formats.Native;

namespace CiCost.CostIngest.Formats.AwsCur;

/// <content>
/// Refunds: the EffectiveCost of a refund is that of what it refunds, 0 for an upfront fee (accounting.md, 10). What row and delivery
/// do not say is counted by name, or refused until a profile says it.
/// </content>
internal sealed partial class AwsCurRows
{
    private const Tolerance Unclear = Tolerance.RefundOfFee | Tolerance.RefundOfDiscount;
    private readonly NativeReadContext _context = context;
    private CommitmentFees? _fees;
    private Refunded _refunded;
    private string? _refundedArn;

    /// <summary>Finds out what the refund gives back and of which commitment; false when that cannot be told.</summary>
    private bool TryReadRefund()
    {
        var column = Filled(_columns.SavingsPlanArn) is var plan && plan >= 0 ? plan : Filled(_columns.ReservationArn);
        var description = Text(_columns.Description) ?? "";
        (_refunded, var id) = RefundText.Read(description, Text(_columns.Product) ?? "", column >= 0);
        _refundedArn = column >= 0 ? Text([column]) : id is null ? null : ArnOf(id);
        if (_refunded != Refunded.FeeOrDiscount)
        {
            return true;
        }

        if ((Granted & Unclear) == Tolerance.None)
        {
            var words = Filled(_columns.Description);
            Fail(words >= 0 ? words : _columns.Type[0], "refund-unclear", "This refund stands on a commitment's product and does not say whether "
                + "it gives a fee back, which consumption does not hold, or a discount, which lowers it. Look it up on the invoice"
                + Mapping.Profiles.Advice(Tolerance.RefundOfFee, Granted) + Mapping.Profiles.Advice(Tolerance.RefundOfDiscount, Granted)
                + ".");
            return false;
        }

        var isFee = (Granted & Tolerance.RefundOfFee) != 0;
        Use(isFee ? Tolerance.RefundOfFee : Tolerance.RefundOfDiscount, Filled(_columns.Description));
        _refunded = isFee ? Refunded.UpfrontFee : Refunded.Discount;
        return true;
    }

    private string ChargeOfRefund() => _refunded switch
    {
        Refunded.Charge => "Refund",
        Refunded.Discount => _refundedArn is null ? "Refund" : "Refund of a commitment's discount",
        _ => "Refund of a commitment",
    };

    /// <summary>
    /// The commitment that a description names. Where no row of the delivery has its ARN (the refund came in a later month), the ARN of
    /// a savings plan is composed of account and id, as AWS does; an id of another kind stands for itself.
    /// </summary>
    private string ArnOf(string id)
    {
        if (id.StartsWith("arn:", StringComparison.Ordinal))
        {
            return id;
        }

        _fees ??= CommitmentFees.Scan(Mapping, _context);
        if (_fees.ArnOf(id) is { } arn)
        {
            return arn;
        }

        Use(Tolerance.CommitmentOfDescription, Filled(_columns.Description));
        var isPlan = (Text(_columns.Description) ?? "").Contains("savings plan", StringComparison.OrdinalIgnoreCase);
        return isPlan ? $"arn:aws:savingsplans::{Text(_columns.SubAccount) ?? Text(_columns.Account)}:savingsplan/{id}" : id;
    }

    private Int128 EffectiveOfRefund(Int128 cost)
    {
        if (_refundedArn is null)
        {
            // What an upfront fee booked is known without its commitment; that nothing is taken out of its balance must be.
            Use(Tolerance.RefundWithoutCommitment, Filled(_columns.Description));
            return 0;
        }

        if (_refunded == Refunded.UpfrontFee)
        {
            return 0;
        }

        _fees ??= CommitmentFees.Scan(Mapping, _context);
        var unused = _fees.UnusedPart(_refundedArn, cost);
        var hasUpfront = _fees.HasUpfront(_refundedArn);
        if (_refunded == Refunded.SomeFee && hasUpfront && unused is null)
        {
            return 0;
        }

        if (unused is null || (_refunded == Refunded.SomeFee && hasUpfront))
        {
            Use(Tolerance.RefundOfUnknownFee, Filled(_columns.Description));
            return 0;
        }

        return unused.Value;
    }
}
