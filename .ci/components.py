"""Whether an SBOM is valid CycloneDX, and it and the licences tell of every crate that is built into the program.

    components.py SBOM LICENCES TARGET
"""

import json
import re
import subprocess
import sys

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

sbom_path, licences_path, target = sys.argv[1:]
with open(sbom_path, encoding="utf-8") as file:
    text = file.read()
sbom = json.loads(text)
version = SchemaVersion.from_version(sbom["specVersion"])
assert version >= SchemaVersion.V1_5, version
problem = JsonStrictValidator(version).validate_str(text)
assert problem is None, problem
assert JsonStrictValidator(version).validate_str(text.replace('"components"', '"component"', 1)), "it takes anything"

tree = ["cargo", "tree", "--package", "crdrift", "--locked", "--edges", "normal", "--target", target, "--prefix", "none", "--format", "{p}"]
lines = subprocess.run(tree, check=True, capture_output=True, text=True).stdout.splitlines()
built_in = {tuple(line.split()[:2]) for line in lines} - {("crdrift", f"v{sbom['metadata']['component']['version']}")}
assert len(built_in) > 100, f"cargo lists {len(built_in)} crates only"

components = {(it["name"], "v" + it["version"]): it for it in sbom["components"]}
assert not built_in - components.keys(), f"the SBOM lacks {sorted(built_in - components.keys())}"
for key in built_in:
    assert components[key].get("licenses") and components[key].get("purl"), f"{key}: no licence or address"

with open(licences_path, encoding="utf-8") as file:
    licences = file.read()
listed = set(re.findall(r"^  (\S+) (\d\S*)", licences, re.MULTILINE))
lacking = {(name, number) for name, number in built_in if (name, number.removeprefix("v")) not in listed}
assert not lacking, f"the licences lack {sorted(lacking)}"
for name in "musl", "zig":
    assert re.search(rf"^  {name} https:", licences, re.MULTILINE), f"the licences lack {name}, which is no crate"
print(f"{len(built_in)} crates, each in the SBOM (CycloneDX {sbom['specVersion']}) and with its licence")
