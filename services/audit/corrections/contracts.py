"""The data contracts by the messages of their results, as `data/contracts.yaml` lists them."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from google.protobuf import descriptor_pb2, descriptor_pool
from google.protobuf.descriptor import Descriptor

from services.concepts import written
from services.concepts.dated import load


class DescribedContracts:
    """Knows contracts by their result messages."""

    def __init__(self, results: Mapping[str, Descriptor]) -> None:
        self._results = results

    def knows(self, data_contract: str) -> bool:
        """Whether there is such a contract, in whatever version."""
        return data_contract in self._results

    def has(self, data_contract: str, field_path: str) -> bool:
        """Whether the contract's result has a field there, however deep."""
        message: Descriptor | None = self._results[data_contract]
        for name in field_path.split("."):
            if message is None or name not in message.fields_by_name:
                return False
            message = message.fields_by_name[name].message_type
        return True


class _File(written.Part):
    contracts: dict[str, written.Text]


@cache
def contracts() -> DescribedContracts:
    """The contracts that the service comes with; fails at the start if one has no message."""
    described = files("cbss").joinpath("descriptors.binpb").read_bytes()
    pool = descriptor_pool.DescriptorPool()
    for file in descriptor_pb2.FileDescriptorSet.FromString(described).file:
        pool.Add(file)
    listed = load("services.audit", "data/contracts.yaml", _File).contracts
    return DescribedContracts(
        {code: pool.FindMessageTypeByName(result) for code, result in listed.items()}
    )
