using System.Collections.Immutable;
using CiCost.Domain.Attribution;
using CiCost.Domain.Lines;
using CiCost.Policy;

namespace CiCost.Accounting.Jobs;

/// <summary>What the rules of the policy see of a job: usage with a runner label and a repository.</summary>
public static class JobDimensions
{
    /// <summary>The custom column that carries a job's label.</summary>
    public const string LabelColumn = ColumnTest.RunnerLabelColumn;

    /// <summary>The custom column that carries a job's repository.</summary>
    public const string RepositoryColumn = "x_Repository";

    /// <summary>The dimension set of a label and a repository; a column that the policy does not read is left out.</summary>
    /// <param name="label">The runner label.</param>
    /// <param name="repository">The repository as <c>owner/name</c>; empty when it is not known.</param>
    /// <param name="policy">The policy.</param>
    public static DimensionSet Of(string label, string repository, PolicySet policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var values = new string?[DimensionSet.ColumnCount];
        values[(int)DimensionColumn.ChargeCategory] = "Usage";
        values[(int)DimensionColumn.BillingCurrency] = "USD";
        var extras = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (column, value) in new[] { (LabelColumn, label), (RepositoryColumn, repository) })
        {
            if (policy.DimensionOptions.CustomColumns.Contains(column))
            {
                extras.Add(column, value);
            }
        }

        return new DimensionSet(values, extras.ToImmutable());
    }
}
