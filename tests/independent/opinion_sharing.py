"""Statements of a split, by rules 12 and 13 as amended in November 2026 (a part of opinion.py).

Every funded part of the month goes, in this order, to who it is excluded, directed or reserved for, or into the pool; the pool is shared.
"""
import collections
import fractions

import recompute

COLUMNS = ("given", "paidAhead", "used", "excluded", "directed", "shared", "net")
ABOVE_ACCEPTED = "in-kind-above-accepted"
UNALLOCATED = "Unallocated"


def policy_of_day(policy, day, wanted):
    """The split that holds on a day: the wanted one, else the agreed one, else the first proposal."""
    holding = [split for dated, split in policy.splits if dated.holds(day) and wanted in (None, split["id"])]
    return next((split for split in holding if split["status"] == "agreed"), holding[0] if holding else None)


def spans(policy, month, wanted):
    """The month in runs of days with one split: [(split, days)]."""
    found = []
    for day in range(*recompute.month_days(month)):
        split = policy_of_day(policy, day, wanted)
        if found and found[-1][0] is split:
            found[-1][1].append(day)
        else:
            found.append((split, [day]))
    return found


def beneficiary_of(part):
    return None if part.row.is_rounding else part.row.attributes.get("beneficiary")


class Statement:
    def __init__(self, policy, month):
        self.policy, self.month = policy, month
        self.rows = collections.defaultdict(collections.Counter)
        self.exclusions, self.pools = collections.Counter(), collections.Counter()
        self.consumption, self.free_terms, self.reserved = fractions.Fraction(0), fractions.Fraction(0), fractions.Fraction(0)

    def add(self, split, days, parts):
        """Shares what was consumed on days of one split."""
        days_of, shared, donated = set(days), [], collections.defaultdict(list)
        for part in parts:
            if part.row.day not in days_of or part.row.currency != split["currency"]:
                continue
            self.consumption += part.nanos
            beneficiary = beneficiary_of(part)
            if beneficiary:
                self.rows[beneficiary]["used"] += part.nanos
            if part.funder[1] == "free-tier":  # Given to anybody by published terms: nobody's contribution, outside given, pool and net.
                self.free_terms += part.nanos
                continue
            self.rows[part.funder[0]]["given"] += part.nanos
            place = self.outside(split, part)
            if place is None and part.funder[1] == "in-kind":
                donated[part.funder[0]].append(part)
            elif place is None:
                shared.append((part, part.nanos))
        for donor, gifts in donated.items():
            shared += self.accept(split, days, donor, gifts)
        self.share(split, days, shared)

    def outside(self, split, part):
        """Takes a part out of the pool that is excluded, directed or reserved; None when it is not."""
        exclusion = next((e for e in split.get("excluded", []) if part.row.attributes.get(e["attribute"]) in e["values"]), None)
        if exclusion:
            self.exclusions[exclusion["id"]] += part.nanos
            self.rows[part.funder[0]]["excluded"] += part.nanos
            return "excluded"
        if beneficiary_of(part) == part.funder[0]:
            self.rows[part.funder[0]]["directed"] += part.nanos
            return "directed"
        if part.row.is_unused:
            self.reserved += part.nanos
            self.rows[self.reserver(part)]["shared"] += part.nanos
            return "reserved"
        return None

    def reserver(self, part):
        """Capacity is reserved by the owner of the account that it is billed to; unused, it is the owner's share, whoever paid."""
        return self.policy.accounts[part.row.account]["owner"]

    def accept(self, split, days, donor, gifts):
        """In-kind enters the pool up to what is accepted of these days; each gift in the same proportion."""
        given = sum(part.nanos for part in gifts)
        first, end = recompute.month_days(self.month)
        accepted = sum(fractions.Fraction(recompute.nanos_of(a["acceptedPerMonth"]) * sum(recompute.Dated(a).holds(d) for d in days), end - first)
                       for a in split.get("inKind", []) if a["organisation"] == donor)
        fraction = min(fractions.Fraction(1), accepted / given) if given > 0 else fractions.Fraction(1)
        self.exclusions[ABOVE_ACCEPTED] += given * (1 - fraction)
        self.rows[donor]["excluded"] += given * (1 - fraction)
        return [(part, part.nanos * fraction) for part in gifts]

    def share(self, split, days, shared):
        overhead = split["overhead"]["components"]
        for part, nanos in shared:
            self.pools["overhead" if part.row.attributes.get("component") in overhead else "direct"] += nanos
        weights = self.weights(split, days, shared)
        whole, pool = sum(weights.values()), sum(nanos for _, nanos in shared)
        for organisation, weight in weights.items():
            self.rows[organisation]["shared"] += pool * weight / whole
        if not whole:
            self.rows[UNALLOCATED]["shared"] += pool

    def weights(self, split, days, shared):
        """By participant: its days, times what of the pool is its own where the split is proportional."""
        presence = {p["organisation"]: fractions.Fraction(sum(recompute.Dated(p).holds(day) for day in days)) for p in split["participants"]}
        if split["method"] == "even":
            return presence
        if split["method"] != "proportional" or split["proportionalTo"] != "chip-vendor":
            raise ValueError(f"no opinion of the method {split['method']}")
        own = collections.Counter()
        for part, nanos in shared:
            own[part.row.attributes.get("chip-vendor")] += nanos
        weights = {organisation: here * max(0, own[organisation]) for organisation, here in presence.items()}
        if any(weights.values()):
            return weights
        if split["fallback"] == "previous":
            raise ValueError("no opinion of the fallback previous")
        return presence if split["fallback"] == "even" else {}

    def document(self, split):
        for row in self.rows.values():
            row["net"] = row["given"] - row["excluded"] - row["directed"] - row["shared"]
        names = sorted({*self.rows, UNALLOCATED, "Unfunded"})
        return {
            "split": split,
            "rows": [{"organisation": name, **{column: plain(self.rows[name][column]) for column in COLUMNS}} for name in names],
            "commonDirect": plain(self.pools["direct"]), "commonOverhead": plain(self.pools["overhead"]),
            "unusedReservations": plain(self.reserved),
            "directed": plain(sum(row["directed"] for row in self.rows.values())),
            "excluded": plain(sum(row["excluded"] for row in self.rows.values())),
            "consumption": plain(self.consumption), "freeTerms": plain(self.free_terms),
            "exclusions": {name: plain(nanos) for name, nanos in sorted(self.exclusions.items())},
        }


def plain(nanos):
    return recompute.plain(fractions.Fraction(nanos))


def state(policy, month, payers, wanted):
    """The statement of a month by a split, or by the one that holds each day."""
    statement = Statement(policy, month)
    parts = [part for payer in payers for part in payer.parts if part.row]
    for split, days in spans(policy, month, wanted):
        if split is None:
            raise ValueError(f"no split holds on a day of {month}")
        statement.add(split, days, parts)
        currency = split["currency"]
    for payer in payers:
        for part in payer.parts:
            if part.row is None and payer.currency == currency:  # Another pays for earlier use: a change of who gave, not of what is shared.
                statement.rows[part.funder[0]]["given"] += part.nanos
        for (_, (organisation, kind, _)), nanos in payer.changes.items():
            if payer.currency == currency and kind != "free-tier":
                statement.rows[organisation]["paidAhead"] += nanos
    return statement.document(wanted or "")
