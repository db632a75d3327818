using CiCost.Domain.Lines;

namespace CiCost.CostIngest.Tests.Formats.Native;

/// <summary>CUR 2.0: its maps, its split rows, and the same meaning as the report before it.</summary>
public sealed class AwsCur2Tests
{
    private static readonly NativeFile Export = NativeFile.All.Single(f => f.Kind == "aws-cur2");
    private static readonly NativeFile Legacy = NativeFile.All.Single(f => f.Path.EndsWith("line-item-types.csv", StringComparison.Ordinal));

    [Test]
    public void Lines_AreThoseOfTheLegacyReport() => Assert.Multiple(() =>
    {
        var legacy = Legacy.Read().Lines;
        var lines = Export.Read().Lines.Take(legacy.Count).ToList();
        Assert.That(lines.Select(Meaning), Is.EqualTo(legacy.Select(Meaning)));
        Assert.That(lines[0].Set[DimensionColumn.ServiceName], Is.EqualTo("Amazon Elastic Compute Cloud"), "out of the product's map");
        Assert.That(Export.Read().Report.FormatVersion, Is.EqualTo("cur-2"));
    });

    [Test]
    public void SplitRows_AddNothing()
    {
        var split = Export.Read().Lines.TakeLast(2).ToList();
        Assert.That(split.Select(l => (l.Row.BilledNanos, l.Row.EffectiveNanos, l.Row.ListNanos, l.Row.ContractedNanos)),
            Is.All.EqualTo((0L, 0L, 0L, 0L)));
    }

    [TestCase("split_line_item_parent_resource_id", "i-0abc", "split-line-cost")]
    [TestCase("product", "{\"product_name\": {}}", "map-json")]
    [TestCase("product", "[\"x\"]", "map-json")]
    [TestCase("product", "product_name=x", "map-json")]
    [TestCase("product", "{\"a\":\"b\"} {}", "map-json")]
    [TestCase("line_item_line_item_type", "Gift", "enum-value")]
    public void Row_BrokenField_IsRefusedByName(string column, string value, string rule)
    {
        var error = NativeFile.Refusal("aws-cur2", Export.WithRow((column, value))).Errors[0];
        Assert.That((error.RowNumber, error.Rule), Is.EqualTo((1L, rule)), error.ToString());
    }

    [Test]
    public void Map_WithoutTheName_LeavesTheCode() =>
        Assert.That(NativeFile.Read("aws-cur2", Export.WithRow(("product", "{\"region\":\"us-east-1\",\"vcpu\":null}"))).Lines.Single()
            .Set[DimensionColumn.ServiceName], Is.EqualTo("AmazonEC2"));

    [TestCase("{\"resourceTags/cluster\": \"meta-prod\", \"accountTag/team\": \"ci\"}", "meta-prod", "{\"accountTag/team\":\"ci\"}")]
    [TestCase("{\"resourceTags/Cluster\": \"lf-1\"}", "lf-1", "")]
    [TestCase("{\"resourceTags/user:Cluster\": \"lf-1\"}", "lf-1", "")]
    [TestCase("{\"resourceTags/user_cluster\": \"lf-1\", \"resourceTags/aws:createdBy\": \"x\"}", "lf-1", "{\"aws_created_by\":\"x\"}")]
    [TestCase("{\"resourceTags/CostCenter\": \"7\", \"costCategory/A b\": null}", null, "{\"costCategory/A b\":null,\"user_cost_center\":\"7\"}")]
    public void Tags_OfTheColumnTags_AreThoseOfResourceTags(string tags, string? cluster, string rest)
    {
        var line = NativeFile.Read("aws-cur2", WithTags(tags, null)).Lines.Single();
        Assert.That((line.Set.ValueOf("tags.user_cluster"), line.Tags), Is.EqualTo((cluster, rest)));
    }

    [Test]
    public void Tags_OfBothColumns_AreOneSet()
    {
        var text = WithTags("{\"resourceTags/cluster\": \"other\", \"accountTag/team\": \"ci\"}", "{\"user_cluster\": \"lf-1\"}");
        var line = NativeFile.Read("aws-cur2", text).Lines.Single();
        Assert.That((line.Set.ValueOf("tags.user_cluster"), line.Tags), Is.EqualTo(("lf-1", "{\"accountTag/team\":\"ci\"}")));
        Assert.That(NativeFile.Refusal("aws-cur2", WithTags("{\"a\": {}}", "{}")).Errors.Single().Rule, Is.EqualTo("tags-json"));
    }

    [Test]
    public void Columns_ThatNobodyReads_AreNamed() => Assert.Multiple(() =>
    {
        var uses = Export.Read().Report.Tolerances.Single(t => t.Name == "unread-columns");
        Assert.That((uses.Count, uses.FirstRowNumber, uses.Example), Is.EqualTo((1L, 0L, "cost_category")));
    });

    [Test]
    public void LegacyReport_IsNoCur2() =>
        Assert.That(NativeFile.Refusal("aws-cur2", "a,b\n1,2\n").Errors.Single().Rule, Is.EqualTo("header-missing-columns"));

    /// <summary>The first row of the export with a column tags, and with resource_tags or without.</summary>
    private static string WithTags(string tags, string? resourceTags)
    {
        var text = Export.WithRow(("resource_tags", resourceTags ?? tags));
        var lines = text.Split('\n');
        return resourceTags is null
            ? text.Replace("resource_tags", "tags", StringComparison.Ordinal)
            : $"{lines[0]},tags\n{lines[1]},\"{tags.Replace("\"", "\"\"", StringComparison.Ordinal)}\"\n";
    }

    private static (string?, string?, string?, long, long, long, long, string?) Meaning(ReadLine line) => (
        line.Set[DimensionColumn.ChargeCategory], line.Set[DimensionColumn.ChargeClass], line.Set[DimensionColumn.ServiceCategory],
        line.Row.BilledNanos, line.Row.EffectiveNanos, line.Row.ListNanos, line.Row.ContractedNanos, line.Set[DimensionColumn.RegionId]);
}
