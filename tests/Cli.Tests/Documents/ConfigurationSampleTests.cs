using System.Globalization;
using System.Reflection;
using System.Text.Json;
using CiCost.Cli.Hosting;
using CiCost.Cli.Tests.Running;
using CiCost.Ledger;
using Microsoft.Extensions.Configuration;

namespace CiCost.Cli.Tests.Documents;

/// <summary>appsettings.sample.json lists every key with its default, and nothing else.</summary>
public sealed class ConfigurationSampleTests
{
    private static readonly string Sample = PublishedProgram.File("appsettings.sample.json");

    [Test]
    public void Sample_Keys_AreThePropertiesWithTheirDefaults()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Sample));
        var keys = document.RootElement.EnumerateObject()
            .SelectMany(s => s.Value.EnumerateObject().Select(k => $"{s.Name}:{k.Name} = {k.Value}"));
        Assert.That(keys, Is.EquivalentTo(Properties(new CiCostOptions())));
    }

    [Test]
    public void Sample_Bound_IsValid()
    {
        var options = Configuration.Bind(new ConfigurationBuilder().AddJsonFile(Sample).Build());
        Assert.That(Properties(options), Is.EqualTo(Properties(new CiCostOptions())));
    }

    [TestCase("Books:Databse", "x", "Databse")]
    [TestCase("Books:BusyTimeoutSeconds", "0", "BusyTimeoutSeconds")]
    [TestCase("Ingest:MaxRows", "many", "MaxRows")]
    public void Bind_WrongKeyOrValue_IsRefusedByName(string key, string value, string named)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build();
        Assert.That(() => Configuration.Bind(configuration), Throws.TypeOf<BooksException>().With.Message.Contains(named));
    }

    [Test]
    public void Bind_UnknownSection_IsRefusedByName()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Boks:Database", "x")]).Build();
        Assert.That(() => Configuration.Bind(configuration), Throws.TypeOf<BooksException>().With.Message.Contains("Boks"));
    }

    [Test]
    public void Operations_Document_NamesEveryKey()
    {
        var text = File.ReadAllText(PublishedProgram.File("docs", "operations.md"));
        var missing = Properties(new CiCostOptions()).Select(p => p.Split(' ')[0]).Where(k
            => !text.Contains($"`{k}`", StringComparison.Ordinal));
        Assert.That(missing, Is.Empty);
    }

    private static List<string> Properties(CiCostOptions options) =>
    [
        .. typeof(CiCostOptions).GetProperties().SelectMany(section
            => section.PropertyType.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Select(p => string.Create(CultureInfo.InvariantCulture,
                $"{section.Name}:{p.Name} = {p.GetValue(section.GetValue(options))}"))),
    ];
}
