"""Writes what a release is made of as CycloneDX 1.5: the packages of the lock file and every file with its hash."""

import hashlib
import json
import pathlib
import sys


def components(lock, kind):
    """The packages of the program, each once: those of every machine, and those of this kind of it."""
    found = {}
    for framework, packages in json.loads(pathlib.Path(lock).read_text(encoding="utf-8"))["dependencies"].items():
        if "/" in framework and not framework.endswith("/" + kind):
            continue
        for name, entry in packages.items():
            if entry["type"] != "Project":
                found[name] = entry
    for name, entry in sorted(found.items(), key=lambda item: item[0].lower()):
        version = entry["resolved"]
        component = {
            "type": "library",
            "bom-ref": f"pkg:nuget/{name}@{version}",
            "name": name,
            "version": version,
            "purl": f"pkg:nuget/{name}@{version}",
        }
        if "contentHash" in entry:
            component["properties"] = [{"name": "nuget:contentHash", "value": entry["contentHash"]}]
        yield component


def files(folder):
    """The files of the folder by name."""
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "sbom.cdx.json"):
        yield {
            "type": "file",
            "name": path.relative_to(folder).as_posix(),
            "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(path.read_bytes()).hexdigest()}],
        }


def main():
    version, kind, lock, folder = sys.argv[1], sys.argv[2], sys.argv[3], pathlib.Path(sys.argv[4])
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "name": "cicost",
                "version": version,
                "properties": [{"name": "runtimeIdentifier", "value": kind}],
            },
        },
        "components": [*components(lock, kind), *files(folder)],
    }
    json.dump(document, sys.stdout, indent=1, ensure_ascii=False)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
