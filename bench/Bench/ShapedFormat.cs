using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using CiCost.Accounting.Booking;
using CiCost.Domain.Lines;
using CiCost.Domain.Periods;

namespace CiCost.Bench;

/// <summary>A format that makes lines instead of reading them: so many dimension sets on every day of a month, so many lines
/// each.</summary>
internal sealed class ShapedFormat(int sets, int linesPerGroup) : ILineFormat
{
    private static readonly string[] Services =
        ["Amazon Elastic Compute Cloud", "Amazon Simple Storage Service", "AmazonCloudWatch", "Amazon Virtual Private Cloud", "AWS Lambda",
            "Amazon EC2 Container Registry (ECR)"];

    private static readonly string[] Instances = ["c7a.48xlarge", "r7a.48xlarge", "m7g.8xlarge", "g5.12xlarge", "p5.48xlarge", "c5.2xlarge",
        "m7i.12xlarge", "r7i.12xlarge"];

    public string Kind => "bench";

    public int MappingVersion => 1;

    public IReadOnlyDictionary<string, string> Profiles { get; } = new Dictionary<string, string>();

    public FormatReport Read(FormatRequest request, LineEncoder encoder, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(request.Objects[0].Open());
        var month = BillingMonth.Parse(reader.ReadToEnd().Trim());
        var ordinals = Enumerable.Range(0, sets).Select(i
            => encoder.AddDimensionSet(Hash128.Seed.Append(i, month.Index), Set(i))).ToArray();
        var resources = Enumerable.Range(0, 5_000).Select(i =>
            encoder.AddResource(Hash128.Seed.Append(i, -1), Encoding.UTF8.GetBytes("i-" + i.ToString("x12", CultureInfo.InvariantCulture)),
                default)).ToArray();
        uint rows = 0;
        for (var day = ChargeDay.Of(month.FirstDay); day <= ChargeDay.Of(month.LastDay); day++)
        {
            for (var i = 0; i < sets * linesPerGroup; i++)
            {
                var nanos = 1_000_000L + (i * 7_919L % 90_000_000) + day;
                encoder.Add(
                    new CostLineRow
                    {
                        DimensionSet = ordinals[i % sets],
                        Resource = resources[i % resources.Length],
                        ChargeStartSeconds = ((long)day * ChargeDay.SecondsPerDay) + (i % 24 * 3600),
                        ChargeSeconds = 3600,
                        BillingMonthIndex = month.Index,
                        BilledNanos = nanos,
                        EffectiveNanos = nanos,
                        ListNanos = nanos + 17,
                        ContractedNanos = nanos,
                        PricingUnits = 1,
                        HasPricingQuantity = true,
                    },
                    Hash128.Seed);
                rows++;
            }
        }

        return new FormatReport { FormatVersion = "1.4", Objects = [new ObjectRows(1, rows, 8, [0])] };
    }

    public IReadOnlyList<RawRow> ReadRows(ContentObject content, IReadOnlyList<long> rowNumbers, CancellationToken cancellationToken) =>
        throw new NotSupportedException("A made line has no raw row.");

    private static DimensionSet Set(int i)
    {
        var values = new string?[DimensionSet.ColumnCount];
        values[(int)DimensionColumn.BillingAccountId] = "bench";
        values[(int)DimensionColumn.SubAccountId] = string.Create(CultureInfo.InvariantCulture, $"account-{i % 40}");
        values[(int)DimensionColumn.BillingCurrency] = "USD";
        values[(int)DimensionColumn.ServiceProviderName] = "AWS";
        values[(int)DimensionColumn.ServiceName] = Services[i % Services.Length];
        values[(int)DimensionColumn.ChargeCategory] = "Usage";
        values[(int)DimensionColumn.RegionId] = i % 3 == 0 ? "us-east-1" : i % 3 == 1 ? "us-east-2" : "us-west-2";
        values[(int)DimensionColumn.ChargeDescription] =
            string.Create(CultureInfo.InvariantCulture, $"$1.{i:0000} per On Demand Linux {Instances[i % Instances.Length]} Instance Hour");
        return new DimensionSet(values, ImmutableSortedDictionary<string, string>.Empty);
    }
}
