namespace CiCost.CostApi.Tests.Scheduling;

/// <summary>Another scheduler must be one folder more: nothing else knows which it is.</summary>
public sealed class OneFolderTests
{
    [Test]
    public void Quartz_IsNamedInItsFolderOnly()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "CiCost.sln")))
        {
            root = root.Parent ?? throw new InvalidOperationException("Run the tests from a checkout.");
        }

        var named = Directory.EnumerateFiles(Path.Combine(root.FullName, "src"), "*.cs", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(root.FullName, f).Replace('\\', '/'))
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal))
            .Where(f => File.ReadAllText(Path.Combine(root.FullName, f)).Contains("Quartz", StringComparison.Ordinal)).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(named, Is.Not.Empty);
            Assert.That(named, Is.All.StartsWith("src/CostApi/Scheduling/"));
        });
    }
}
