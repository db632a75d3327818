using System.Collections.Frozen;
using System.Collections.Immutable;
using CiCost.Domain.Attribution;
using CiCost.Domain.Funding;
using CiCost.Policy.Linting;
using CiCost.Policy.Yaml;

namespace CiCost.Policy.Reading;

/// <summary>Reads accounts.yaml.</summary>
internal sealed class AccountsReader(VocabularyReader words, ConditionReader conditions)
{
    /// <summary>The columns that say whose bill a line is on.</summary>
    private static readonly FrozenSet<string> Columns = new[]
    {
        "BillingAccountId", "BillingAccountName", "BillingAccountType", "SubAccountId", "SubAccountName", "SubAccountType",
        "InvoiceIssuerName", "ServiceProviderName", "HostProviderName", "x_ProviderName", "x_PublisherName",
    }.ToFrozenSet(StringComparer.Ordinal);

    private readonly List<PolicyNotice> _notices = [];

    public KnownIds Ids { get; } = new("account", PolicyTexts.Accounts);

    public IReadOnlyList<PolicyNotice> Notices => _notices;

    public ImmutableArray<Account> Read()
    {
        var accounts = words.ReadItems(PolicyTexts.Accounts, Shape.AccountsFile, Shape.Account, Ids, (id, map, errors) =>
        {
            var (name, provider) = (map.Text("name"), map.Id("provider"));
            var owner = words.OrganisationIds.Resolve(map.Text("owner"), errors);
            var paysWith = map.Node("paysWith") is null ? null : map.Choice("paysWith", Choices.OwnerKinds);
            var part = map.Node("part") is null ? null : map.Choice("part", Choices.Parts);
            var issuer = map.Text("invoiceIssuer");
            var match = ReadMatch(id, map, errors);
            return name is null || owner is null || provider is null ? null : new Account(id, name.Value, owner, provider.Value, match)
            {
                PaysWith = paysWith ?? FundingKind.MemberPaid,
                Part = part ?? (paysWith == FundingKind.FoundationCash ? BooksPart.FoundationAccounts : BooksPart.Contributions),
                InvoiceIssuer = issuer?.Value,
            };
        });

        foreach (var account in accounts)
        {
            conditions.Define(account.Id, account.Match);
        }

        conditions.Accounts = Ids;
        return accounts;
    }

    private RuleConditions? ReadMatch(string id, MapReader map, FileErrors errors)
    {
        var alternatives = map.List("match");
        if (map.Node("match") is YamlList { Items.Count: 0 } list)
        {
            _notices.Add(new PolicyNotice(errors.File, list.Line, PolicyNotice.AccountNotSet,
                $"Account '{id}' has no id yet, so no line is attributed to it. Add - BillingAccountId: '...' under its match."));
        }

        var parts = new List<RuleConditions>();
        foreach (var node in alternatives)
        {
            if (conditions.Read(node, errors, RefuseColumn) is not { } part)
            {
                continue;
            }

            if (!errors.IsChecked && RuleLint.IsCatchAll(part))
            {
                errors.Add(node, PolicyErrorCode.CatchAll,
                    $"Account '{id}' would take every line. Name what sets its lines apart, such as BillingAccountId.");
                continue;
            }

            parts.Add(part);
        }

        return parts.Count switch
        {
            0 => null,
            1 => parts[0],
            _ => new RuleConditions([], [[.. parts]]),
        };
    }

    private static string? RefuseColumn(string column) => Columns.Contains(column)
        ? null
        : $"'{Words.Cut(column)}' does not say whose bill a line is on.{Words.DidYouMean(column, Columns)} "
            + $"Use: {Words.List(Columns.Order(StringComparer.Ordinal))}.";
}
