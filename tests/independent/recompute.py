#!/usr/bin/env python3
"""The figures of one month of the demonstration books, from its raw files and its policy alone (standard library and python3-yaml).

Usage: recompute.py DEMO_DIR MONTH...
Reads DEMO_DIR/plan.json, the files that it names and DEMO_DIR/policy; prints one JSON object, for several months a list. It shares no
code with the program, is not generated and holds no amount. Amounts are decimal strings of whole nanos. A part of a pro rata division is
an exact fraction until it is printed, where it is rounded half-even to a nano.
"""
import collections
import csv
import datetime
import decimal
import fractions
import functools
import glob
import gzip
import io
import json
import math
import os
import re
import sys

import yaml

ATTOS_PER_NANO = 10 ** 9
NANOS = 10 ** 9
NANOS_PER_CENT = 10 ** 7
DAY_SECONDS = 86400
UNATTRIBUTED = "Unattributed"
ROUNDING = "rounding"
ROUNDING_OF_CREDITS = "credit-rounding"
KINDS = ("foundation-cash", "member-paid", "credits", "in-kind", "free-tier", "unfunded")
BASES = ("invoiced", "billed", "estimated", "donor-stated", "carried-forward")
COSTS = ("billed", "effective", "list", "contracted")
FOCUS_COSTS = ("BilledCost", "EffectiveCost", "ListCost", "ContractedCost")
JOB_STATES = {"queued": 0, "waiting": 1, "in_progress": 2, "completed": 3}
FIRST_TIME = datetime.datetime(2008, 1, 1, tzinfo=datetime.timezone.utc).timestamp()  # GitHub's first year: earlier is no time.
EPOCH = datetime.date(1970, 1, 1)
EXACT = decimal.Context(prec=100, traps=[decimal.Inexact, decimal.InvalidOperation])


def half_even(numerator, denominator):
    quotient, remainder = divmod(numerator, denominator)
    return quotient + (2 * remainder > denominator or (2 * remainder == denominator and quotient % 2 == 1))


@functools.lru_cache(maxsize=1 << 16)
def attos(text):
    return int(decimal.Decimal(text or "0").scaleb(18, EXACT).to_integral_exact(context=EXACT))


def nanos_of(text):
    return half_even(attos(text), ATTOS_PER_NANO)


def plain(nanos):
    nanos = half_even(nanos.numerator, nanos.denominator)
    whole, part = divmod(abs(nanos), NANOS)
    return ("-" if nanos < 0 else "") + str(whole) + (f".{part:09d}".rstrip("0") if part else "")


def day_number(text):
    return (datetime.date.fromisoformat(text) - EPOCH).days


def month_of(day):
    return (EPOCH + datetime.timedelta(days=day)).isoformat()[:7]


def month_days(month):
    first = datetime.date.fromisoformat(month + "-01")
    following = (first + datetime.timedelta(days=32)).replace(day=1)
    return (first - EPOCH).days, (following - EPOCH).days


def largest_remainder(total, weights):
    """Whole parts of a whole by (key, weight) in order of keys; all weights 0 gives nothing."""
    weights = sorted(weights, key=lambda w: w[0].encode())
    whole = sum(w for _, w in weights)
    if whole == 0:
        return {}
    shares = {key: divmod(abs(total) * weight, whole) for key, weight in weights}
    left = abs(total) - sum(quotient for quotient, _ in shares.values())
    winners = sorted((key for key, _ in weights), key=lambda key: -shares[key][1])[:left]
    sign = -1 if total < 0 else 1
    return {key: sign * (quotient + (key in winners)) for key, (quotient, _) in shares.items()}


class Dated:
    def __init__(self, node):
        self.first = day_number(node["from"]) if "from" in node else -10 ** 9
        self.end = day_number(node["to"]) if "to" in node else 10 ** 9

    def holds(self, day):
        return self.first <= day < self.end


class Rule(Dated):
    def __init__(self, node):
        super().__init__(node)
        self.when, self.then = node["when"], node["then"]


