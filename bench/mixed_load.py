#!/usr/bin/env python3
"""Five minutes of everything at once: what nobody may starve, and what it costs in memory.

bench/mixed_load.py [--seconds N] [--connections N] [--rows N] [--folder DIR]

Books the demonstration's twelve months, starts `cicost serve` on a free port of this machine, and asks over so many connections (64) one
question again and again, questions that differ, and explanations over twelve months; beside it, GitHub's webhooks and /health/live, and
after a tenth of the time a bill of N rows (1,000,000) by the command line. Prints, as JSON, statuses and latencies of each kind, and the
server's memory at the start, at most, and a minute after the end. Exit code 1 when a webhook took more than 2 s, /health/live more than
200 ms at p99, the server more than 512 MB, or more than 300 MB a minute later.
Everything is bounded: requests, seconds, and every process is ended by its own id.
"""
import argparse
import collections
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

import under_load
from under_load import ROOT, ask, free_port, latencies, run

MONTHS = [f"{year}-{month:02}" for year, month in [(2025, m) for m in range(8, 13)] + [(2026, m) for m in range(1, 8)]]
DIMENSIONS = ["component", "architecture", "project", "source", "ServiceName", "RegionId", "payer-account", "ChargeCategory", "day", "operator"]
METRICS = ["consumption", "credits", "payable", "billed", "effective", "list"]
MOST_WEBHOOK_MS, MOST_LIVE_MS, MOST_MB, MOST_MB_AFTER = 2000, 200, 512, 300


def path_of(index, number):
    """The same question, one of thousands, or an explanation; in equal shares of connections."""
    if index % 3 == 0:
        return "same", "/v1/costs?month=2026-07&group-by=component"
    pick = index * 7919 + number
    first = pick % len(MONTHS)
    last = first + pick // 5 % (len(MONTHS) - first)
    if index % 3 == 1:
        one, two = DIMENSIONS[pick % len(DIMENSIONS)], DIMENSIONS[(pick // 3 + 1 + pick % 7) % len(DIMENSIONS)]
        by = one if one == two else f"{one},{two}"
        return "distinct", f"/v1/costs?month={MONTHS[first]}&to={MONTHS[last]}&group-by={by}&metric={METRICS[pick % len(METRICS)]}"
    return "explain", f"/v1/explain?month={MONTHS[first]}&to={MONTHS[last]}&rows=1000"


def reader(port, index, stop, seen):
    for number in range(under_load.MOST_REQUESTS):
        if stop.is_set():
            return
        kind, path = path_of(index, number)
        started = time.perf_counter()
        try:
            status = ask(port, "GET", path)
        except OSError as error:
            status = type(error).__name__
        seen.append((kind, status, time.perf_counter() - started))


def live(port, stop, seen):
    while not stop.wait(0.1):
        started = time.perf_counter()
        try:
            status = ask(port, "GET", "/health/live")
        except OSError as error:
            status = type(error).__name__
        seen.append(("live", status, time.perf_counter() - started))


def resident_mb(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) // 1024
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--folder", default=None, help="where bills and books are made; else a temporary folder, removed at the end")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        return measure(options, os.path.abspath(folder))


def measure(options, folder):
    books, big = os.path.join(folder, "books.db"), os.path.join(folder, "big.csv")
    subprocess.run([sys.executable, str(ROOT / "bench" / "make_focus.py"), "--rows", str(options.rows), "--unique-tags-share", "0", "--month",
                    "2026-07", "--out", big], check=True, stdout=sys.stderr)
    demo = run(["--db", books, "demo", "--out", os.path.join(folder, "demo")], cwd=folder)
    if demo.returncode:
        sys.exit(demo.stderr)

    port = free_port()
    environment = dict(os.environ, HOOK_SECRET=under_load.SECRET, CICOST_Webhooks__GitHub__Secret="env:HOOK_SECRET")
    with open(os.path.join(folder, "serve.log"), "w", encoding="utf-8") as log:
        server = subprocess.Popen([str(under_load.PROGRAM), "--db", books, "serve", "--address", f"http://127.0.0.1:{port}"], cwd=folder,
                                  env=environment, stdout=subprocess.DEVNULL, stderr=log)
    try:
        return under(options, folder, books, big, port, server)
    finally:
        server.terminate()
        server.wait(timeout=30)


def under(options, folder, books, big, port, server):
    for _ in range(600):
        try:
            if ask(port, "GET", "/health/ready") == 200:
                break
        except OSError:
            pass
        time.sleep(0.1)

    stop, seen, memory = threading.Event(), [], [resident_mb(server.pid)]
    threads = [threading.Thread(target=reader, args=(port, i, stop, seen)) for i in range(options.connections)]
    threads += [threading.Thread(target=under_load.webhooks, args=(port, stop, seen)), threading.Thread(target=live, args=(port, stop, seen))]
    for thread in threads:
        thread.start()

    ended = time.monotonic() + options.seconds
    booking = None
    while time.monotonic() < ended:
        memory.append(resident_mb(server.pid))
        if booking is None and time.monotonic() > ended - 0.9 * options.seconds:
            booking = subprocess.Popen([str(under_load.PROGRAM), "--db", books, "ingest", "--source", "big", "--kind", "focus-csv", "--month",
                                        "2026-07", "--file", big], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            booking_began = time.monotonic()
        if booking is not None and booking.poll() is not None and not hasattr(booking, "seconds"):
            booking.seconds = round(time.monotonic() - booking_began, 1)
        time.sleep(0.25)
    stop.set()
    for thread in threads:
        thread.join(timeout=180)
    _, said = booking.communicate(timeout=under_load.MOST_SECONDS)
    # What still runs is answered; then a minute of nothing.
    time.sleep(60)
    after = resident_mb(server.pid)
    by_kind = collections.defaultdict(list)
    for row in seen:
        by_kind[row[0]].append(row)
    hooks, lives = by_kind["/v1/hooks/github"], by_kind["live"]
    result = {
        "seconds": options.seconds,
        "connections": options.connections,
        "cores": os.cpu_count(),
        "kinds": {kind: {"statuses": dict(collections.Counter(str(r[1]) for r in rows)), **latencies(rows)} for kind, rows in sorted(by_kind.items())},
        "booking": {"rows": options.rows, "seconds": getattr(booking, "seconds", None), "exit_code": booking.returncode, "said": said.strip()[-200:]},
        "resident_mb": {"start": memory[0], "most": max(memory), "a_minute_after": after},
    }
    print(json.dumps(result, indent=1))
    holds = (latencies(hooks)["most_ms"] <= MOST_WEBHOOK_MS and latencies(lives)["p99_ms"] <= MOST_LIVE_MS and max(memory) <= MOST_MB
             and after <= MOST_MB_AFTER and booking.returncode == 0 and all(r[1] == 202 for r in hooks)
             and all(r[1] in (200, 202, 503) for r in seen))
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
