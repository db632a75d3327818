namespace CiCost.Cli.Tests.Running;

/// <summary>Copies of the repository's policy, to be changed by tests.</summary>
internal static class PolicyFolder
{
    /// <summary>Copies the policy into a folder that it makes.</summary>
    public static void CopyTo(string target)
    {
        var source = PublishedProgram.File("policy");
        foreach (var file in Directory.EnumerateFiles(source, "*.yaml", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
