using System.Globalization;
using CiCost.Domain.Checks;
using CiCost.Ledger.Digests;

namespace CiCost.Accounting.Checks.Deep;

/// <summary>Records that no raw object decides.</summary>
public sealed class RecordsAreUnchanged() : DeepCheck(
    "RecordsAreUnchanged", "Sources, deliveries with their times and objects, notes, evidence with its figures, rule sets, feeds and the history "
        + "of runs have the digests that were taken when they were written.")
{
    /// <inheritdoc/>
    public override IEnumerable<CheckFailure> Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new DigestReader(context.Books).ChangedRecords().Select(r => Failure($"{r.Tables}, {r.Kind} {r.Key}", r switch
        {
            { Stored: "" } => "It was not written by cicost: it has no digest. Restore a backup.",
            { Recomputed: "" } => "It was removed, and its digest is still there. Restore a backup.",
            _ => "It was changed after it was written. Restore a backup.",
        }, r.Stored, r.Recomputed));
    }

    /// <summary>From where on the digests of books that are older than digests are to be trusted.</summary>
    public override IEnumerable<string> Notices(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var digests = new DigestReader(context.Books).Summary();
        if (digests.OfMigration > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{digests.OfMigration} of {digests.Records} digests were first taken when the books were brought to schema 9, at book version ")
                + $"{digests.MigratedAt?.ToString(CultureInfo.InvariantCulture) ?? "0"}. What only they prove (times, tool versions, notes, runs, "
                + "evidence) is trusted from there on; all else of these records was compared with raw objects and rules.";
        }
    }
}

/// <summary>The chain over book versions.</summary>
public sealed class VersionsAreChained() : DeepCheck(
    "VersionsAreChained", "The digest of every book version is of its row, of what was booked with it, and of the version before.")
{
    /// <inheritdoc/>
    public override IEnumerable<CheckFailure> Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new DigestReader(context.Books).BrokenLinks().Select(l => Failure($"{l.Tables}, book version {l.Key}", l switch
        {
            { Stored: "" } => "It was not written by cicost: it has no digest. Restore a backup.",
            { Recomputed: "" } => "It was removed, and its digest is still there. Restore a backup.",
            _ => "It, or a version before it, was changed after it was booked. Restore a backup.",
        }, l.Stored, l.Recomputed));
    }

    /// <summary>What to keep outside the books.</summary>
    public override IEnumerable<string> Notices(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var digests = new DigestReader(context.Books).Summary();
        yield return string.Create(CultureInfo.InvariantCulture, $"the digest of book version {digests.NewestVersion} is {digests.Head}. Who can ")
            + "write the file can also compute digests anew: note this one elsewhere, and that version must have it at every later check.";
    }
}
