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
        Assert.That(Keys("", document.RootElement), Is.EquivalentTo(Properties(new CiCostOptions())));
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
    [TestCase("Webhooks:GitHub:Secrets", "env:X", "Secrets")]
    [TestCase("Webhooks:GitHub:Secret", "hunter2", "Webhooks:GitHub:Secret")]
    public void Bind_WrongKeyOrValue_IsRefusedByName(string key, string value, string named)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build();
        Assert.That(() => Configuration.Bind(configuration),
            Throws.TypeOf<BooksException>().With.Message.Contains(named).And.Message.Not.Contains("hunter2"));
    }

    [TestCase("Books:Databse", "no key 'Books:Databse'. Did you mean 'Database'? Known there are Database, PolicyDirectory, BusyTimeoutSeconds.")]
    [TestCase("Webhooks:GitHub:Secrets", "no key 'Webhooks:GitHub:Secrets'. Did you mean 'Secret'?")]
    [TestCase("Webhooks:GitLab:Secret", "no key 'Webhooks:GitLab'.")]
    [TestCase("Boks:Database", "unknown sections: Boks. Did you mean 'Books'?")]
    public void Bind_UnknownKey_SaysWhatWasMeant(string key, string words)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new(key, "x")]).Build();
        Assert.That(() => Configuration.Bind(configuration),
            Throws.TypeOf<BooksException>().With.Message.Contains(words).And.Message.Not.Contains("BinderOptions"));
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

    private static IEnumerable<string> Keys(string before, JsonElement section) => section.EnumerateObject().SelectMany(k =>
        k.Value.ValueKind == JsonValueKind.Object ? Keys($"{before}{k.Name}:", k.Value) : [$"{before}{k.Name} = {k.Value}"]);

    private static List<string> Properties(CiCostOptions options) => [.. Properties("", options)];

    private static IEnumerable<string> Properties(string before, object section) =>
        section.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).SelectMany(p => p.GetValue(section) switch
        {
            { } part when part.GetType().Namespace == typeof(CiCostOptions).Namespace => Properties($"{before}{p.Name}:", part),
            var value => [string.Create(CultureInfo.InvariantCulture, $"{before}{p.Name} = {value}")],
        });
}
