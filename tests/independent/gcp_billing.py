#!/usr/bin/env python3
"""Lines and exact totals of Google billing exports, made from docs/formats.md without any code or mapping of this repository.

Usage: gcp_billing.py FILE...   JSON lines as the source 'google-bigquery' writes them.
Prints {FILE: {"lines": [[row, category, class, billed, effective, list, contracted]...], "totals": {CURRENCY: {...}}}}.
Amounts are exact and printed without exponent and trailing zeros; with more than 18 digits behind the point they are rounded half-even.
"""
import decimal
import json
import sys

decimal.getcontext().prec = 200
CATEGORIES = {"regular": "Usage", "tax": "Tax", "adjustment": "Adjustment", "rounding_error": "Adjustment"}
DISCOUNTS = ("COMMITTED_USAGE_DISCOUNT", "COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE", "SUSTAINED_USAGE_DISCOUNT", "DISCOUNT",
             "RESELLER_MARGIN", "SUBSCRIPTION_BENEFIT")


def number(text):
    value = decimal.Decimal(text)
    return value if value.as_tuple().exponent >= -18 else value.quantize(decimal.Decimal("1e-18"), rounding=decimal.ROUND_HALF_EVEN)


def plain(value):
    text = format(decimal.Decimal(value), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def lines_of(row):
    corrects = any((row.get("adjustment_info") or {}).values())
    cost = number(row["cost"])
    listed = number(row["cost_at_list"]) if row.get("cost_at_list") is not None else cost
    yield CATEGORIES[row["cost_type"]], "Correction" if corrects else None, (cost, cost, listed, cost)
    for credit in row.get("credits") or []:
        amount = number(credit["amount"])
        is_discount = credit["type"] in DISCOUNTS
        yield ("Adjustment" if is_discount else "Credit", "Correction" if corrects and is_discount else None, (amount, amount, 0, 0))


def read(path):
    lines, totals = [], {}
    with open(path, encoding="utf-8") as file:
        for number_of_row, text in enumerate(file, 1):
            row = json.loads(text, parse_float=str, parse_int=str)
            for category, kind, costs in lines_of(row):
                lines.append([number_of_row, category, kind, *map(plain, costs)])
                sums = totals.setdefault(row["currency"], [decimal.Decimal(0)] * 4)
                totals[row["currency"]] = [a + b for a, b in zip(sums, costs)]
    names = ("BilledCost", "EffectiveCost", "ListCost", "ContractedCost")
    return {"lines": lines, "totals": {c: dict(zip(names, map(plain, s))) for c, s in totals.items()}}


if __name__ == "__main__":
    print(json.dumps({path: read(path) for path in sys.argv[1:]}))
