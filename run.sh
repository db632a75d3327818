#!/usr/bin/env bash
# Sets up what is missing, builds, books the real FOCUS sample, and prints what it cost, by whom, with its checks.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

for argument in "$@"; do
  case $argument in
    --no-serve) ;; # There is no server yet: ending after the report is what happens anyway.
    *) echo "run.sh: unknown option $argument; there is only --no-serve." >&2; exit 2 ;;
  esac
done

command -v dotnet >/dev/null || { echo "run.sh: install the .NET SDK 10 first (no 'dotnet' on the PATH)." >&2; exit 1; }

sample=tests/data/focus/real/focus-1.0/focus_sample_part70.csv
books=artifacts/run/books.db
rm -rf artifacts/run
mkdir -p artifacts/run

./cicost --db "$books" ingest --source focus-sample --kind focus-csv --profile focus-sample --month 2024-09 --file "$sample"
echo
echo "What it cost, by component and provider, of what is payable:"
./cicost --db "$books" costs --month 2024-09 --metric payable --group-by component,ServiceProviderName
echo
echo "By whom: the accounts with the largest consumption:"
./cicost --db "$books" costs --month 2024-09 --group-by BillingAccountId,SubAccountName | head -n 15
echo
./cicost --db "$books" bridge --month 2024-09
echo "Checks (the sample is real, and so is its defect: one row is of another billing period):"
checks=0
./cicost --db "$books" check || checks=$?
[ "$checks" -eq 0 ] || [ "$checks" -eq 4 ] || exit "$checks"
echo
echo "The books are in $books. Ask them: ./cicost --db $books costs --month 2024-09 --group-by ServiceName"
