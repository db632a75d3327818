using System.Collections.Frozen;

namespace CiCost.Policy.Linting;

/// <summary>
/// Values that columns really have, from the FOCUS specification and from bills. Not complete, and it need not be: a test that holds
/// for all of them does not tell lines apart.
/// </summary>
internal static class KnownValues
{
    /// <summary>For columns without a list here: a bill may have anything, or nothing.</summary>
    private static readonly string?[] Anything =
    [
        null, "a", "Z", "0", "-", "Ω", " x ", "123456789012", "us-east-1", "BoxUsage:c5.2xlarge", "lf-prod-aws-ue1", "linux.2xlarge",
        "c-mt-l-x86iavx512-8-16", "Pay as you go", "/subscriptions/0/resourceGroups/x", "true",
    ];

    private static readonly FrozenDictionary<string, string?[]> ByColumn = new Dictionary<string, string?[]>
    {
        ["BillingCurrency"] = ["USD", "EUR", "CAD", "JPY", "GBP"],
        ["PricingCurrency"] = [null, "USD", "EUR", "CAD", "JPY", "GBP"],
        ["ChargeCategory"] = ["Usage", "Purchase", "Tax", "Credit", "Adjustment"],
        ["ChargeClass"] = [null, "Correction"],
        ["ChargeFrequency"] = ["One-Time", "Recurring", "Usage-Based"],
        ["PricingCategory"] = [null, "Standard", "Dynamic", "Committed", "Other"],
        ["CommitmentDiscountCategory"] = [null, "Spend", "Usage"],
        ["CommitmentDiscountStatus"] = [null, "Used", "Unused"],
        ["CapacityReservationStatus"] = [null, "Used", "Unused"],
        ["ServiceCategory"] =
        [
            "AI and Machine Learning", "Analytics", "Business Applications", "Compute", "Databases", "Developer Tools", "Multicloud",
            "Identity", "Integration", "Internet of Things", "Management and Governance", "Media", "Migration", "Mobile", "Networking",
            "Security", "Storage", "Web", "Other",
        ],
        ["ServiceProviderName"] = ["AWS", "Amazon Web Services", "Microsoft", "Google Cloud", "GitHub", "Oracle"],
        ["InvoiceIssuerName"] = ["AWS", "Amazon Web Services, Inc.", "Microsoft", "Google Cloud", "GitHub", "Oracle"],
        ["ServiceName"] =
        [
            "AmazonEC2", "Amazon Elastic Compute Cloud", "Amazon Simple Storage Service", "AWS Lambda", "AmazonCloudWatch",
            "Elastic Load Balancing", "Amazon Virtual Private Cloud", "AWS Support (Enterprise)", "Virtual Machines",
            "Storage Accounts", "Azure Kubernetes Service", "Virtual Network", "Compute Engine", "Cloud Storage", "BigQuery",
            "Kubernetes Engine", "GitHub Actions", "COMPUTE", "BLOCK_STORAGE",
        ],
        ["ChargeDescription"] =
        [
            null, "$0.34 per On Demand Linux c5.2xlarge Instance Hour", "$1.624 per On Demand Linux g5.4xlarge Instance Hour",
            "$0.045 per NAT Gateway Hour", "$0.08 per GB-month of General Purpose (gp3) provisioned storage - US East (N. Virginia)",
            "$0.090 per GB - first 10 TB / month data transfer out beyond the global free tier",
            "USD 0.0 per GB for EUN1-AWS-In-Bytes in EU (Stockholm)", "AWS Lambda - Total Requests - US East (Ohio)",
            "Tables - Batch Write Operations", "Standard - E3 - Memory", "e2-standard-4 running", "Azure credit applied",
        ],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Columns that every row has a value in, by FOCUS or in practice.</summary>
    private static readonly FrozenSet<string> Filled = new[]
    {
        "BillingAccountId", "BillingCurrency", "ChargeCategory", "ChargeDescription", "ChargeFrequency", "HostProviderName", "InvoiceIssuerName",
        "ServiceCategory", "ServiceName", "ServiceProviderName", "SubAccountId",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Does every row have a value in the column? Then a rule that asks only for one tells nothing apart.</summary>
    public static bool IsFilled(string column) => Filled.Contains(column);

    /// <summary>Values that the column has; null among them when a line may be without one.</summary>
    public static IReadOnlyList<string?> Of(string column) => ByColumn.GetValueOrDefault(column, Anything);
}