class Policy:
    def __init__(self, folder):
        def read(name, key):
            path = os.path.join(folder, name)
            if not os.path.exists(path):
                return []
            with open(path, encoding="utf-8") as stream:
                return yaml.load(stream, Loader=yaml.BaseLoader)[key] or []

        self.accounts = {a["id"]: a for a in read("accounts.yaml", "accounts")}
        with open(os.path.join(folder, "dimensions.yaml"), encoding="utf-8") as stream:
            dimensions = yaml.load(stream, Loader=yaml.BaseLoader)
        self.custom_columns, self.tag_keys = dimensions["customColumns"], dimensions["tagKeys"]
        self.domains = {d["id"]: d for d in read("coverage.yaml", "domains")}
        self.coverage = {d: [(Dated(c), c) for c in domain["coverage"]] for d, domain in self.domains.items()}
        self.grants = {g["id"]: g for g in read("funding.yaml", "grants")}
        self.funding_rules = [Rule(r) for r in read("funding.yaml", "rules")]
        self.rates = [(Dated(r), r) for r in read("rates.yaml", "rates")]
        self.splits = [(Dated(s), s) for s in read("splits.yaml", "splits")]
        names = sorted(os.listdir(os.path.join(folder, "attribution")), key=str.encode)
        self.rules = [Rule(r) for name in names for r in read(os.path.join("attribution", name), "rules")]
        self.patterns = {}
        self.known = {}

    def pattern(self, text):
        if text not in self.patterns:
            self.patterns[text] = re.compile(text.replace("(?<", "(?P<"))
        return self.patterns[text]

    def tested(self, value, test):
        """Does a value (None is null) pass a condition?"""
        if isinstance(test, str):
            return value == test
        if isinstance(test, list):
            return value is not None and value in test
        for name, wanted in test.items():
            if name == "equals":
                passed = value == wanted
            elif name == "in":
                passed = value is not None and value in wanted
            elif name == "startsWith":
                starts = (wanted,) if isinstance(wanted, str) else tuple(wanted)
                passed = value is not None and value.startswith(starts)
            elif name == "matches":
                passed = value is not None and self.pattern(wanted).search(value) is not None
            elif name == "isNull":
                passed = (value is None) == (wanted == "true")
            elif name == "not":
                passed = not self.tested(value, wanted)
            else:
                raise ValueError(f"unknown test {name}")
            if not passed:
                return False
        return True

    def is_of_account(self, line, account):
        return any(all(self.tested(line.get(column), test) for column, test in entry.items())
                   for entry in self.accounts[account]["match"] or [])

    def matches(self, line, when):
        for key, test in when.items():
            if key == "anyOf":
                passed = any(self.matches(line, each) for each in test)
            elif key == "account":
                passed = any(self.is_of_account(line, a) for a in ([test] if isinstance(test, str) else test))
            else:
                passed = self.tested(line.get(key), test)
            if not passed:
                return False
        return True

    def meaning(self, line, day):
        """The attributes of a line on a day, and the grant that it draws on, or None. `line` holds texts by column; null is absent."""
        undated = tuple(line.items())
        key = (undated, day)
        if key not in self.known:
            if undated not in self.known:
                self.known[undated] = ([r for r in self.rules if self.matches(line, r.when)],
                                       [r for r in self.funding_rules if self.matches(line, r.when)])
            rules, funding = self.known[undated]
            attributes = {}
            for rule in rules:
                if rule.holds(day):
                    for name, value in rule.then.items():
                        attributes.setdefault(name, value)
            decided = next((r.then for r in funding if r.holds(day)), {})
            self.known[key] = (attributes, decided.get("grant"), decided.get("as") == "discount")
        return self.known[key]

    def standing(self, domain, source, day):
        """(Does it count, basis) of a line of a domain."""
        if domain is None:
            return True, "billed"
        for dated, entry in self.coverage.get(domain, []):
            if dated.holds(day):
                if entry["ledger"] == source:
                    return True, entry["basis"]
                return False, None
        return True, "billed"

    def standing_of_rounding(self, source, day):
        entries = [e for dated_entries in self.coverage.values() for dated, e in dated_entries if dated.holds(day)]
        for entry in entries:
            if entry["ledger"] == source:
                return True, entry["basis"]
        return all(evidence["source"] != source for e in entries for evidence in e.get("evidence", [])), "billed"

    def gives_only_free_terms(self, source):
        """True where the account of a source has its bills from a provider whose only grants are free terms."""
        provider = self.accounts.get(self.account_of_source(source), {}).get("provider")
        kinds = {g["kind"] for g in self.grants.values() if g["donor"] == provider}
        return kinds == {"free-tier"}

    def account_of_source(self, source):
        return next((self.domains[d]["account"] for d, entries in self.coverage.items() for _, e in entries
                     if e["ledger"] == source), None)


Line = collections.namedtuple("Line", "source billing_month day currency category attributes role grant commitment "
                              "is_unused counts basis account invoice charge_class discount billed effective list contracted")


def invoice_kind(category, charge_class):
    """What an invoice states apart (accounting.md, 2). FOCUS InvoiceDetail has no ChargeClass: a corrected credit is an adjustment there."""
    return "credits" if category == "Credit" and not charge_class else "tax" if category == "Tax" else "charges"


def read_invoices(folder):
    """Of each billing month and (account, issuer, currency): nanos by kind, from every FOCUS InvoiceDetail file."""
    stated = collections.defaultdict(collections.Counter)
    for path in glob.glob(os.path.join(folder, "invoices", "*", "*.csv")):
        with opened(path) as stream:
            for row in csv.DictReader(stream, strict=True):
                key = (row["BillingPeriodStart"][:7], (row["BillingAccountId"], row["InvoiceIssuerName"], row["BillingCurrency"]))
                stated[key][invoice_kind(row["ChargeCategory"], None)] += attos(row["BilledCost"]) // ATTOS_PER_NANO
    return stated


