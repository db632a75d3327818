#!/usr/bin/env python3
"""A long booking beside everything else: dashboards read, webhooks arrive, a second command line writes.

bench/under_load.py [--rows N] [--readers N] [--folder DIR]

Starts `cicost serve` on a free port of this machine, books a bill of N rows (5,000,000) into the same books, and meanwhile sends
requests and webhooks to the server and books small files with a second command line. Ends when the booking ends. Prints, as JSON, the
statuses, the latencies per endpoint and in all (p50, p95, p99, most), and how each writer fared. Exit code 1 when anybody saw an error.
Everything is bounded: requests per reader, time of the whole, and every process is ended by its own id.
"""
import argparse
import collections
import hashlib
import hmac
import http.client
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "artifacts" / "cicost" / "cicost"
SECRET = "only for this run"
MOST_REQUESTS = 20_000
MOST_SECONDS = 900
PATHS = [
    "/v1/costs?month=2026-07&group-by=component",
    "/v1/costs?month=2026-06&group-by=ServiceName",
    "/v1/bridge?month=2026-06",
    "/v1/deliveries",
    "/v1/sources",
    "/v1/reconciliation?month=2026-06",
    "/health/ready",
    "/",
]


def run(arguments, **more):
    return subprocess.run([str(PROGRAM), *arguments], capture_output=True, text=True, timeout=MOST_SECONDS, check=False, **more)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def ask(port, method, path, body=None, headers=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def reader(port, index, stop, seen):
    for i in range(MOST_REQUESTS):
        if stop.is_set():
            return
        path = PATHS[(i + index) % len(PATHS)]
        started = time.perf_counter()
        try:
            status = ask(port, "GET", path)
        except OSError as error:
            status = type(error).__name__
        seen.append((path.split("?")[0], status, time.perf_counter() - started))


def webhooks(port, stop, seen):
    for i in range(MOST_REQUESTS):
        if stop.wait(0.05):
            return
        body = json.dumps({"action": "completed", "repository": {"full_name": "acme/ci"}, "workflow_job": {
            "id": 1_000 + i, "run_id": 7, "run_attempt": 1, "name": "build", "status": "completed", "conclusion": "success",
            "labels": ["linux.2xlarge"], "created_at": "2026-07-01T00:00:00Z", "started_at": "2026-07-01T00:01:00Z",
            "completed_at": "2026-07-01T00:10:00Z", "html_url": "https://github.com/acme/ci/actions/runs/7/job/1",
            "url": "https://api.github.com/repos/acme/ci/actions/jobs/1"}}).encode()
        signature = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        started = time.perf_counter()
        try:
            status = ask(port, "POST", "/v1/hooks/github", body, {
                "Content-Type": "application/json", "X-GitHub-Event": "workflow_job", "X-GitHub-Delivery": f"load-{i}",
                "X-Hub-Signature-256": signature})
        except OSError as error:
            status = type(error).__name__
        seen.append(("/v1/hooks/github", status, time.perf_counter() - started))


def second_writer(books, folder, small, stop, outcomes):
    for i in range(500):
        if stop.is_set():
            return
        result = run(["--db", books, "ingest", "--source", f"small-{i % 7}", "--kind", "focus-csv", "--month", "2026-06", "--file", small],
                     cwd=folder)
        outcomes.append((result.returncode, result.stderr.strip().splitlines()[-1] if result.returncode else ""))


def percentile(values, share):
    ordered = sorted(values)
    return round(1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1) if ordered else None


def latencies(rows):
    times = [r[2] for r in rows]
    return {"requests": len(times), "p50_ms": percentile(times, 0.5), "p95_ms": percentile(times, 0.95), "p99_ms": percentile(times, 0.99),
            "most_ms": percentile(times, 1)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--readers", type=int, default=2)
    parser.add_argument("--folder", default=None, help="where bills and books are made; else a temporary folder, removed at the end")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        return measure(options, os.path.abspath(folder))


def measure(options, folder):
    big, small, books = (os.path.join(folder, n) for n in ("big.csv", "small.csv", "books.db"))
    for path, rows, month in ((big, options.rows, "2026-07"), (small, 2_000, "2026-06")):
        subprocess.run([sys.executable, str(ROOT / "bench" / "make_focus.py"), "--rows", str(rows), "--unique-tags-share", "0", "--month", month,
                        "--out", path], check=True, stdout=sys.stderr)
    first = run(["--db", books, "ingest", "--source", "small", "--kind", "focus-csv", "--month", "2026-06", "--file", small], cwd=folder)
    if first.returncode:
        sys.exit(first.stderr)

    port = free_port()
    environment = dict(os.environ, HOOK_SECRET=SECRET, CICOST_Webhooks__GitHub__Secret="env:HOOK_SECRET")
    server = subprocess.Popen([str(PROGRAM), "--db", books, "serve", "--address", f"http://127.0.0.1:{port}"], cwd=folder, env=environment,
                              stdout=subprocess.DEVNULL, stderr=open(os.path.join(folder, "serve.log"), "w"))
    try:
        for _ in range(200):
            try:
                if ask(port, "GET", "/health/live") == 200:
                    break
            except OSError:
                time.sleep(0.1)
        else:
            raise SystemExit("the server did not answer: " + pathlib.Path(folder, "serve.log").read_text())

        stop, seen, outcomes = threading.Event(), [], []
        threads = [threading.Thread(target=reader, args=(port, i, stop, seen)) for i in range(options.readers)]
        threads.append(threading.Thread(target=webhooks, args=(port, stop, seen)))
        threads.append(threading.Thread(target=second_writer, args=(books, folder, small, stop, outcomes)))
        for thread in threads:
            thread.start()
        started = time.perf_counter()
        booked = run(["--db", books, "ingest", "--source", "big", "--kind", "focus-csv", "--month", "2026-07", "--file", big], cwd=folder)
        seconds = time.perf_counter() - started
        stop.set()
        for thread in threads:
            thread.join()
    finally:
        server.terminate()
        server.wait(60)

    checks = run(["--db", books, "check", "--json"], cwd=folder)
    failing = [c["check"] for c in json.loads(checks.stdout)["checks"] if c["state"].lower() != "holds"]
    errors = [s for s in seen if not (isinstance(s[1], int) and s[1] < 400)]
    reads = [s for s in seen if s[0] != "/v1/hooks/github"]
    print(json.dumps({
        "rows": options.rows,
        "booking": {"seconds": round(seconds, 1), "exit_code": booked.returncode, "error": booked.stderr.strip()[-300:] if booked.returncode else ""},
        "statuses": dict(collections.Counter(str(s[1]) for s in seen)),
        "reads": latencies(reads),
        "by_endpoint": {p: latencies([s for s in seen if s[0] == p]) for p in sorted({s[0] for s in seen})},
        "second_command_line": {"runs": len(outcomes), "failed": [o for o in outcomes if o[0]]},
        "checks_failing_after": failing,
    }, indent=1))
    return 1 if errors or booked.returncode or any(o[0] for o in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
