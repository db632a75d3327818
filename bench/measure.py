#!/usr/bin/env python3
"""Runs a command and prints one JSON line: wall and CPU seconds and the peak memory of its processes.

measure.py NAME=VALUE... -- COMMAND ARGUMENT...   Each NAME=VALUE is copied into the line. What the command prints on standard output,
when it is a JSON object, stands under "output". A command that fails ends the run with its exit code.
"""
import json
import resource
import subprocess
import sys
import time


def main():
    """Measures one command."""
    split = sys.argv.index('--')
    labels = dict(item.split('=', 1) for item in sys.argv[1:split])
    began = time.monotonic()
    done = subprocess.run(sys.argv[split + 1:], stdout=subprocess.PIPE, check=False)
    seconds = time.monotonic() - began
    if done.returncode != 0:
        sys.stderr.write(done.stdout.decode(errors='replace'))
        sys.exit(done.returncode)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    text = done.stdout.decode().strip()
    line = {**labels, 'wallSeconds': round(seconds, 3), 'cpuSeconds': round(used.ru_utime + used.ru_stime, 3),
            'peakMegabytes': round(used.ru_maxrss / 1024, 1)}
    if text.startswith('{'):
        line['output'] = json.loads(text)
    print(json.dumps(line))


if __name__ == '__main__':
    main()
