"""What runs to its end: migrations around a rollout, and what the clock starts.

A job that the clock starts may run twice or not at all: each is safe beside itself (it works in
transactions, under a lock or on rows that are taken once), starts late rather than never, and its
alert asks when it was last done.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from k8s.manifests.objects import Object, container, metadata, pod, service_account
from k8s.manifests.places import Mount, Place, mounts, owner_of, places
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
    reads_registry: bool = False
    """Whether it is given an archive of the registry, read off its database just before."""


ARCHIVE = Place(mount=Mount("archive", "emptyDir", is_written=True), file="registry.binpb")
"""Where a job finds the archive of the registry that was read for it."""

SCHEDULED = (
    Scheduled(
        name="directory-figures",
        process="figures",
        arguments=("figures",),
        schedule="0 3 1 * *",
        late=5 * 86_400,
    ),
    Scheduled(
        name="oversight-misuse",
        process="oversight",
        arguments=("misuse",),
        schedule="30 1 * * *",
        late=6 * 3600,
        reads_registry=True,
    ),
    Scheduled(
        name="oversight-report",
        process="oversight",
        arguments=("report", "--json"),
        schedule="0 4 1 * *",
        late=5 * 86_400,
        reads_registry=True,
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
    arguments, before = [process.package, *one.arguments], []
    given = places(process)
    if one.reads_registry:
        arguments += ["--registry", ARCHIVE.text]
        before = [_archiving()]
    template = _template(one.name, arguments, given, before)
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


def job(name: str, arguments: Sequence[str], given: Mapping[str, Place]) -> list[Object]:
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


_OWNER = {"DATABASE_OWNER_DSN_FILE": owner_of("registry")}


def _archiving() -> Object:
    """What reads the registry; the job after it does not see as whom."""
    arguments = ["services.registry.load.archive", ARCHIVE.text]
    return _container("registry-archive", arguments, _OWNER, mounts({**_OWNER, "": ARCHIVE}))


def _container(
    name: str, arguments: Sequence[str], given: Mapping[str, Place], folders: Iterable[Mount]
) -> Object:
    return container(
        name,
        arguments,
        environment={key: place.text for key, place in given.items()},
        mounts=list(folders),
        ports={},
        memory="512Mi",
        cpu="100m",
    )


def _template(
    name: str,
    arguments: Sequence[str],
    given: Mapping[str, Place],
    before: Sequence[Object] = (),
) -> Object:
    read = {"": ARCHIVE} if before else {}
    one = _container(name, arguments, given, mounts({**given, **read}))
    every = mounts({**given, **read, **(_OWNER if before else {})})
    made = pod(name, [one], list(every), priority="cbss-background", restart="Never", before=before)
    made["metadata"]["labels"].update(JOBS)
    return made


def _spec(template: Object) -> Object:
    return {"backoffLimit": 4, "ttlSecondsAfterFinished": 7 * 86_400, "template": template}
