"""Data stores for a cluster that has none: one PostgreSQL and one Valkey, and the jobs that make
databases and roles. For trying and for one node: what is acknowledged is on one disk."""

from k8s.manifests.jobs import job
from k8s.manifests.objects import (
    CONTAINER_SECURITY,
    Object,
    deployment,
    headless_service,
    pod,
    service_account,
    stateful_set,
)
from k8s.manifests.places import Mount, Place, owner_of, serving_in
from k8s.manifests.policies import DATABASE_PODS, POSTGRES, VALKEY
from services import mesh

_DATA = "/var/lib/postgresql"
_START = """
data=/var/lib/postgresql/data
if [ ! -f "$data/PG_VERSION" ]; then
  initdb --pgdata="$data" --username=postgres --auth=scram-sha-256 \\
    --pwfile=/etc/cbss/superuser/password --encoding=UTF8 \\
    --locale-provider=builtin --builtin-locale=C.UTF-8 --locale=C
  echo 'host all all all scram-sha-256' >> "$data/pg_hba.conf"
fi
exec postgres -D "$data" -c listen_addresses='*' -c unix_socket_directories=/tmp \\
  -c max_connections=200 -c idle_in_transaction_session_timeout=60s \\
  -c recovery_init_sync_method=syncfs
"""


def files() -> dict[str, list[Object]]:
    """The files by their names."""
    return {
        "postgres.yaml": _postgres(),
        "valkey.yaml": _valkey(),
        **{f"{name}-roles.yaml": _roles(name) for name in mesh.databases()},
    }


def _roles(database: str) -> list[Object]:
    superuser = Place(mount=Mount("superuser", "secret", "postgres-superuser"), file="dsn")
    given = {
        "DATABASE_SUPERUSER_DSN_FILE": superuser,
        "DATABASE_OWNER_DSN_FILE": owner_of(database),
        "DATABASE_DSN_FILE": serving_in(database),
    }
    return job(f"{database}-roles", ["services.kit.roles"], given)


def _postgres() -> list[Object]:
    name = "postgres"
    superuser = Mount("superuser", "secret", "postgres-superuser")
    one = _container(name, "postgres:18", ["sh", "-ec", _START], POSTGRES, memory="1Gi")
    one["volumeMounts"] = [
        {"name": "superuser", "mountPath": superuser.path, "readOnly": True},
        {"name": "data", "mountPath": _DATA},
        {"name": "tmp", "mountPath": "/tmp"},  # noqa: S108
        {"name": "shm", "mountPath": "/dev/shm"},  # noqa: S108
    ]
    # Asked to stop, PostgreSQL waits for its clients; ours never leave of themselves.
    one["lifecycle"] = {
        "preStop": {"exec": {"command": ["pg_ctl", "stop", "-D", f"{_DATA}/data", "-m", "fast"]}}
    }
    one["readinessProbe"] = {
        "exec": {"command": ["pg_isready", "--host=127.0.0.1", "--quiet"]},
        "periodSeconds": 1,
    }
    template = pod(name, [one], [superuser], priority="cbss-online", grace=55)
    template["metadata"]["labels"].update(DATABASE_PODS["matchLabels"])
    template["spec"]["volumes"] += [_scratch("tmp"), {"name": "shm", "emptyDir": _MEMORY}]
    stateful = stateful_set(name, template, "data", "20Gi")
    return [service_account(name), headless_service(name, {"sql": POSTGRES}), stateful]


def _valkey() -> list[Object]:
    name = "valkey"
    settings = Mount("valkey", "secret", "valkey")
    command = ["valkey-server", f"{settings.path}/valkey.conf"]
    one = _container(name, "valkey/valkey:9", command, VALKEY, memory="128Mi")
    one["volumeMounts"] = [
        {"name": "valkey", "mountPath": settings.path, "readOnly": True},
        {"name": "data", "mountPath": "/data"},
    ]
    one["readinessProbe"] = {"tcpSocket": {"port": VALKEY}, "periodSeconds": 1}
    template = pod(name, [one], [settings], priority="cbss-online")
    template["spec"]["volumes"].append(_scratch("data"))
    alone = deployment(name, template)
    # Two would be two memories: the old one goes first.
    alone["spec"] |= {"replicas": 1, "strategy": {"type": "Recreate"}}
    return [service_account(name), headless_service(name, {"redis": VALKEY}), alone]


_MEMORY: Object = {"medium": "Memory", "sizeLimit": "256Mi"}


def _scratch(name: str) -> Object:
    return {"name": name, "emptyDir": {"sizeLimit": "256Mi"}}


def _container(name: str, image: str, command: list[str], port: int, *, memory: str) -> Object:
    return {
        "name": name,
        "image": image,
        "command": command,
        "ports": [{"name": "sql" if port == POSTGRES else "redis", "containerPort": port}],
        "resources": {"requests": {"cpu": "100m", "memory": memory}, "limits": {"memory": memory}},
        "securityContext": CONTAINER_SECURITY,
    }
