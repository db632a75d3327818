using CiCost.Domain.Attribution;
using CiCost.Domain.Lines;

namespace CiCost.Policy.Tests;

/// <summary>The policy that the program is shipped with: what it says of lines as bills have them.</summary>
public sealed class SeedRulesTests
{
    private const string Ec2 = "Amazon Elastic Compute Cloud";

    [TestCase("c7a.48xlarge", "x86-amd", "amd")]
    [TestCase("r7a.48xlarge", "x86-amd", "amd")]
    [TestCase("m7a.24xlarge", "x86-amd", "amd")]
    [TestCase("c5ad.large", "x86-amd", "amd")]
    [TestCase("t3a.micro", "x86-amd", "amd")]
    [TestCase("c5.2xlarge", "x86-generic", "intel")]
    [TestCase("c5d.4xlarge", "x86-generic", "intel")]
    [TestCase("r5.24xlarge", "x86-generic", "intel")]
    [TestCase("c7i.metal-24xl", "x86-generic", "intel")]
    [TestCase("r7i.12xlarge", "x86-generic", "intel")]
    [TestCase("m4.10xlarge", "x86-intel", "intel")]
    [TestCase("m6i.32xlarge", "x86-intel", "intel")]
    [TestCase("m7i-flex.2xlarge", "x86-intel", "intel")]
    [TestCase("m6id.24xlarge", "x86-intel", "intel")]
    [TestCase("t4g.2xlarge", "arm64-graviton", "aws")]
    [TestCase("m8g.metal-24xl", "arm64-graviton", "aws")]
    [TestCase("c7gd.16xlarge", "arm64-graviton", "aws")]
    [TestCase("g4dn.metal", "cuda", "nvidia")]
    [TestCase("g5.48xlarge", "cuda", "nvidia")]
    [TestCase("g6.4xlarge", "cuda", "nvidia")]
    [TestCase("p3.2xlarge", "cuda", "nvidia")]
    [TestCase("p4d.24xlarge", "cuda", "nvidia")]
    [TestCase("p5.48xlarge", "cuda", "nvidia")]
    [TestCase("p6-b200.48xlarge", "cuda", "nvidia")]
    [TestCase("mac2-m2.metal", "macos", "apple")]
    [TestCase("g4ad.xlarge", null, null)]
    [TestCase("trn1.32xlarge", null, null)]
    public void Instance_ByItsFamily_HasArchitectureAndChipVendor(string instance, string? architecture, string? vendor)
    {
        var described = Attribute(ALine.Aws(Ec2, "Compute", $"$0.34 per On Demand Linux {instance} Instance Hour"));
        var metered = Attribute(ALine.Aws("AmazonEC2", "Compute", "", $"USE2-BoxUsage:{instance}"));
        Assert.Multiple(() =>
        {
            foreach (var result in new[] { described, metered })
            {
                Assert.That(result[AttributeName.Architecture], Is.EqualTo(architecture));
                Assert.That(result[AttributeName.ChipVendor], Is.EqualTo(vendor));
                Assert.That(result[AttributeName.Component], Is.EqualTo("compute"));
            }
        });
    }

    [Test]
    public void Windows_ByDescription_IsWindowsOnItsChip()
    {
        var result = Attribute(ALine.Aws(Ec2, "Compute", "$0.752 per On Demand Windows c5d.4xlarge Instance Hour"));
        Assert.That(
            (result[AttributeName.Architecture], result[AttributeName.ChipVendor], result[AttributeName.Component]),
            Is.EqualTo(("windows", "intel", "compute")));
    }

