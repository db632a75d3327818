namespace CiCost.Cli.Demo;

/// <summary>The policy of the demonstration books: the shipped one, with the files of <c>demo/policy</c> laid over it.</summary>
internal static class DemoPolicy
{
    /// <summary>Copies the shipped policy and then the overlay: a file of the same name is replaced, a new name is added.</summary>
    public static void Write(string shippedDirectory, string overlayDirectory, string outputDirectory)
    {
        foreach (var directory in new[] { shippedDirectory, overlayDirectory })
        {
            if (!Directory.Exists(directory))
            {
                throw new DirectoryNotFoundException($"There is no folder {directory}, which the demonstration's policy is made from. "
                    + "Restore it, or name the right one.");
            }

            foreach (var file in Directory.EnumerateFiles(directory, "*.yaml", SearchOption.AllDirectories))
            {
                var target = Path.Combine(outputDirectory, Path.GetRelativePath(directory, file));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(file, target, overwrite: true);
            }
        }
    }
}
