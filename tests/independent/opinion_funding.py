"""Who pays for what was consumed, and what is paid ahead, by rules 6 and 10 as amended in November 2026 (a part of opinion.py)."""
import collections
import fractions
import os

import yaml

import opinion_flow
import recompute

UNKNOWN_PAYER = ("Unfunded", "unfunded", None)
STEPS = ("opening", "purchases", "applied", "refunded", "expired", "closing")
Part = collections.namedtuple("Part", "row taken_back funder nanos")  # of a row, or of earlier use of a commitment that was refunded


def is_purchase_ahead(row):
    """A purchase is prepaid in so far as its bill asks for more (or a refund gives back more) than is consumed with it."""
    return row.category == "Purchase" and row.billed != row.effective


def ahead_of(row):
    return row.commitment or row.account


def is_covered_use(row):
    """Use that nothing is billed for and that names a commitment is paid out of it."""
    return row.commitment is not None and row.category != "Purchase" and not row.grant and row.billed == 0


def divide(amount, held, reversals):
    """By funder of what is held: the credits that were reversed, then cash, then the grants that are left, each in proportion."""
    out = collections.Counter()
    observed = {f: min(n, max(0, reversals[f])) for f, n in held.items() if f[2]}
    cash = {f: n for f, n in held.items() if not f[2]}
    others = {f: n - observed[f] for f, n in held.items() if f[2]}
    for layer in (observed, cash, others):
        whole = sum(layer.values())
        taken = min(whole, amount - sum(out.values()))
        out.update({f: fractions.Fraction(n) * taken / whole for f, n in layer.items()} if whole else {})
    return out


class Prepaid:
    """What is left of one commitment, by who paid it, and what was taken of it so far."""

    def __init__(self):
        self.left, self.used = collections.Counter(), collections.Counter()
        self.overdrawn = fractions.Fraction(0)
        self.steps = collections.Counter()

    def begin(self):
        self.steps = collections.Counter(opening=sum(self.left.values()) - self.overdrawn)

    def buy(self, paid):
        """Adds a purchase's mix. Returns what of it pays for use that came before, by funder."""
        whole = sum(paid.values())
        self.steps["purchases"] += whole
        late = min(self.overdrawn, whole)
        self.overdrawn -= late
        for funder, nanos in paid.items():
            self.left[funder] += nanos * (whole - late) / whole
        return {funder: nanos * late / whole for funder, nanos in paid.items()} if late else {}

    def use(self, whole, owner):
        """Takes use out of what is left, in proportion. Returns it by funder; what is not there is the owner's."""
        self.steps["applied"] += whole
        balance = sum(self.left.values())
        covered = min(fractions.Fraction(whole), balance)
        parts = collections.Counter({f: n * covered / balance for f, n in self.left.items()} if balance else {})
        self.left.subtract(parts)
        self.used.update(parts)
        self.overdrawn += whole - covered
        parts[owner] += whole - covered
        return {f: n for f, n in parts.items() if n}

    def refund(self, whole, reversals):
        """Takes a refund out of what is unused, then of what was used: by the credits that were reversed against cash. Returns both by
        funder; the use that is taken back has nobody who pays for it then."""
        left = collections.Counter(reversals)
        unused = min(fractions.Fraction(whole), sum(self.left.values()))
        out = divide(unused, self.left, left)
        left.subtract(out)
        back = divide(min(whole - unused, sum(self.used.values())), self.used, left)
        if sum(out.values()) + sum(back.values()) != whole:
            raise ValueError("a refund of more than was ever bought is not thought through")
        self.left.subtract(out)
        self.used.subtract(back)
        self.steps["refunded"] += unused
        return out, back

    def expire(self):
        out = dict(self.left)
        self.steps["expired"] += sum(out.values())
        self.left.clear()
        return out

    def roll_forward(self):
        self.steps["closing"] = sum(self.left.values()) - self.overdrawn
        return {name: recompute.plain(fractions.Fraction(self.steps[name])) for name in STEPS}