def with_invoices(lines, stated):
    """Lines whose account and billing month tie to the invoice, in every kind and in sum, are invoiced instead of billed."""
    booked, rows = collections.defaultdict(collections.Counter), collections.defaultdict(collections.Counter)
    for line in lines:
        if line.counts and line.basis == "billed":
            booked[line.billing_month, line.invoice[0]][line.invoice[1]] += line.billed
            rows[line.billing_month, line.invoice[0]][line.invoice[1]] += 1

    def ties(key):
        def near(kinds):
            difference = abs(sum(booked[key][k] - stated[key][k] for k in kinds))
            allowed = max(100 * NANOS_PER_CENT, math.isqrt(sum(rows[key][k] for k in kinds) * (NANOS_PER_CENT // 2) ** 2))
            return difference <= allowed
        return key in stated and all(near([k]) for k in ("charges", "tax", "credits")) and near(["charges", "tax", "credits"])

    tied = {key for key in booked if ties(key)}
    return [line._replace(basis="invoiced") if line.basis == "billed" and (line.billing_month, line.invoice[0]) in tied else line
            for line in lines]


def invoices(lines, stated, month):
    """What the invoices of a billing month ask for, by source and currency, where every account of the source has one."""
    of = collections.defaultdict(set)
    for line in lines:
        if line.counts and line.billing_month == month and line.basis in ("billed", "invoiced"):
            of[line.source, line.currency].add(line.invoice[0])
    return [{"source": source, "currency": currency, "invoice": plain(sum(sum(stated[month, key].values()) for key in keys))}
            for (source, currency), keys in sorted(of.items()) if all((month, key) in stated for key in keys)]


def is_unused(columns):
    """Reserved capacity that nobody used: rows that say so, and what a native bill leaves on the fee of a commitment."""
    return ("Unused" in (columns.get("CommitmentDiscountStatus"), columns.get("CapacityReservationStatus"))
            or (columns["ChargeCategory"] == "Purchase" and bool(columns.get("CommitmentDiscountId"))))


class RoundingMeanings(dict):
    """Rounding lines stand outside all rules: each attribute is `rounding`."""

    def get(self, name, default=None):
        return ROUNDING


class Delivery:
    """Lines of one delivery; `close` adds what rounding each of them to nanos left."""

    def __init__(self, policy, source, month):
        self.policy, self.source, self.month = policy, source, month
        self.lines = []
        self.exact = collections.defaultdict(lambda: [0, 0, 0, 0])
        self.rounded = collections.defaultdict(lambda: [0, 0, 0, 0])
        self.on_invoice = collections.Counter()

    def add(self, columns, day, costs):
        """`columns` are the texts of a line by name; `costs` the four costs in 1e-18."""
        attributes, grant, discount = self.policy.meaning({name: text for name, text in columns.items() if text}, day)
        category, currency = columns["ChargeCategory"], columns["BillingCurrency"]
        nanos = [half_even(c, ATTOS_PER_NANO) for c in costs]
        for store, values in ((self.exact, costs), (self.rounded, nanos)):
            for i, value in enumerate(values):
                store[currency, category == "Credit"][i] += value
        counts, basis = self.policy.standing(attributes.get("domain"), self.source, day)
        account = attributes.get("payer-account")
        issuer = columns.get("InvoiceIssuerName") or self.policy.accounts.get(account, {}).get("invoiceIssuer")
        invoice = (columns.get("BillingAccountId") or account, issuer, currency)
        self.on_invoice[invoice] += 1
        self.lines.append(Line(self.source, self.month, day, currency, category, attributes, "funding" if grant else "charge", grant,
                               columns.get("CommitmentDiscountId") or None, is_unused(columns), counts, basis, account,
                               (invoice, invoice_kind(category, columns.get("ChargeClass"))), columns.get("ChargeClass"), discount, *nanos))

    def close(self):
        day = month_days(self.month)[1] - 1
        counts, basis = self.policy.standing_of_rounding(self.source, day)
        for currency in sorted({c for c, _ in self.exact}):
            parts = {}
            for i in range(4):
                everything = sum(self.exact[currency, is_credit][i] for is_credit in (True, False))
                booked = sum(self.rounded[currency, is_credit][i] for is_credit in (True, False))
                of_all = half_even(everything, ATTOS_PER_NANO) - booked
                of_credits = half_even(self.exact[currency, True][i], ATTOS_PER_NANO) - self.rounded[currency, True][i]
                parts.setdefault("Credit", []).append(of_credits)
                parts.setdefault("Adjustment", []).append(of_all - of_credits)
            largest = min((i for i in self.on_invoice if i[2] == currency), key=lambda i: (-self.on_invoice[i], i[0], i[1] or ""))
            for category, nanos in parts.items():
                if any(nanos):
                    self.lines.append(Line(self.source, self.month, day, currency, category, RoundingMeanings(),
                                           ROUNDING_OF_CREDITS if category == "Credit" else ROUNDING, None, None, False, counts, basis,
                                           self.policy.account_of_source(self.source),
                                           (largest, invoice_kind(category, None)), None, False, *nanos))
        return self.lines


def opened(path):
    stream = gzip.open(path, "rb") if path.endswith(".gz") else open(path, "rb")
    return io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")


@functools.lru_cache(maxsize=None)
def utc_day(text):
    if not text.endswith(("Z", " UTC")):
        raise ValueError(f"time without UTC: {text}")
    return day_number(text[:10])


def read_focus(policy, delivery, path):
    names = ("BillingAccountId", "BillingAccountName", "BillingAccountType", "SubAccountId", "SubAccountName", "SubAccountType",
             "BillingCurrency", "InvoiceIssuerName", "ServiceProviderName", "ProviderName", "ServiceCategory", "ServiceName",
             "ChargeCategory", "ChargeClass", "ChargeDescription", "SkuId", "SkuMeter", "CommitmentDiscountId",
             "CommitmentDiscountStatus", "Tags", *policy.custom_columns)
    with opened(path) as stream:
        rows = csv.reader(stream, strict=True)
        place = {name: i for i, name in enumerate(next(rows))}
        named = [(name, place[name]) for name in names if name in place]
        start, costs = place["ChargePeriodStart"], [place[name] for name in FOCUS_COSTS]
        known = {}
        for row in rows:
            texts = tuple(row[i] for _, i in named)
            if texts not in known:
                known[texts] = focus_columns(policy, {name: row[i] for name, i in named if row[i]})
            delivery.add(known[texts], utc_day(row[start]), [attos(row[i]) for i in costs])


def focus_columns(policy, columns):
    """The columns that rules match on; files of FOCUS 1.0 to 1.2 have the provider's name under another one."""
    columns.setdefault("ServiceProviderName", columns.pop("ProviderName", ""))
    columns["ChargeCategory"] = columns["ChargeCategory"][:1].upper() + columns["ChargeCategory"][1:]
    tags = json.loads(columns.pop("Tags", "") or "{}")
    columns.update({"tags." + key: tags[key] for key in policy.tag_keys if tags.get(key)})
    return columns


# What Google takes off: promotions are somebody's grant, all else here is the price (docs/accounting.md, 3).
GOOGLE_GIFTS = ("PROMOTION", "FREE_TIER")
GOOGLE_CATEGORIES = {"Compute Engine": "Compute", "Cloud Storage": "Storage", "Vertex AI": "AI and Machine Learning"}


def read_google_billing(delivery, path):
    with opened(path) as stream:
        for text in stream:
            row = json.loads(text)
            service, sku = row["service"]["description"], row["sku"]["description"]
            columns = {
                "BillingAccountId": row["billing_account_id"], "SubAccountId": row["project"]["id"],
                "SubAccountName": row["project"]["name"], "BillingCurrency": row["currency"], "InvoiceIssuerName": "Google Cloud",
                "ServiceProviderName": "Google Cloud", "ServiceName": service,
                "ServiceCategory": GOOGLE_CATEGORIES.get(service, "Other"), "SkuId": row["sku"]["id"], "SkuMeter": sku,
            }
            day = int(row["usage_start_time"]) // (86400 * 1000000)
            cost, listed = attos(row["cost"]), attos(row["cost_at_list"])
            category = {"regular": "Usage", "tax": "Tax"}.get(row["cost_type"], "Adjustment")
            delivery.add({**columns, "ChargeCategory": category, "ChargeDescription": sku}, day, [cost, cost, listed, cost])
            for credit in row["credits"]:
                amount = attos(credit["amount"])
                category = "Credit" if credit["type"] in GOOGLE_GIFTS else "Adjustment"
                delivery.add({**columns, "ChargeCategory": category,
                              "ChargeDescription": f"{credit['type']}: {credit['full_name']}"}, day, [amount, amount, 0, 0])


def read_github_usage(delivery, path):
    names = {"actions": "GitHub Actions"}
    with opened(path) as stream:
        for row in csv.DictReader(stream, strict=True):
            gross, discount, net = (attos(row[name]) for name in ("gross_amount", "discount_amount", "net_amount"))
            if gross - discount != net:
                raise ValueError(f"{path}: gross minus discount is not net: {row}")
            columns = {
                "BillingAccountId": row["organization"], "SubAccountId": row["organization"], "BillingCurrency": "USD",
                "InvoiceIssuerName": "GitHub", "ServiceProviderName": "GitHub", "ServiceCategory": "Developer Tools",
                "ServiceName": names.get(row["product"], "GitHub " + row["product"]), "SkuId": row["sku"],
                "x_Repository": row["organization"] + "/" + row["repository"] if row["repository"] else "",
                "x_WorkflowPath": row["workflow_path"],
            }
            what = f"{row['product']}: {row['sku']}"
            day = day_number(row["date"])
            delivery.add({**columns, "ChargeCategory": "Usage", "ChargeDescription": f"GitHub {what}"}, day, [gross] * 4)
            delivery.add({**columns, "ChargeCategory": "Credit",
                          "ChargeDescription": f"GitHub discount for included or free usage of {what}"},
                         day, [-discount, -discount, 0, 0])


def seconds_of(text):
    """Seconds since 1970; None when there is no time."""
    if not text:
        return None
    seconds = int(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())
    return seconds if seconds >= FIRST_TIME else None


def read_jobs(runs, path):
    """Joins events: the most advanced state of a job and attempt wins, then the latest."""
    with opened(path) as stream:
        for text in stream:
            event = json.loads(text)
            job = event["workflow_job"]
            times = [seconds_of(job[name]) for name in ("created_at", "started_at", "completed_at")]
            rank = (JOB_STATES[job["status"]], max(t or 0 for t in times))
            key = (job["id"], job["run_attempt"])
            facts = (times[1], times[2], job["conclusion"], tuple(job["labels"]), event["repository"]["full_name"])
            before = runs.get(key)
            if before and before[0] == rank and before[1] != facts:
                raise ValueError(f"job {key} has two states at one time: {before[1]} and {facts}")
            if not before or before[0] < rank:
                runs[key] = (rank, facts)


def label_of(policy, labels, repository, days):
    def has(label, name):
        return any(policy.meaning(job_columns(label, repository), day)[0].get(name) for day in days)

    for name in ("domain", "architecture"):
        for label in labels:
            if has(label, name):
                return label
    return ",".join(labels) or "(no label)"


def job_columns(label, repository):
    return {"ChargeCategory": "Usage", "BillingCurrency": "USD", "x_RunnerLabel": label, "x_Repository": repository}


def hours_by_day(policy, runs):
    """Seconds by (day, label, repository)."""
    rule_days = sorted({d for r in policy.rules for d in (r.first, r.end)})
    labels_known = {}
    seconds = collections.Counter()
    for rank, (start, end, conclusion, labels, repository) in runs.values():
        if rank[0] != JOB_STATES["completed"] or conclusion == "skipped" or start is None or end is None or end <= start:
            continue
        if (labels, repository) not in labels_known:
            labels_known[labels, repository] = label_of(policy, labels, repository, rule_days)
        label = labels_known[labels, repository]
        for day in range(start // DAY_SECONDS, (end - 1) // DAY_SECONDS + 1):
            seconds[day, label, repository] += min(end, (day + 1) * DAY_SECONDS) - max(start, day * DAY_SECONDS)
    return seconds


def rate_of(policy, label, day):
    """The rate of an hour of a job in units per second, as a fraction; None when no rate covers it."""
    for dated, rate in policy.rates:
        found = policy.pattern(rate["labels"]).search(label)
        if dated.holds(day) and found:
            gpus = fractions.Fraction(1)
            if rate["unit"] == "gpu-hour":
                gpus = fractions.Fraction(rate.get("gpus") or found.groupdict().get("gpus") or 1)
            return fractions.Fraction(rate["rate"]) * gpus / 3600, rate["currency"]
    return None


def value_jobs(policy, seconds, months):
    """Lines for the hours of fleets without a bill; what has no value; seconds of fleets with a bill. The latter two by month."""
    deliveries = {}
    unvalued, evidence = collections.Counter(), collections.Counter()
    for (day, label, repository), held in sorted(seconds.items()):
        month = month_of(day)
        if month not in months:
            continue
        attributes, _, _ = policy.meaning(job_columns(label, repository), day)
        entry = next((e for dated, e in policy.coverage.get(attributes.get("domain"), []) if dated.holds(day)), None)
        if entry is None:
            unvalued[month, label, "no-fleet"] += held
        elif entry.get("valuedFrom") != "jobs":
            evidence[month] += held
        elif (rate := rate_of(policy, label, day)) is None:
            unvalued[month, label, "no-rate"] += held
        else:
            exact = rate[0] * held * 10 ** 18
            cost = half_even(exact.numerator, exact.denominator)
            account = policy.accounts.get(attributes.get("payer-account"), {})
            key = (entry["ledger"], month)
            if key not in deliveries:
                deliveries[key] = Delivery(policy, *key)
            columns = {**job_columns(label, repository), "BillingAccountId": account.get("id", ""), "BillingCurrency": rate[1]}
            deliveries[key].add(columns, day, [0, cost, cost, cost])  # nobody bills a value: others bear it
    return [line for d in deliveries.values() for line in d.close()], unvalued, evidence


def read_all(folder, policy):
    with open(os.path.join(folder, "plan.json"), encoding="utf-8") as stream:
        plan = json.load(stream)
    current = {}
    for delivery in sorted(plan["deliveries"], key=lambda d: d["order"]):
        current[delivery["source"], delivery["month"], delivery["part"]] = delivery
    lines, runs = [], {}
    for delivery in current.values():
        paths = [os.path.join(folder, name) for name in delivery["files"]]
        if delivery["kind"] == "github-jobs":
            for path in paths:
                read_jobs(runs, path)
            continue
        booked = Delivery(policy, delivery["source"], delivery["month"])
        for path in paths:
            if delivery["kind"] == "focus-csv":
                read_focus(policy, booked, path)
            elif delivery["kind"] == "gcp-billing":
                read_google_billing(booked, path)
            elif delivery["kind"] == "github-usage":
                read_github_usage(booked, path)
            else:
                raise ValueError(f"unknown kind {delivery['kind']}")
        lines += booked.close()
    months = sorted({d["month"] for d in current.values()})
    return lines, hours_by_day(policy, runs), months


def is_consumption(line):
    return line.role in ("charge", ROUNDING)


def sort_of(policy, line):
    """The term of the bridge that a line belongs to. Rounding lines of a source count with what its lines are."""
    if line.role == "funding":
        return "freeTerms" if policy.grants[line.grant]["kind"] == "free-tier" else "credits"
    if line.role == ROUNDING_OF_CREDITS:
        return "freeTerms" if policy.gives_only_free_terms(line.source) else "credits"
    account = policy.accounts.get(line.account) or {}
    if account.get("paysWith") == "in-kind":
        return "borneOutside"
    if line.basis in ("billed", "invoiced"):
        return "charge"
    is_foundation = account.get("part", "foundation-accounts" if account.get("paysWith") == "foundation-cash" else "")
    return "accrued" if is_foundation == "foundation-accounts" else "borneOutside"


def bridges(policy, lines, month):
    result = {}
    for line in lines:
        if line.billing_month != month or not line.counts:
            continue
        steps = result.setdefault((line.source, line.currency), collections.Counter())
        if line.role == "charge" and line.discount:
            steps["discounts"] += line.effective
        elif line.role == "charge" and line.charge_class:
            steps["corrections"] += line.effective
        elif line.role == "charge" and line.category == "Usage" and not line.list and line.effective:
            steps["unpricedUsage"] += line.effective
        elif line.role == "charge" and line.category == "Usage":
            steps["listUsage"] += line.list
            steps["discounts"] += line.effective - line.list
        elif is_consumption(line):
            steps["otherCharges"] += line.effective
        if is_consumption(line):
            steps["consumption"] += line.effective
        sort = sort_of(policy, line)
        if sort in ("credits", "freeTerms"):
            steps[sort] += line.effective
        if sort in ("borneOutside", "accrued"):
            steps[sort] -= line.effective
        else:
            steps["timing"] += line.billed - line.effective
            steps["payable"] += line.billed
    names = ("listUsage", "discounts", "unpricedUsage", "corrections", "otherCharges", "consumption", "credits", "freeTerms",
             "borneOutside", "accrued", "timing", "payable")
    return [{"source": source, "currency": currency, **{name: plain(steps[name]) for name in names}}
            for (source, currency), steps in sorted(result.items())]


CELL_ATTRIBUTES = ("architecture", "component", "domain", "beneficiary", "operator", "project", "chip-vendor", "payer-account")
SOURCE, IS_UNUSED, BASIS, COVERED_BY = 0, -3, -2, -1
PAYER_ACCOUNT = 1 + CELL_ATTRIBUTES.index("payer-account")
ARCHITECTURE, COMPONENT, DOMAIN, BENEFICIARY = (1 + CELL_ATTRIBUTES.index(name) for name in CELL_ATTRIBUTES[:4])


def fund(policy, lines, month):
    """Who pays: parts of consumption as (cell, funder, fraction of nanos) of the month, what was paid ahead, and the draws."""
    payers = {}
    for line in lines:
        if line.counts and month_of(line.day) <= month:
            payers.setdefault((month_of(line.day), line.account or "", line.currency), []).append(line)
    mixes, left_over = collections.defaultdict(collections.Counter), collections.Counter()
    parts, ahead, draws_of_month, unapplied = [], [], [], []
    for (charge_month, account, currency), booked in sorted(payers.items()):
        owner = policy.accounts.get(account)
        funder_of_rest = (owner["owner"], owner["paysWith"], None) if owner else ("Unfunded", "unfunded", None)
        cells, purchases, draws = collections.Counter(), collections.Counter(), collections.Counter()
        for line in booked:
            if line.role == "funding":
                draws[line.grant] -= line.effective
            if is_consumption(line):
                covered = line.commitment if line.category == "Usage" and line.billed == 0 else None
                of = line.attributes
                cells[(line.source, *(of.get(name) for name in CELL_ATTRIBUTES), line.is_unused, line.basis, covered)] += line.effective
            if line.category == "Purchase":
                purchases[line.commitment or account] += line.billed - line.effective
        needs = {("cell", cell): fractions.Fraction(nanos) for cell, nanos in cells.items() if cell[COVERED_BY] is None}
        needs.update({("purchase", p): fractions.Fraction(nanos) for p, nanos in purchases.items() if nanos})
        taken, used = [], []
        if sum(1 for nanos in draws.values() if nanos) > 1 or any(nanos < 0 for nanos in purchases.values()):
            raise ValueError("several grants in a payer month, and refunds of purchases, are not recomputed")
        for grant_id in sorted(draws):
            grant = policy.grants[grant_id]
            eligible = [n for n in needs if n[0] == "purchase" or n[1][COMPONENT] not in grant.get("notFor", [])]
            if draws[grant_id] < 0:
                if left_over[account, currency, grant_id] > 0:
                    raise ValueError("a reversal of an unapplied credit is not recomputed")
                eligible = [n for n in eligible if n[0] == "cell"]
            whole = sum(needs[n] for n in eligible)
            applied = min(draws[grant_id], whole) if whole > 0 else 0
            left_over[account, currency, grant_id] += draws[grant_id] - applied
            for need in eligible if applied else []:
                part = needs[need] * applied / whole
                taken.append((need, (grant["donor"], grant["kind"], grant_id), part))
                needs[need] -= part
            if charge_month == month:
                draws_of_month.append((account, grant_id, currency, draws[grant_id]))
                if draws[grant_id] != applied:
                    unapplied.append((account, grant_id, currency, draws[grant_id] - applied))
        taken += [(need, funder_of_rest, rest) for need, rest in needs.items() if rest]
        for (what, subject), funder, part in taken:
            if what == "purchase":
                mixes[currency, subject][funder] += part
        for cell in (c for c in cells if c[COVERED_BY] is not None):
            use = sum(cells[other] for other in cells if other[COVERED_BY] == cell[COVERED_BY])
            mix = {f: n for f, n in mixes[currency, cell[COVERED_BY]].items() if n > 0}
            whole = sum(mix.values())
            if use < 0:
                raise ValueError("use that is taken back is not recomputed")
            covered = fractions.Fraction(min(use, whole)) / use if use else fractions.Fraction(0)
            used += [(cell, funder, cells[cell] * covered * n / whole) for funder, n in mix.items()] if whole else []
            if covered != 1 and cells[cell]:  # Beyond what is known to be bought the account's owner pays.
                used.append((cell, funder_of_rest, cells[cell] * (1 - covered)))
        for cell, funder, part in used:  # All use of the month takes out of the balance at its beginning, with what was bought in it.
            taken.append((("cell", cell), funder, part))
            mixes[currency, cell[COVERED_BY]][funder] -= part
        if charge_month == month:
            parts += [(subject, currency, funder, part) for (what, subject), funder, part in taken if what == "cell"]
            ahead += [(subject, currency, funder, part) for (what, subject), funder, part in taken if what == "purchase"]
            ahead += [(cell[COVERED_BY], currency, funder, -part) for cell, funder, part in used]
    changes = collections.Counter()
    for subject, currency, funder, part in ahead:
        changes[subject, currency, funder] += part
    return parts, [(*key, part) for key, part in changes.items() if part], draws_of_month, unapplied


def funding_rows(parts):
    sums = collections.Counter()
    for cell, currency, (organisation, kind, grant), nanos in parts:
        sums[organisation, kind, grant or "", cell[BASIS], currency] += nanos
    return [{"organisation": o, "kind": k, "grant": g, "basis": b, "currency": c, "amount": plain(nanos)}
            for (o, k, g, b, c), nanos in sorted(sums.items())]


def split_of(policy, month):
    first, end = month_days(month)
    covering = [s for dated, s in policy.splits if dated.first <= first and end <= dated.end]
    return next((s for s in covering if s["status"] == "agreed"), covering[0])


def state(policy, split, parts, ahead, month, factor_name=None):
    """The statement of an even split. With a factor's name (low, high), every domain at that end of its range."""
    if split["method"] != "even":
        raise ValueError("only the even split is recomputed")
    first, end = month_days(month)
    rows = collections.defaultdict(collections.Counter)
    given_by_kind = collections.defaultdict(collections.Counter)
    excluded, pools, donated = collections.Counter(), collections.Counter(), collections.defaultdict(list)
    overhead = split["overhead"]["components"]

    def common(cell, nanos):
        pools["overhead" if cell[COMPONENT] in overhead else "direct"] += nanos

    for cell, currency, (organisation, kind, _), nanos in parts:
        if currency != split["currency"]:
            continue
        if factor_name:
            range_of = policy.domains.get(cell[DOMAIN], {}).get("range", {})
            nanos = nanos * fractions.Fraction(range_of.get(factor_name, 1))
        beneficiary = None if cell[BENEFICIARY] == ROUNDING else cell[BENEFICIARY]
        if beneficiary:
            rows[beneficiary]["used"] += nanos
        if kind == "free-tier":
            pools["free"] += nanos
            continue
        given_by_kind[organisation][kind] += nanos
        exclusion = next((e for e in split.get("excluded", []) if cell[1 + CELL_ATTRIBUTES.index(e["attribute"])] in e["values"]), None)
        if exclusion:
            excluded[exclusion["id"]] += nanos
            rows[organisation]["excluded"] += nanos
        elif beneficiary and beneficiary == organisation:
            rows[organisation]["directed"] += nanos
        elif cell[IS_UNUSED]:
            pools["reserved"] += nanos
            rows[policy.accounts.get(cell[PAYER_ACCOUNT], {}).get("owner", "Unallocated")]["shared"] += nanos
        elif kind == "in-kind":
            donated[organisation].append((cell, nanos))
        else:
            common(cell, nanos)
    for donor, gifts in donated.items():
        given = sum(nanos for _, nanos in gifts)
        accepted = sum(nanos_of(a["acceptedPerMonth"]) for a in split.get("inKind", [])
                       if a["organisation"] == donor and Dated(a).first < end and Dated(a).end > first)
        part = fractions.Fraction(1) if given <= accepted else accepted / fractions.Fraction(given)
        for cell, nanos in gifts:
            common(cell, nanos * part)
        if given > accepted:
            excluded["in-kind-above-accepted"] += given - accepted
            rows[donor]["excluded"] += given - accepted
    for _, currency, (organisation, _, _), nanos in ahead:
        if currency == split["currency"]:
            rows[organisation]["paidAhead"] += nanos
    weights = collections.Counter()
    for participant in split["participants"]:
        dated = Dated(participant)
        weights[participant["organisation"]] += max(0, min(end, dated.end) - max(first, dated.first))
    for pool in ("direct", "overhead"):
        whole = half_even(fractions.Fraction(pools[pool]).numerator, fractions.Fraction(pools[pool]).denominator)
        for organisation, nanos in largest_remainder(whole, list(weights.items())).items():
            rows[organisation]["shared"] += nanos
    names = sorted({*rows, *given_by_kind, "Unallocated", "Unfunded"})
    answer = []
    for name in names:
        row, given = rows[name], sum(given_by_kind[name].values())
        answer.append({
            "organisation": name, "given": {kind: plain(n) for kind, n in sorted(given_by_kind[name].items())},
            "totalGiven": plain(given), **{key: plain(row[key]) for key in ("paidAhead", "used", "excluded", "directed", "shared")},
            "net": plain(given - row["excluded"] - row["directed"] - row["shared"]),
        })
    return {"split": split["id"], "rows": answer, "commonDirect": plain(pools["direct"]), "commonOverhead": plain(pools["overhead"]),
            "unusedReservations": plain(pools["reserved"]), "freeTerms": plain(pools["free"]),
            "excluded": {key: plain(nanos) for key, nanos in sorted(excluded.items())}}


def cut(total, parts):
    """Cents of named nanos against a total in cents: what is left after rounding down goes to the largest rests, the first key first."""
    names = sorted(parts)
    floors = {name: parts[name] // NANOS_PER_CENT for name in names}
    left = total - sum(floors.values())
    takers = [name for name in names if parts[name] != 0] or names
    first = sorted(takers, key=lambda name: -(parts[name] - floors[name] * NANOS_PER_CENT))[:left]
    return {name: int(floors[name] + (name in first)) for name in names}


def cents(parts):
    """What pages show: a source's consumption rounded once, cut by basis, and that by funder, and, apart, by architecture."""
    sources = collections.defaultdict(list)
    for cell, currency, (organisation, kind, grant), nanos in parts:
        sources[cell[SOURCE], currency].append((BASES.index(cell[BASIS]), (organisation.encode(), KINDS.index(kind), (grant or "").encode()),
                                                (cell[ARCHITECTURE] or UNATTRIBUTED).encode(), nanos))
    answer = []
    for (source, currency), cells in sorted(sources.items()):
        def summed(key, of):
            sums = collections.Counter()
            for cell in of:
                sums[cell[key]] += cell[3]
            return sums
        whole = fractions.Fraction(sum(cell[3] for cell in cells))
        for basis, held in cut(half_even(whole.numerator, whole.denominator * NANOS_PER_CENT), summed(0, cells)).items():
            of = [cell for cell in cells if cell[0] == basis]
            about = {"source": source, "basis": BASES[basis], "currency": currency}
            answer += [{**about, "of": f"{k[0].decode()} / {KINDS[k[1]]} / {k[2].decode()}", "cents": c} for k, c in cut(held, summed(1, of)).items()]
            answer += [{**about, "of": k.decode(), "cents": c} for k, c in cut(held, summed(2, of)).items()]
    return answer


class DemoBooks:
    """All lines and hours of a demonstration folder, as its last deliveries say."""

    def __init__(self, folder):
        self.policy = Policy(os.path.join(folder, "policy"))
        self.lines, self.seconds, self.months = read_all(folder, self.policy)
        self.stated = read_invoices(folder)
        self.lines = with_invoices(self.lines, self.stated)
        self.valued, self.unvalued, self.evidence = value_jobs(self.policy, self.seconds, self.months)
        self.lines += self.valued
        self.hours = collections.defaultdict(collections.Counter)
        for (day, label, repository), held in self.seconds.items():
            meanings, _, _ = self.policy.meaning(job_columns(label, repository), day)
            self.hours[month_of(day)][meanings.get("architecture", UNATTRIBUTED)] += held

    def figures(self, month):
        consumed = [line for line in self.lines if line.counts and is_consumption(line) and month_of(line.day) == month]
        parts, ahead, draws, unapplied = fund(self.policy, self.lines, month)
        split = split_of(self.policy, month)
        return {
            "month": month,
            "bridges": bridges(self.policy, self.lines, month),
            "invoices": invoices(self.lines, self.stated, month),
            "consumption": rows_by(consumed, "architecture"),
            "components": rows_by(consumed, "component"),
            "hours": {m: {"seconds": dict(sorted(self.hours[m].items())), "total": sum(self.hours[m].values())}
                      for m in self.months[:self.months.index(month) + 1][-12:]},
            "valuation": rows_by([line for line in self.valued if line.billing_month == month], "architecture"),
            "unvalued": [{"label": label, "reason": reason, "seconds": held}
                         for (m, label, reason), held in sorted(self.unvalued.items()) if m == month],
            "evidenceSeconds": self.evidence[month],
            "funding": funding_rows(parts),
            "paidAhead": [{"subject": s, "organisation": f[0], "kind": f[1], "currency": c, "amount": plain(nanos)}
                          for s, c, f, nanos in sorted(ahead, key=lambda a: (a[0], a[2][0], a[2][1]))],
            "draws": drawn(draws),
            "unappliedCredits": drawn(unapplied),
            "statement": state(self.policy, split, parts, ahead, month),
            "low": state(self.policy, split, parts, ahead, month, "low"),
            "high": state(self.policy, split, parts, ahead, month, "high"),
            "cents": cents(parts),
        }


def drawn(entries):
    return [{"payerAccount": a, "grant": g, "currency": c, "amount": plain(nanos)} for a, g, c, nanos in entries]


def rows_by(lines, name):
    sums = collections.Counter()
    for line in lines:
        sums[line.source, line.attributes.get(name) or UNATTRIBUTED, line.currency] += line.effective
    return [{"source": s, name: value, "currency": c, "amount": plain(nanos)} for (s, value, c), nanos in sorted(sums.items())]


if __name__ == "__main__":
    books = DemoBooks(sys.argv[1])
    answers = [books.figures(month) for month in sys.argv[2:]]
    json.dump(answers[0] if len(answers) == 1 else answers, sys.stdout, indent=1)
    print()
