"""Certificates of the mesh by cert-manager: one for each workload, renewed long before its end and
taken while serving. Institutions, officers, citizens and sources have authorities of their own."""

from k8s.manifests.objects import Object, metadata
from k8s.manifests.places import NAMESPACE, host
from services import mesh

_DAY = 24


def files() -> dict[str, list[Object]]:
    """The files by their names."""
    workloads = (*mesh.named_in_certificates(), *mesh.clients())
    return {
        "issuer.yaml": [_issuer()],
        **{f"{name}.yaml": [_certificate(name)] for name in workloads},
    }


def names_of(workload: str) -> list[str]:
    """The names under which a workload is called: its own, and those of what stands beside it."""
    beside = [process.name for process in mesh.PROCESSES if process.beside == workload]
    return [workload, *(host(name) for name in (workload, *beside))]


def _issuer() -> Object:
    return {
        "apiVersion": "cert-manager.io/v1",
        "kind": "Issuer",
        "metadata": metadata("mesh"),
        "spec": {"ca": {"secretName": "mesh-authority"}},
    }


def _certificate(workload: str) -> Object:
    return {
        "apiVersion": "cert-manager.io/v1",
        "kind": "Certificate",
        "metadata": metadata(f"{workload}-tls", NAMESPACE),
        "spec": {
            "secretName": f"{workload}-tls",
            "commonName": workload,
            "dnsNames": names_of(workload),
            "uris": [f"spiffe://cbss/{workload}"],
            "duration": f"{_DAY}h",
            "renewBefore": f"{_DAY // 3}h",
            "usages": ["digital signature", "client auth", "server auth"],
            "privateKey": {"algorithm": "ECDSA", "size": 256, "rotationPolicy": "Always"},
            "issuerRef": {"name": "mesh", "kind": "Issuer", "group": "cert-manager.io"},
        },
    }