    [TestCase(Ec2, "Storage", "$0.08 per GB-month of General Purpose (gp3) provisioned storage - US East (N. Virginia)", "storage")]
    [TestCase(Ec2, "Storage", "$0.05 per GB-Month of snapshot data stored - US West (Oregon)", "storage")]
    [TestCase(Ec2, "Storage", "USD0.0595 per GB-Mo for EBS:SnapshotUsage in Africa (Cape Town)", "storage")]
    [TestCase(Ec2, "Storage", "$0.0476 per provisioned MiBps-month of gp3 - EU (Frankfurt)", "storage")]
    [TestCase(Ec2, "Compute", "$0.045 per NAT Gateway Hour", "network")]
    [TestCase(Ec2, "Compute", "$0.045 per GB Data Processed by NAT Gateways", "network")]
    [TestCase(Ec2, "Compute", "$0.090 per GB - first 10 TB / month data transfer out beyond the global free tier", "network")]
    [TestCase("Amazon Virtual Private Cloud", "Networking", "$0.005 per In-use public IPv4 address per hour", "network")]
    [TestCase("Elastic Load Balancing", "Networking", "$0.0225 per Application LoadBalancer-hour (or partial hour)", "network")]
    [TestCase("Amazon Virtual Private Cloud", "Networking", "USD 0.0 per GB for EUN1-AWS-In-Bytes in EU (Stockholm)", "network")]
    [TestCase("Amazon Simple Storage Service", "Storage", "$0.02 per GB - US West (Oregon) data transfer to EU (Ireland)", "network")]
    [TestCase("Amazon Simple Storage Service", "Storage", "$0.023 per GB - first 50 TB / month of storage used", "storage")]
    [TestCase("Amazon EC2 Container Registry (ECR)", "Other", "$0.10 per GB-month of data storage", "registry")]
    [TestCase("AmazonEKS", "Compute", "$0.10 per Amazon EKS cluster per hour", "control-plane")]
    [TestCase("AWS Lambda", "Compute", "AWS Lambda - Total Requests - US East (Ohio)", "control-plane")]
    [TestCase("AmazonCloudWatch", "Management and Governance", "$0.50 per GB custom log data ingested", "monitoring")]
    [TestCase("AWS Support (Enterprise)", "Other", "AWS Support (Enterprise)", "support")]
    [TestCase("AWS Key Management Service", "Identity", "$1 per customer managed KMS key version", "other")]
    [TestCase("Amazon Braket", "Other", "$0.30 per task", null)]
    public void Charge_OfAws_HasItsComponent(string service, string category, string description, string? component)
    {
        var result = Attribute(ALine.Aws(service, category, description));
        Assert.That(
            (result[AttributeName.Component], result[AttributeName.Architecture]),
            Is.EqualTo((component, component is null ? null : "none")));
    }

    [TestCase("Microsoft", "Virtual Machines", "Compute", "Premium SSD Managed Disks - P4 LRS - US East", "storage")]
    [TestCase("Microsoft", "Virtual Machines", "Compute", "Virtual Machines Dv2/DSv2 Series - D11 v2", "compute")]
    [TestCase("Microsoft", "Virtual Machine Scale Sets", "Compute", "Rtn Preference: MGN - Standard Data Transfer Out", "network")]
    [TestCase("Microsoft Azure", "Azure Kubernetes Service", "Compute", "Standard Uptime SLA", "control-plane")]
    [TestCase("Google Cloud", "Compute Engine", "Compute", "e2-standard-4 running", "compute")]
    [TestCase("Google Cloud", "Compute Engine", "Compute", "Storage PD Capacity in Americas", "storage")]
    [TestCase("Google Cloud", "Artifact Registry", "Developer Tools", "Artifact Registry Storage", "registry")]
    [TestCase("Oracle", "COMPUTE", "Compute", "Standard - E5", "compute")]
    public void Charge_OfOthers_HasItsComponent(
        string provider, string service, string category, string description, string? component) =>
        Assert.That(
            Attribute(ALine.Of(("ChargeCategory", "Usage"), ("ServiceProviderName", provider), ("ServiceName", service),
                ("ServiceCategory", category), ("ChargeDescription", description)))[AttributeName.Component],
            Is.EqualTo(component));

    [Test]
    public void Tax_AnyService_IsTax() => Assert.That(
        Attribute(ALine.Of(("ChargeCategory", "Tax"), ("ServiceName", "AmazonEC2")))[AttributeName.Component],
        Is.EqualTo("tax"));

    [TestCase("tags.Cluster", "lf-prod-aws-ue1", "linux-foundation")]
    [TestCase("tags.user_cluster", "meta-prod-aws-uw1", "meta")]
    [TestCase("tags.Project", "ciforge", null)]
    public void Operator_ByClusterTag_IsTheFleetsOwn(string tag, string value, string? expected) =>
        Assert.That(Attribute(ALine.Of((tag, value)))[AttributeName.Operator], Is.EqualTo(expected));

