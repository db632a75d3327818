#!/usr/bin/env python3
"""Exact totals of native bills, computed from their raw columns without any code or mapping of this repository (standard library only).

Usage: native_totals.py KIND:FILE...   KIND is aws-cur, aws-cur2, oci, azure-ea or github-usage.
Prints one JSON object: {FILE: {"rows": n, "lines": n, "totals": {CURRENCY: {"BilledCost": "1.5", ...}}}}.
The rules are those of docs/formats.md. Amounts are exact sums, as strings without exponent and without trailing zeros; only a price
times a quantity is rounded, half-even, to 18 digits behind the point.
"""
import csv
import decimal
import io
import json
import sys

COSTS = ("BilledCost", "EffectiveCost", "ListCost", "ContractedCost")
DISCOUNTS = ("Discount", "BundledDiscount", "EdpDiscount", "PrivateRateDiscount", "RiVolumeDiscount", "SppDiscount",
             "DistributorDiscount")
decimal.getcontext().prec = 200


def number(text):
    return decimal.Decimal(text) if text else decimal.Decimal(0)


def product(price, quantity):
    return (price * quantity).quantize(decimal.Decimal("1e-18"), rounding=decimal.ROUND_HALF_EVEN)


def plain(value):
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


# Refunds of fees: what of a commitment's fee nothing used goes with it. Known here are the words of the test files.
def of_fee(row, arn):
    text = row["lineitemlineitemdescription"]
    return "EDP" not in text and "Private" not in text and (arn or "Savings Plan ID" in text or "Sign up charge" in text)


def unused_shares(rows):
    rows = [{"".join(c for c in name if c.isalnum()).lower(): value for name, value in row.items()} for row in rows]
    sums = {}
    for row in rows:
        if row["lineitemlineitemtype"] in ("SavingsPlanRecurringFee", "RIFee"):
            arn = row["savingsplansavingsplanarn"] or row["reservationreservationarn"]
            unused = (number(row["savingsplantotalcommitmenttodate"]) - number(row["savingsplanusedcommitment"])
                      + number(row["reservationunusedamortizedupfrontfeeforbillingperiod"]) + number(row["reservationunusedrecurringfee"]))
            fee, rest = sums.get(arn, (0, 0))
            sums[arn] = fee + number(row["lineitemunblendedcost"]), rest + unused
    for row in rows:
        text = row["lineitemlineitemdescription"]
        arn = row.get("savingsplansavingsplanarn") or row.get("reservationreservationarn") or next(
            (known for known in sums if known.rsplit("/", 1)[-1] in text), None)
        fee, rest = sums.get(arn, (1, 0))
        yield rest / fee if "recurring" in text or "hourly" in text else decimal.Decimal(0)


def aws_cur(row):
    row = {"".join(c for c in name if c.isalnum()).lower(): value for name, value in row.items()}

    def amount(*names):
        return number(next((row[name] for name in names if row.get(name)), ""))

    kind = row["lineitemlineitemtype"]
    gross = amount("lineitemunblendedcost")
    cost = amount("lineitemnetunblendedcost", "lineitemunblendedcost")
    listed = amount("pricingpublicondemandcost") or gross
    reserved, planned = row.get("reservationreservationarn"), row.get("savingsplansavingsplanarn")
    if kind == "Usage":
        costs = cost, cost, listed, gross
    elif kind == "DiscountedUsage":
        costs = cost, amount("reservationneteffectivecost", "reservationeffectivecost"), listed, listed
    elif kind == "SavingsPlanCoveredUsage":
        costs = 0, amount("savingsplannetsavingsplaneffectivecost", "savingsplansavingsplaneffectivecost"), listed, gross
    elif kind == "SavingsPlanNegation":
        costs = 0, 0, 0, 0
    elif kind == "SavingsPlanUpfrontFee" or (kind == "Fee" and (reserved or planned)):
        costs = cost, 0, gross, gross
    elif kind == "SavingsPlanRecurringFee":
        costs = cost, amount("savingsplantotalcommitmenttodate") - amount("savingsplanusedcommitment"), gross, gross
    elif kind == "RIFee":
        unused = amount("reservationnetunusedamortizedupfrontfeeforbillingperiod",
                        "reservationunusedamortizedupfrontfeeforbillingperiod")
        costs = cost, unused + amount("reservationnetunusedrecurringfee", "reservationunusedrecurringfee"), gross, gross
    elif kind in ("Fee", "FlatRateSubscription"):
        costs = cost, cost, gross, gross
    elif kind == "Refund" and of_fee(row, reserved or planned):
        costs = cost, product(cost, row["unusedshare"]), gross, gross
    elif kind in ("Tax", "Credit", "Refund"):
        costs = cost, cost, cost, cost
    elif kind in DISCOUNTS:
        costs = cost, cost, 0, gross
    else:
        raise ValueError(kind)
    return row["lineitemcurrencycode"], [costs]


def oci(row):
    return row["cost/currencyCode"], [(number(row["cost/myCost"]),) * 4]


def azure_ea(row):
    cost = number(row["CostInBillingCurrency"])
    if row["ChargeType"] != "Usage":
        return row["BillingCurrencyCode"], [(cost,) * 4]
    quantity = number(row["Quantity"])
    contracted = product(number(row["UnitPrice"]), quantity) if number(row["UnitPrice"]) else cost
    listed = product(number(row["PayGPrice"]), quantity) if number(row["PayGPrice"]) else contracted
    return row["BillingCurrencyCode"], [(cost, cost, listed, contracted)]


def github_usage(row):
    gross, discount = number(row["gross_amount"]), number(row["discount_amount"])
    return "USD", [(gross,) * 4, (-discount, -discount, 0, 0)]


FORMATS = {"aws-cur": aws_cur, "aws-cur2": aws_cur, "oci": oci, "azure-ea": azure_ea, "github-usage": github_usage}


def totals_of(kind, path):
    with open(path, "rb") as stream:
        text = stream.read().decode("utf-8-sig")
    rows = lines = 0
    totals = {}
    table = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    for row, share in zip(table, unused_shares(table) if kind.startswith("aws") else [None] * len(table)):
        row["unused share"] = share
        rows += 1
        currency, costs_of_lines = FORMATS[kind](row)
        sums = totals.setdefault(currency, dict.fromkeys(COSTS, decimal.Decimal(0)))
        for costs in costs_of_lines:
            lines += 1
            for name, value in zip(COSTS, costs):
                sums[name] += value
    return {"rows": rows, "lines": lines,
            "totals": {code: {name: plain(value) for name, value in sums.items()} for code, sums in sorted(totals.items())}}


if __name__ == "__main__":
    arguments = [argument.split(":", 1) for argument in sys.argv[1:]]
    json.dump({path: totals_of(kind, path) for kind, path in arguments}, sys.stdout, indent=1)
    print()
