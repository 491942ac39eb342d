"""The catalogue read again and again: what did not change is not made again."""

import gc
import weakref
from datetime import timedelta

from cbss.directory.v1 import data_contract_pb2
from cbss.directory.v1 import directory_service_pb2 as directory_pb
from google.protobuf import descriptor_pb2, descriptor_pool

from services.concepts.data_contract import ContractName
from services.routing.peers.catalogue import PeerCatalogue


def described(name, field="text"):
    """The descriptor set of a contract with one message."""
    file = descriptor_pb2.FileDescriptorProto(
        name=f"{name}/v1/{name}.proto", package=f"{name}.v1", syntax="proto3"
    )
    file.message_type.add(name="Result").field.add(name=field, number=1, type=9, label=1)
    return descriptor_pb2.FileDescriptorSet(file=[file]).SerializeToString()


class Directory:
    """A directory with contracts of these names."""

    def __init__(self, *names):
        self.sets = {name: described(name) for name in names}

    async def ListOrganizations(self, request):
        return directory_pb.ListOrganizationsResponse()

    async def ListDataContracts(self, request):
        return directory_pb.ListDataContractsResponse(
            data_contracts=[
                data_contract_pb2.DataContract(
                    code=name.upper(),
                    version=1,
                    result_type=f"{name}.v1.Result",
                    # As new bytes each time, as what a call answers is.
                    descriptor_set=bytes(bytearray(content)),
                )
                for name, content in self.sets.items()
            ]
        )


def catalogue_of(directory):
    return PeerCatalogue(directory, every=timedelta(seconds=5), trusted=timedelta(minutes=1))


def types(catalogue, name):
    return catalogue.current().contracts[ContractName(name.upper(), 1)].types


async def test_an_equal_catalogue_keeps_the_message_types_that_it_had():
    catalogue = catalogue_of(Directory("first", "second"))
    await catalogue.refresh()
    before = types(catalogue, "first")

    await catalogue.refresh()

    assert types(catalogue, "first") is before


async def test_fifty_readings_leave_as_many_descriptor_pools_as_contracts():
    made = type(descriptor_pool.DescriptorPool())

    def pools():
        gc.collect()
        return sum(type(one) is made for one in gc.get_objects())

    catalogue = catalogue_of(Directory("first", "second", "third"))
    before = pools()

    for _ in range(50):
        await catalogue.refresh()
        # As a question does: what may hide in a message is looked up for its descriptor.
        types(catalogue, "first").kinds["first.v1.Result"]()

    assert pools() - before == 3


async def test_what_is_described_otherwise_is_made_anew_and_what_went_is_let_go():
    directory = Directory("first", "second")
    catalogue = catalogue_of(directory)
    await catalogue.refresh()
    kept, gone = (
        types(catalogue, "second"),
        weakref.ref(types(catalogue, "first").kinds["first.v1.Result"]),
    )

    directory.sets["first"] = described("first", "other")
    await catalogue.refresh()
    gc.collect()

    assert types(catalogue, "second") is kept
    assert "other" in types(catalogue, "first").kinds["first.v1.Result"].DESCRIPTOR.fields_by_name
    assert gone() is None
