"""Draws of several grants placed on what they may pay, by rule 6 as amended (a part of opinion.py). Exact fractions, no linear program.

A need is a sum that the same grants may pay, named by the set of them. What is placed at most is, by the theorem of the smallest cut, the
least over all sets of grants of: the draws of those outside the set, and the needs that the set may pay.
"""
import fractions
import itertools


def subsets(names):
    return [frozenset(chosen) for size in range(len(names) + 1) for chosen in itertools.combinations(sorted(names), size)]


def cut(chosen, draws, needs):
    return sum(d for g, d in draws.items() if g not in chosen) + sum(n for payers, n in needs.items() if payers & chosen)


class Flow:
    """Draws by grant and needs by set of grants, both at least 0; `placed` by (grant, set)."""

    def __init__(self, draws, needs):
        self.draws = {g: fractions.Fraction(d) for g, d in draws.items()}
        self.needs = {payers: fractions.Fraction(n) for payers, n in needs.items()}
        self.sets = subsets(draws)
        self.placed = {(g, payers): fractions.Fraction(0) for payers in needs for g in payers}

    def slack(self, chosen):
        """How much of the cut is more than what must still be placed."""
        return cut(chosen, self.draws, self.needs) - min(cut(s, self.draws, self.needs) for s in self.sets)

    def room(self, grant, payers):
        """What a grant may still take of a need without raising the unapplied rest: all of it but what the others must have."""
        return min([self.needs[payers], *(self.slack(s) for s in self.sets if grant not in s and payers & s)])

    def place(self):
        eligible = {g: sum(n for payers, n in self.needs.items() if g in payers) for g in self.draws}
        for amount in sorted(set(eligible.values())):
            self.place_alike([g for g in self.draws if eligible[g] == amount])
        return self.placed

    def place_alike(self, grants):
        while True:
            speeds = {}
            for grant in grants:
                rooms = {payers: self.room(grant, payers) for payers in self.needs if grant in payers}
                whole = sum(rooms.values())
                if whole and self.draws[grant]:
                    speeds.update({(grant, payers): self.draws[grant] * room / whole for payers, room in rooms.items() if room})
            if not speeds:
                return
            self.advance(speeds, self.longest(speeds))

    def longest(self, speeds):
        """The time for which all may be placed at their speeds: until the draws end, a need is paid, or a cut has no slack."""
        paid = {payers: sum(s for (_, p), s in speeds.items() if p == payers) for payers in self.needs}
        times = [fractions.Fraction(1), *(self.needs[p] / speed for p, speed in paid.items() if speed)]
        for chosen in self.sets:
            shrinking = sum(s for (grant, payers), s in speeds.items() if grant not in chosen and payers & chosen)
            if shrinking:
                times.append(self.slack(chosen) / shrinking)
        return min(times)

    def advance(self, speeds, time):
        for (grant, payers), speed in speeds.items():
            self.placed[grant, payers] += speed * time
            self.draws[grant] -= speed * time
            self.needs[payers] -= speed * time
