#!/usr/bin/env python3
"""Exact totals of FOCUS CSV files, computed without any code of this repository (Python standard library only).

Usage: focus_totals.py FILE...
Prints one JSON object: {FILE: {"rows": n, "emptyCosts": n, "totals": {CURRENCY: {"BilledCost": "1.5", ...}}}}.
Amounts are exact sums, as strings without exponent and without trailing zeros. An empty cost or the literal NULL counts as 0 and is
counted. A file without the columns that this needs is answered with {"missing": [...]}.
"""
import csv
import decimal
import gzip
import io
import json
import sys

COSTS = ("BilledCost", "EffectiveCost", "ListCost", "ContractedCost")
decimal.getcontext().prec = 200
decimal.getcontext().traps[decimal.Inexact] = True


def plain(value):
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def totals_of(path):
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rb") as stream:
        text = stream.read().decode("utf-8-sig")
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    missing = [name for name in (*COSTS, "BillingCurrency") if name not in reader.fieldnames]
    if missing:
        return {"missing": missing}
    rows = empty = 0
    totals = {}
    for row in reader:
        rows += 1
        sums = totals.setdefault(row["BillingCurrency"], dict.fromkeys(COSTS, decimal.Decimal(0)))
        for name in COSTS:
            if row[name] in ("", "NULL"):
                empty += 1
            else:
                sums[name] += decimal.Decimal(row[name])
    return {"rows": rows, "emptyCosts": empty,
            "totals": {code: {name: plain(value) for name, value in sums.items()} for code, sums in sorted(totals.items())}}


if __name__ == "__main__":
    json.dump({path: totals_of(path) for path in sys.argv[1:]}, sys.stdout, indent=1)
    print()
