#!/usr/bin/env python3
"""Copies demonstration files with one thing changed, to show that no figure hangs on what it must not hang on (standard library only).

Usage: alter.py rename FROM TO                        every resource, account, runner, job and workflow gets another id and name
       alter.py add FROM TO SOURCE AMOUNT             one Usage row of the source's last delivery costs so much more, in all four costs
       alter.py without-rule FROM TO RULE             the policy without one attribution rule
"""
import csv
import decimal
import gzip
import hashlib
import io
import json
import os
import shutil
import sys

NAMES = ("ResourceId", "ResourceName", "BillingAccountName", "SubAccountName", "CommitmentDiscountId", "CommitmentDiscountName")
JOB_NAMES = ("name", "workflow_name", "head_branch", "runner_name", "runner_group_name")
COSTS = ("BilledCost", "EffectiveCost", "ListCost", "ContractedCost")


def renamed(text):
    return "renamed-" + hashlib.sha256(text.encode()).hexdigest()[:20] if text else text


def read(path):
    with (gzip.open if path.endswith(".gz") else open)(path, "rb") as stream:
        return stream.read().decode("utf-8")


def write(path, text):
    with (gzip.open if path.endswith(".gz") else open)(path, "wb") as stream:
        stream.write(text.encode("utf-8"))


def rewrite_csv(path, change):
    """Passes each row, as a dictionary, to `change`; returns how often it said that it changed one."""
    reader = csv.DictReader(io.StringIO(read(path), newline=""), strict=True)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, reader.fieldnames, lineterminator="\n")
    writer.writeheader()
    changed = 0
    for row in reader:
        changed += bool(change(row))
        writer.writerow(row)
    write(path, out.getvalue())
    return changed


def rename_row(row):
    before = dict(row)
    for name in NAMES:
        if name in row:
            row[name] = renamed(row[name])
    return row != before


def rename_jobs(path):
    lines = []
    for line in read(path).splitlines():
        event = json.loads(line)
        job = event["workflow_job"]
        for name in JOB_NAMES:
            job[name] = renamed(job[name])
        lines.append(json.dumps(event, separators=(",", ":")))
    write(path, "\n".join(lines) + "\n")
    return len(lines)


def plan_of(folder):
    return sorted(json.loads(read(os.path.join(folder, "plan.json")))["deliveries"], key=lambda d: d["order"])


def rename(folder):
    changed = 0
    for path in {os.path.join(folder, name): d["kind"] for d in plan_of(folder) for name in d["files"]}.items():
        if path[1] == "github-jobs":
            changed += rename_jobs(path[0])
        elif path[1] == "focus-csv":
            changed += rewrite_csv(path[0], rename_row)
    return changed


def add(folder, source, amount):
    done = []

    def change(row):
        if done or row["ChargeCategory"] != "Usage" or row["ChargeClass"]:
            return False
        for name in COSTS:
            row[name] = format(decimal.Decimal(row[name]) + decimal.Decimal(amount), "f")
        done.append(row)
        return True

    last = [d for d in plan_of(folder) if d["source"] == source][-1]
    return rewrite_csv(os.path.join(folder, last["files"][0]), change)


def without_rule(folder, rule):
    changed = 0
    attribution = os.path.join(folder, "policy", "attribution")
    for name in os.listdir(attribution):
        path = os.path.join(attribution, name)
        kept, inside = [], False
        for line in read(path).splitlines(keepends=True):
            if line.startswith("  - "):
                inside = line.strip() == f"- id: {rule}"
                changed += inside
            if not inside:
                kept.append(line)
        write(path, "".join(kept))
    return changed


if __name__ == "__main__":
    what, source_folder, target = sys.argv[1:4]
    shutil.copytree(source_folder, target)
    count = {"rename": rename, "add": add, "without-rule": without_rule}[what](target, *sys.argv[4:])
    if count == 0:
        sys.exit(f"alter.py: {what} {' '.join(sys.argv[4:])} changed nothing")
    print(count)
