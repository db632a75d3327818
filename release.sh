#!/usr/bin/env bash
# Makes the releases: one self-contained folder per kind of processor, packed, with a list of what is in it (CycloneDX) and checksums.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

usage='usage: ./release.sh [linux-x64] [linux-arm64]
  (nothing)  both; they come to be in artifacts/release'
kinds=()
for argument in "$@"; do
  case $argument in
    linux-x64 | linux-arm64) kinds+=("$argument") ;;
    --help | -h) echo "$usage" && exit ;;
    *) echo "release.sh: unknown argument: $argument" >&2 && echo "$usage" >&2 && exit 2 ;;
  esac
done
[ ${#kinds[@]} -gt 0 ] || kinds=(linux-x64 linux-arm64)
for tool in dotnet python3 sha256sum tar; do
  command -v "$tool" > /dev/null || { echo "release.sh: install $tool first." >&2; exit 1; }
done

out=artifacts/release
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)
mkdir -p "$out"
rm -f "$out/SHA256SUMS"
for kind in "${kinds[@]}"; do
  echo "release.sh: publishing $version for $kind (one to three minutes)..." >&2
  folder=$out/$kind/cicost
  rm -rf "${out:?}/$kind"
  # Not compiled ahead: what a machine of another kind would need for that is not to be had everywhere.
  dotnet publish src/Cli/Cli.csproj -c Release -o "$folder" -v quiet --nologo -p:CompiledAheadFor="$kind" -p:SelfContained=true 1>&2
  cp LICENSE NOTICE README.md CHANGELOG.md appsettings.sample.json "$folder/"
  cp -r deploy "$folder/deploy"
  mkdir -p "$folder/docs" && cp -r docs/. "$folder/docs/"
  # Packages bring files that only their owner may read.
  chmod -R u=rwX,go=rX "$folder"
  python3 deploy/sbom.py "$version" "$kind" src/Cli/packages.lock.json "$folder" > "$folder/sbom.cdx.json"
  # The same sources give the same archive: sorted names, no owner, the time of the last commit.
  tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$(git log -1 --format=%ct 2> /dev/null || echo 0)" \
    -C "$out/$kind" -czf "$out/cicost-$version-$kind.tar.gz" cicost
  echo "release.sh: $out/cicost-$version-$kind.tar.gz" >&2
done
(cd "$out" && sha256sum cicost-*.tar.gz > SHA256SUMS)
