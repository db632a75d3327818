using System.Text.Json;
using CiCost.Cli.Tests.Running;
using CiCost.TestKit;

namespace CiCost.Cli.Tests.EndToEnd;

/// <summary>Books of an AWS and an Azure export, each delivered and then restated; made once and only read by the tests.</summary>
internal sealed class RestatementBooks : IDisposable
{
    private readonly TempFolder _folder = new();

    public RestatementBooks() => Cicost = new Cicost(_folder.FullName);

    /// <summary>Runs on these books.</summary>
    public Cicost Cicost { get; }

    /// <summary>A copy of the policy in which the AWS bill's account is the Foundation's.</summary>
    public string Policy => _folder.File("policy");

    /// <summary>The bill's file before and after it was restated.</summary>
    public static string AwsFile(bool isRestated)
    {
        var (variant, execution) = isRestated ? ("restated", "20260715T090000Z-e5f6a7b8") : ("fixture", "20260702T120000Z-a1b2c3d4");
        var folder = $"layouts/aws-focus-s3/{variant}/demo/exports/costroid-demo/data/BILLING_PERIOD=2026-06/{execution}";
        return Data(folder + "/costroid-demo-00001.csv.gz");
    }

    /// <summary>The answers of the four bookings: AWS, AWS restated, Azure, Azure restated.</summary>
    public IReadOnlyList<JsonElement> Answers { get; private set; } = [];

    /// <summary>Books all.</summary>
    public async Task<RestatementBooks> FillAsync()
    {
        PolicyFolder.CopyTo(Policy);
        var accounts = Path.Combine(Policy, "accounts.yaml");
        var text = await File.ReadAllTextAsync(accounts);
        var first = text.IndexOf("match: []", text.IndexOf("id: aws-foundation", StringComparison.Ordinal), StringComparison.Ordinal);
        var match = "match:\n      - BillingAccountId: \"999999999999\"";
        await File.WriteAllTextAsync(accounts, string.Concat(text.AsSpan(0, first), match, text.AsSpan(first + "match: []".Length)));
        string[] aws = ["ingest", "--policy", Policy, "--source", "aws-foundation", "--kind", "focus-csv", "--month", "2026-06", "--file"];
        string[] azure = ["ingest", "--source", "azure", "--kind", "focus-csv", "--profile", "azure-export", "--month", "2026-05",
            "--file"];
        Answers =
        [
            await Cicost.JsonAsync([.. aws, AwsFile(false)]),
            await Cicost.JsonAsync([.. aws, AwsFile(true)]),
            await Cicost.JsonAsync([.. azure, AzureFile("fixture", "current", 0), AzureFile("fixture", "current", 1)]),
            await Cicost.JsonAsync([.. azure, AzureFile("restated", "regen-42", 0), AzureFile("restated", "regen-42", 1)]),
        ];
        return this;
    }

    public void Dispose() => _folder.Dispose();

    private static string AzureFile(string variant, string run, int part) => Data(
        $"layouts/azure-focus/{variant}/devaccount/exports/costroid-demo/mtd-snapshot/{run}/part_{part}_0001.csv.gz");

    private static string Data(string path) => PublishedProgram.File(["tests", "data", "focus", .. path.Split('/')]);
}
