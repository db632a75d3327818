"""Rows of a demonstration's bills, with the columns on which commitments, reserved capacity and repositories hang (a part of opinion.py).

Attribution by the policy's rules, the valuation of hours, and rounding to nanos are recompute.py's: no opinion is asked of them.
"""
import collections
import csv
import json
import os

import recompute

FACTS = ("CommitmentDiscountId", "CommitmentDiscountStatus", "CapacityReservationStatus")
Row = collections.namedtuple("Row", "source account day month currency category attributes grant commitment is_unused repository "
                             "is_rounding billed effective")


class Bill(recompute.Delivery):
    """Lines of one delivery, each with what its row says beyond the columns of rules."""

    def __init__(self, policy, source, month):
        super().__init__(policy, source, month)
        self.facts = []

    def add(self, columns, day, costs, facts=None):
        super().add(columns, day, costs)
        self.facts.append({"x_Repository": columns.get("x_Repository", ""), **(facts or {})})

    def rows(self):
        lines = self.close()
        facts = self.facts + [{}] * (len(lines) - len(self.facts))
        return merged(row_of(line, about) for line, about in zip(lines, facts) if line.counts)


def row_of(line, facts):
    is_rounding = line.role not in ("charge", "funding")
    unused = "Unused" in (facts.get("CommitmentDiscountStatus"), facts.get("CapacityReservationStatus"))
    return Row(line.source, line.account or "", line.day, recompute.month_of(line.day), line.currency, line.category, line.attributes,
               line.grant, facts.get("CommitmentDiscountId") or None, unused, facts.get("x_Repository") or None,
               "credits" if is_rounding and line.category == "Credit" else "charges" if is_rounding else None, line.billed, line.effective)


def merged(rows):
    """Rows that no rule tells apart, as one. A bill's sign and what is free of it tell rows apart: reversals, refunds, covered use."""
    sums = {}
    for row in rows:
        key = (*row[:6], id(row.attributes), *row[7:-2], row.billed > 0, row.billed < 0, row.billed == row.effective, row.effective > 0)
        first = sums.get(key)
        sums[key] = row if first is None else row._replace(billed=first.billed + row.billed, effective=first.effective + row.effective)
    return list(sums.values())


def read_focus(bill, path):
    with recompute.opened(path) as stream:
        rows = csv.reader(stream, strict=True)
        place = {name: i for i, name in enumerate(next(rows))}
        named = [(name, place[name]) for name in dict.fromkeys((*columns_of_rules(bill.policy), *FACTS)) if name in place]
        costs, known = [place[name] for name in recompute.FOCUS_COSTS], {}
        for row in rows:
            texts = tuple(row[i] for _, i in named)
            if texts not in known:
                facts = {name: row[place[name]] for name in FACTS if name in place}
                columns = {name: row[i] for name, i in named if row[i] and name != "CapacityReservationStatus"}
                known[texts] = recompute.focus_columns(bill.policy, columns), facts
            columns, facts = known[texts]
            bill.add(columns, recompute.utc_day(row[place["ChargePeriodStart"]]), [recompute.attos(row[i]) for i in costs], facts)


def columns_of_rules(policy):
    return ("BillingAccountId", "BillingAccountName", "BillingAccountType", "SubAccountId", "SubAccountName", "SubAccountType",
            "BillingCurrency", "InvoiceIssuerName", "ServiceProviderName", "ProviderName", "ServiceCategory", "ServiceName",
            "ChargeCategory", "ChargeClass", "ChargeDescription", "SkuId", "SkuMeter", "CommitmentDiscountId",
            "CommitmentDiscountStatus", "Tags", *policy.custom_columns)


def read_github(bill, path):
    """GitHub names a repository by two columns, its owner and its bare name; together they are the repository."""
    with recompute.opened(path) as stream:
        for row in csv.DictReader(stream, strict=True):
            owner, name = row["organization"], row["repository"]
            what, day = f"{row['product']}: {row['sku']}", recompute.day_number(row["date"])
            columns = {
                "BillingAccountId": owner, "SubAccountId": owner, "BillingCurrency": "USD", "InvoiceIssuerName": "GitHub",
                "ServiceProviderName": "GitHub", "ServiceCategory": "Developer Tools", "SkuId": row["sku"],
                "ServiceName": "GitHub Actions" if row["product"] == "actions" else "GitHub " + row["product"],
                "x_Repository": f"{owner}/{name}" if name else "", "x_WorkflowPath": row["workflow_path"],
            }
            gross, discount = recompute.attos(row["gross_amount"]), recompute.attos(row["discount_amount"])
            bill.add({**columns, "ChargeCategory": "Usage", "ChargeDescription": f"GitHub {what}"}, day, [gross] * 4)
            bill.add({**columns, "ChargeCategory": "Credit",
                      "ChargeDescription": f"GitHub discount for included or free usage of {what}"}, day, [-discount, -discount, 0, 0])


READERS = {"focus-csv": read_focus, "gcp-billing": recompute.read_google_billing, "github-usage": read_github}


def last_deliveries(folder):
    with open(os.path.join(folder, "plan.json"), encoding="utf-8") as stream:
        deliveries = sorted(json.load(stream)["deliveries"], key=lambda d: d["order"])
    return list({(d["source"], d["month"], d["part"]): d for d in deliveries}.values())


def read_all(folder, policy):
    """The rows that count, of bills and of valued hours."""
    rows, runs = [], {}
    deliveries = last_deliveries(folder)
    for delivery in deliveries:
        paths = [os.path.join(folder, name) for name in delivery["files"]]
        if delivery["kind"] == "github-jobs":
            for path in paths:
                recompute.read_jobs(runs, path)
            continue
        bill = Bill(policy, delivery["source"], delivery["month"])
        for path in paths:
            READERS[delivery["kind"]](bill, path)
        rows += bill.rows()
    months = sorted({d["month"] for d in deliveries})
    valued, _, _ = recompute.value_jobs(policy, recompute.hours_by_day(policy, runs), months)
    return rows + merged(row_of(line, {}) for line in valued if line.counts)
