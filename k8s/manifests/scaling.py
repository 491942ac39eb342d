"""Replicas follow the unary calls in flight; open streams never count, for they wait."""

from collections.abc import Mapping

from k8s.manifests.objects import Object, metadata
from services import mesh
from services.kit.names import RPC_IN_FLIGHT

_IN_FLIGHT = 24
"""Calls in flight that one replica is to have on average: at 64 it is full, at 16 half of its time
it waits (tests/bench/README.md)."""
_MOST: Mapping[str, int] = {"routing": 40, "audit": 16, "directory": 12, "identification": 12}
_MOST_OF_OTHERS = 8


def files() -> dict[str, list[Object]]:
    """The files by their names: a service each; workers and the witness have a fixed number."""
    scaled = mesh.of_kind(mesh.Kind.SERVICE, mesh.Kind.COMPANION)
    return {f"{process.name}.yaml": [_autoscaler(process.name)] for process in scaled}


def _autoscaler(name: str) -> Object:
    return {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": metadata(name),
        "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": name},
            "minReplicas": 2,
            "maxReplicas": _MOST.get(name, _MOST_OF_OTHERS),
            "metrics": [
                {
                    "type": "Pods",
                    "pods": {
                        "metric": {"name": RPC_IN_FLIGHT},
                        "target": {"type": "AverageValue", "averageValue": str(_IN_FLIGHT)},
                    },
                }
            ],
            "behavior": {
                "scaleUp": {
                    "stabilizationWindowSeconds": 0,
                    "policies": [{"type": "Percent", "value": 100, "periodSeconds": 30}],
                },
                "scaleDown": {
                    "stabilizationWindowSeconds": 300,
                    "policies": [{"type": "Pods", "value": 1, "periodSeconds": 60}],
                },
            },
        },
    }
