"""What JSON is translated by, and the document that describes it: the contracts of the mesh, and
the data contracts that are registered while it runs. Envoy watches the files that name the
descriptors and the document, and needs no restart."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import structlog
from cbss.registry.v1 import reference_pb2
from cbss.registry.v1 import registry_service_pb2 as registry_pb
from cbss.registry.v1 import registry_service_pb2_grpc as registry_rpc
from google.protobuf import descriptor_pb2, descriptor_pool

from gateway.envoy.filters import ROUTES, Watched, discover, transcoder
from gateway.envoy.listener import Published, route_table
from gateway.openapi import document
from gateway.routes import Route
from services.kit.files import replace_file

PAYLOADS = "cbss/data/"
"""Where the messages of shipped data contracts are: a version that is registered may add to them.
All other contracts of the mesh are as they were compiled."""
log = structlog.get_logger()

Files = Mapping[str, descriptor_pb2.FileDescriptorProto]


class Transcoding:
    """The files that Envoy reads, made anew when other data contracts are registered."""

    def __init__(self, folder: Path, compiled: Path, routes: Sequence[Route]) -> None:
        self._folder = folder
        self._compiled = descriptor_pb2.FileDescriptorSet.FromString(compiled.read_bytes())
        self._routes = routes
        self.watched = Watched(folder / "transcoding.json", folder / "routes.json")

    def write(self, registered: Sequence[reference_pb2.DataContract]) -> None:
        """Have Envoy translate by these data contracts too, and describe them."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        described = unite(self._compiled, [one.descriptor_set for one in registered])
        content: bytes = described.SerializeToString(deterministic=True)
        payloads = {name for one in registered for name in (one.criteria_type, one.result_type)}
        text = json.dumps(document(described, self._routes, sorted(payloads))).encode()
        name = hashlib.sha256(content + text).hexdigest()[:16]
        descriptors = self._folder / f"descriptors-{name}.binpb"
        openapi = self._folder / f"openapi-{name}.json"
        replace_file(descriptors, content, mode=0o600)
        replace_file(openapi, text, mode=0o600)
        services = [route.service for route in self._routes]
        found = discover(transcoder(descriptors, services), version=name)
        replace_file(self.watched.transcoding, json.dumps(found).encode(), mode=0o600)
        published = Published(openapi, descriptors)
        table = discover(route_table(self._routes, published), version=name, kind=ROUTES)
        replace_file(self.watched.table, json.dumps(table).encode(), mode=0o600)
        kept = {descriptors, openapi}
        for old in (*self._folder.glob("descriptors-*"), *self._folder.glob("openapi-*")):
            if old not in kept:
                old.unlink()

    def reader(self, stub: registry_rpc.RegistryServiceStub) -> "Reader":
        """Follows the registry, for `kit.snapshots`."""
        return Reader(stub, self)


class Reader:
    """Has the files made anew whenever the registry holds something else."""

    def __init__(self, stub: registry_rpc.RegistryServiceStub, transcoding: Transcoding) -> None:
        self._stub = stub
        self._transcoding = transcoding
        self._last: list[reference_pb2.DataContract] = []

    async def __call__(self, digest: bytes) -> tuple[bytes, bool | None]:
        told = await self._stub.GetSnapshot(registry_pb.GetSnapshotRequest(digest=digest))
        if not told.snapshot:
            return told.digest, None
        contracts = reference_pb2.Snapshot.FromString(told.snapshot).data_contracts
        # The last version of a contract has all that those before it had.
        ordered = sorted(contracts, key=lambda one: (one.code, one.version))
        registered = [one for one in ordered if not one.retired]
        if registered != self._last:
            self._transcoding.write(registered)
            self._last = registered
            log.info("data contracts renewed", data_contracts=len(registered))
        return told.digest, True


def unite(
    compiled: descriptor_pb2.FileDescriptorSet, registered: Iterable[bytes]
) -> descriptor_pb2.FileDescriptorSet:
    """All descriptors together, imports first; a set that contradicts the others is left out."""
    files: dict[str, descriptor_pb2.FileDescriptorProto] = {
        file.name: file for file in compiled.file
    }
    for content in registered:
        wider = dict(files)
        for file in descriptor_pb2.FileDescriptorSet.FromString(content).file:
            known = files.get(file.name)
            if known is None or (file.name.startswith(PAYLOADS) and _differs(known, file)):
                wider[file.name] = file
        if wider == files:
            continue
        if _hold_together(wider):
            files = wider
        else:
            log.warning("a data contract contradicts others and is not translated to JSON")
    return descriptor_pb2.FileDescriptorSet(file=_imports_first(files))


def _differs(
    known: descriptor_pb2.FileDescriptorProto, told: descriptor_pb2.FileDescriptorProto
) -> bool:
    bare = descriptor_pb2.FileDescriptorProto()
    bare.CopyFrom(known)
    bare.ClearField("source_code_info")
    return bare != told


def _hold_together(files: Files) -> bool:
    pool = descriptor_pool.DescriptorPool()
    try:
        for file in _imports_first(files):
            pool.Add(file)
            pool.FindFileByName(file.name)
    except (KeyError, TypeError, ValueError):
        return False
    return True


def _imports_first(files: Files) -> list[descriptor_pb2.FileDescriptorProto]:
    found: dict[str, descriptor_pb2.FileDescriptorProto] = {}

    def visit(name: str) -> None:
        file = files.get(name)
        if file is None or name in found:
            return
        for needed in file.dependency:
            visit(needed)
        found[name] = file

    for name in files:
        visit(name)
    return list(found.values())
