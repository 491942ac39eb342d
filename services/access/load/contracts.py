"""What a field path of a data contract may be, read off the descriptors of its messages."""

from collections.abc import Mapping, Sequence
from importlib.resources import files

import yaml
from google.protobuf import descriptor_pb2, descriptor_pool
from google.protobuf.descriptor import Descriptor

from services.concepts.data_contract import ContractName, parse_contract_name


class DescribedContracts:
    """Knows the data contracts by the messages with which a source answers."""

    def __init__(
        self,
        results: Mapping[ContractName, Descriptor],
        household: Mapping[ContractName, Sequence[str]],
    ) -> None:
        self._results = results
        self._household = household

    def knows(self, contract: ContractName) -> bool:
        """Whether there is such a contract in this version."""
        return contract in self._results

    def has(self, contract: ContractName, path: str) -> bool:
        """Whether the contract's result message has a field there, however deep."""
        message: Descriptor | None = self._results[contract]
        for name in path.split("."):
            if message is None or name not in message.fields_by_name:
                return False
            message = message.fields_by_name[name].message_type
        return True

    def household_of(self, contract: ContractName) -> Sequence[str]:
        """The fields that speak of others than the person who is asked about."""
        return self._household.get(contract, ())


def shipped_contracts() -> DescribedContracts:
    """The contracts that the mesh ships: `data/contracts.yaml`, with the compiled descriptors."""
    described = descriptor_pb2.FileDescriptorSet.FromString(
        files("cbss").joinpath("descriptors.binpb").read_bytes()
    )
    pool = descriptor_pool.DescriptorPool()
    for file in described.file:
        pool.Add(file)
    text = files("services.access").joinpath("data/contracts.yaml").read_text("utf-8")
    entries = {
        parse_contract_name(entry["code"], entry["version"]): entry
        for entry in yaml.safe_load(text)["contracts"]
    }
    return DescribedContracts(
        {name: pool.FindMessageTypeByName(entry["result_type"]) for name, entry in entries.items()},
        {name: entry.get("household_fields", ()) for name, entry in entries.items()},
    )
