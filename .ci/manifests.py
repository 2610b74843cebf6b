"""Rules of crdrift for rendered Kubernetes manifests, beyond what their schemas say.

With --containers, prints of each container a name, its arguments and its variables, each ended by a NUL.
"""

import sys
from pathlib import Path

import yaml


def pods(manifest):
    """Returns the template of the pods of a workload, and the specification that it is in."""
    spec = manifest.get("spec", {})
    if manifest["kind"] == "CronJob":
        spec = spec["jobTemplate"]["spec"]
    return (spec, spec["template"]) if "template" in spec else (spec, None)


def check_pod(pod, names):
    """Yields the faults of the specification of a pod. `names` are the names of the objects beside it, by kind."""
    security = pod.get("securityContext", {})
    if not (security.get("runAsNonRoot") and security.get("runAsUser") == 65532):
        yield "the pod may run as root"
    if security.get("seccompProfile") != {"type": "RuntimeDefault"}:
        yield "the pod has no seccomp profile"
    if pod.get("automountServiceAccountToken") is not False:
        yield "the token of the Kubernetes API is mounted"
    if pod.get("serviceAccountName") not in names["ServiceAccount"]:
        yield "the service account is not beside the pod"
    for volume in pod["volumes"]:
        if "configMap" in volume and volume["configMap"]["name"] not in names["ConfigMap"]:
            yield f"volume {volume['name']}: no such ConfigMap"
        claim = volume.get("persistentVolumeClaim", {}).get("claimName")
        if claim and claim not in names["PersistentVolumeClaim"]:
            yield f"volume {volume['name']}: no such claim"
        if not {"configMap", "persistentVolumeClaim", "emptyDir"} & volume.keys():
            yield f"volume {volume['name']} is of another kind"
    for container in pod["containers"]:
        security = container.get("securityContext", {})
        if security.get("allowPrivilegeEscalation") is not False:
            yield "a container may gain privileges"
        if security.get("readOnlyRootFilesystem") is not True:
            yield "a container may write to its root"
        if security.get("capabilities") != {"drop": ["ALL"]}:
            yield "a container keeps capabilities"
        if not {"cpu", "memory"} <= container["resources"]["requests"].keys():
            yield "a container requests no resources"
        if "memory" not in container["resources"]["limits"]:
            yield "a container has no limit of memory"
        mounted = {mount["name"] for mount in container["volumeMounts"]}
        if mounted != {volume["name"] for volume in pod["volumes"]}:
            yield "volumes and mounts differ"


def check_workload(manifest, names):
    """Yields the faults of a workload."""
    spec, template = pods(manifest)
    if template is None:
        return
    pod = template["spec"]
    yield from check_pod(pod, names)
    (container,) = pod["containers"]
    variables = {it["name"]: it.get("value") for it in container["env"]}
    is_sqlite = variables["CRDRIFT_STORE"].startswith("sqlite:")
    if manifest["kind"] == "Deployment":
        if is_sqlite and (spec["replicas"] != 1 or spec["strategy"]["type"] != "Recreate"):
            yield "SQLite takes one pod at a time"
        for probe, path in [("livenessProbe", "/healthz"), ("readinessProbe", "/readyz")]:
            if container[probe]["httpGet"]["path"] != path:
                yield f"{probe} does not ask {path}"
        grace = pod["terminationGracePeriodSeconds"]
        if grace <= 20:
            yield "the pod is killed before running checks have to end"
    else:
        outer = manifest["spec"]
        if outer["concurrencyPolicy"] != "Forbid" or not outer["timeZone"]:
            yield "runs may overlap, or have no time zone"
        if not outer["startingDeadlineSeconds"] or not spec["activeDeadlineSeconds"]:
            yield "a run has no deadline"
        if "--drift-exit-code=0" not in container["args"]:
            yield "drift is tried again"
    if spec.get("completionMode") == "Indexed":
        if is_sqlite:
            yield "SQLite takes one pod at a time"
        counts = {str(spec["completions"]), str(spec["parallelism"]), variables["CRDRIFT_SHARDS"]}
        if len(counts) != 1:
            yield f"the numbers of shards differ: {sorted(counts)}"
        if "maxFailedIndexes" in spec or "backoffLimitPerIndex" not in spec:
            yield "a failed shard ends the others"


def check_policy(manifest):
    """Yields the faults of a network policy."""
    spec = manifest["spec"]
    ports = {port["port"] for rule in spec["egress"] for port in rule["ports"]}
    if ports != {443, 5432, 53} or set(spec["policyTypes"]) != {"Ingress", "Egress"}:
        yield "the policy allows other ports"


def main():
    prints_containers = sys.argv[1] == "--containers"
    faults, workloads = [], 0
    for path in map(Path, sys.argv[1 + prints_containers :]):
        manifests = list(yaml.safe_load_all(path.read_text()))
        names = {}
        for manifest in manifests:
            names.setdefault(manifest["kind"], set()).add(manifest["metadata"]["name"])
        if "Secret" in names:
            faults.append(f"{path.name}: a secret is in the repository")
        if not {"Namespace", "NetworkPolicy", "ServiceAccount"} <= names.keys():
            faults.append(f"{path.name}: an object of the base is missing")
        for manifest in manifests:
            template = pods(manifest)[1]
            if template is None:
                continue
            workloads += 1
            found = list(check_workload(manifest, names))
            faults += [f"{path.name}: {manifest['kind']}: {fault}" for fault in found]
            if prints_containers:
                (container,) = template["spec"]["containers"]
                values = {it["name"]: it.get("value") for it in container["env"]}
                # No server listens there; secrets are not beside the manifests.
                values |= {"NOTIFY_URL": "https://localhost:1/", "NOTIFY_SECRET": "none"}
                values |= {"PGPASSWORD": "none", "JOB_COMPLETION_INDEX": "0"}
                if not values["CRDRIFT_STORE"].startswith("sqlite:"):
                    values["CRDRIFT_STORE"] = "sqlite:/var/lib/crdrift/history.db"
                parts = [path.stem, "\n".join(container["args"])]
                parts.append("\n".join(f"{name}={value}" for name, value in values.items()))
                print("\0".join(parts), end="\0")
        for manifest in manifests:
            if manifest["kind"] == "NetworkPolicy":
                faults += [f"{path.name}: {fault}" for fault in check_policy(manifest)]
    if workloads < 4:
        faults.append(f"expected at least 4 workloads, found {workloads}")
    if faults:
        sys.exit("\n".join(faults))


main()
