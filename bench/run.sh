#!/usr/bin/env bash
# Ingest, beside its peers in the same run: medians, runs interleaved, sync before each.
# bench/run.sh [--rows N] [--runs N] [--unique-tags SHARE] [--gzip] [--full-books] [--peers-only] [--json]
# Files are made once and kept in BENCH_DIR (artifacts/bench unless told). Use a quiet machine.
set -euo pipefail
cd "$(dirname "$0")/.."

rows=1000000 runs=5 unique_tags=0 gzip=no full=no peers_only=no json=no
while (($#)); do
  case $1 in
    --rows) rows=$2; shift ;;
    --runs) runs=$2; shift ;;
    --unique-tags) unique_tags=$2; shift ;;
    --gzip) gzip=yes ;;
    --full-books) full=yes ;; # also into books that already hold the file's lines twelve times, as twelve months
    --peers-only) peers_only=yes ;;
    --json) json=yes ;;
    *) sed -n 2,4p "$0" >&2; exit 2 ;;
  esac
  shift
done

for tool in python3 node npm sqlite3 gzip sha256sum; do
  command -v "$tool" > /dev/null || { echo "$tool is missing. Install it (Debian: apt-get install python3 nodejs npm sqlite3)." >&2; exit 2; }
done

cache=${BENCH_DIR:-artifacts/bench}
mkdir -p "$cache"
file=$cache/focus-1.2-$rows-$unique_tags.csv
results=$cache/results-$(date -u +%Y%m%dT%H%M%SZ).jsonl
month=2026-07

if [[ ! -e $file ]]; then
  python3 bench/make_focus.py --rows "$rows" --unique-tags-share "$unique_tags" --month "$month" --out "$file.part"
  mv "$file.part" "$file"
fi
cases=("plain $file")
if [[ $gzip == yes ]]; then
  [[ -e $file.gz ]] || { gzip -6 -n -c "$file" > "$file.gz.part" && mv "$file.gz.part" "$file.gz"; }
  cases+=("gzip $file.gz")
fi
[[ -d bench/peers/node_modules ]] || (cd bench/peers && npm install --no-package-lock --no-audit --no-fund >&2)

work=$(mktemp -d "$cache/run-XXXXXX")
trap 'rm -rf "$work"' EXIT

# measure TOOL CASE COMMAND...: after the dirty pages of the run before are on disk.
measure() {
  local tool=$1 case=$2
  shift 2
  sync
  sleep 0.3
  python3 bench/measure.py "tool=$tool" "case=$case" -- "$@" >> "$results"
}

# ingest BOOKS MONTH FILE-OR-OBJECT...
ingest() {
  local books=$1 for_month=$2
  shift 2
  ./cicost --db "$books" ingest --source bench --kind focus-csv --month "$for_month" --json "$@"
}

# seed_books CASE FILE: books whose store holds the file, so that a run measures booking and not fetching.
seed_books() {
  local seed=$work/seed-$1.db
  ingest "$seed" "$month" --file "$2" > "$work/seed-$1.json"
  sha[$1]=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["objects"][0])' "$work/seed-$1.json")
  python3 -c 'import json, sys; t = json.load(open(sys.argv[1]))["timings"]; print("fetch of " + sys.argv[2], t["fetchMs"], "ms")' "$work/seed-$1.json" "$1" >&2
}

# cicost_run CASE: books the object from the store into empty books that share the seed's raw objects.
cicost_run() {
  local books=$work/books.db
  rm -rf "$books"*
  cp -al "$work/seed-$1.db.objects" "$books.objects"
  measure cicost "$1" ./cicost --db "$books" ingest --source bench --kind focus-csv --month "$month" --object "${sha[$1]}" --json
}

# full_run: the same into books that already hold twelve months of as many lines.
full_run() {
  local books=$work/full.db
  cp "$work/full-seed.db" "$books"
  rm -rf "$books.objects"
  cp -al "$work/seed-plain.db.objects" "$books.objects"
  measure cicost full-books ./cicost --db "$books" ingest --source bench --kind focus-csv --month "$month" --object "${sha[plain]}" --json
  rm -rf "$books"*
}

declare -A sha=()
if [[ $peers_only == no ]]; then
  for entry in "${cases[@]}"; do
    read -r case path <<< "$entry"
    seed_books "$case" "$path"
  done
  if [[ $full == yes ]]; then
    cp -al "$work/seed-plain.db.objects" "$work/full-seed.db.objects"
    for past in 2025-07 2025-08 2025-09 2025-10 2025-11 2025-12 2026-01 2026-02 2026-03 2026-04 2026-05 2026-06; do
      ingest "$work/full-seed.db" "$past" --object "${sha[plain]}" > /dev/null
      echo "full books: $past booked" >&2
    done
  fi
fi

for ((run = 1; run <= runs; run++)); do
  for entry in "${cases[@]}"; do
    read -r case path <<< "$entry"
    if [[ $peers_only == no ]]; then
      cicost_run "$case"
      if [[ $case == plain && $full == yes ]]; then full_run; fi
    fi
    measure duckdb "$case" node bench/peers/duckdb_ingest.mjs "$path" "$work/peer.duckdb"
    rm -f "$work/peer.duckdb"*
    if [[ $case == plain ]]; then
      measure sqlite3 "$case" bench/peers/sqlite_import.sh "$path" "$work/peer.sqlite"
      rm -f "$work/peer.sqlite"*
    fi
    echo "run $run of $runs, $case: done" >&2
  done
done

if [[ $json == yes ]]; then
  python3 bench/summarise.py --json "$results"
else
  python3 bench/summarise.py "$results"
fi
