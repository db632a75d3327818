#!/usr/bin/env bash
# Loads a CSV file into a fresh SQLite file with the sqlite3 shell's own importer, all columns text, and prints one JSON object.
# sqlite_import.sh FILE.csv DATABASE
set -euo pipefail

file=${1:?FILE.csv} database=${2:?DATABASE}
command -v sqlite3 > /dev/null || { echo "sqlite3 is missing. Install it (Debian: apt-get install sqlite3)." >&2; exit 2; }
[[ ! -e $database ]] || { echo "$database is there already; give a name that is free." >&2; exit 2; }

began=$(date +%s%N)
sqlite3 "$database" ".import --csv \"$file\" bill"
ended=$(date +%s%N)
rows=$(sqlite3 "$database" 'select count(*) from bill')
printf '{"peer": "sqlite3", "version": "%s", "rows": %s, "seconds": %s, "databaseBytes": %s}\n' \
  "$(sqlite3 --version | cut -d' ' -f1)" "$rows" "$(awk "BEGIN {print ($ended - $began) / 1e9}")" "$(stat -c %s "$database")"
