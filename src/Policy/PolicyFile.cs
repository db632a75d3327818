namespace CiCost.Policy;

/// <summary>One file of a policy: what the books keep of a policy version, so that it can be read again.</summary>
/// <param name="Name">The name relative to the policy directory, with <c>/</c>: <c>attribution/components.yaml</c>.</param>
/// <param name="Text">The whole text.</param>
public sealed record PolicyFile(string Name, string Text);
