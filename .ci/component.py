"""Reads a GitLab component as GitLab does: component.py TEMPLATE OUT-FOLDER.

Writes its two halves, the second with the defaults of the inputs and with other valid values in place of
`$[[ inputs.NAME ]]`, for a validator. Fails if an input takes a value that YAML, a variable or a shell would read as more
than text.
"""

import json
import pathlib
import re
import sys

import yaml

template, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
# Values that GitLab needs from whoever includes the component, and other valid ones.
GIVEN = {"download-url": "https://git.example.com/tools/crdrift/-/releases/v0.1.0/downloads"}
OTHER = GIVEN | {
    "stage": ".pre", "job": "drift.eu", "image": "registry.example.com:5000/ci/base@sha256:0f", "rules": "teams/*/rules.yaml",
    "changes": ["a/**/*.yaml", "b: #"], "fail-on": "info", "mask-ids": True, "version": "1.20.3-rc.1", "sha256": "0f" * 32,
}
HOSTILE = [
    "$(touch x)", "`touch x`", "; rm -rf x", "x && y", "a\nb", "a: b", "x #y", "'", '"', "$CI_JOB_TOKEN", "${HOME}", "-x", "--live=x",
    "&anchor", "*", "{a}", "[a]", "!tag", "a\x00", "%0a", "..", "x|y", "<x", ">x", "é", " x", "x ", "", "\n", "a\n",
]
# Values with a meaning of their own, which is harmless: no checksum, a glob, the parent folder.
HARMLESS = {"sha256": [""], "rules": ["*", ".."]}


def accepts(name, spec, value):
    kind = spec.get("type", "string")
    if kind == "boolean":
        return isinstance(value, bool)
    if kind == "array":
        return isinstance(value, list)
    if "options" in spec:
        return value in spec["options"]
    # RE2 anchors at the ends of the text; Python's $ would allow a line end.
    pattern = spec["regex"]
    assert pattern.startswith("^") and pattern.endswith("$"), f"{name}: the expression has no anchors"
    return isinstance(value, str) and re.fullmatch(pattern[1:-1], value) is not None


def interpolate(text, values):
    def value(match):
        found = values[match[1]]
        return found if isinstance(found, str) else json.dumps(found)

    return re.sub(r"\$\[\[ inputs\.([a-z0-9-]+) \]\]", value, text)


head, body = template.read_text().split("\n---\n")
inputs = yaml.safe_load(head)["spec"]["inputs"]
(out / "spec.yml").write_text(head)
used = set(re.findall(r"\$\[\[ inputs\.([a-z0-9-]+) \]\]", body))
assert used == set(inputs), f"inputs that are not declared or not used: {used ^ set(inputs)}"
script = body[body.index("before_script:"):body.index("artifacts:")]
assert "$[[" not in script, "a script has an input as text, not as a variable"

defaults = {name: spec.get("default", GIVEN.get(name)) for name, spec in inputs.items()}
for name, spec in inputs.items():
    assert spec.get("description"), f"{name} has no description"
    for value in (defaults[name], OTHER[name]):
        assert accepts(name, spec, value), f"{name} refuses {value!r}"
    for value in HOSTILE:
        if value not in HARMLESS.get(name, []):
            assert not accepts(name, spec, value), f"{name} takes {value!r}"
for file, values in (("defaults.yml", defaults), ("other.yml", OTHER)):
    text = interpolate(body, values)
    job = yaml.safe_load(text)[values["job"]]
    assert job["stage"] == values["stage"] and job["image"] == values["image"], "an input changed its value"
    assert job["rules"][0]["changes"] == values["changes"] and job["variables"]["DRIFT_CHECK_RULES"] == values["rules"]
    (out / file).write_text(text)
