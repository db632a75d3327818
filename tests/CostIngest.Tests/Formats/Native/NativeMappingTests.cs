using CiCost.CostIngest.Formats.Focus;
using CiCost.CostIngest.Formats.Native;
using CiCost.Domain.Focus;
using CiCost.Domain.Lines;
using CiCost.Domain.Money;

namespace CiCost.CostIngest.Tests.Formats.Native;

/// <summary>The mapping files and the small tools of the native formats.</summary>
public sealed class NativeMappingTests
{
    private static readonly string[] Folders = ["AwsCur", "AwsCur2", "Oci", "OciFocus", "AzureEa", "GitHubUsage", "GcpBilling"];

    [TestCaseSource(nameof(Folders))]
    public void Mapping_EveryValue_IsOneThatFocusAllows(string folder) => Assert.Multiple(() =>
    {
        var mapping = NativeMapping.Load(folder);
        if (mapping.Values.TryGetValue("serviceCategories", out var categories))
        {
            Assert.That(categories.Values.Distinct(), Is.SubsetOf(Allowed("ServiceCategory")));
        }

        Assert.That(mapping.Charges.Values.Select(c => c.Category).Distinct(), Is.SubsetOf(Allowed("ChargeCategory")));
        Assert.That(mapping.Charges.Values.Select(c => c.Class).OfType<string>().Distinct(), Is.SubsetOf(Allowed("ChargeClass")));
        Assert.That(mapping.Charges.Values.Select(c => c.Frequency).OfType<string>().Distinct(), Is.SubsetOf(Allowed("ChargeFrequency")));
        Assert.That(mapping.Charges.Values.Select(c => c.Pricing).OfType<string>().Distinct(), Is.SubsetOf(Allowed("PricingCategory")));
        Assert.That(mapping.Columns.Select(c => c.Focus).OfType<string>().Where(f => !f.Contains('_', StringComparison.Ordinal)).Distinct(),
            Is.SubsetOf(Enum.GetNames<DimensionColumn>()));
    });

    [TestCaseSource(nameof(Folders))]
    public void Mapping_NamesItsSources(string folder)
    {
        var file = Path.Combine(TestFiles.Root, "src", "CostIngest", "Formats", folder, "mapping.json");
        using var json = System.Text.Json.JsonDocument.Parse(File.ReadAllText(file));
        Assert.That(json.RootElement.GetProperty("sources").EnumerateArray().Select(s => s.GetString()), Is.Not.Empty.And.All.Not.Empty);
    }

    [TestCase("aws-cur", "athena,savings-plan-as-stated,refunds-of-fees,refunds-of-discounts")]
    [TestCase("aws-cur2", "athena,savings-plan-as-stated,refunds-of-fees,refunds-of-discounts,malformed-tags,lenient")]
    [TestCase("gcp-billing", "bq-extract,malformed-tags,lenient")]
    [TestCase("oci", "oci-report")]
    [TestCase("oci-focus", "oci-focus-report,oci-focus-billed,malformed-tags,lenient")]
    [TestCase("azure-ea", "azure-payg,azure-spreadsheet,malformed-tags,lenient")]
    [TestCase("mapped-csv", "effective-from-billed,malformed-tags")]
    [TestCase("github-usage", "rounded-net,enterprise,enterprise-rounded-net")]
    public void Profiles_EachHasOneLine(string kind, string names) => Assert.Multiple(() =>
    {
        var profiles = NativeFile.FormatOf(kind).Profiles;
        Assert.That(profiles.Keys, Is.EqualTo(names.Split(',')));
        Assert.That(profiles.Values, Is.All.Not.Empty);
    });

    [TestCase("0.5", "0.000000000000000001", "0")]
    [TestCase("1.5", "0.000000000000000001", "0.000000000000000002")]
    [TestCase("-1.5", "0.000000000000000001", "-0.000000000000000002")]
    [TestCase("2.5", "0.000000000000000001", "0.000000000000000002")]
    [TestCase("-0.3", "-7", "2.1")]
    [TestCase("0.4", "0", "0")]
    [TestCase("0.00000701893121004105", "1E+6", "7.01893121004105")]
    [TestCase("1E-27", "9E+17", "0.0000000009")]
    [TestCase("1E-400", "1E+15", "0")]
    [TestCase("9000000000", "9000000000", "81000000000000000000")]
    public void Product_IsRoundedHalfEvenTo18Digits(string left, string right, string product) =>
        Assert.That(DecimalText.OfAttos(ExactProduct.Of(Utf8(left), Utf8(right))!.Value), Is.EqualTo(product));

    [Test]
    public void Product_BeyondTheRange_IsNull() =>
        Assert.That(ExactProduct.Of("100000000000"u8, "10000000000"u8), Is.Null);

    [TestCase("02/29/2024", "2024-02-29", false)]
    [TestCase("2/9/2024", "2024-02-09", true)]
    [TestCase("2024-02-29", "2024-02-29", false)]
    [TestCase("02/29/2023", null, true)]
    [TestCase("13/01/2024", null, true)]
    [TestCase("2024-2-9", null, true)]
    [TestCase("01/01/1969", null, true)]
    [TestCase("é2/29/202", null, true)]
    public void Day_IsReadMonthFirst(string text, string? day, bool needsTolerance)
    {
        var isDay = NativeDate.TryIsoOrUs(System.Text.Encoding.UTF8.GetBytes(text), out var seconds, out var needed);
        Assert.That(isDay ? DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-dd", null) : null, Is.EqualTo(day));
        Assert.That(needed, Is.EqualTo(needsTolerance ? Tolerance.UnpaddedDates : Tolerance.None));
    }

    private static IReadOnlyList<string> Allowed(string column) => FocusCatalogue.Instance.Find(column)!.AllowedValues!;

    private static byte[] Utf8(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
