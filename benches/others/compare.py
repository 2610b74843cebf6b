"""Compares an estate with the live rules in three ways, and prints the time, the CPU and the requests of each.

Usage: compare.py HOST:PORT RULES -- COMMAND...

COMMAND is crdrift. The keys are in the environment. The SDK reads one page after the other, as its examples do. The
provider of Terraform refreshes each rule by itself, ten at a time: it reads pages of 50 of the rule's instance until one
has the rule.
"""

import os
import resource
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import yaml
from alibabacloud_cr20181201.client import Client
from alibabacloud_cr20181201.models import ListRepoSyncRuleRequest
from alibabacloud_tea_openapi.models import Config
from deepdiff import DeepDiff

PARALLEL = 10  # -parallelism of Terraform


def client(address):
    return Client(
        Config(
            access_key_id=os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"],
            access_key_secret=os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
            protocol="http",
            endpoint=address,
        )
    )


def page(client, instance, number, size):
    request = ListRepoSyncRuleRequest(instance_id=instance, page_no=number, page_size=size)
    return client.list_repo_sync_rule(request).body


def load(path):
    """Returns the instances of a rules file, and its rules with the fields of the API."""
    with open(path) as file:
        document = yaml.load(file, Loader=yaml.CSafeLoader)
    instances = {alias: it["id"] for alias, it in document["instances"].items()}
    rules = {}
    for rule in document["rules"]:
        source, target = rule["from"], rule["to"]
        rules[rule["name"]] = {
            "local": (instances[source["instance"]], source["namespace"], source.get("repo")),
            "target": (instances[target["instance"]], target["namespace"], target.get("repo")),
            "tag_filter": rule["tag_filter"],
            "trigger": rule["trigger"],
            "priority": rule["priority"],
        }
    return list(instances.values()), rules


def fields(rule):
    return {
        "local": (rule.local_instance_id, rule.local_namespace_name, rule.local_repo_name or None),
        "target": (rule.target_instance_id, rule.target_namespace_name, rule.target_repo_name or None),
        "tag_filter": rule.tag_filter,
        "trigger": rule.sync_trigger,
        "priority": rule.priority,
    }


def by_sdk(address, path):
    """Lists every instance once and compares by name. Returns the number of rules that differ, and of requests."""
    instances, desired = load(path)
    api, live, requests = client(address), {}, 0
    for instance in instances:
        number, total = 1, None
        while total is None or (number - 1) * 100 < total:
            body = page(api, instance, number, 100)
            total, number, requests = body.total_count, number + 1, requests + 1
            for rule in body.sync_rules or []:
                if rule.sync_direction == "FROM":
                    live[rule.sync_rule_name] = fields(rule)
    difference = DeepDiff(desired, live)
    paths = {str(path).split("]")[0] for kind in difference.values() for path in kind}
    return len(paths), requests


def by_provider(address, path):
    """Sends the requests of a refresh. Returns the number of rules that differ, and of requests."""
    _, desired = load(path)
    api = client(address)

    def refresh(item):
        name, rule = item
        number, requests = 1, 0
        while True:
            body = page(api, rule["local"][0], number, 50)
            number, requests = number + 1, requests + 1
            for found in body.sync_rules or []:
                if found.sync_rule_name == name:
                    return fields(found) != rule, requests
            if len(body.sync_rules or []) < 50:
                return True, requests

    with ThreadPoolExecutor(PARALLEL) as pool:
        results = list(pool.map(refresh, desired.items()))
    return sum(differs for differs, _ in results), sum(requests for _, requests in results)


def measure(name, run):
    before, started = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    differing, requests = run()
    elapsed = time.perf_counter() - started
    own, theirs = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = sum(
        getattr(after, key) - getattr(start, key)
        for after, start in ((own, before), (theirs, children))
        for key in ("ru_utime", "ru_stime")
    )
    print(f"{name}: {elapsed:.2f} s, {cpu:.2f} s of CPU, {requests} requests, {differing} rules differ", flush=True)
    return elapsed, differing


def by_crdrift(command):
    import json

    code = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
    assert code in (0, 2), f"exit code {code}"
    output = next(it.removeprefix("json=") for it in command if it.startswith("json="))
    with open(output) as file:
        result = json.load(file)
    summary = result["summary"]
    differing = sum(summary[key] for key in ("missing", "changed", "renamed", "unmanaged"))
    return differing, sum(it["requests"] for it in result["live"]["instances"])


def main():
    address, path, separator, *command = sys.argv[1:]
    assert separator == "--"
    ours, differing = measure("crdrift plan", lambda: by_crdrift(command))
    for name, run in (("SDK and DeepDiff", by_sdk), ("requests of Terraform's provider", by_provider)):
        elapsed, found = measure(name, lambda run=run: run(address, path))
        assert found == differing, f"{found} rules differ, not {differing}"
        print(f"  {elapsed / ours:.1f} times as long as crdrift")


main()
