using CiCost.CostApi.Documents;
using CiCost.CostApi.Hosting;
using CiCost.Domain.Periods;
using CiCost.Ledger.BookVersions;

namespace CiCost.CostApi.Pages;

/// <summary>What the page shows of how a billing period ties: the document of <c>/v1/reconciliation</c>, and what stands beside it.</summary>
public sealed record ReconciliationModel
{
    /// <summary>The billing period.</summary>
    public required BillingMonth Month { get; init; }

    /// <summary>The books.</summary>
    public required BookVersion Version { get; init; }

    /// <summary>Every billing period with a delivery, newest first.</summary>
    public required IReadOnlyList<BillingMonth> Months { get; init; }

    /// <summary>The answer of the API.</summary>
    public required ReconciliationDocument Document { get; init; }

    /// <summary>How the checks ended, and how fresh the sources are.</summary>
    public required BooksCondition Condition { get; init; }

    /// <summary>The finding in one sentence: how many figures tie, and what hinders the others.</summary>
    public string Lead
    {
        get
        {
            var compared = Document.TieOuts.Where(t => t.State != "estimate").ToList();
            if (compared.Count == 0)
            {
                return "Nothing is booked for this billing period, and nobody states anything about it.";
            }

            string[] parts =
            [
                Part("ties", "tie", "ties"),
                Part("weak", "tie weakly", "ties weakly"),
                Part("differs", "differ", "differs"),
                Part("not-provable", "cannot be proved", "cannot be proved"),
            ];
            return $"Of {compared.Count} figures, {string.Join(", ", parts.Where(p => p.Length > 0))}.";

            string Part(string state, string many, string one) => compared.Count(t => t.State == state) switch
            {
                0 => "",
                1 => $"1 {one}",
                var count => $"{count} {many}",
            };
        }
    }

    /// <summary>Reads a billing period; null takes the newest one with a delivery.</summary>
    internal static async Task<ReconciliationModel> ReadAsync(OpenBooks books, BillingMonth? asked, CancellationToken cancellationToken)
    {
        var (version, months, month) = ShownMonth.Of(books, asked);
        var condition = await books.Checks.ConditionAsync(version, month, cancellationToken).ConfigureAwait(false);
        return new ReconciliationModel
        {
            Month = month,
            Version = version,
            Months = months,
            Document = ReconciliationDocument.Of(books.Reconciliation.Run(month, null), books.Sources.Run(), condition.Checks),
            Condition = condition,
        };
    }
}
