#!/usr/bin/env python3
"""Copies demonstration files and adds what they do not contain, for opinion.py (standard library and python3-yaml).

Usage: harden.py FROM TO MONTH MONTH MONTH
Keeps the deliveries of three months. Adds commitments that are bought twice, used before they are bought, refunded with and without a
reversal of credits and beyond what is unused, opened before the books, ended with a rest; two restricted grants beside the open one, one
of them larger than what it may pay; unused reserved capacity that a grant pays; work for a beneficiary; a split that changes within a month.
"""
import json
import os
import shutil
import sys

import yaml

import alter

PLAN, BLOCK, LATE = (f"arn:aws:savingsplans::999900000002:savingsplan/hard-{name}" for name in ("plan", "block", "late"))
RESERVATION = "/providers/microsoft.capacity/reservationOrders/99990003-0000-4000-8000-00000000000a"
REVERSAL = "AWS Open Source Promotional Credits, taken back"
COST_OF_USE, COST_OF_BILL = ("EffectiveCost", "ListCost", "ContractedCost"), ("BilledCost", "ListCost", "ContractedCost")


def usage(amount, **others):
    return {"like": "Usage", **{name: amount for name in alter.COSTS}, **others}


def bought(commitment, amount, charge_class=""):
    return {"like": "Usage", "ChargeCategory": "Purchase", "ChargeClass": charge_class, "ChargeFrequency": "One-Time", "EffectiveCost": "0",
            "CommitmentDiscountId": commitment, **{name: amount for name in COST_OF_BILL}}


def used(commitment, amount):
    return {"like": "Usage", "BilledCost": "0", "CommitmentDiscountId": commitment, "CommitmentDiscountStatus": "Used",
            **{name: amount for name in COST_OF_USE}}


def credit(description, amount):
    return {"like": "Credit", "ChargeDescription": description, "BilledCost": amount, "EffectiveCost": amount, "ListCost": "0",
            "ContractedCost": "0"}


STORAGE = {"ServiceName": "Amazon Simple Storage Service", "ServiceCategory": "Storage", "ChargeDescription": "storage used"}
UNUSED = {"CapacityReservationId": "cr-0hard", "CapacityReservationStatus": "Unused"}
ROWS = (
    (usage("70000.123456789012"), usage("40000.000000000007", **STORAGE), usage("1234.5", **UNUSED), bought(PLAN, "12000"), used(PLAN, "1500"),
     bought(BLOCK, "2000"), used(LATE, "600.25"), credit("Compute Science Credits", "-60000"), credit("Disk Science Credits", "-20000")),
    (bought(PLAN, "3000"), used(PLAN, "1500"), used(BLOCK, "500"), bought(BLOCK, "-1000", "Correction"), credit(REVERSAL, "300"),
     bought(LATE, "1000"), used(LATE, "100"), credit("Compute Science Credits", "-30000")),
    (used(PLAN, "1500"), bought(PLAN, "-14000", "Correction"), credit(REVERSAL, "5000"), credit("Disk Science Credits", "-500000")),
)


def add_rows(folder, month, rows):
    delivery = [d for d in alter.plan_of(folder) if (d["source"], d["month"]) == ("aws-foundation", month)][-1]
    path = os.path.join(folder, delivery["files"][0])
    lines = alter.read(path).splitlines()
    found = {}

    def remember(row):
        if not row["ChargeClass"] and not row["CommitmentDiscountId"]:
            found.setdefault(row["ChargeCategory"], dict(row))

    for name in delivery["files"]:
        alter.rewrite_csv(os.path.join(folder, name), remember)
    for row in rows:
        row = {**found[row["like"]], **row}
        lines.append(",".join('"' + row[name].replace('"', '""') + '"' for name in lines[0].split(",")))
    alter.write(path, "\n".join(lines) + "\n")


def keep_months(folder, months):
    path = os.path.join(folder, "plan.json")
    plan = json.loads(alter.read(path))
    plan["deliveries"] = [d for d in plan["deliveries"] if d["month"] in months]
    alter.write(path, json.dumps(plan))


def change_yaml(folder, name, change):
    path = os.path.join(folder, "policy", name)
    document = yaml.load(alter.read(path), Loader=yaml.BaseLoader)
    change(document)
    alter.write(path, yaml.dump(document, default_style='"'))


def grant_rule(grant, words):
    return {"id": "grant-" + grant, "when": {"ChargeCategory": "Credit", "ChargeDescription": {"startsWith": words}}, "then": {"grant": grant}}


def change_funding(document, first):
    document["grants"] += [
        {"id": "compute-science", "name": "Compute science", "donor": "google", "kind": "credits", "notFor": ["storage"]},
        {"id": "disk-science", "name": "Disk science", "donor": "ibm", "kind": "credits", "notFor": ["compute", "support", "tax"]},
    ]
    document["rules"][:0] = [grant_rule("compute-science", "Compute Science Credits"), grant_rule("disk-science", "Disk Science Credits")]
    document["openingBalances"] = [{
        "commitment": RESERVATION, "account": "azure-foundation", "currency": "USD", "amount": "930", "asOf": first + "-01",
        "funders": [{"grant": "compute-science", "amount": "430"},
                    {"organisation": "linux-foundation", "kind": "foundation-cash", "amount": "500"}],
        "evidence": "invented", "approver": "somebody",
    }]


def change_splits(document, first, last):
    even, chips = document["splits"]
    even.update({"status": "agreed", "to": first + "-16", "excluded": [
        {"id": "infrastructure", "reason": "elsewhere", "attribute": "project", "values": ["test-infra"]}]})
    even["participants"] = [{**p, "from": first + "-10"} if p["organisation"] == "meta" else p for p in even["participants"]]
    even["inKind"] = [{"organisation": "amd", "acceptedPerMonth": "300000", "to": first + "-11"},
                      {"organisation": "amd", "acceptedPerMonth": "90000", "from": first + "-11"}]
    chips.update({"status": "agreed", "from": first + "-16"})
    chips["participants"][0]["to"] = last + "-20"


def harden(folder, months):
    keep_months(folder, months)
    for month, rows in zip(months, ROWS):
        add_rows(folder, month, rows)
    change_yaml(folder, "funding.yaml", lambda document: change_funding(document, months[0]))
    change_yaml(folder, "funding.yaml", lambda document: document.update(
        commitmentEnds=[{"commitment": RESERVATION, "to": months[-1] + "-20", "evidence": "invented"}]))
    change_yaml(folder, "splits.yaml", lambda document: change_splits(document, months[0], months[-1]))
    alter.write(os.path.join(folder, "policy", "attribution", "a-beneficiary.yaml"), yaml.dump({"rules": [
        {"id": "for-meta", "when": {"x_Repository": ["pytorch/executorch"]}, "then": {"beneficiary": "meta"}},
        {"id": "for-amd", "when": {"x_Repository": ["pytorch/vision"]}, "then": {"beneficiary": "amd"}}]}))


if __name__ == "__main__":
    shutil.copytree(sys.argv[1], sys.argv[2])
    harden(sys.argv[2], sys.argv[3:])
