#!/usr/bin/env python3
"""Writes a FOCUS 1.2 bill for the benchmark: 57 columns, about 900 bytes a row, the same bytes for the same options.

Standard library only. Progress and a summary as JSON go to standard error.
"""
import argparse
import gzip
import io
import json
import random
import sys
import time

from focus_shapes import COLUMNS, PRICE_SCALE, QUANTITY_SCALE, decimal_text, make_shapes

CHUNK = 10_000
COST_SCALE = PRICE_SCALE + QUANTITY_SCALE
MONTH_DAYS = {1: 31, 3: 31, 4: 30, 5: 31, 6: 30, 7: 31, 8: 31, 9: 30, 10: 31, 11: 30, 12: 31}
HASH = 0x9E3779B97F4A7C15  # odd, so that multiplying by it modulo 2 ** 64 never gives one id twice
RECENT = 16


def options():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--rows', type=int, default=1_000_000)
    parser.add_argument('--distinct-resources-share', type=float, default=0.69, help='rows that bring a resource not seen before')
    parser.add_argument('--unique-tags-share', type=float, default=0.0, help='rows whose tags no other row has')
    parser.add_argument('--shapes', type=int, default=8_000, help='distinct dimension tuples')
    parser.add_argument('--seed', type=int, default=20_260_701)
    parser.add_argument('--month', default='2026-07', help='YYYY-MM')
    parser.add_argument('--gzip', action='store_true', help='compress, level 6')
    parser.add_argument('--out', required=True, help='file to write, - for standard output')
    return parser.parse_args()


