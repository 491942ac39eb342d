"""The data contracts by the messages of their results: those that are registered now, and those of
the mesh itself, as `data/contracts.yaml` lists them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from google.protobuf import descriptor_pb2, descriptor_pool
from google.protobuf.descriptor import Descriptor

from services.concepts import written
from services.concepts.data_contract import ContractName
from services.concepts.dated import load
from services.concepts.reference import DataContract

REMEMBERED = 256
"""How many results stay described."""


@dataclass(frozen=True)
class DescribedContracts:
    """Knows contracts by their result messages."""

    own: Mapping[str, Descriptor]
    registered: Callable[[], Mapping[ContractName, DataContract]]
    """Retired ones too: what was received under them can still be wrong."""

    def knows(self, data_contract: str) -> bool:
        """Whether there is such a contract, in whatever version."""
        return any(True for _ in self._results(data_contract))

    def has(self, data_contract: str, field_path: str) -> bool:
        """Whether the contract's result has a field there in some version, however deep."""
        return any(_has(result, field_path) for result in self._results(data_contract))

    def _results(self, data_contract: str) -> Iterator[Descriptor]:
        if data_contract in self.own:
            yield self.own[data_contract]
        for name, one in self.registered().items():
            if name.code == data_contract:
                yield _result(one.descriptor_set, one.result_type)


def _has(message: Descriptor | None, field_path: str) -> bool:
    for name in field_path.split("."):
        if message is None or name not in message.fields_by_name:
            return False
        message = message.fields_by_name[name].message_type
    return True


class _File(written.Part):
    contracts: dict[str, written.Text]


@cache
def own_contracts() -> Mapping[str, Descriptor]:
    """The contracts of what institutions ask a service of the mesh itself; fails at the start if
    one has no message."""
    described = files("cbss").joinpath("descriptors.binpb").read_bytes()
    listed = load("services.audit", "data/contracts.yaml", _File).contracts
    return {code: _result(described, result) for code, result in listed.items()}


@lru_cache(REMEMBERED)
def _result(descriptor_set: bytes, result_type: str) -> Descriptor:
    pool = descriptor_pool.DescriptorPool()
    for file in descriptor_pb2.FileDescriptorSet.FromString(descriptor_set).file:
        pool.Add(file)
    return pool.FindMessageTypeByName(result_type)
