"""The folders that are made: each a whole for kustomize, with nothing in it that nobody made."""

from collections.abc import Mapping
from pathlib import Path

import yaml

from k8s.manifests import (
    certificates,
    dashboards,
    databases,
    jobs,
    monitoring,
    policies,
    scaling,
    stores,
    workloads,
)
from k8s.manifests.objects import Object

_SAID = (
    "# Made from services/mesh.py by `make manifests`; changes belong there or in k8s/manifests.\n"
)
_KUSTOMIZATION = "kustomization.yaml"

BASE = "base"
COMPONENTS = {
    "policies": policies.files,
    "certificates": certificates.files,
    "databases": databases.files,
    "autoscaling": scaling.files,
    "jobs": jobs.scheduled_files,
    "stores": stores.files,
    "monitoring": monitoring.files,
    "dashboards": dashboards.files,
}
MIGRATIONS = ("before", "after")


def texts() -> dict[str, str]:
    """Every file by its path below `k8s/`."""
    made = {BASE: (workloads.files(), "Kustomization")}
    for name, files in COMPONENTS.items():
        made[f"components/{name}"] = (files(), "Component")
    for phase in MIGRATIONS:
        made[f"migrations/{phase}"] = (jobs.migration_files(phase), "Kustomization")
    return {
        f"{folder}/{name}": text
        for folder, (files, kind) in made.items()
        for name, text in _folder(files, kind).items()
    }


def write(root: Path, made: Mapping[str, str]) -> None:
    """Write all, and take away what is no longer made."""
    for folder in sorted({str(Path(name).parent) for name in made}):
        (root / folder).mkdir(parents=True, exist_ok=True)
        for path in (root / folder).glob("*.yaml"):
            if f"{folder}/{path.name}" not in made:
                path.unlink()
    for name, text in made.items():
        (root / name).write_text(text, "utf-8")


def differences(root: Path, made: Mapping[str, str]) -> list[str]:
    """The files that are missing, other, or too many."""
    there = {
        str(path.relative_to(root)): path.read_text("utf-8")
        for folder in {Path(name).parent for name in made}
        for path in (root / folder).glob("*.yaml")
    }
    return sorted(name for name in there.keys() | made.keys() if there.get(name) != made.get(name))


def _folder(files: Mapping[str, list[Object]], kind: str) -> dict[str, str]:
    version = "v1alpha1" if kind == "Component" else "v1beta1"
    kustomization: Object = {
        "apiVersion": f"kustomize.config.k8s.io/{version}",
        "kind": kind,
        "resources": sorted(files),
    }
    return {
        _KUSTOMIZATION: _text([kustomization]),
        **{name: _text(objects) for name, objects in files.items()},
    }


class _Plain(yaml.SafeDumper):
    """Repeats what is used twice instead of pointing at it, as people read it."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _text(objects: list[Object]) -> str:
    written = yaml.dump_all(objects, Dumper=_Plain, sort_keys=False, width=100, allow_unicode=True)
    return _SAID + written
