"""Building blocks: the objects of Kubernetes that every process needs, as plain dictionaries."""

from collections.abc import Mapping, Sequence
from typing import Any

from k8s.manifests.places import HEALTH, NAMESPACE, Mount
from services.kit.health import LIVE

Object = dict[str, Any]

IMAGE = "cbss-mesh"
"""The one image; overlays name its registry and digest."""
USER = 10001
CONTAINER_SECURITY: Object = {
    "allowPrivilegeEscalation": False,
    "readOnlyRootFilesystem": True,
    "capabilities": {"drop": ["ALL"]},
}
_GRACE = 5
"""Seconds beyond settling and draining before a pod is ended by force."""


def metadata(name: str, namespace: str = NAMESPACE) -> Object:
    """What every object has."""
    return {"name": name, "namespace": namespace, "labels": _labels(name)}


def selector(name: str) -> Object:
    """The pods of a process."""
    return {"matchLabels": {"app.kubernetes.io/name": name}}


def service_account(name: str, namespace: str = NAMESPACE) -> Object:
    """Who the pods are; nobody of ours asks the API server anything, so there is no token."""
    return {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": metadata(name, namespace),
        "automountServiceAccountToken": False,
    }


def headless_service(name: str, ports: Mapping[str, int], namespace: str = NAMESPACE) -> Object:
    """The addresses of all ready replicas under one name: gRPC spreads the calls itself."""
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata(name, namespace),
        "spec": {
            "clusterIP": "None",
            "selector": selector(name)["matchLabels"],
            "ports": [
                {"name": port, "port": number, "targetPort": port, "protocol": "TCP"}
                for port, number in ports.items()
            ],
        },
    }


def disruption_budget(name: str, namespace: str = NAMESPACE) -> Object:
    """One replica at a time may be taken away on purpose, and a node can always be drained."""
    return {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": metadata(name, namespace),
        "spec": {
            "maxUnavailable": 1,
            "selector": selector(name),
            "unhealthyPodEvictionPolicy": "AlwaysAllow",
        },
    }


def container(
    name: str,
    arguments: Sequence[str],
    *,
    environment: Mapping[str, str],
    mounts: Sequence[Mount],
    ports: Mapping[str, int],
    memory: str,
    cpu: str,
    is_ours: bool = True,
) -> Object:
    """A container that can write nowhere but where it is told, and do nothing that is special; what
    differs by installation is read by what is ours alone."""
    return {
        "name": name,
        "image": IMAGE,
        "args": list(arguments),
        **({"envFrom": [{"configMapRef": {"name": "mesh"}}]} if is_ours else {}),
        "env": [{"name": key, "value": value} for key, value in environment.items()],
        **({"ports": _container_ports(ports)} if ports else {}),
        "volumeMounts": [
            {
                "name": mount.name,
                "mountPath": mount.path,
                **({} if mount.is_written else {"readOnly": True}),
            }
            for mount in mounts
        ],
        "resources": {"requests": {"cpu": cpu, "memory": memory}, "limits": {"memory": memory}},
        "securityContext": CONTAINER_SECURITY,
        "terminationMessagePolicy": "FallbackToLogsOnError",
    }


def probes() -> Object:
    """Started and ready: all that the process needs is there. Alive: its loop turns, which is
    another question, for who has lost a database is helped by nothing but the database."""
    ready = {"grpc": {"port": HEALTH}}
    return {
        "startupProbe": {**ready, "periodSeconds": 1, "failureThreshold": 120},
        "readinessProbe": {**ready, "periodSeconds": 2, "failureThreshold": 1},
        "livenessProbe": {
            "grpc": {"port": HEALTH, "service": LIVE},
            "periodSeconds": 10,
            "failureThreshold": 3,
            "timeoutSeconds": 5,
        },
    }


def pod(
    name: str,
    containers: Sequence[Object],
    mounts: Sequence[Mount],
    *,
    priority: str,
    grace: int = 0,
    restart: str = "Always",
    is_spread: bool = False,
    before: Sequence[Object] = (),
) -> Object:
    """A pod that passes the pod security standard `restricted`; one of many is spread over zones
    and nodes. What runs `before` ends before the containers begin."""
    return {
        "metadata": {"labels": _labels(name)},
        "spec": {
            "serviceAccountName": name,
            "automountServiceAccountToken": False,
            "enableServiceLinks": False,
            # Our names have four dots and are whole: without this each is tried in vain thrice.
            "dnsConfig": {"options": [{"name": "ndots", "value": "2"}]},
            "priorityClassName": priority,
            "restartPolicy": restart,
            **({"terminationGracePeriodSeconds": grace + _GRACE} if grace else {}),
            "securityContext": {
                "runAsNonRoot": True,
                "runAsUser": USER,
                "runAsGroup": USER,
                "fsGroup": USER,
                "fsGroupChangePolicy": "OnRootMismatch",
                "seccompProfile": {"type": "RuntimeDefault"},
            },
            **({"topologySpreadConstraints": _spread(name)} if is_spread else {}),
            **({"initContainers": list(before)} if before else {}),
            "containers": list(containers),
            "volumes": [_volume(mount) for mount in mounts],
        },
    }


def deployment(name: str, template: Object, namespace: str = NAMESPACE) -> Object:
    """As many replicas as an overlay or the autoscaler says: nothing is said here, so that who
    applies it does not undo what was decided."""
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": metadata(name, namespace),
        "spec": {
            "selector": selector(name),
            "strategy": {
                "type": "RollingUpdate",
                "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1},
            },
            "revisionHistoryLimit": 5,
            "template": template,
        },
    }


def stateful_set(
    name: str, template: Object, volume: str, size: str, namespace: str = NAMESPACE
) -> Object:
    """One replica with a volume of its own."""
    return {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": metadata(name, namespace),
        "spec": {
            "replicas": 1,
            "serviceName": name,
            "selector": selector(name),
            "template": template,
            "volumeClaimTemplates": [
                {"metadata": {"name": volume}, "spec": _storage(size, "ReadWriteOnce")}
            ],
        },
    }


def shared_claim(name: str, size: str) -> Object:
    """A volume that several pods read and write."""
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": metadata(name),
        "spec": _storage(size, "ReadWriteMany"),
    }


def _storage(size: str, access: str) -> Object:
    return {"accessModes": [access], "resources": {"requests": {"storage": size}}}


def _labels(name: str) -> dict[str, str]:
    return {"app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "cbss"}


def _container_ports(ports: Mapping[str, int]) -> list[Object]:
    return [
        {"name": name, "containerPort": number, "protocol": "TCP"} for name, number in ports.items()
    ]


def _spread(name: str) -> list[Object]:
    return [
        {
            "maxSkew": 1,
            "topologyKey": key,
            "whenUnsatisfiable": "ScheduleAnyway",
            "labelSelector": selector(name),
            "matchLabelKeys": ["pod-template-hash"],
        }
        for key in ("topology.kubernetes.io/zone", "kubernetes.io/hostname")
    ]


def _volume(mount: Mount) -> Object:
    match mount.kind:
        case "secret":
            what: Object = {"secretName": mount.source, "defaultMode": 0o440}
        case "configMap":
            what = {"name": mount.source, "defaultMode": 0o444}
        case "persistentVolumeClaim":
            what = {"claimName": mount.source}
        case _:
            what = {"sizeLimit": "256Mi"}
    return {"name": mount.name, mount.kind: what}
