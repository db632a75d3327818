namespace CiCost.Cli.Demo;

/// <summary>The notices beside the files: that this is demonstration data, and what each folder imitates.</summary>
internal static class Readmes
{
    private static readonly (string Folder, string Text)[] Folders =
    [
        (AwsExport.Source, "AWS Data Exports, FOCUS 1.2 with AWS columns, CSV with gzip: data/BILLING_PERIOD=YYYY-MM/execution/file "
            + "and its manifest under metadata/. Account ids begin with 9999 and are invented."),
        (AzureBill.Source, "An Azure Cost Management export, FocusCost 1.2-preview: export/period/run/part and manifest.json. "
            + "All invented."),
        (GoogleBill.Source, "Google's billing export, a JSON object in each row, credits beside their costs. All invented."),
        (GitHubUsage.Source, "GitHub's detailed usage report, one file a month, from the jobs on GitHub-hosted runners in github-jobs."),
        (JobFiles.Source, "GitHub webhook payloads of workflow_job, one JSON object a line, gzip. Hours per month and architecture are the "
            + "published ones; a row stands for many jobs by being longer."),
        (DemoInvoices.Folder, "Invoices of AWS, Azure and Google Cloud as FOCUS 1.4 InvoiceDetail, in a drop folder: YYYY-MM/source.csv. Made from "
            + "the same plan as the bills, in whole cents: they show how a month ties, and prove nothing about a real bill."),
    ];

    public static void Write(DemoFolder folder)
    {
        foreach (var (name, text) in Folders)
        {
            folder.WriteText($"{name}/README.txt", $"{DemoFolder.Notice}\n\n{text}\n");
        }

        folder.WriteText("README.txt", $"{DemoFolder.Notice}\n\n"
            + "plan.json lists the deliveries in the order in which they arrive. DERIVATION.txt shows how the figures follow from facts.\n"
            + "SHA256SUMS is over all files: sha256sum --check SHA256SUMS.\n");
    }
}
