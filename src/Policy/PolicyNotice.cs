namespace CiCost.Policy;

/// <summary>Something that is allowed but wants attention.</summary>
/// <param name="File">The file's name relative to the policy directory.</param>
/// <param name="Line">From 1.</param>
/// <param name="Code">The stable name; see docs/policy.md.</param>
/// <param name="Message">What it means and what to do.</param>
public sealed record PolicyNotice(string File, int Line, string Code, string Message)
{
    /// <summary>The code of an account that no line can be matched to, because its id is not set.</summary>
    public const string AccountNotSet = "account-not-set";

    /// <summary>One line: file, line, message, code.</summary>
    public override string ToString() => $"{File}:{Line}: {Message} [{Code}]";
}
