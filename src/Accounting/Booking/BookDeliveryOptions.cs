using CiCost.Domain.Lines;

namespace CiCost.Accounting.Booking;

/// <summary>What bounds a booking.</summary>
public sealed record BookDeliveryOptions
{
    /// <summary>The most bytes in one delivered file.</summary>
    public long MaxObjectBytes { get; init; } = 64L * 1024 * 1024 * 1024;

    /// <summary>The most bytes in one object after decompression.</summary>
    public long MaxContentBytes { get; init; } = 512L * 1024 * 1024 * 1024;

    /// <summary>What bounds the reader.</summary>
    public FormatLimits FormatLimits { get; init; } = new();

    /// <summary>What bounds the encoder.</summary>
    public LineEncoderLimits EncoderLimits { get; init; } = new();

    /// <summary>The version of this program, recorded with each delivery.</summary>
    public string ToolVersion { get; init; } = typeof(BookDeliveryOptions).Assembly.GetName().Version?.ToString(3) ?? "0";
}
