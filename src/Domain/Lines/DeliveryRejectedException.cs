namespace CiCost.Domain.Lines;

/// <summary>A delivery that cannot be booked as it is. Nothing of it was booked.</summary>
public sealed class DeliveryRejectedException : Exception
{
    /// <summary>Makes the refusal.</summary>
    /// <param name="errors">What is wrong, at least one, in the order of the files.</param>
    public DeliveryRejectedException(IReadOnlyList<RowError> errors)
        : base("The delivery was refused and nothing of it was booked.\n" + string.Join('\n', errors)) => Errors = errors;

    /// <summary>What is wrong.</summary>
    public IReadOnlyList<RowError> Errors { get; }
}
