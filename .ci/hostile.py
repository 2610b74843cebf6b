"""Writes rules.yaml and live.json into a folder: every text of tests/hostile.json as the name of a live rule, and one of
a megabyte."""

import json
import pathlib
import sys

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True)
(folder / "rules.yaml").write_text(
    """version: 1
instances: { a: { id: cri-a, region: cn-x }, b: { id: cri-b, region: cn-y } }
rules:
  - name: web
    from: { instance: a, namespace: app, repo: web }
    to:   { instance: b, namespace: app, repo: web }
    tag_filter: ".*"
"""
)


def row(text):
    return {
        "SyncRuleId": f"crsr-{text}",
        "SyncRuleName": text,
        "LocalRegionId": "cn-x",
        "LocalInstanceId": "cri-a",
        "LocalNamespaceName": text,
        "LocalRepoName": text,
        "TargetRegionId": "cn-y",
        "TargetInstanceId": "cri-b",
        "TargetNamespaceName": text,
        "TargetRepoName": text,
        "TagFilter": text,
        "SyncScope": "REPO",
        "SyncDirection": "FROM",
        "SyncTrigger": "PASSIVE",
    }


texts = [text for text in json.loads(pathlib.Path("tests/hostile.json").read_text()) if text]
listings = [
    {"instance_id": "cri-a", "region_id": "cn-x", "rules": [row(text) for text in [*texts, "x" * (1 << 20)]]},
    {"instance_id": "cri-b", "region_id": "cn-y", "rules": []},
]
(folder / "live.json").write_text(json.dumps({"format_version": "1.0", "taken_at": None, "listings": listings}))
