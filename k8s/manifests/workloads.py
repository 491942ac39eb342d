"""What runs all the time: a file for each process, and the folder's kustomization."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from k8s.manifests.objects import (
    Object,
    container,
    deployment,
    disruption_budget,
    headless_service,
    metadata,
    pod,
    probes,
    selector,
    service_account,
    shared_claim,
    stateful_set,
)
from k8s.manifests.places import (
    EDGE,
    HEALTH,
    METRICS,
    NAMESPACE,
    OPEN,
    PAGES,
    RPC,
    SOURCES,
    WITNESS,
    Place,
    mounts,
    places,
    settings_of,
)
from services import mesh

RUNNING = (mesh.Kind.EDGE, mesh.Kind.SERVICE, mesh.Kind.COMPANION, mesh.Kind.WORKER, mesh.Kind.WEB)
"""The kinds of process that run all the time; jobs run by the clock."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What one replica asks of a node."""

    memory: str = "256Mi"
    """Asked for and never exceeded: a service takes 45 to 110 MiB, and grows with its snapshots."""
    cpu: str = "100m"


_NEEDS: Mapping[str, Needs] = {
    "gateway": Needs(memory="512Mi", cpu="250m"),
    "routing": Needs(memory="512Mi", cpu="500m"),
    "access": Needs(memory="512Mi", cpu="100m"),
    "audit": Needs(memory="384Mi", cpu="250m"),
}
"""What was measured to need more than the rest: tests/bench/README.md."""


def running() -> tuple[mesh.Process, ...]:
    """The processes of this folder."""
    return mesh.of_kind(*RUNNING)


def namespace_of(process: mesh.Process) -> str:
    """The witness watches over the log for others, and is theirs."""
    return WITNESS if _is_alone(process) else NAMESPACE


def _is_alone(process: mesh.Process) -> bool:
    """Whether it belongs to another party, and is one: the witness."""
    return process.kind is mesh.Kind.WEB and process.most == 1


def ports_of(process: mesh.Process) -> dict[str, int]:
    """Where a process listens, by the names of its ports."""
    if process.kind is mesh.Kind.EDGE:
        return {"edge": EDGE, "open": OPEN, "pages": PAGES, "health": HEALTH, "metrics": METRICS}
    listens = "listen_address" in settings_of(process).model_fields
    return {**({"rpc": RPC} if listens else {}), "health": HEALTH, "metrics": METRICS}


def files() -> dict[str, list[Object]]:
    """The files of the base by their names."""
    written = {f"{process.name}.yaml": workload(process) for process in running()}
    return {"namespaces.yaml": namespaces(), "volumes.yaml": volumes(), **written}


def workload(process: mesh.Process) -> list[Object]:
    """All that one process needs."""
    namespace, given = namespace_of(process), places(process)
    template = _template(process, given)
    name = process.name
    common = [
        service_account(name, namespace),
        headless_service(name, ports_of(process), namespace),
        disruption_budget(name, namespace),
    ]
    if _is_alone(process):
        return [*common, stateful_set(name, template, "state", "1Gi", namespace)]
    edge = [_edge()] if process.kind is mesh.Kind.EDGE else []
    return [*common, *edge, deployment(name, template, namespace)]


def namespaces() -> list[Object]:
    """Where everything is, under the pod security standard `restricted`, and its priorities."""
    return [
        *(
            {
                "apiVersion": "v1",
                "kind": "Namespace",
                "metadata": {
                    "name": name,
                    "labels": {
                        "app.kubernetes.io/part-of": "cbss",
                        "pod-security.kubernetes.io/enforce": "restricted",
                        "pod-security.kubernetes.io/warn": "restricted",
                    },
                },
            }
            for name in (NAMESPACE, WITNESS, SOURCES)
        ),
        _priority("cbss-online", 1_000_000, "What an exchange waits for."),
        _priority("cbss-background", 100_000, "What can wait: jobs and long work."),
    ]


def volumes() -> list[Object]:
    """What all replicas of audit share: what they promised, which is not to be in the database."""
    return [shared_claim("promises", "10Gi")]


def _template(process: mesh.Process, given: Mapping[str, Place]) -> Object:
    needs = _NEEDS.get(process.name, Needs())
    folders = list(mounts(given))
    is_alone = _is_alone(process)
    one = container(
        process.name,
        [process.package],
        environment={name: place.text for name, place in given.items()},
        mounts=folders,
        ports=ports_of(process),
        memory=needs.memory,
        cpu=needs.cpu,
        is_ours=not is_alone,
    )
    return pod(
        process.name,
        [{**one, **probes()}],
        # What is alone has a volume of its own, which its stateful set claims.
        [folder for folder in folders if not (is_alone and folder.is_written)],
        priority="cbss-background" if _works_later(process) else "cbss-online",
        grace=_grace(process, given),
        is_spread=not is_alone,
    )


def _works_later(process: mesh.Process) -> bool:
    """Whether nobody waits for what it does: long work beside a service."""
    return process.kind is mesh.Kind.WORKER and bool(process.beside)


def _grace(process: mesh.Process, given: Mapping[str, Place]) -> int:
    """Settling and draining, as the process is set or by its own defaults."""
    fields = settings_of(process).model_fields

    def seconds(name: str) -> float:
        if name.upper() in given:
            return float(given[name.upper()].text)
        default = fields[name].default if name in fields else timedelta()
        return float(default.total_seconds())

    return ceil(seconds("settle") + seconds("drain"))


def _edge() -> Object:
    """What the world calls; an overlay says how it is reached."""
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata("edge"),
        "spec": {
            "type": "ClusterIP",
            "selector": selector("gateway")["matchLabels"],
            "ports": [
                {"name": "edge", "port": 443, "targetPort": "edge", "protocol": "TCP"},
                {"name": "open", "port": 8443, "targetPort": "open", "protocol": "TCP"},
                {"name": "pages", "port": 9443, "targetPort": "pages", "protocol": "TCP"},
            ],
        },
    }


def _priority(name: str, value: int, description: str) -> Object:
    return {
        "apiVersion": "scheduling.k8s.io/v1",
        "kind": "PriorityClass",
        "metadata": {"name": name, "labels": {"app.kubernetes.io/part-of": "cbss"}},
        "value": value,
        "preemptionPolicy": "PreemptLowerPriority",
        "description": description,
    }
