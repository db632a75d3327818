using System.Diagnostics;
using System.Text.Json;
using CiCost.CostIngest.Formats.Focus;
using CiCost.Domain.Lines;
using CiCost.Domain.Money;

namespace CiCost.CostIngest.Tests.Formats;

/// <summary>
/// Every FOCUS file of tests/data/focus is booked with exact totals that Python's decimal confirms, or refused with a clear reason.
/// </summary>
public sealed class FocusFileTotalsTests
{
    private static readonly Lazy<Dictionary<string, JsonElement>> Independent = new(RunPython);

    private const string AzureExports = "layouts/azure-focus/fixture/devaccount/exports/costroid-demo/";

    /// <summary>Files that need a profile, and the rules that refuse them without it.</summary>
    private static readonly Dictionary<string, (string Profile, string[] Rules)> NeedProfile = new()
    {
        ["real/focus-1.0/focus_sample_part70.csv"] =
            ("focus-sample", ["header-unknown-column", "null-literal", "time-without-zone"]),
        ["layouts/focus-csv/lenient/lenient-1.4.csv"] =
            ("lenient", ["time-without-seconds", "time-with-offset", "time-utc-form"]),
        [AzureExports + "20260601-20260630/1a2b3c4d-5e6f-7089-9abc-def012345678/part_0_0001.csv.gz"] =
            ("azure-export", ["time-without-seconds"]),
        [AzureExports + "mtd-snapshot/current/part_0_0001.csv.gz"] =
            ("azure-export", ["time-without-zone"]),
        [AzureExports + "mtd-snapshot/current/part_1_0001.csv.gz"] =
            ("azure-export", ["time-without-zone"]),
        ["layouts/azure-focus/restated/devaccount/exports/costroid-demo/mtd-snapshot/regen-42/part_0_0001.csv.gz"] =
            ("azure-export", ["time-without-zone"]),
        ["layouts/azure-focus/restated/devaccount/exports/costroid-demo/mtd-snapshot/regen-42/part_1_0001.csv.gz"] =
            ("azure-export", ["time-without-zone"]),
    };

    /// <summary>The rule that refuses a file under every profile; null when the file is booked.</summary>
    private static string? RefusedBy(string file) => file switch
    {
        _ when file.Contains("contract_commitment", StringComparison.Ordinal) => "header-other-dataset",
        _ when file.Contains("invoice_detail", StringComparison.Ordinal) => "header-other-dataset",
        _ when file.Contains("billing_period", StringComparison.Ordinal) => "header-other-dataset",
        _ when file.Contains("/scenarios_", StringComparison.Ordinal) => "header-missing-columns",
        _ when file.StartsWith("real/native/azure-ea/", StringComparison.Ordinal) => "header-missing-columns",
        _ when file.StartsWith("real/native/", StringComparison.Ordinal) => "header-not-focus",
        _ => null,
    };

    public static IEnumerable<string> Booked => TestFiles.AllCsv.Where(f => RefusedBy(f) is null);

    public static IEnumerable<string> Refused => TestFiles.AllCsv.Where(f => RefusedBy(f) is not null);

    public static IEnumerable<string> Defective => NeedProfile.Keys;

    [Test]
    public void Data_AllFiles_AreThere() => Assert.Multiple(() =>
    {
        Assert.That(Booked.Count(), Is.EqualTo(37));
        Assert.That(Refused.Count(), Is.EqualTo(22));
        Assert.That(NeedProfile.Keys, Is.SubsetOf(TestFiles.AllCsv));
    });

    [TestCaseSource(nameof(Booked))]
    public void Totals_BookedFile_EqualPythonDecimal(string file)
    {
        var profile = NeedProfile.TryGetValue(file, out var need) ? need.Profile : null;
        var reading = Reading.Of([TestFiles.Content(file)], profile);
        var expected = Independent.Value[file];
        var actual = reading.Delivery.Totals.GroupBy(t => t.Currency.Code).ToDictionary(
            g => g.Key,
            g => Enum.GetValues<CostColumn>().ToDictionary(
                c => c + "Cost", c => DecimalText.OfAttos(g.Aggregate((Int128)0, (sum, t) => sum + t.ExactAttos(c)))));
        Assert.Multiple(() =>
        {
            Assert.That(reading.Delivery.RowCount, Is.EqualTo(expected.GetProperty("rows").GetInt64()));
            Assert.That(reading.Lines, Has.Count.EqualTo(expected.GetProperty("rows").GetInt32()));
            Assert.That(reading.Report.EmptyCosts, Is.EqualTo(expected.GetProperty("emptyCosts").GetInt64()));
            Assert.That(actual, Is.EqualTo(expected.GetProperty("totals").Deserialize<Dictionary<string, Dictionary<string, string>>>()));
        });
    }

    [TestCaseSource(nameof(Booked))]
    public void Tolerances_FileThatNeedsNoProfile_UsesOnlyWhatEveryReadGrants(string file)
    {
        var profile = NeedProfile.TryGetValue(file, out var need) ? need.Profile : null;
        var used = Reading.Of([TestFiles.Content(file)], profile).Report.Tolerances.Select(t => t.Name)
            .Except(FocusProfiles.Instance.All.Where(t => FocusProfiles.Instance.Grants(null).HasFlag(t)).Select(FocusProfiles.Instance.NameOf));
        Assert.That(used.Any(), Is.EqualTo(profile is not null));
    }

    [TestCaseSource(nameof(Defective))]
    public void Read_DefectiveFileWithoutProfile_RefusalNamesDefectAndProfile(string file)
    {
        var (profile, rules) = NeedProfile[file];
        var refusal = Assert.Throws<DeliveryRejectedException>(() => Reading.Of([TestFiles.Content(file)]))!;
        Assert.Multiple(() =>
        {
            Assert.That(rules, Is.SubsetOf(refusal.Errors.Select(e => e.Rule)));
            Assert.That(refusal.Errors.Select(e => e.File), Is.All.EqualTo(file));
            foreach (var error in refusal.Errors)
            {
                Assert.That(error.Message, Does.Match($"--profile .*{profile}"), error.ToString());
            }
        });
    }

    [TestCaseSource(nameof(Refused))]
    public void Read_FileThatIsNoCostAndUsage_IsRefusedUnderEveryProfile(string file)
    {
        foreach (var profile in new[] { null, "focus-sample", "azure-export", "google-view", "lenient" })
        {
            var refusal = Assert.Throws<DeliveryRejectedException>(() => Reading.Of([TestFiles.Content(file)], profile))!;
            Assert.That(refusal.Errors.Select(e => e.Rule), Is.EqualTo(new[] { RefusedBy(file) }), refusal.Message);
        }
    }

    private static Dictionary<string, JsonElement> RunPython()
    {
        var start = new ProcessStartInfo("python3")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = TestFiles.Focus,
        };
        start.ArgumentList.Add(Path.Combine(TestFiles.Root, "tests", "independent", "focus_totals.py"));
        foreach (var file in TestFiles.AllCsv)
        {
            start.ArgumentList.Add(file);
        }

        using var python = Process.Start(start) ?? throw new InvalidOperationException("python3 did not start.");
        var errors = python.StandardError.ReadToEndAsync();
        var output = python.StandardOutput.ReadToEnd();
        python.WaitForExit();
        Assert.That(python.ExitCode, Is.Zero, () => errors.GetAwaiter().GetResult());
        return JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(output)!;
    }
}
