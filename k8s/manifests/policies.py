"""Who may reach whom: nothing, unless the table of the mesh says that one calls the other.

A file for each allowed edge, with both of its ends, so that what is open can be read in a listing
of the folder. The kubelet reaches the probes of its own node without a policy.
"""

from k8s.manifests.jobs import JOBS
from k8s.manifests.objects import Object, metadata, selector
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
)
from k8s.manifests.workloads import namespace_of, running
from services import mesh

POSTGRES, VALKEY, PROVIDER = 5432, 6379, 443
DATABASE_PODS: Object = {"matchLabels": {"cnpg.io/cluster": "postgres"}}


def files() -> dict[str, list[Object]]:
    """The files by their names: `<caller>-to-<called>.yaml`."""
    written = {
        "default-deny.yaml": [_deny(NAMESPACE), _deny(WITNESS)],
        "dns.yaml": [_dns(NAMESPACE), _dns(WITNESS)],
        "world-to-gateway.yaml": [
            _policy(
                "world-to-gateway",
                NAMESPACE,
                selector("gateway"),
                ingress=[{"ports": _tcp(EDGE, OPEN, PAGES)}],
            )
        ],
        "monitoring-to-all.yaml": [_monitored(NAMESPACE), _monitored(WITNESS)],
    }
    for process in running():
        for called in process.calls:
            ports = (RPC, HEALTH) if process.kind is mesh.Kind.EDGE else (RPC,)
            written[f"{process.name}-to-{called}.yaml"] = _edge(process.name, called, *ports)
    for caller, called in _LATER:
        written[f"{caller}-to-{called}.yaml"] = _edge(caller, called, RPC)
    for client in mesh.clients():
        written[f"gateway-to-{client}.yaml"] = _edge("gateway", client, RPC, HEALTH)
        written[f"{client}-to-gateway.yaml"] = _edge(client, "gateway", EDGE)
        # Who signs people in is outside, wherever an installation says.
        written[f"{client}-to-provider.yaml"] = [
            _policy(
                f"{client}-to-provider",
                NAMESPACE,
                selector(client),
                egress=[{"to": [{"ipBlock": {"cidr": "0.0.0.0/0"}}], "ports": _tcp(PROVIDER)}],
            )
        ]
    for name, pods in _entering().items():
        written[f"{name}-to-postgres.yaml"] = [
            _egress(f"{name}-to-postgres", pods, [{"podSelector": DATABASE_PODS}], POSTGRES),
            _ingress(
                f"{name}-to-postgres-in",
                DATABASE_PODS,
                [{"podSelector": pods}],
                POSTGRES,
            ),
        ]
    for caller in _COUNTING:
        written[f"{caller}-to-valkey.yaml"] = _edge(caller, "valkey", VALKEY)
    for caller in _ASKING_SOURCES:
        there = [{"namespaceSelector": _namespace(SOURCES)}]
        written[f"{caller}-to-sources.yaml"] = [
            _egress(f"{caller}-to-sources", selector(caller), there, RPC)
        ]
    return written


_LATER = (
    ("routing", "buffer"),
    ("batches-worker", "buffer"),
    ("routing", "rights"),
    ("batches-worker", "rights"),
    ("routing", "attach"),
    ("batches-worker", "attach"),
    ("attach", "attach"),
    ("sequencer", "witness"),
)
"""Edges that are no calls between services: buffer and rights are asked as sources are, and so are
sources that attach, wherever they are; the witness cosigns over HTTP."""
_ASKING_SOURCES = ("identification", "routing", "batches-worker")
"""Who asks authentic sources: identification the National Register, routing and its batches all."""
_COUNTING = ("routing", "batches-worker", *mesh.clients())
"""Who counts exchanges against quotas, or keeps sessions."""


def _entering() -> dict[str, Object]:
    """Who enters a database: what serves from it, and the jobs on all of them."""
    serving = {process.name: selector(process.name) for process in running() if process.database}
    return {**serving, "jobs": {"matchLabels": JOBS}}


def _edge(caller: str, called: str, *ports: int) -> list[Object]:
    name = f"{caller}-to-{called}"
    there, here = _home(called), _home(caller)
    return [
        _egress(name, selector(caller), [_peer(called, there, here)], *ports, namespace=here),
        _ingress(
            f"{name}-in", selector(called), [_peer(caller, here, there)], *ports, namespace=there
        ),
    ]


def _peer(name: str, home: str, seen_from: str) -> Object:
    pods = {"podSelector": selector(name)}
    return pods if home == seen_from else {"namespaceSelector": _namespace(home), **pods}


def _home(name: str) -> str:
    known = {process.name: namespace_of(process) for process in running()}
    return known.get(name, NAMESPACE)


def _egress(
    name: str, pods: Object, to: list[Object], *ports: int, namespace: str = NAMESPACE
) -> Object:
    return _policy(name, namespace, pods, egress=[{"to": to, "ports": _tcp(*ports)}])


def _ingress(
    name: str, pods: Object, by: list[Object], *ports: int, namespace: str = NAMESPACE
) -> Object:
    return _policy(name, namespace, pods, ingress=[{"from": by, "ports": _tcp(*ports)}])


def _deny(namespace: str) -> Object:
    return _policy("default-deny", namespace, {}, ingress=[], egress=[])


def _dns(namespace: str) -> Object:
    """Names are asked of the cluster's DNS, over both protocols. Where each node has a cache of
    its own, the overlay names its address too."""
    dns = {
        "namespaceSelector": _namespace("kube-system"),
        "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
    }
    ports = [{"protocol": protocol, "port": 53} for protocol in ("UDP", "TCP")]
    return _policy("dns", namespace, {}, egress=[{"to": [dns], "ports": ports}])


def _monitored(namespace: str) -> Object:
    by = [{"namespaceSelector": _namespace("monitoring")}]
    return _ingress("monitoring-to-all", {}, by, METRICS, namespace=namespace)


def _namespace(name: str) -> Object:
    return {"matchLabels": {"kubernetes.io/metadata.name": name}}


def _tcp(*ports: int) -> list[Object]:
    return [{"protocol": "TCP", "port": port} for port in ports]


def _policy(name: str, namespace: str, pods: Object, **rules: list[Object]) -> Object:
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": metadata(name, namespace),
        "spec": {
            "podSelector": pods,
            "policyTypes": [rule.capitalize() for rule in rules],
            **{rule: said for rule, said in rules.items() if said},
        },
    }
