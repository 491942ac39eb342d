"""The reference data of the network, read from the registry for who keeps a copy."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from cbss.registry.v1 import archive_pb2 as archive_pb
from cbss.registry.v1 import registry_service_pb2 as registry_pb
from cbss.registry.v1 import registry_service_pb2_grpc as registry_rpc
from google.protobuf.message import DecodeError

from services.concepts.failures import invalid
from services.concepts.reference import Reference
from services.kit.snapshots import Read
from services.wire.registry import decode_reference

T = TypeVar("T")


def decode_reader(
    stub: registry_rpc.RegistryServiceStub, make: Callable[[Reference], T]
) -> Read[T]:
    """Reads the registry, for `kit.snapshots`: nothing travels while nothing changed.

    `make` makes of the reference data what is needed of them.
    """

    async def read(digest: bytes) -> tuple[bytes, T | None]:
        told = await stub.GetSnapshot(registry_pb.GetSnapshotRequest(digest=digest))
        if not told.snapshot:
            return told.digest, None

        def made() -> T:
            return make(decode_reference(told.digest, told.snapshot))

        # Thousands of organizations: beside the loop, which answers others meanwhile.
        return told.digest, await asyncio.to_thread(made)

    return read


def decode_archive(content: bytes) -> tuple[archive_pb.Archive, Reference]:
    """An archive of the registry, and the reference data in it; InvalidArgument if it is none."""
    try:
        archive = archive_pb.Archive.FromString(content)
    except DecodeError:
        raise invalid("archive", "cannot be read") from None
    return archive, decode_reference(b"", archive.snapshot.SerializeToString())


def decode_whole(reference: Reference) -> Reference:
    """For who needs all of it."""
    return reference
