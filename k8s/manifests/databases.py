"""PostgreSQL by CloudNativePG: three instances, of which a quorum must have what is acknowledged;
a database for each service, owned by a role that only jobs have."""

from k8s.manifests.objects import Object, metadata
from services import mesh

_IMAGE = "ghcr.io/cloudnative-pg/postgresql:18"


def files() -> dict[str, list[Object]]:
    """The files by their names."""
    return {
        "cluster.yaml": [_cluster()],
        **{f"{name}.yaml": [_database(name)] for name in mesh.databases()},
    }


def roles() -> list[tuple[str, str]]:
    """The roles, each with the secret of its password: one owns, one serves."""
    return [
        role
        for name in mesh.databases()
        for role in ((f"{name}_owner", f"{name}-owner"), (name, f"{name}-database"))
    ]


def _cluster() -> Object:
    return {
        "apiVersion": "postgresql.cnpg.io/v1",
        "kind": "Cluster",
        "metadata": metadata("postgres"),
        "spec": {
            "instances": 3,
            "imageName": _IMAGE,
            "primaryUpdateStrategy": "unsupervised",
            "primaryUpdateMethod": "switchover",
            # Far below what is waited before another is made the primary: they never cross.
            "smartShutdownTimeout": 5,
            "stopDelay": 30,
            "switchoverDelay": 30,
            "failoverDelay": 10,
            "postgresql": {
                # Required, not preferred: without a second copy a record waits, and then is
                # refused; what was acknowledged is never lost.
                "synchronous": {"method": "any", "number": 1, "dataDurability": "required"},
                "parameters": {
                    "max_connections": "300",
                    "idle_in_transaction_session_timeout": "60s",
                },
            },
            "managed": {"roles": [_role(role, secret) for role, secret in roles()]},
            "bootstrap": {"initdb": {"database": "postgres", "owner": "postgres"}},
            "storage": {"size": "100Gi"},
            "walStorage": {"size": "20Gi"},
            "affinity": {
                "enablePodAntiAffinity": True,
                "podAntiAffinityType": "required",
                "topologyKey": "topology.kubernetes.io/zone",
            },
            "resources": {
                "requests": {"cpu": "1", "memory": "4Gi"},
                "limits": {"memory": "4Gi"},
            },
            "enablePDB": True,
        },
    }


def _role(name: str, secret: str) -> Object:
    return {
        "name": name,
        "ensure": "present",
        "login": True,
        "superuser": False,
        "createdb": False,
        "createrole": False,
        "passwordSecret": {"name": f"{secret}-role"},
    }


def _database(name: str) -> Object:
    return {
        "apiVersion": "postgresql.cnpg.io/v1",
        "kind": "Database",
        "metadata": metadata(f"{name}-database"),
        "spec": {
            "cluster": {"name": "postgres"},
            "name": name,
            "owner": f"{name}_owner",
            "encoding": "UTF8",
            "localeProvider": "builtin",
            "builtinLocale": "C.UTF-8",
            # Bound to the cluster's life, never deleted with this object.
            "databaseReclaimPolicy": "retain",
        },
    }
