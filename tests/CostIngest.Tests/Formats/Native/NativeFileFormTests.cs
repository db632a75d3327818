using System.Text;
using CiCost.Domain.Lines;

namespace CiCost.CostIngest.Tests.Formats.Native;

/// <summary>What all native formats do with headers, ragged rows, parts and broken files.</summary>
public sealed class NativeFileFormTests
{
    private static IEnumerable<NativeFile> OnePerKind => NativeFile.All.Skip(3).DistinctBy(f => f.Kind);

    [TestCaseSource(nameof(OnePerKind))]
    public void Header_AnotherKindOfFile_IsRefusedWithAllThatIsMissing(NativeFile file)
    {
        var error = NativeFile.Refusal(file.Kind, "BilledCost,EffectiveCost\n1,2\n").Errors.Single();
        Assert.That((error.Rule, error.RowNumber), Is.EqualTo(("header-missing-columns", 0L)));
        Assert.That(error.Message, Does.Contain("--kind").And.Contain(file.Kind));
    }

    [TestCaseSource(nameof(OnePerKind))]
    public void Row_WithAFieldTooFew_IsRefused(NativeFile file)
    {
        var error = NativeFile.Refusal(file.Kind, file.Text.TrimEnd() + "\na,b\n").Errors.Single();
        Assert.That((error.Rule, error.Value), Is.EqualTo(("csv-field-count", "a,b")));
    }

    [TestCaseSource(nameof(OnePerKind))]
    public void Row_BlankLineBetweenRows_IsRefusedAndOneAtTheEndIsNot(NativeFile file)
    {
        var firstEnd = file.Text.IndexOf('\n') + 1;
        var error = NativeFile.Refusal(file.Kind, file.Text.Insert(firstEnd, "\n")).Errors.Single();
        Assert.That((error.Rule, error.RowNumber), Is.EqualTo(("csv-blank-line", 1L)));
        Assert.That(NativeFile.Read(file.Kind, file.Text + "\n").Lines, Has.Count.EqualTo(file.Read().Lines.Count));
    }

    [TestCaseSource(nameof(OnePerKind))]
    public void Text_NotUtf8_IsRefused(NativeFile file)
    {
        var bytes = file.WithRow().Select(c => (byte)c).ToList();
        var word = file.Kind switch
        {
            "github-usage" => "pytorch",
            "oci" => "us-sanjose-1",
            "azure-ea" => "Example",
            "aws-cur2" => "per On Demand",
            _ => "Amazon Elastic",
        };
        var at = Encoding.Latin1.GetString([.. bytes]).LastIndexOf(word, StringComparison.Ordinal);
        bytes[at] = 0xFF;
        var refusal = Assert.Throws<DeliveryRejectedException>(() => Read(file, [.. bytes]))!;
        Assert.That(refusal.Errors.Select(e => e.Rule), Does.Contain("csv-invalid-utf8"));
    }

    [TestCaseSource(nameof(OnePerKind))]
    public void Parts_WithTheSameColumns_GiveTheLinesOfBoth(NativeFile file)
    {
        var part = TestFiles.Content("part.csv", File.ReadAllBytes(file.FullPath));
        var reading = Reading.Of([part, part], file.Profile, format: NativeFile.FormatOf(file.Kind));
        var one = file.Read().Lines.Count;
        Assert.That(reading.Lines, Has.Count.EqualTo(2 * one));
        Assert.That(reading.Report.Objects[1].FirstRowNumber, Is.EqualTo(one + 1));
    }

    [TestCaseSource(nameof(OnePerKind))]
    public void Parts_WithOtherColumnsThatRulesRead_AreRefused(NativeFile file)
    {
        var column = OptionalColumn(file.Kind);
        var lines = file.WithRow().Split('\n');
        var other = $"{lines[0].Replace(column, "more", StringComparison.Ordinal)}\n{lines[1]}\n";
        var refusal = Assert.Throws<DeliveryRejectedException>(() => Parts(file, other))!;
        Assert.That(refusal.Errors.Select(e => (e.File, e.Rule, e.Value)), Is.EqualTo(new[] { ("b.csv", "header-parts-differ", column) }));
    }

    [TestCaseSource(nameof(OnePerKind))]
    public void Parts_WithOneMoreColumnThatNobodyReads_AreOneDelivery(NativeFile file)
    {
        var lines = file.WithRow().TrimEnd().Split('\n');
        var reading = Parts(file, $"{lines[0]},more,more comments\n{lines[1]},1,2\n");
        Assert.That(reading.Lines, Has.Count.GreaterThan(file.Read().Lines.Count));
        Assert.That(reading.Report.Tolerances.Single(t => t.Name == "unread-columns").Example, Does.EndWith("more comments"));
    }

    [TestCaseSource(nameof(OnePerKind))]
    public void Profile_Unknown_IsNamedWithTheKind(NativeFile file) =>
        Assert.That(() => NativeFile.Read(file.Kind, file.Text, "no-such"), Throws.ArgumentException.With.Message.Contains(file.Kind));

    [TestCaseSource(nameof(OnePerKind))]
    public void Rows_InAnyColumnOrder_GiveTheSameLines(NativeFile file)
    {
        // A row without quotes can be turned around by splitting it at its commas.
        var straight = file.Kind switch
        {
            "azure-ea" => file.WithRow(("Tags", "")),
            "aws-cur" => file.WithRow(
                ("resourceTags/user:Owner", "me"), ("bill/InvoicingEntity", "AWS"), ("lineItem/LegalEntity", "AWS")),
            "aws-cur2" => file.WithRow(
                ("product", ""), ("resource_tags", ""), ("bill_invoicing_entity", "AWS"), ("line_item_legal_entity", "AWS")),
            _ => file.WithRow(),
        };
        var text = string.Join('\n', straight.TrimEnd().Split('\n').Select(l => string.Join(',', l.Split(',').Reverse())));
        Assert.That(NativeFile.Show(NativeFile.Read(file.Kind, text).Lines[0]),
            Is.EqualTo(NativeFile.Show(NativeFile.Read(file.Kind, straight).Lines[0])));
    }

    private static Reading Read(NativeFile file, byte[] bytes) =>
        Reading.Of([TestFiles.Content("bill.csv", bytes)], file.Profile, NativeFile.Dimensions, format: NativeFile.FormatOf(file.Kind));

    /// <summary>A column that rules read and that a file may lack.</summary>
    private static string OptionalColumn(string kind) => kind switch
    {
        "github-usage" => "unit_type",
        "oci" => "product/Description",
        "azure-ea" => "ProductName",
        "aws-cur2" => "line_item_line_item_description",
        _ => "lineItem/LineItemDescription",
    };

    private static Reading Parts(NativeFile file, string second) => Reading.Of(
        [TestFiles.Content("a.csv", Encoding.UTF8.GetBytes(file.Text)), TestFiles.Content("b.csv", Encoding.UTF8.GetBytes(second))],
        file.Profile, format: NativeFile.FormatOf(file.Kind));
}
