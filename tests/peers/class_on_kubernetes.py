"""`.jupyterhub/kubernetes.yaml` rendered and checked by the tools of those who made the chart: nothing of it needs a cluster.

    python tests/peers/class_on_kubernetes.py CHART

CHART is the folder `jupyterhub` of the repository jupyterhub/zero-to-jupyterhub-k8s, or what `helm pull --untar` makes. Needs
helm-python-sdk (Helm 4 as a library), kubernetes-validate, jupyterhub-kubespawner and pyyaml. Checks that the values fit the chart's
schema, that Helm finds nothing to warn of, that each manifest is as Kubernetes wants it, and that the pod which KubeSpawner makes of
them for a learner is, too: with limits, a volume of its own and no more rights than needed. Ends with 1 if something is wrong.
"""

import asyncio
import base64
import contextlib
import json
import os
import pathlib
import shutil
import sys
import tempfile

import helm_python
import kubernetes_validate
import yaml
from jupyterhub.objects import Hub, Server
from jupyterhub.orm import Spawner
from traitlets.config import Config

PROJECT = pathlib.Path(__file__).resolve().parents[2]
VALUES = PROJECT / ".jupyterhub/kubernetes.yaml"
# Whose definitions of manifests are taken.
KUBERNETES = "1.34"
# Where the hub's pod has what Kubernetes mounts into it.
MOUNTED = "/usr/local/etc/jupyterhub"


def with_schema(chart, folder):
    """A copy of the chart with its schema as Helm reads it; the repository keeps it as YAML."""
    copy = folder / "jupyterhub"
    shutil.copytree(chart, copy)
    schema = copy / "values.schema.yaml"
    if schema.is_file():
        (copy / "values.schema.json").write_text(json.dumps(yaml.safe_load(schema.read_text())))
    return copy


def validate(manifest):
    """What is wrong with a manifest."""
    try:
        kubernetes_validate.validate(manifest, KUBERNETES, strict=True)
    except kubernetes_validate.ValidationError as error:
        return [f"{manifest['kind']} {manifest['metadata']['name']}: {error.message}"]
    return []


def rendered(chart, values):
    """The chart's manifests with these values."""
    texts = chart.render(values, name="class", namespace="class")
    files = [text for name, text in texts.items() if name.endswith(".yaml")]
    return [manifest for text in files for manifest in yaml.safe_load_all(text) if manifest]


def only(manifests, kind, name):
    return next(it for it in manifests if it["kind"] == kind and it["metadata"]["name"] == name)


class Learner:
    """Whom a pod is made for."""

    name, id, url, settings, escaped_name = "ada", 1, "/user/ada/", {}, "ada"
    server = Server()

    def __init__(self):
        self.spawners = {}


def of_a_learner(manifests, folder):
    """The pod and the claim of a volume that KubeSpawner makes, configured as the hub in its pod is."""
    for key, encoded in only(manifests, "Secret", "hub")["data"].items():
        write(folder / "secret" / key, base64.b64decode(encoded).decode())
    for key, text in only(manifests, "ConfigMap", "hub")["data"].items():
        write(folder / "config" / key, text.replace(MOUNTED, str(folder)))
    # Services have their ports from Kubernetes, and KubeSpawner wants to know a cluster, which nobody asks here.
    cluster = {"name": "none", "cluster": {"server": "http://127.0.0.1:9"}}
    context = {"name": "none", "context": {"cluster": "none", "user": "none"}}
    users = [{"name": "none", "user": {}}]
    known = {"apiVersion": "v1", "kind": "Config", "current-context": "none", "clusters": [cluster], "contexts": [context], "users": users}
    write(folder / "kubeconfig", json.dumps(known))
    os.environ |= {"HUB_SERVICE_PORT": "8081", "PROXY_API_SERVICE_PORT": "8001", "KUBECONFIG": str(folder / "kubeconfig")}
    config = Config()
    file = folder / "config/jupyterhub_config.py"
    # How the hub asks for pages makes no difference here, and needs a library for it.
    text = file.read_text().replace("AsyncHTTPClient.configure", "str")
    with contextlib.redirect_stdout(None):
        exec(compile(text, str(file), "exec"), {"get_config": lambda: config, "__file__": str(file)})  # noqa: S102

    # It reads where the cluster is told of when it is imported.
    from kubernetes_asyncio.client import ApiClient
    from kubespawner import KubeSpawner

    async def make():
        spawner = KubeSpawner(
            _mock=True, config=config, user=Learner(), hub=Hub(base_url="/hub/", public_host=""), orm_spawner=Spawner(name=""), api_token="x"
        )
        async with ApiClient() as client:
            return [client.sanitize_for_serialization(it) for it in (await spawner.get_pod_manifest(), spawner.get_pvc_manifest())]

    return asyncio.run(make())


def write(file, text):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def of_pod(pod, values):
    """What is not as a class needs it in a learner's pod."""
    container = pod["spec"]["containers"][0]
    wanted = values["singleuser"]
    facts = {
        "the image": container["image"] == f"{wanted['image']['name']}:{wanted['image']['tag']}",
        "the account": container["securityContext"]["runAsUser"] == 1000,
        "no more rights than at the start": container["securityContext"]["allowPrivilegeEscalation"] is False,
        "a limit of memory": container["resources"]["limits"]["memory"] == 2 * 1024**3,
        "a limit of processors": container["resources"]["limits"]["cpu"] == 2,
        "no key of the cluster": pod["spec"]["automountServiceAccountToken"] is False,
        "a volume of one's own": container["volumeMounts"][0]["mountPath"] == "/home/learner"
        and "ada" in pod["spec"]["volumes"][0]["persistentVolumeClaim"]["claimName"],
        "the notebooks' folder": {"name": "JUPYTERHUB_ROOT_DIR", "value": "/home/learner/dsprep-practice"} in container["env"],
        "what it starts": container["args"][: len(wanted["cmd"])] == wanted["cmd"],
    }
    return [f"the learner's pod: {name} is not right" for name, is_so in facts.items() if not is_so]


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    wrong = []
    values = yaml.safe_load(VALUES.read_text())
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        path = with_schema(sys.argv[1], folder)
        chart = helm_python.Chart.load(path)
        chart.validate_schema(values)
        try:
            chart.validate_schema({"singleuser": {"memroy": {}}})
            wrong.append("the schema takes a name that it does not know: it was not read")
        except helm_python.HelmValuesError:
            pass
        report = helm_python.lint(path, values, strict=True)
        wrong += [f"lint: {message}" for message in report["messages"] + report["errors"]]
        manifests = rendered(chart, values)
        wrong += [text for manifest in manifests for text in validate(manifest)]
        pod, claim = of_a_learner(manifests, folder / "mounted")
        wrong += validate(pod) + validate(claim) + of_pod(pod, values)
        policy = only(manifests, "NetworkPolicy", "singleuser")["spec"]
        if sorted(policy["policyTypes"]) != ["Egress", "Ingress"]:
            wrong.append("learners' pods are open to each other")
    kinds = sorted({manifest["kind"] for manifest in manifests})
    print(f"chart {chart.version}, Kubernetes {KUBERNETES}: {len(manifests)} manifests ({', '.join(kinds)}), a learner's pod and volume")
    for text in wrong:
        print(text)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
