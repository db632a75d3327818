#!/usr/bin/env python3
"""Turns the lines of measure.py into a table of medians in Markdown, and with --json into one JSON object.

summarise.py [--json] RESULTS.jsonl
"""
import json
import os
import statistics
import sys


def rate(line):
    """Rows per second of one run, by the tool's own clock: reading up to the durable commit, without starting up, fetching or the checkpoint."""
    output = line.get('output', {})
    timings = output.get('timings')
    seconds = timings['loadMs'] / 1000 if timings else output.get('seconds', line['wallSeconds'])
    return output['rows'] / seconds, seconds


def summarise(lines):
    """One entry per tool and case, in order of the case and then of the rate."""
    groups = {}
    for line in lines:
        groups.setdefault((line['case'], line['tool']), []).append(line)
    rows = []
    for (case, tool), runs in sorted(groups.items()):
        rates = [rate(run)[0] for run in runs]
        rows.append({
            'case': case, 'tool': tool, 'runs': len(runs), 'rowsPerSecond': round(statistics.median(rates)),
            'slowest': round(min(rates)), 'fastest': round(max(rates)),
            'seconds': round(statistics.median(rate(run)[1] for run in runs), 2),
            'checkpointSeconds': round(statistics.median(run['output'].get('timings', {}).get('checkpointMs', 0) for run in runs) / 1000, 2),
            'wallSeconds': round(statistics.median(run['wallSeconds'] for run in runs), 2),
            'cpuSeconds': round(statistics.median(run['cpuSeconds'] for run in runs), 2),
            'peakMegabytes': round(max(run['peakMegabytes'] for run in runs)),
            'databaseMegabytes': round(statistics.median(run['output'].get('databaseBytes', 0) for run in runs) / 1e6)})
    duck = {row['case']: row['rowsPerSecond'] for row in rows if row['tool'] == 'duckdb'}
    for row in rows:
        peer = duck.get(row['case'], duck.get('plain'))
        row['timesDuckDb'] = round(row['rowsPerSecond'] / peer, 2) if peer else None
    return sorted(rows, key=lambda row: (row['case'], -row['rowsPerSecond']))


def main():
    """Prints the table or the object."""
    path = [arg for arg in sys.argv[1:] if arg != '--json'][0]
    with open(path, encoding='utf-8') as file:
        rows = summarise([json.loads(text) for text in file if text.strip()])
    load = [round(value, 2) for value in os.getloadavg()]
    if '--json' in sys.argv:
        print(json.dumps({'processors': os.cpu_count(), 'loadAverage': load, 'results': rows}, indent=2))
        return
    print(f'{os.cpu_count()} processors, load average at the end {load[0]} {load[1]} {load[2]}. Medians; range of rows/s in brackets.\n')
    print('| case | tool | runs | rows/s | x DuckDB | s | checkpoint s | CPU s | peak MB | file MB |')
    print('|---|---|---:|---:|---:|---:|---:|---:|---:|---:|')
    for row in rows:
        times = '-' if row['timesDuckDb'] is None else f"{row['timesDuckDb']:.2f}"
        size = row['databaseMegabytes'] or '-'
        print(f"| {row['case']} | {row['tool']} | {row['runs']} | {row['rowsPerSecond']:,} ({row['slowest']:,}-{row['fastest']:,}) | {times} "
              f"| {row['seconds']} | {row['checkpointSeconds'] or '-'} | {row['cpuSeconds']} | {row['peakMegabytes']} | {size} |")


if __name__ == '__main__':
    main()
