using System.Text;
using CiCost.CostIngest.Tests.Formats.GcpBilling;
using CiCost.CostIngest.Tests.Formats.Native;
using CiCost.Domain.Lines;
using CiCost.TestKit.Bookkeeping;

namespace CiCost.CostIngest.Tests.Formats;

/// <summary>
/// Numbers as providers and tools write them: more than 18 digits behind the point (Azure's DECIMAL(38), BigQuery's FLOAT64), exponents with
/// a plus sign (.NET, Python, jq), quantities of any size. None of them refuses a month, in any format.
/// </summary>
public sealed class LongNumberTests
{
    private const string Github = "date,product,sku,quantity,unit_type,applied_cost_per_quantity,gross_amount,discount_amount,net_amount,username,"
        + "organization,repository,workflow_path,cost_center_name\n2026-05-01,actions,actions_linux,{1},minutes,{2},{0},0,{0},s,acme,acme/app,w.yml,\n";

    private const string Mapping = """
        format: mapped-csv/1
        name: Test
        numbers: "{form}"
        dates: YYYY-MM-DD
        columns:
          BillingAccountId: {constant: acct}
          BillingCurrency: {constant: USD}
          ChargePeriodStart: {column: day}
          ChargeCategory: {constant: Usage}
          ServiceName: {constant: Machines}
          ServiceProviderName: {constant: Somebody}
          BilledCost: {column: cost}
          PricingQuantity: {column: quantity}
          PricingUnit: {constant: Hours}
          ContractedUnitPrice: {column: price}
        """;

    private static readonly string[] Kinds =
    [
        "focus-csv", "focus-csv lenient", "focus-csv azure-export", "azure-ea", "github-usage", "mapped-csv", "aws-cur", "aws-cur2", "oci", "oci-focus",
        "gcp-billing",
    ];

    private static IEnumerable<TestCaseData> Costs =>
        from kind in Kinds
        from number in (string[][])
        [
            ["1E+03", "1000", "0"], ["1e+06", "1000000", "0"], ["1e-7", "0.0000001", "0"],
            ["1.5007635628272106E-4", "0.000150076356282721", "1"], ["0.00000701893121004105", "0.000007018931210041", "1"],
            ["0.12345678901234567850000000000000000000000000000000000000000000001", "0.123456789012345679", "1"],
            ["15250000000000.25", "15250000000000.25", "0"],
        ]
        select new TestCaseData(kind, number[0], number[1], number[2] != "0");

    [TestCaseSource(nameof(Costs))]
    public void Cost_IsReadExactly_OrRoundedByTheRule(string kind, string cost, string booked, bool isRounded)
    {
        var reading = Read(kind, cost, "1", "1");
        Assert.Multiple(() =>
        {
            Assert.That(reading.Delivery.Totals.Single(t => !t.AreCredits).Exact(CostColumn.Billed).ToString(), Is.EqualTo(booked));
            Assert.That(reading.Uses("long-fractions") > 0, Is.EqualTo(isRounded));
            Assert.That(reading.Report.Tolerances.Where(t => t.Name == "long-fractions").Select(t => t.Example), Is.All.EqualTo(cost));
        });
    }

    [Test]
    public void Quantity_OfAnyForm_RefusesNoRow([ValueSource(nameof(Kinds))] string kind) => Assert.Multiple(() =>
    {
        foreach (var (text, units, nanos, rule) in new[]
        {
            ("1E+03", 1000L, 0, ""), ("1e-7", 0L, 100, ""), ("0.00000701893121004105", 0L, 7_019, "long-fractions"),
            ("-9223372036854775807.5", -long.MaxValue, -500_000_000, ""), ("12345678901.5", 12_345_678_901L, 500_000_000, ""),
        })
        {
            var reading = Read(kind, "2", text, "1");
            var row = reading.Lines[0].Row;
            Assert.That((row.HasPricingQuantity, row.PricingUnits, row.PricingSubunitNanos), Is.EqualTo((true, units, nanos)), text);
            Assert.That(reading.Uses("long-fractions") > 0, Is.EqualTo(rule.Length > 0), text);
        }

        foreach (var text in new[] { "9223372036854775808", "1E+25", "1e400000", "123456789012345678901234567890.5" })
        {
            var reading = Read(kind, "2", text, "1");
            Assert.That((reading.Lines[0].Row.HasPricingQuantity, reading.Uses("large-quantities") > 0), Is.EqualTo((false, true)), text);
            Assert.That(reading.Lines[0].Row.BilledNanos, Is.EqualTo(2_000_000_000), text);
        }
    });

    [Test]
    public void UnitPrice_OfAnyForm_KeepsItsText([ValueSource(nameof(Kinds))] string kind) => Assert.Multiple(() =>
    {
        foreach (var text in new[] { "1E+03", "1.5007635628272106E-4", "0.000007018931210041051234567890123", "123456789012345678901234567890" })
        {
            var prices = Read(kind, "2", "1", text).Lines[0].UnitPrices;
            Assert.That(prices.List == text || prices.Contracted == text || kind is "gcp-billing", text);
        }
    });

