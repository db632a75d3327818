#!/usr/bin/env python3
"""What each row of a native bill becomes, from docs/formats.md alone: no code or mapping of this repository (standard library only).

Usage: native_rows.py FILE KIND   KIND is aws-cur, oci or azure-ea.
Prints one JSON list, a row each: {"row": n, "category": ..., "class": ... or null, "serviceCategory": ..., "billed": "1.5", "effective":
..., "list": ..., "contracted": ...}. Service categories are FOCUS's own list, assigned here by what the provider says the service does.
Amounts are exact, as strings without exponent; only a price times a quantity is rounded, half-even, to 18 digits behind the point.
"""
import csv
import decimal
import io
import json
import sys

decimal.getcontext().prec = 200
PLACES = decimal.Decimal("1e-18")

AWS_SERVICES = {
    "amazons3": "Storage", "amazonefs": "Storage",
    "awsglue": "Analytics",
    "awsqueueservice": "Integration", "amazonsns": "Integration", "amazonstates": "Integration",
    "amazoncloudwatch": "Management and Governance", "awscloudtrail": "Management and Governance",
    "awskms": "Security", "awssecretsmanager": "Security",
    "awsmigrationhubrefactorspaces": "Migration",
    "awscloudshell": "Developer Tools",
    "awsiot": "Internet of Things",
    "awsdatatransfer": "Networking",
}
OCI_SERVICES = {
    "TELEMETRY": "Management and Governance", "MYSQL": "Databases", "DATABASE": "Databases", "COMPUTE": "Compute",
    "NETWORK": "Networking", "BLOCK_STORAGE": "Storage", "OBJECTSTORE": "Storage", "ORACLE_STREAMING_SERVICE": "Integration",
}
AZURE_SERVICES = {
    "microsoft.compute": "Compute", "microsoft.storage": "Storage", "microsoft.network": "Networking",
    "microsoft.datafactory": "Integration", "microsoft.eventhub": "Integration",
}
AWS_DISCOUNTS = ("Discount", "BundledDiscount", "EdpDiscount", "PrivateRateDiscount", "RiVolumeDiscount", "SppDiscount",
                 "DistributorDiscount")


def number(text):
    return decimal.Decimal(text) if text else decimal.Decimal(0)


def first(row, *names):
    return next((row[name] for name in names if row.get(name)), "")


def aws_cur(row):
    kind = row["lineItem/LineItemType"]
    gross = number(row["lineItem/UnblendedCost"])
    cost = number(first(row, "lineItem/NetUnblendedCost", "lineItem/UnblendedCost"))
    on_demand = number(row.get("pricing/publicOnDemandCost")) or gross
    of_commitment = bool(first(row, "reservation/ReservationARN", "savingsPlan/SavingsPlanARN"))
    reserved = number(first(row, "reservation/NetEffectiveCost", "reservation/EffectiveCost"))
    planned = number(first(row, "savingsPlan/NetSavingsPlanEffectiveCost", "savingsPlan/SavingsPlanEffectiveCost"))
    unused = sum(number(first(row, net, gross_name)) for net, gross_name in (
        ("reservation/NetUnusedAmortizedUpfrontFeeForBillingPeriod", "reservation/UnusedAmortizedUpfrontFeeForBillingPeriod"),
        ("reservation/NetUnusedRecurringFee", "reservation/UnusedRecurringFee")))
    left = number(row.get("savingsPlan/TotalCommitmentToDate")) - number(row.get("savingsPlan/UsedCommitment"))
    rules = {
        "Usage": ("Usage", None, cost, cost, on_demand, gross),
        "DiscountedUsage": ("Usage", None, cost, reserved, on_demand, on_demand),
        "SavingsPlanCoveredUsage": ("Usage", None, 0, planned, on_demand, gross),
        "SavingsPlanNegation": ("Usage", None, 0, 0, 0, 0),
        "Fee": ("Purchase", None, cost, 0 if of_commitment else cost, gross, gross),
        "RIFee": ("Purchase", None, cost, unused, gross, gross),
        "SavingsPlanUpfrontFee": ("Purchase", None, cost, 0, gross, gross),
        "SavingsPlanRecurringFee": ("Purchase", None, cost, left, gross, gross),
        "FlatRateSubscription": ("Purchase", None, cost, cost, gross, gross),
        "Tax": ("Tax", None, cost, cost, cost, cost),
        "Credit": ("Credit", None, cost, cost, cost, cost),
        "Refund": ("Purchase" if of_commitment else "Usage", "Correction", cost, cost, cost, cost),
        **{name: ("Adjustment", None, cost, cost, 0, gross) for name in AWS_DISCOUNTS},
    }
    return AWS_SERVICES.get(row["lineItem/ProductCode"].lower(), "Other"), rules[kind]


def oci(row):
    cost = number(row["cost/myCost"])
    corrections = {"true": "Correction", "false": None, "": None}
    return OCI_SERVICES.get(row["product/service"], "Other"), ("Usage", corrections[row["lineItem/isCorrection"]], cost, cost, cost, cost)


def azure_ea(row):
    cost = number(row["CostInBillingCurrency"])
    quantity = row["Quantity"]

    def priced(price, otherwise):
        if not quantity or not number(price):
            return otherwise
        return (number(price) * number(quantity)).quantize(PLACES, rounding=decimal.ROUND_HALF_EVEN)

    contracted = priced(row["UnitPrice"], cost)
    listed = priced(row["PayGPrice"], contracted)
    kind = row["ChargeType"]
    if kind in ("UnusedReservation", "UnusedSavingsPlan") or (
            kind == "Usage" and row["PricingModel"] in ("Reservation", "SavingsPlan") and cost):
        raise ValueError(f"amortised rows are refused: {row}")
    rules = {
        "Usage": ("Usage", None, cost, cost, listed, contracted),
        "Purchase": ("Purchase", None, cost, cost, cost, cost),
        "Refund": ("Purchase", "Correction", cost, cost, cost, cost),
        "Adjustment": ("Adjustment", None, cost, cost, cost, cost),
        "RoundingAdjustment": ("Adjustment", None, cost, cost, cost, cost),
        "Tax": ("Tax", None, cost, cost, cost, cost),
    }
    return AZURE_SERVICES.get(row["ConsumedService"].lower(), "Other"), rules[kind]


def plain(value):
    text = format(decimal.Decimal(value), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def rows_of(path, kind):
    with open(path, "rb") as stream:
        text = stream.read().decode("utf-8-sig")
    mapping = {"aws-cur": aws_cur, "oci": oci, "azure-ea": azure_ea}[kind]
    for number_of_row, row in enumerate(csv.DictReader(io.StringIO(text, newline=""), strict=True), 1):
        service, (category, charge_class, *costs) = mapping(row)
        yield {"row": number_of_row, "category": category, "class": charge_class, "serviceCategory": service,
               **{name: plain(value) for name, value in zip(("billed", "effective", "list", "contracted"), costs)}}


if __name__ == "__main__":
    json.dump(list(rows_of(*sys.argv[1:3])), sys.stdout, indent=1)
    print()
