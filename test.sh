#!/usr/bin/env bash
# Installs what the tests need, builds, runs every test project, and prints seconds per project. A skipped test is a failure.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

usage='usage: ./test.sh [--long]
  (nothing)  every test; of random cases, damaged files and kills a twentieth, from fixed seeds
  --long     every test with all of its cases, from new seeds, which are printed
  --help     this text'
unset CICOST_TEST_COUNTS
case "$#,${1:-}" in
  0,) ;;
  1,--long) export CICOST_TEST_COUNTS=all ;;
  1,--help | 1,-h) echo "$usage" && exit ;;
  *) echo "test.sh: unknown option: $*" >&2 && echo "$usage" >&2 && exit 2 ;;
esac

command -v dotnet >/dev/null || { echo "test.sh: install the .NET SDK 10 first (no 'dotnet' on the PATH)." >&2; exit 1; }

# Debian package of each tool that a test calls.
declare -A packages=([python3]=python3 [sqlite3]=sqlite3 [strace]=strace [git]=git [npm]=npm
  [chromium-headless-shell]="chromium-headless-shell chromium-sandbox" [pdftotext]=poppler-utils [setpriv]=util-linux [mount]=mount
  [nginx]=nginx-light [caddy]=caddy [systemd-analyze]=systemd [openssl]=openssl)
missing=()
for tool in "${!packages[@]}"; do
  read -ra names <<<"${packages[$tool]}"
  command -v "$tool" >/dev/null || missing+=("${names[@]}")
done
python3 -c 'import yaml' 2>/dev/null || missing+=(python3-yaml)
if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "test.sh: install these first: ${missing[*]}" >&2
    exit 1
  fi
  echo "test.sh: installing ${missing[*]} (a minute; longer while another program holds the package manager)..."
  # Another program may hold the package manager, as after the start of a fresh machine: that is waited for, ten minutes at most.
  for try in {1..60}; do
    said=$(apt-get update -qq 2>&1) && break
    [[ $said == *"Could not get lock"* && $try -lt 60 ]] || { echo "$said" >&2; exit 1; }
    [ "$try" -gt 1 ] || echo "test.sh: another program holds the package manager; waiting..." >&2
    sleep 10
  done
  DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 install -y -qq --no-install-recommends "${missing[@]}" > /dev/null
fi

echo "test.sh: building (2 to 3 minutes on two cores), publishing (half a minute), then the tests (7 to 10 minutes; --long: 40 to 60)."
began=$(date +%s)
dotnet build CiCost.sln -c Release -v quiet --nologo
echo "build: $(($(date +%s) - began)) seconds"
began=$(date +%s)
./cicost --version >/dev/null
echo "publish: $(($(date +%s) - began)) seconds"

echo "test.sh: testing, two projects at a time; each is printed when it ends."
# Two at a time, the longest first: one core each on the smallest machine. Cli.Tests is two, as its kills are half of it. A log is printed
# whole when its tests end.
units=("Cli.Tests FullyQualifiedName!~Kills" "Cli.Tests FullyQualifiedName~Kills" "CostIngest.Tests" "Accounting.Tests")
for project in tests/*.Tests; do
  name=$(basename "$project")
  [[ " ${units[*]} " == *" $name "* ]] || units+=("$name")
done
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
run_unit() {
  local name=${1%% *} filter=() TIMEFORMAT='%0R seconds, %0U user and %0S system'
  [ "$name" = "$1" ] || filter=(--filter "${1#* }")
  {
    time {
      dotnet test "tests/$name/bin/Release/net10.0/CiCost.$name.dll" --nologo --logger "console;verbosity=minimal" "${filter[@]}" \
        >"$logs/$1" 2>&1 && touch "$logs/$1.ended"
    }
  } 2>"$logs/$1.seconds"
  cat "$logs/$1"
  echo "$1: $(cat "$logs/$1.seconds")"
}
export -f run_unit
export logs
printf '%s\n' "${units[@]}" | xargs -P 2 -I {} bash -c 'run_unit "{}"'

passed=0 failed=0 skipped=0 broken=0
for unit in "${units[@]}"; do
  line=$(grep -E '(Passed!|Failed!) +- Failed:' "$logs/$unit" | tail -n 1 || true)
  ended=0
  if [[ $line =~ Failed:\ +([0-9]+),\ Passed:\ +([0-9]+),\ Skipped:\ +([0-9]+) ]]; then
    failed=$((failed + BASH_REMATCH[1])) passed=$((passed + BASH_REMATCH[2])) skipped=$((skipped + BASH_REMATCH[3]))
    # A host that dies counts what passed until then.
    [ "${BASH_REMATCH[1]}" -eq 0 ] && [ ! -e "$logs/$unit.ended" ] || ended=1
  fi
  if [ "$ended" -eq 0 ]; then
    echo "test.sh: $unit did not come to its end, or did not say how many tests it ran." >&2
    broken=$((broken + 1))
  fi
done

echo "$passed passed, $((failed + broken)) failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$broken" -eq 0 ] && [ "$skipped" -eq 0 ] && [ "$passed" -gt 0 ]
