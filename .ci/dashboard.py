"""The dashboard of examples/grafana over a real Prometheus that scrapes a real `crdrift watch`."""

import json
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from grafana_foundation_sdk.cog import plugins
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard

ROOT = Path(__file__).resolve().parent.parent
DASHBOARD = json.loads((ROOT / "examples/grafana/crdrift.json").read_text())

# The time for the first checks and scrapes.
DEADLINE_S = 120


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def panels():
    """Returns the panels that show data."""
    return [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]


def lost_parts(before, after, path=""):
    """Yields the places of a document that another one has not; defaults may be added."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key, value in before.items():
            yield from lost_parts(value, after.get(key), f"{path}/{key}")
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for number, (one, other) in enumerate(zip(before, after)):
            yield from lost_parts(one, other, f"{path}/{number}")
    elif before != after:
        yield path


def check_document():
    """Checks the dashboard as a document: the types of Grafana read all of it, and nothing names a private Grafana."""
    plugins.register_default_plugins()
    read = json.loads(JSONEncoder().encode(Dashboard.from_json(DASHBOARD)))
    lost = list(lost_parts(DASHBOARD, read))
    assert not lost, f"the types of Grafana do not know {lost}"
    assert "id" not in DASHBOARD, "the dashboard has the id of a private Grafana"
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(set(ids)) == len(ids), "an id is there twice"
    names = {variable["name"] for variable in DASHBOARD["templating"]["list"]}
    assert names == {"datasource", "owner", "estate"}, names
    cells = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        for x in range(place["x"], place["x"] + place["w"]):
            for y in range(place["y"], place["y"] + place["h"]):
                assert x < 24 and (x, y) not in cells, f"{panel['title']} overlaps another panel"
                cells.add((x, y))
    for panel in panels():
        assert panel["description"] and panel["targets"], panel["title"]
        for source in [panel, *panel["targets"]]:
            expected = {"type": "prometheus", "uid": "${datasource}"}
            assert source["datasource"] == expected, f"{panel['title']} has a data source of its own"


def expand(expression):
    """Returns an expression with all values of the variables."""
    return expression.replace("$estate", ".*").replace("$owner", ".*")


class Prometheus:
    """The API of a server."""

    def __init__(self, port):
        self.base = f"http://127.0.0.1:{port}/api/v1/"

    def get(self, path, **parameters):
        url = self.base + path + "?" + urllib.parse.urlencode(parameters)
        try:
            with urllib.request.urlopen(url, timeout=10) as response:
                return json.load(response)["data"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{parameters}: {error.read().decode()}") from error

    def is_shown(self, expression):
        """Returns whether an expression has a value that is a number."""
        result = self.get("query", query=expression)["result"]
        return any(series["value"][1] != "NaN" for series in result)

    def empty(self):
        """Returns what has no data yet: expressions of panels, metrics in them, and variables."""
        known = set(self.get("label/__name__/values"))
        for panel in panels():
            for target in panel["targets"]:
                expression = expand(target["expr"])
                metrics = set(re.findall(r"\b(?:crdrift|process)_\w+", expression))
                for metric in metrics - known:
                    yield f"{panel['title']}: no metric {metric}"
                if metrics <= known and not self.is_shown(expression):
                    yield f"{panel['title']}: {expression}"
        for variable in DASHBOARD["templating"]["list"]:
            if variable["type"] == "query":
                query = expand(variable["query"]["query"])
                series, label = re.fullmatch(r"label_values\((.*), (\w+)\)", query).groups()
                if not self.get(f"label/{label}/values", **{"match[]": series}):
                    yield f"variable {variable['name']}: {query}"
        for group in self.get("rules")["groups"]:
            for rule in group["rules"]:
                if rule["health"] != "ok":
                    yield f"alert {rule['name']}: {rule.get('lastError', 'not evaluated')}"


def write_inputs(folder, port, server_port):
    """Writes a watch file with two estates, and the configuration of Prometheus."""
    for name in ["rules.yaml", "live.json"]:
        (folder / name).write_bytes((ROOT / "examples/quickstart" / name).read_bytes())
    estates = [
        {"name": name, "owner": f"{name}-team", "rules": ["rules.yaml"], "every": "1s", "emulate": "live.json"}
        for name in ["shop", "base"]
    ]
    # Nobody listens there: the messages wait.
    target = {"name": "ops", "kind": "webhook", "url": f"http://127.0.0.1:{free_port()}/", "default": True}
    watch = {"version": 1, "store": "sqlite:history.db", "listen": f"127.0.0.1:{port}"}
    watch |= {"estates": estates, "notify": [target]}
    # JSON is YAML.
    (folder / "watch.yaml").write_text(json.dumps(watch))
    scrapes = [{"job_name": "crdrift", "static_configs": [{"targets": [f"127.0.0.1:{port}"]}]}]
    intervals = {"scrape_interval": "1s", "evaluation_interval": "1s"}
    rules = [str(ROOT / "examples/alerts/watch.yaml")]
    server = {"global": intervals, "rule_files": rules, "scrape_configs": scrapes}
    (folder / "prometheus.yml").write_text(json.dumps(server))
    return Prometheus(server_port)


def start(folder, name, arguments):
    with (folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(arguments, cwd=folder, stdout=log, stderr=log)


def wait_for_data(prometheus, processes):
    """Waits until everything has data."""
    deadline = time.monotonic() + DEADLINE_S
    empty = ["Prometheus does not answer"]
    while time.monotonic() < deadline:
        assert all(process.poll() is None for process in processes), "a process has ended"
        try:
            empty = list(prometheus.empty())
        except (urllib.error.URLError, ConnectionError):
            pass
        if not empty:
            return
        time.sleep(1)
    raise AssertionError("without data:\n" + "\n".join(empty))


def main():
    check_document()
    with tempfile.TemporaryDirectory() as path:
        folder, port, server_port = Path(path), free_port(), free_port()
        prometheus = write_inputs(folder, port, server_port)
        processes = []
        try:
            watch = [sys.argv[1], "watch", "--config", "watch.yaml"]
            processes.append(start(folder, "watch", watch))
            server = ["prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=data"]
            server.append(f"--web.listen-address=127.0.0.1:{server_port}")
            processes.append(start(folder, "prometheus", server))
            wait_for_data(prometheus, processes)
        except AssertionError as error:
            logs = [f"== {log.name}\n{log.read_text()[-3000:]}" for log in folder.glob("*.log")]
            sys.exit("\n".join([str(error), *logs]))
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait(timeout=30)
    shown = sum(len(panel["targets"]) for panel in panels())
    print(f"{len(panels())} panels with {shown} expressions show data")


main()