    [TestCase("1,234.56", "1E+03", "1000")]
    [TestCase("1.234,56", "1.234,5e+2", "123450")]
    [TestCase("1.234,56", "1,5007635628272106E-4", "0.000150076356282721")]
    [TestCase("1 234,56", "1 234e-2", "12.34")]
    public void GroupedNumber_WithAnExponent_IsRead(string form, string cost, string booked) => Assert.That(
        Mapped(form, cost, "1", "1").Delivery.Totals.Single().Exact(CostColumn.Billed).ToString(), Is.EqualTo(booked));

    [Test]
    public void JsonAnswer_WithExponents_IsRead()
    {
        var answer = """
            {"usageItems": [{"date": "2026-05-01T00:00:00Z", "product": "actions", "sku": "s", "quantity": 1e+2, "unitType": "minutes",
            "pricePerUnit": 6E-3, "grossAmount": 1.5E+1, "discountAmount": 0.0, "netAmount": 1.5e+01, "organizationName": "acme",
            "repositoryName": "acme/app"}]}
            """;
        var reading = NativeFile.Read("github-usage", answer);
        Assert.That((reading.Delivery.Totals.Single(t => !t.AreCredits).Exact(CostColumn.Billed).ToString(), reading.Lines[0].Row.PricingUnits),
            Is.EqualTo(("15", 100L)));
    }

    [Test]
    public async Task RuleOfRounding_IsInTheAnswer_AndKeptWithTheDelivery()
    {
        using var books = await BookFixture.OpenAsync();
        var result = await books.DeliverAsync("bill", "2026-03", BillLine.ALine().Costing("0.1234567890123456785000001"), BillLine.ALine());
        Assert.Multiple(() =>
        {
            Assert.That(result.Tolerances.Select(t => (t.Name, t.Count, t.FirstRowNumber, t.Example)),
                Is.EqualTo(new[] { ("long-fractions", 4L, 1L, "0.1234567890123456785000001") }));
            Assert.That(books.Scalar("SELECT name || ' ' || use_count FROM delivery_tolerance"), Is.EqualTo("long-fractions 4"));
            Assert.That(result.Totals["USD"].Billed, Is.EqualTo("1.123456789012345679"));
            Assert.That(books.FailingChecks(), Is.Empty);
        });
    }

    private static Reading Read(string kind, string cost, string quantity, string price) => kind.Split(' ') switch
    {
        ["focus-csv", ..] => Reading.Of(FocusText.WithRow(("BilledCost", cost), ("PricingQuantity", quantity), ("ListUnitPrice", price)).ToString(),
            kind == "focus-csv" ? null : kind.Split(' ')[1]),
        ["azure-ea"] => NativeFile.Read("azure-ea", Sample("native/azure-ea/charge-types.csv")
            .WithRow(("CostInBillingCurrency", cost), ("Quantity", quantity), ("UnitPrice", price))),
        ["github-usage"] => NativeFile.Read("github-usage", Github.Replace("{0}", cost, StringComparison.Ordinal)
            .Replace("{1}", quantity, StringComparison.Ordinal).Replace("{2}", price, StringComparison.Ordinal)),
        ["mapped-csv"] => Mapped("1234.56", cost, quantity, price),
        ["aws-cur"] => NativeFile.Read("aws-cur", Sample("native/aws-cur/line-item-types.csv")
            .WithRow(("lineItem/UnblendedCost", cost), ("lineItem/UsageAmount", quantity), ("pricing/publicOnDemandRate", price))),
        ["aws-cur2"] => NativeFile.Read("aws-cur2", Sample("native/aws-cur2/export.csv")
            .WithRow(("line_item_unblended_cost", cost), ("line_item_usage_amount", quantity), ("pricing_public_on_demand_rate", price))),
        ["oci"] => NativeFile.Read("oci", Sample("native/oci/corrections.csv")
            .WithRow(("cost/myCost", cost), ("usage/billedQuantity", quantity), ("cost/unitPrice", price))),
        ["oci-focus"] => NativeFile.Read("oci-focus", OciFocusTests.RowWith(cost, quantity, price), OciFocusTests.Profile),
        _ => GcpFile.Read(GcpFile.Row(("cost", $"\"{cost}\""), ("usage.amount_in_pricing_units", $"\"{quantity}\""), ("credits", "[]"))),
    };

    private static NativeFile Sample(string path) => NativeFile.All.Single(f => f.Path == path);

    private static Reading Mapped(string form, string cost, string quantity, string price) => Reading.Of(
        [
            TestFiles.Content("test.yaml", Encoding.UTF8.GetBytes(Mapping.Replace("{form}", form, StringComparison.Ordinal))),
            TestFiles.Content("bill.csv", Encoding.UTF8.GetBytes($"day,cost,quantity,price\n2026-05-01,\"{cost}\",\"{quantity}\",\"{price}\"\n")),
        ],
        format: NativeFile.FormatOf("mapped-csv"));
}
