using CiCost.Domain.Checks;
using CiCost.Ledger.Proofs;
using CiCost.Ledger.Rules;
using CiCost.Policy;

namespace CiCost.Accounting.Checks.Deep;

/// <summary>A check of <c>cicost check --deep</c>: it proves the whole books, whichever month was asked for.</summary>
/// <param name="name">The stable name.</param>
/// <param name="claim">The claim.</param>
public abstract class DeepCheck(string name, string claim) : Check(name, claim)
{
    /// <summary>The failure of a value that is not what it is recomputed to be.</summary>
    protected CheckFailure Failure(RecordDifference difference, string message)
    {
        ArgumentNullException.ThrowIfNull(difference);
        return Failure($"{difference.Table}, {difference.Where}" + (difference.Column.Length == 0 ? "" : $", {difference.Column}"), message,
            difference.Recomputed, difference.Stored);
    }
}

/// <summary>Pages, indexes, references and schema.</summary>
public sealed class DatabaseIsSound() : DeepCheck(
    "DatabaseIsSound", "SQLite finds every page, index and reference whole, and tables and views are those that the program makes.")
{
    private const string Do = "The file is damaged. Restore a backup.";

    /// <inheritdoc/>
    public override IEnumerable<CheckFailure> Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var proof = new DatabaseProof(context.Books);
        return proof.PageProblems().Select(p => Failure("the database file", $"{p.TrimEnd('.')}. {Do}"))
            .Concat(proof.SchemaDifferences().Select(d => Failure(d, "The schema was changed. Restore a backup.")));
    }
}

/// <summary>The stored rules are those that were taken over.</summary>
public sealed class PolicyIsUnchanged() : DeepCheck(
    "PolicyIsUnchanged", "The stored files of every rule set have the hash under which they were taken over: the hash in every answer is of the "
        + "rules that made it.")
{
    /// <inheritdoc/>
    public override IEnumerable<CheckFailure> Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var registry = new RuleSetRegistry(context.Books);
        foreach (var id in new DatabaseProof(context.Books).RuleSets())
        {
            var (stored, actual) = (registry.HashOf(id), PolicyLoader.HashOf([.. registry.FilesOf(id).Select(f => new PolicyFile(f.Name, f.Content))]));
            if (stored != actual)
            {
                yield return Failure($"rule_set, rule_file, rule set {id}",
                    "Its text was changed after it was taken over; no answer is made by it (policy-changed). Restore a backup.", stored, actual);
            }
        }
    }
}

/// <summary>Keys that are hashes.</summary>
public sealed class KeysAreHashes() : DeepCheck(
    "KeysAreHashes", "The key of every dimension set and of every attribution result is the hash of what it says.")
{
    /// <inheritdoc/>
    public override IEnumerable<CheckFailure> Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new DatabaseProof(context.Books).KeyDifferences()
            .Select(d => Failure(d, "The row was changed after it was booked. Restore a backup."));
    }
}

/// <summary>Attributions of all rule sets, for answers as of the past.</summary>
public sealed class EveryRuleSetAttributes() : DeepCheck(
    "EveryRuleSetAttributes", "Under every rule set, past ones too, each dimension set of its time has the attribution that its rules give.")
{
    /// <inheritdoc/>
    public override IEnumerable<CheckFailure> Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var proof = new DatabaseProof(context.Books);
        var sets = new Ledger.Costs.DimensionReader(context.Books).All();
        var versions = proof.FirstVersions();
        var last = sets.Count == 0 ? 0 : sets[^1].Id; // Sets with larger numbers came while this ran.
        foreach (var (ruleSetId, ends) in proof.Reigns())
        {
            var stored = new Ledger.Costs.AttributionReader(context.Books).All(ruleSetId).ToDictionary();
            var attributor = context.Policies.Get(ruleSetId).Set.Attributor;
            foreach (var (id, set) in sets)
            {
                var isOfItsTime = versions.TryGetValue(id, out var version) && version < ends;
                var has = stored.Remove(id, out var attributions);
                var expected = isOfItsTime ? attributor.Attribute(set) : [];
                if (has != isOfItsTime || (has && !attributions.SequenceEqual(expected)))
                {
                    yield return Failure($"attribution, rule set {ruleSetId}, dimension set {id}",
                        "It is not what the rules give. Restore a backup; when a newer program reads the rules otherwise, 'cicost attribute' with a "
                            + "changed policy writes those of the current rule set anew.",
                        isOfItsTime ? AttributionFollowsRules.Text(expected) : RecordDifference.NoRow,
                        has ? AttributionFollowsRules.Text(attributions) : RecordDifference.NoRow);
                }
            }

            foreach (var id in stored.Keys.Where(id => id <= last).Order())
            {
                yield return Failure($"attribution, rule set {ruleSetId}, dimension set {id}", "There is no such dimension set. Restore a backup.",
                    RecordDifference.NoRow, AttributionFollowsRules.Text(stored[id]));
            }
        }

        foreach (var ruleSetId in proof.UnusedRuleSets())
        {
            yield return Failure($"attribution, rule set {ruleSetId}", "No book version has this rule set. Restore a backup.");
        }
    }
}
