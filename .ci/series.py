"""Writes results of the quick start into a folder, as if it had been checked every day for four weeks: drift comes and
goes, one day an instance cannot be read, one day the run fails; and a part of it is an estate of its own.
Usage: series.py CRDRIFT FOLDER"""

import copy
import datetime
import json
import pathlib
import subprocess
import sys

crdrift, folder = sys.argv[1], pathlib.Path(sys.argv[2])
folder.mkdir(parents=True)
rules = "examples/quickstart/rules.yaml"
drifted = json.loads(pathlib.Path("examples/quickstart/live.json").read_text())
# The first and last day on which each kind of drift is there.
DRIFT = {"changed": [(3, 9), (15, 27)], "renamed": [(8, 12)], "unmanaged": [(1, 20)], "missing": [(18, 27)]}


def live(day):
    snapshot = copy.deepcopy(drifted)
    there = {kind for kind, spells in DRIFT.items() if any(first <= day <= last for first, last in spells)}
    for listing in snapshot["listings"]:
        rows = listing["rules"]
        for api in [row for row in rows if row["SyncRuleName"] == "shop-api"]:
            if "changed" not in there:
                api["TagFilter"] = "v[0-9.]+"
            if "missing" not in there:
                names = {"SyncRuleName": "shop-hotfix", "LocalRepoName": "hotfix", "TargetRepoName": "hotfix"}
                rows.append({**api, **names, "SyncRuleId": "crsr-hotfix", "TagFilter": "hotfix-.*"})
        if "renamed" not in there:
            for row in rows:
                row["SyncRuleName"] = row["SyncRuleName"].replace("billing-monthly", "billing-reports")
        if "unmanaged" not in there:
            rows[:] = [row for row in rows if row["SyncRuleName"] != "copy-for-demo"]
    if day == 6:
        unread = {"status": "denied", "error": {"code": "NoPrivilege", "message": "not today", "request_id": None}}
        snapshot["listings"][0].update(unread)
    return json.dumps(snapshot)


def run(name, day, *options):
    path = "/dev/null" if day == 13 else "-"
    arguments = [crdrift, "plan", rules, "--live", path, "-o", "json", "-q", *options]
    ran = subprocess.run(arguments, input=live(day), capture_output=True, text=True, check=False)
    result = json.loads(ran.stdout)
    result["started_at"] = f"{datetime.date(2026, 10, 26) + datetime.timedelta(days=day)}T03:00:00Z"
    (folder / f"{name}-{day:02}.json").write_text(json.dumps(result))


for day in range(28):
    run("day", day)
for day in (20, 27):
    run("shop", day, "--rule", "shop-*")
