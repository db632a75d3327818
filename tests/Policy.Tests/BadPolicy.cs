namespace CiCost.Policy.Tests;

/// <summary>A file with mistakes, put into a policy that has none.</summary>
/// <param name="Name">What is wrong.</param>
/// <param name="File">The file's name.</param>
/// <param name="Text">Its text.</param>
/// <param name="Mistakes">All that must be said of the policy, line by line.</param>
public sealed record BadPolicy(string Name, string File, string Text, params string[] Mistakes)
{
    public override string ToString() => Name;
}
