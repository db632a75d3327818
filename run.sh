#!/usr/bin/env bash
# Sets up what is missing, builds, writes and books the demonstration books, writes the board report, and serves it all on
# 127.0.0.1:5080. With --no-serve it ends after the report.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

serve=yes
for argument in "$@"; do
  case $argument in
    --no-serve) serve=no ;;
    *) echo "run.sh: unknown option $argument; there is only --no-serve." >&2; exit 2 ;;
  esac
done

command -v dotnet > /dev/null || { echo "run.sh: install the .NET SDK 10 first (no 'dotnet' on the PATH)." >&2; exit 1; }
command -v npm > /dev/null || { echo "run.sh: install Node and npm first (no 'npm' on the PATH): the report's fonts come from there." >&2; exit 1; }

# What prints the report: a browser, its sandbox, and setpriv to run it as nobody.
missing=()
command -v chromium-headless-shell > /dev/null || command -v chromium > /dev/null || missing+=(chromium-headless-shell chromium-sandbox)
command -v setpriv > /dev/null || missing+=(util-linux)
if ((${#missing[@]})); then
  [ "$(id -u)" -eq 0 ] || { echo "run.sh: install ${missing[*]} (as root: apt-get install ${missing[*]})." >&2; exit 1; }
  echo "run.sh: installing ${missing[*]} (half a minute; longer while another program holds the package manager)..." >&2
  # Another program may hold the package manager, as after the start of a fresh machine: that is waited for, ten minutes at most.
  for try in {1..60}; do
    said=$(apt-get update -qq 2>&1) && break
    [[ $said == *"Could not get lock"* && $try -lt 60 ]] || { echo "$said" >&2; exit 1; }
    [ "$try" -gt 1 ] || echo "run.sh: another program holds the package manager; waiting..." >&2
    sleep 10
  done
  DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 install -y -qq --no-install-recommends "${missing[@]}" > /dev/null
fi

step() { echo "run.sh: $1" >&2; }
[ -e artifacts/cicost.stamp ] || step "building first (about a minute on two cores); then about a minute for the books and the report."
folder=artifacts/run
books=$folder/books.db
month=2026-07
rm -rf "$folder"
mkdir -p "$folder/reports"

echo "Demonstration books: twelve months of bills and job runs, written in the providers' layouts and booked like real ones."
./cicost --db "$books" demo --out "$folder/demo" 2> "$folder/demo.log" || { tail -n 20 "$folder/demo.log" >&2; exit 1; }
policy=$folder/demo/policy
echo
echo "Who paid for $month, and with what:"
./cicost --db "$books" --policy "$policy" funding --month "$month"
echo
./cicost --db "$books" --policy "$policy" statements --month "$month"
echo
echo "Does $month tie to its invoices?"
./cicost --db "$books" --policy "$policy" reconcile --month "$month"
echo
echo "The board report of $month:"
./cicost --db "$books" --policy "$policy" report board --month "$month" --published demo/facts/runtime_hours_by_architecture_12m.csv \
  --out "$folder/reports/board-$month.pdf" --out "$folder/reports/board-$month.html"
echo
echo "Checks of $month ('cicost check' without --month checks all twelve; what fails in the demonstration fails on purpose):"
checks=0
./cicost --db "$books" --policy "$policy" check --month "$month" | grep -v '^holds' || checks=$?
echo
echo "The books are in $books, their files in $folder/demo; $folder/demo/DERIVATION.txt says how every figure follows from public facts."
[ "$serve" = yes ] || exit 0
exec ./cicost --db "$books" --policy "$policy" --sources "$folder/demo/sources.yaml" serve --reports "$folder/reports"
