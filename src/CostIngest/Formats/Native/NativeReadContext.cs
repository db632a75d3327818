using CiCost.Accounting.Booking;
using CiCost.CostIngest.Formats.Focus;
using CiCost.Domain.Lines;

namespace CiCost.CostIngest.Formats.Native;

/// <summary>What belongs to one read of one delivery.</summary>
internal sealed record NativeReadContext(
    FormatRequest Request, LineEncoder Encoder, Tolerance Granted, ToleranceLog Uses, ErrorLog Errors,
    CancellationToken Cancellation);