    [Test]
    public void Account_WithoutItsId_DecidesNothing()
    {
        var result = Attribute(ALine.Of(("BillingAccountName", "Foundation AWS account"), ("ServiceProviderName", "AWS")));
        Assert.That((result[AttributeName.PayerAccount], result[AttributeName.Domain]), Is.EqualTo(((string?)null, (string?)null)));
    }

    [Test]
    public void Account_WithItsId_DecidesPayerDomainAndOperator()
    {
        var files = SeedPolicy.Policy.Files.Select(file => file.Name == "accounts.yaml"
            ? file with { Text = Set(file.Text, "    match: []", "    match: [{BillingAccountId: \"111122223333\"}]") }
            : file);

        var policy = PolicyLoader.Parse([.. files]);
        var result = policy.Attributor.Attribute(ALine.Of(("BillingAccountId", "111122223333"))).Single().Result;

        Assert.Multiple(() =>
        {
            Assert.That(result[AttributeName.PayerAccount], Is.EqualTo("aws-foundation"));
            Assert.That(result[AttributeName.Domain], Is.EqualTo("aws-foundation"));
            Assert.That(result[AttributeName.Operator], Is.EqualTo("linux-foundation"));
            Assert.That(policy.Notices, Has.Length.EqualTo(SeedPolicy.Policy.Notices.Length - 1));
            Assert.That(policy.ContentHash, Is.Not.EqualTo(SeedPolicy.Policy.ContentHash));
        });

        static string Set(string text, string from, string to)
        {
            var at = text.IndexOf(from, StringComparison.Ordinal);
            return string.Concat(text.AsSpan(0, at), to, text.AsSpan(at + from.Length));
        }
    }

    [TestCase("AWS Open Source Promotional Credits", null, "grant-aws-open-source", LineRole.Funding)]
    [TestCase("AWS Open Source Promotional Credits", "Correction", "grant-aws-open-source", LineRole.Funding)]
    [TestCase("Some promotion", "Correction", "credit-correction", LineRole.Charge)]
    [TestCase("SLA credit for June", null, "credit-service-level", LineRole.Charge)]
    [TestCase("Enterprise Discount Program discount", null, "credit-negotiated-price", LineRole.Charge)]
    [TestCase("Private Pricing discount", null, "credit-negotiated-price", LineRole.Charge)]
    [TestCase("Bundled Discount", null, "credit-negotiated-price", LineRole.Charge)]
    [TestCase("Refund for support", null, "credit-refund", LineRole.Charge)]
    [TestCase("Some promotion", null, null, LineRole.Charge)]
    public void Credit_ByDescription_IsFundingOrCharge(string description, string? chargeClass, string? rule, LineRole role)
    {
        var result = Attribute(ALine.Of(
            ("ChargeCategory", "Credit"), ("ChargeClass", chargeClass),
            ("ServiceProviderName", "AWS"), ("ChargeDescription", description)));
        Assert.That((result.RoleRuleId, result.Role, result.IsUnclassifiedCredit), Is.EqualTo((rule, role, rule is null)));
    }

    /// <summary>accounting.md, 3: Usage 100, Credit/Correction -30, Usage/Correction +5 is consumption 75, nobody gave anything.</summary>
    [Test]
    public void Correction_ShippedExample_Is75AndNobodyGaveAnything()
    {
        (string Category, string? Class, long Dollars)[] lines =
            [("Usage", null, 100), ("Credit", "Correction", -30), ("Usage", "Correction", 5)];
        var charges = lines.Where(line =>
            Attribute(ALine.Of(("ChargeCategory", line.Category), ("ChargeClass", line.Class))) is
            { Role: LineRole.Charge, IsUnclassifiedCredit: false });
        Assert.That(charges.Sum(line => line.Dollars), Is.EqualTo(75));
    }

    private static AttributionResult Attribute(DimensionSet set) => SeedPolicy.Policy.Attributor.Attribute(set).Single().Result;
}
