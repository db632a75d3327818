using CiCost.TestKit;

namespace CiCost.Cli.Tests;

/// <summary>What all tests of this project share.</summary>
[SetUpFixture]
public sealed class SharedSetUp
{
    /// <summary>Commands in this process hide the variables of this program while they run, so the counts are read first.</summary>
    [OneTimeSetUp]
    public void ReadCounts() => TestContext.Progress.WriteLine($"counts are {(Counts.AreLong ? "long" : "short")}");

    /// <summary>Removes the folders that several tests used.</summary>
    [OneTimeTearDown]
    public void RemoveSharedFolders() => SharedFolder.RemoveAll();
}
