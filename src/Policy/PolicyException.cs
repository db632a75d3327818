namespace CiCost.Policy;

/// <summary>A policy that cannot be used. It lists every mistake that was found, not only the first.</summary>
public sealed class PolicyException : Exception
{
    /// <summary>Makes the refusal.</summary>
    /// <param name="errors">What is wrong, at least one, in the order of files and lines.</param>
    /// <param name="subject">What has the mistakes, for a file that is no policy.</param>
    public PolicyException(IReadOnlyList<PolicyError> errors, string subject = "The policy")
        : base($"{subject} has {(errors.Count == 1 ? "a mistake" : $"{errors.Count} mistakes")}.\n" + string.Join('\n', errors)) =>
        Errors = errors;

    /// <summary>What is wrong.</summary>
    public IReadOnlyList<PolicyError> Errors { get; }
}