class Payer:
    """One payer account and currency, with its prepaid balances."""

    def __init__(self, policy, account, currency):
        self.policy, self.currency = policy, currency
        known = policy.accounts.get(account)
        self.owner = (known["owner"], known["paysWith"], None) if known else UNKNOWN_PAYER
        self.account = account
        self.prepaid = collections.defaultdict(Prepaid)

    def funder(self, grant):
        return self.policy.grants[grant]["donor"], self.policy.grants[grant]["kind"], grant

    def may_pay(self, grant, row):
        return row.attributes.get("component") not in self.policy.grants[grant].get("notFor", [])

    def run(self, rows, ends):
        """One month, its use of what was paid before first. Keeps parts of consumption, changes of what is paid ahead by commitment and
        funder, and draws with what of them has no cost, by grant."""
        for prepaid in self.prepaid.values():
            prepaid.begin()
        self.parts, self.changes = [], collections.Counter()
        self.draws, self.unapplied = collections.Counter(), collections.Counter()
        for row in rows:
            if row.grant:
                self.draws[row.grant] -= row.effective
        bought = {ahead_of(row) for row in rows if is_purchase_ahead(row) and row.billed > row.effective}
        self.apply(rows, lambda commitment: commitment not in bought)
        draws = self.refund(rows, bought)
        draws.update(self.draws)
        self.pay(rows, draws)
        self.apply(rows, lambda commitment: commitment in bought)
        for commitment in ends:
            self.change(commitment, self.prepaid[commitment].expire(), -1)

    def refund(self, rows, bought):
        """Undoes what was refunded. Returns by grant the draws that no longer pay for it: they are free for other costs."""
        refunds, reversals, freed = collections.Counter(), collections.Counter(), collections.Counter()
        for row in rows:
            if is_purchase_ahead(row) and row.billed < row.effective:
                refunds[ahead_of(row)] += row.effective - row.billed
            if row.grant and row.effective > 0:
                reversals[self.funder(row.grant)] += row.effective
        if len(refunds) > 1 or any(commitment in bought for commitment in refunds):
            raise ValueError(f"{self.account}: a refund in a month with others, or with its purchase, is not thought through")
        for commitment, whole in refunds.items():
            out, back = self.prepaid[commitment].refund(whole, reversals)
            self.change(commitment, out, -1)
            for funder, nanos in back.items():
                self.parts.append(Part(None, commitment, funder, -nanos))
                self.parts.append(Part(None, commitment, UNKNOWN_PAYER, nanos))
            for funder in {**out, **back}:
                if funder[2]:
                    freed[funder[2]] += out[funder] + back.get(funder, 0)
        return freed

    def change(self, commitment, parts, sign):
        for funder, nanos in parts.items():
            self.changes[commitment, funder] += sign * nanos

    def pay(self, rows, draws):
        """Places the draws on what is consumed and bought, and leaves the rest to the owner."""
        needs = collections.defaultdict(list)
        for row in rows:
            if not row.grant and row.is_rounding != "credits" and not is_covered_use(row):
                if row.effective:
                    needs[self.payers_of(row, draws)].append((row, None, row.effective))
                if is_purchase_ahead(row) and row.billed > row.effective:
                    needs[self.payers_of(row, draws)].append((row, ahead_of(row), row.billed - row.effective))
        if any(nanos < 0 for nanos in draws.values()):
            raise ValueError(f"{self.account}: more reversals than draws are not thought through")
        whole = {payers: sum(n for *_, n in entries) for payers, entries in needs.items()}
        if any(n < 0 for payers, n in whole.items() if payers):
            raise ValueError(f"{self.account}: a need below zero is not thought through")
        flow = opinion_flow.Flow({g: d for g, d in draws.items() if d}, {payers: n for payers, n in whole.items() if payers})
        placed = flow.place()
        for grant, rest in flow.draws.items():
            self.unapplied[grant] += rest
        bought = collections.defaultdict(collections.Counter)
        for payers, entries in needs.items():
            paid = {self.funder(g): placed[g, payers] for g in payers}
            paid[self.owner] = paid.get(self.owner, 0) + whole[payers] - sum(paid.values())
            for row, commitment, nanos in entries:
                for funder, amount in paid.items():
                    part = fractions.Fraction(nanos) * amount / whole[payers] if whole[payers] else nanos * (funder == self.owner)
                    if commitment:
                        bought[commitment][funder] += part
                    else:
                        self.parts.append(Part(row, None, funder, part))
        for commitment, paid in bought.items():
            self.change(commitment, paid, 1)
            self.correct(commitment, self.prepaid[commitment].buy(paid))

    def payers_of(self, row, draws):
        return frozenset(g for g, d in draws.items() if d and self.may_pay(g, row))

    def correct(self, commitment, late):
        """A purchase that comes after its use says who paid for that use, which was the owner's until then."""
        whole = sum(late.values())
        self.change(commitment, {**late, self.owner: late.get(self.owner, 0) - whole}, -1)
        for funder, nanos in {**late, self.owner: late.get(self.owner, 0) - whole}.items():
            self.parts.append(Part(None, commitment, funder, nanos))

    def open(self, opening):
        """A balance that was bought before the first bill, with the mix that its evidence says."""
        prepaid = self.prepaid[opening["commitment"]]
        for paid in opening["funders"]:
            funder = self.funder(paid["grant"]) if "grant" in paid else (paid["organisation"], paid["kind"], None)
            prepaid.left[funder] += recompute.nanos_of(paid["amount"])

    def apply(self, rows, is_meant):
        used = collections.defaultdict(list)
        for row in rows:
            if is_covered_use(row) and is_meant(row.commitment):
                used[row.commitment].append(row)
        for commitment, covered in used.items():
            whole = sum(row.effective for row in covered)
            parts = self.prepaid[commitment].use(whole, self.owner)
            self.change(commitment, parts, -1)
            for row in covered:
                self.parts += [Part(row, None, f, fractions.Fraction(row.effective) * n / whole) for f, n in parts.items()]


class Known:
    """What no bill says of commitments: balances that they begin with, and when they end."""

    def __init__(self, policy_folder):
        with open(os.path.join(policy_folder, "funding.yaml"), encoding="utf-8") as stream:
            said = yaml.load(stream, Loader=yaml.BaseLoader)
        self.openings = said.get("openingBalances") or []
        self.last_months = {end["commitment"]: recompute.month_of(recompute.day_number(end["to"]) - 1)
                            for end in said.get("commitmentEnds") or []}

    def opened_in(self, month, account, currency):
        return [o for o in self.openings if (o["asOf"][:7], o["account"], o["currency"]) == (month, account, currency)]

    def ended_in(self, month, payer):
        return [c for c, last in self.last_months.items() if last == month and c in payer.prepaid]


def by_month(policy, rows, known):
    """Each month with all payers that are known by then; each payer keeps what the month came to."""
    months = collections.defaultdict(lambda: collections.defaultdict(list))
    for row in rows:
        months[row.month][row.account, row.currency].append(row)
    payers = {}
    for month in sorted(months):
        for account, currency in sorted(months[month]):
            payers.setdefault((account, currency), Payer(policy, account, currency))
        for key, payer in payers.items():
            for opening in known.opened_in(month, *key):
                payer.open(opening)
            payer.run(months[month].get(key, []), known.ended_in(month, payer))
        yield month, list(payers.values())
