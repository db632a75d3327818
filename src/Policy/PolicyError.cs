namespace CiCost.Policy;

/// <summary>A mistake in a policy, in the words of the person who has to mend it.</summary>
/// <param name="File">The file's name relative to the policy directory; empty when the directory as a whole is meant.</param>
/// <param name="Line">From 1; 0 for the file as a whole.</param>
/// <param name="Column">From 1; 0 for the file as a whole.</param>
/// <param name="Code">One of <see cref="PolicyErrorCode"/>; see docs/policy.md.</param>
/// <param name="Message">What is wrong and what to do.</param>
public sealed record PolicyError(string File, int Line, int Column, string Code, string Message)
{
    /// <summary>One line: file, line, column, message, code.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}: {Message} [{Code}]";
}