class Bill:
    """Makes the rows of a bill one after the other."""

    def __init__(self, opts):
        self.opts = opts
        self.rng = random.Random(opts.seed)
        year, number = (int(part) for part in opts.month.split('-'))
        days = MONTH_DAYS.get(number) or (29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28)
        after = f'{year + number // 12:04d}-{number % 12 + 1:02d}-01T00:00:00Z'
        start = f'{opts.month}-01T00:00:00Z'
        instants = [f'{opts.month}-{hour // 24 + 1:02d}T{hour % 24:02d}:00:00Z' for hour in range(24 * days)] + [after]
        self.periods = {
            1: list(zip(instants, instants[1:])),
            24: [(instants[24 * day], instants[24 * day + 24]) for day in range(days)],
            744: [(start, after)],
        }
        self.shapes = make_shapes(opts.shapes, start, after, self.rng)
        total, self.cumulative = 0.0, []
        for rank in range(len(self.shapes)):  # few tuples make up most rows, as in real bills
            total += (rank + 12) ** -1.25
            self.cumulative.append(total)
        self.rng.shuffle(self.shapes)
        weights = [(rank + 12) ** -1.25 if shape.arn else 0 for rank, shape in enumerate(self.shapes)]
        self.new_resource_share = min(1.0, opts.distinct_resources_share * total / sum(weights))
        self.resources = self.tag_sets = 0

    def rows(self, count):
        """The next rows, as text."""
        rng = self.rng.random
        return [self.row(shape, rng(), rng(), rng(), rng())
                for shape in self.rng.choices(self.shapes, cum_weights=self.cumulative, k=count)]

    def row(self, shape, when, amount, which, look):
        """One row: the four random numbers choose its period, its quantity, its resource, and how its costs are written."""
        periods = self.periods[shape.hours]
        start, end = periods[int(when * len(periods))]
        listed, contracted, billed, effective, quantity = self.amounts(shape, amount)
        resource_id, resource_name = self.resource(shape, which)
        is_tiny = abs(listed) < 10 ** (COST_SCALE - 3)
        effective_text = self.write(effective, look, is_tiny)
        contracted_text = effective_text if contracted == effective else self.write(contracted, look, is_tiny)
        return shape.template % (
            start, end, effective_text if billed == effective else self.write(billed, look, is_tiny), effective_text,
            contracted_text if listed == contracted else self.write(listed, look, is_tiny), contracted_text,
            quantity, effective_text, quantity, resource_id, resource_name, self.tags(shape, look))

    @staticmethod
    def amounts(shape, amount):
        """List, contracted, billed and effective cost in 10 ** -COST_SCALE, and the quantity as text."""
        kind = shape.kind
        if kind == 'Usage' or kind == 'Committed' or kind == 'Correction':
            quantity = 1 + int(amount * amount * 240_000)
            if kind == 'Correction':
                quantity = -quantity
            contracted = quantity * shape.contracted
            return (quantity * shape.price, contracted, 0 if kind == 'Committed' else contracted, contracted,
                    decimal_text(quantity, QUANTITY_SCALE))
        cost = 1 + int(amount * 10 ** (COST_SCALE + 2))
        if kind == 'Credit':
            return 0, 0, -cost, -cost, ''
        return (cost, cost, cost, cost, '') if kind == 'Tax' else (0, 0, cost, 0, '')

    @staticmethod
    def write(cost, look, is_tiny):
        """A cost with 14 digits, without trailing zeros, with 18 digits, or with an exponent."""
        if look < 0.55:
            return decimal_text(cost, COST_SCALE)
        if look < 0.8:
            return decimal_text(cost, COST_SCALE).rstrip('0').rstrip('.')
        if look < 0.97 or not is_tiny:
            return decimal_text(cost * 10_000 + (int(look * 10_000) if cost > 0 else 0), COST_SCALE + 4)
        return exponent_text(cost)

    def resource(self, shape, which):
        """A new resource, or one of the last that this shape had."""
        if not shape.arn:
            return '', ''
        if which >= self.new_resource_share and shape.recent:
            return shape.recent[int(which * 1e6) % len(shape.recent)]
        self.resources += 1
        name = f'{shape.prefix}{(self.resources * HASH + self.opts.seed) % 2 ** 64:017x}'
        pair = (shape.arn + name, name.rpartition('/')[2])
        if len(shape.recent) < RECENT:
            shape.recent.append(pair)
        else:
            shape.recent[self.resources % RECENT] = pair
        return pair

    def tags(self, shape, look):
        """The tags of the shape, or the same with the job run that nobody else has."""
        if (look * 1_000) % 1 >= self.opts.unique_tags_share:
            return shape.tags
        self.tag_sets += 1
        return f'{shape.tags[:-2]},""JobRun"":""{self.tag_sets * HASH % 2 ** 40}""}}"'


def exponent_text(cost):
    """A count of 10 ** -COST_SCALE as mEn."""
    if cost == 0:
        return '0'
    sign, digits = ('-', str(-cost)) if cost < 0 else ('', str(cost))
    fraction = digits[1:].rstrip('0')
    return f'{sign}{digits[0]}{"." if fraction else ""}{fraction}E{len(digits) - 1 - COST_SCALE}'


def main():
    """Writes the file."""
    opts = options()
    began = time.monotonic()
    bill = Bill(opts)
    target = sys.stdout.buffer if opts.out == '-' else open(opts.out, 'wb')
    with io.BufferedWriter(gzip.GzipFile('', 'wb', 6, target, mtime=0), 1 << 20) if opts.gzip else target as out:
        written = out.write((','.join(COLUMNS) + '\n').encode())
        for done in range(0, opts.rows, CHUNK):
            written += out.write(''.join(bill.rows(min(CHUNK, opts.rows - done))).encode())
            if done and done % 1_000_000 == 0:
                print(f'{done} rows', file=sys.stderr)
    if target is not sys.stdout.buffer:
        target.close()
    print(json.dumps({'rows': opts.rows, 'contentBytes': written, 'resources': bill.resources, 'uniqueTagSets': bill.tag_sets,
                      'seconds': round(time.monotonic() - began, 1)}), file=sys.stderr)


if __name__ == '__main__':
    main()
