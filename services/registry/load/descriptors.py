"""The messages of data contracts, as they are compiled into this mesh."""

import importlib
import pkgutil
from collections.abc import Iterable

import cbss.data.v1
from google.protobuf import descriptor_pb2, descriptor_pool
from google.protobuf.descriptor import Descriptor, FileDescriptor


def describe_messages(names: Iterable[str]) -> bytes:
    """A file descriptor set with some messages and all that they import, imports first.

    Fails with LookupError for a message that the mesh does not have.
    """
    found: dict[str, FileDescriptor] = {}
    for name in names:
        _collect(_message(name).file, found)
    described = descriptor_pb2.FileDescriptorSet()
    for file in found.values():
        file.CopyToProto(described.file.add())
    text: bytes = described.SerializeToString(deterministic=True)
    return text


def _message(name: str) -> Descriptor:
    for module in pkgutil.iter_modules(cbss.data.v1.__path__, "cbss.data.v1."):
        importlib.import_module(module.name)
    try:
        return descriptor_pool.Default().FindMessageTypeByName(name)
    except KeyError:
        raise LookupError(f"{name} is no message of this mesh") from None


def _collect(file: FileDescriptor, found: dict[str, FileDescriptor]) -> None:
    if file.name not in found:
        for dependency in file.dependencies:
            _collect(dependency, found)
        found[file.name] = file
