"""What Prometheus reads: every process that listens for it, found by its pods."""

from k8s.manifests.objects import Object, metadata
from k8s.manifests.places import NAMESPACE, WITNESS


def files() -> dict[str, list[Object]]:
    """The files by their names."""
    return {"pods.yaml": [_monitor(NAMESPACE), _monitor(WITNESS)]}


def _monitor(namespace: str) -> Object:
    return {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PodMonitor",
        "metadata": metadata("mesh", namespace),
        "spec": {
            "selector": {"matchLabels": {"app.kubernetes.io/part-of": "cbss"}},
            "podMetricsEndpoints": [{"port": "metrics", "interval": "15s"}],
        },
    }
