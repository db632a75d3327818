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
    "amazonec2": "Compute", "computesavingsplans": "Compute",
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


# A refund gives money back that was booked once. The law (docs/accounting.md, 10) has one rule for it: its EffectiveCost is that of what
# it refunds. So each fee is a pair (money, consumption) as it was booked, and a refund takes both back in proportion to the money.
def fees_of(rows):
    fees = {}
    for row in rows:
        owner = first(row, "savingsPlan/SavingsPlanARN", "reservation/ReservationARN")
        if owner and row["lineItem/LineItemType"] in ("Fee", "SavingsPlanUpfrontFee", "RIFee", "SavingsPlanRecurringFee"):
            _, (_, _, billed, effective, *_) = aws_cur(row, {})
            sort = "ahead" if row["lineItem/LineItemType"] in ("Fee", "SavingsPlanUpfrontFee") else "running"
            fees.setdefault(owner, []).append((sort, billed, effective, row["lineItem/LineItemDescription"]))
    return fees


def named_by(text, fees):
    """The commitment that a description names, by the words after 'ID:' or 'subscription:'; "?" when no fee is known for it."""
    for word in ("Savings Plan ID: ", "subscription: "):
        if word in text:
            name = text.split(word, 1)[1].split(",")[0].strip()
            return next((owner for owner, booked in fees.items()
                         if owner.endswith("/" + name) or any(word + name in described for *_, described in booked)), "?")
    return ""


def refund(row, cost, gross, fees):
    text = row["lineItem/LineItemDescription"].lower()
    owner = first(row, "savingsPlan/SavingsPlanARN", "reservation/ReservationARN") or named_by(row["lineItem/LineItemDescription"], fees)
    if "discount" in text or "private pricing" in text:
        return "Purchase" if owner else "Usage", "Correction", cost, cost, cost, cost
    if not owner:
        return "Usage", "Correction", cost, cost, cost, cost
    booked = fees.get(owner, [])
    if "one-time" in text or "sign up charge" in text:
        booked = [fee for fee in booked if fee[0] == "ahead"]
    elif "recurring" in text or "hourly" in text:
        booked = [fee for fee in booked if fee[0] == "running"]
    elif len({fee[0] for fee in booked}) > 1:
        booked = []                 # either fee could be meant: nothing of it is known to have been consumed
    money, consumed = (sum(fee[place] for fee in booked) for place in (1, 2))
    taken_back = (cost * consumed / money).quantize(PLACES, rounding=decimal.ROUND_HALF_EVEN) if money else 0
    return "Purchase", "Correction", cost, taken_back, gross, gross


def aws_cur(row, fees):
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
        **{name: ("Adjustment", None, cost, cost, 0, gross) for name in AWS_DISCOUNTS},
    }
    rule = refund(row, cost, gross, fees) if kind == "Refund" else rules[kind]
    return AWS_SERVICES.get(row["lineItem/ProductCode"].lower(), "Other"), rule


def oci(row, _):
    cost = number(row["cost/myCost"])
    corrections = {"true": "Correction", "false": None, "": None}
    return OCI_SERVICES.get(row["product/service"], "Other"), ("Usage", corrections[row["lineItem/isCorrection"]], cost, cost, cost, cost)


def azure_ea(row, _):
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
    rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    fees = fees_of(rows) if kind == "aws-cur" else {}
    for number_of_row, row in enumerate(rows, 1):
        service, (category, charge_class, *costs) = mapping(row, fees)
        yield {"row": number_of_row, "category": category, "class": charge_class, "serviceCategory": service,
               **{name: plain(value) for name, value in zip(("billed", "effective", "list", "contracted"), costs)}}


if __name__ == "__main__":
    json.dump(list(rows_of(*sys.argv[1:3])), sys.stdout, indent=1)
    print()
