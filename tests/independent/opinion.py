#!/usr/bin/env python3
"""A second opinion on the figures of demonstration books, where recompute.py repeats the program's own rules: commitments and refunds,
the mix of what is prepaid, several grants, repositories, sharing. Written from docs/accounting.md, not from the program.

Usage: opinion.py DEMO_DIR MONTH...
Reads what recompute.py reads and takes from it the reading of files, the matching of rules and the valuation of hours. Prints a JSON list,
one object a month. Amounts are decimal strings of whole nanos, rounded half-even from exact fractions.
"""
import collections
import json
import os
import sys

import opinion_bills
import opinion_funding
import opinion_sharing
import recompute


def listed(sums, *names):
    """Rows of a table by its keys, without those that are 0."""
    return [{**dict(zip(names, (text or "" for text in key))), "amount": recompute.plain(nanos)}
            for key, nanos in sorted(sums.items(), key=lambda item: tuple(text or "" for text in item[0])) if nanos]


def projects_of_repositories(policy):
    """The project of each repository that a rule names."""
    return {repository: rule.then["project"] for rule in policy.rules if "project" in rule.then
            for repository in rule.when.get("x_Repository", [])}


def github_by_project(policy, rows):
    known, sums = projects_of_repositories(policy), collections.Counter()
    for row in rows:
        if row.repository is not None and not row.grant:
            sums[row.source, known.get(row.repository, recompute.UNATTRIBUTED), row.currency] += row.effective
    return listed(sums, "source", "project", "currency")


def by_payer(rows):
    """Consumption, draws on grants and the bill of each payer account."""
    sums = collections.defaultdict(collections.Counter)
    for row in rows:
        is_draw = row.grant or row.is_rounding == "credits"
        account = recompute.ROUNDING if row.is_rounding else row.account or recompute.UNATTRIBUTED
        sums[account, row.currency].update({"consumption": 0 if is_draw else row.effective, "payable": row.billed})
    return [{"payerAccount": account, "currency": currency, **{name: recompute.plain(nanos) for name, nanos in sorted(held.items())}}
            for (account, currency), held in sorted(sums.items())]


def paid(payers):
    """What became of the grants and of what is paid ahead, of the payers of one month."""
    given, ahead, draws, unapplied, rolls = (collections.Counter(), collections.Counter(), collections.Counter(), collections.Counter(), [])
    for payer in payers:
        for part in payer.parts:
            given[(*part.funder, payer.currency)] += part.nanos
        for (commitment, (organisation, kind, _)), nanos in payer.changes.items():
            ahead[payer.account, commitment, organisation, kind, payer.currency] += nanos
        draws.update({(payer.account, grant, payer.currency): nanos for grant, nanos in payer.draws.items()})
        unapplied.update({(payer.account, grant, payer.currency): nanos for grant, nanos in payer.unapplied.items()})
        rolls += [{"payerAccount": payer.account, "commitment": commitment, "currency": payer.currency, **prepaid.roll_forward()}
                  for commitment, prepaid in payer.prepaid.items()]
    return {
        "funding": listed(given, "organisation", "kind", "grant", "currency"),
        "paidAhead": listed(ahead, "payerAccount", "subject", "organisation", "kind", "currency"),
        "draws": listed(draws, "payerAccount", "subject", "currency"),
        "unappliedCredits": listed(unapplied, "payerAccount", "subject", "currency"),
        "prepaid": sorted(rolls, key=lambda roll: (roll["payerAccount"], roll["commitment"])),
    }


def splits_of(policy, month):
    """None, which is the policy of each day, and each split that holds on all days."""
    first, end = recompute.month_days(month)
    return [None, *(split["id"] for dated, split in policy.splits if dated.first <= first and end <= dated.end)]


def main(folder, months):
    policy_folder = os.path.join(folder, "policy")
    policy = recompute.Policy(policy_folder)
    rows = opinion_bills.read_all(folder, policy)
    answers = {}
    for month, payers in opinion_funding.by_month(policy, rows, opinion_funding.Known(policy_folder)):
        if month in months:
            of_month = [row for row in rows if row.month == month]
            answers[month] = {
                "month": month, "payers": by_payer(of_month), "projects": github_by_project(policy, of_month), **paid(payers),
                "statements": [opinion_sharing.state(policy, month, payers, split) for split in splits_of(policy, month)],
            }
    json.dump([answers[month] for month in months], sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
