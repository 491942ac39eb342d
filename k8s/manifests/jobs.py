"""What runs to its end: migrations around a rollout, and what the clock starts.

A job that the clock starts may run twice or not at all: each is safe beside itself (it works in
transactions, under a lock or on rows that are taken once), starts late rather than never, and its
alert asks when it was last done.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from k8s.manifests.objects import Object, container, metadata, pod, service_account
from k8s.manifests.places import Place, mounts, owner_of, places
from services import mesh

JOBS = {"app.kubernetes.io/component": "job"}
"""What the pods of jobs are known by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    """One job of the mesh, what it is told, and when it is started."""

    name: str
    process: str
    arguments: tuple[str, ...]
    schedule: str
    """As cron writes it, Belgian time."""
    late: int
    """For how many seconds after its time it may still start."""


SCHEDULED = (
    Scheduled(
        name="oversight-misuse",
        process="oversight",
        arguments=("misuse",),
        schedule="30 1 * * *",
        late=6 * 3600,
    ),
    Scheduled(
        name="oversight-report",
        process="oversight",
        arguments=("report", "--json"),
        schedule="0 4 1 * *",
        late=5 * 86_400,
    ),
    Scheduled(
        name="retention-forget",
        process="retention",
        arguments=("forget",),
        schedule="0 5 2 * *",
        late=5 * 86_400,
    ),
    Scheduled(
        name="retention-purge",
        process="retention",
        arguments=("purge",),
        schedule="15 3 * * *",
        late=6 * 3600,
    ),
)


def scheduled_files() -> dict[str, list[Object]]:
    """The files of what the clock starts."""
    return {f"{one.name}.yaml": _scheduled(one) for one in SCHEDULED}


def migration_files(phase: str) -> dict[str, list[Object]]:
    """The files of the migrations before a rollout, or after it: a job for each database."""
    return {f"{name}.yaml": _migration(name, phase) for name in mesh.databases()}


def _scheduled(one: Scheduled) -> list[Object]:
    process = mesh.process(one.process)
    template = _template(one.name, [process.package, *one.arguments], places(process))
    return [
        service_account(one.name),
        {
            "apiVersion": "batch/v1",
            "kind": "CronJob",
            "metadata": metadata(one.name),
            "spec": {
                "schedule": one.schedule,
                "timeZone": "Europe/Brussels",
                "concurrencyPolicy": "Forbid",
                "startingDeadlineSeconds": one.late,
                "successfulJobsHistoryLimit": 3,
                "failedJobsHistoryLimit": 3,
                "jobTemplate": {"spec": _spec(template)},
            },
        },
    ]


def job(name: str, arguments: Sequence[str], given: dict[str, Place]) -> list[Object]:
    """A job that runs once."""
    template = _template(name, arguments, given)
    return [
        service_account(name),
        {
            "apiVersion": "batch/v1",
            "kind": "Job",
            "metadata": metadata(name),
            "spec": _spec(template),
        },
    ]


def _migration(database: str, phase: str) -> list[Object]:
    arguments = ["services.kit.migrate", mesh.process(database).package, "--phase", phase]
    owner = {"DATABASE_OWNER_DSN_FILE": owner_of(database)}
    return job(f"{database}-migrate-{phase}", arguments, owner)


def _template(name: str, arguments: Sequence[str], given: dict[str, Place]) -> Object:
    folders = list(mounts(given))
    one = container(
        name,
        arguments,
        environment={key: place.text for key, place in given.items()},
        mounts=folders,
        ports={},
        memory="512Mi",
        cpu="100m",
    )
    made = pod(name, [one], folders, priority="cbss-background", restart="Never")
    made["metadata"]["labels"].update(JOBS)
    return made


def _spec(template: Object) -> Object:
    return {"backoffLimit": 4, "ttlSecondsAfterFinished": 7 * 86_400, "template": template}
