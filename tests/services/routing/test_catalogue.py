"""The catalogue read again and again: what did not change is not made again."""

import gc
import weakref
from dataclasses import replace
from datetime import timedelta

from google.protobuf import descriptor_pb2, descriptor_pool

from services.concepts.data_contract import ContractName
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.organization import SectorInstitution
from services.concepts.reference import (
    DataContract,
    DeceasedRule,
    Endpoint,
    IntegrationCheck,
    Organization,
    Reference,
    Supplier,
)
from services.routing.peers.catalogue import Catalogues


def described(name, field="text"):
    """The descriptor set of a contract with one message."""
    file = descriptor_pb2.FileDescriptorProto(
        name=f"{name}/v1/{name}.proto", package=f"{name}.v1", syntax="proto3"
    )
    file.message_type.add(name="Result").field.add(name=field, number=1, type=9, label=1)
    return descriptor_pb2.FileDescriptorSet(file=[file]).SerializeToString()


class Registry:
    """A registry with contracts of these names."""

    def __init__(self, *names):
        self.sets = {name: described(name) for name in names}

    def reference(self):
        contracts = [
            DataContract(
                ContractName(name.upper(), 1),
                name,
                "",
                f"{name}.v1.Result",
                # As new bytes each time, as what a call answers is.
                bytes(bytearray(content)),
                (Supplier(SectorInstitution(16, 0), "", frozenset({0})),),
                "",
                IntegrationCheck.INSIDE,
                0,
                DeceasedRule.ASK,
                identity_data=False,
            )
            for name, content in self.sets.items()
        ]
        sources = [
            Organization(
                EnterpriseNumber(number),
                "source",
                place,
                endpoint=Endpoint(f"a:{number}", "source", in_mesh=False),
            )
            for number, place in ((2, SectorInstitution(16, 0)), (1, SectorInstitution(17, 1)))
        ]
        return Reference(
            1,
            b"",
            {one.cbe_number: one for one in sources},
            {one.name: one for one in contracts},
        )


class Kept:
    """What routing makes of a registry, read again when it is told."""

    def __init__(self, registry):
        self._registry, self._made = registry, Catalogues()

    async def refresh(self):
        self._catalogue = self._made.make(self._registry.reference())

    def current(self):
        return self._catalogue


def catalogue_of(registry):
    return Kept(registry)


def types(catalogue, name):
    return catalogue.current().contracts[ContractName(name.upper(), 1)].types


async def test_a_source_is_who_holds_a_suppliers_place_and_can_be_reached():
    catalogue = catalogue_of(Registry("first"))
    await catalogue.refresh()

    (source,) = catalogue.current().contracts[ContractName("FIRST", 1)].sources

    assert source.supplier.cbe_number == EnterpriseNumber(2)
    assert source.deadline == timedelta(milliseconds=800)


async def test_what_is_retired_is_asked_for_no_more():
    registry = Registry("first")
    known = registry.reference()
    name = ContractName("FIRST", 1)
    retired = {name: replace(known.contracts[name], is_retired=True)}

    assert Catalogues().make(replace(known, contracts=retired)).contracts == {}


async def test_an_equal_catalogue_keeps_the_message_types_that_it_had():
    catalogue = catalogue_of(Registry("first", "second"))
    await catalogue.refresh()
    before = types(catalogue, "first")

    await catalogue.refresh()

    assert types(catalogue, "first") is before


async def test_fifty_readings_leave_as_many_descriptor_pools_as_contracts():
    made = type(descriptor_pool.DescriptorPool())

    def pools():
        gc.collect()
        return sum(type(one) is made for one in gc.get_objects())

    catalogue = catalogue_of(Registry("first", "second", "third"))
    before = pools()

    for _ in range(50):
        await catalogue.refresh()
        # As a question does: what may hide in a message is looked up for its descriptor.
        types(catalogue, "first").kinds["first.v1.Result"]()

    assert pools() - before == 3


async def test_what_is_described_otherwise_is_made_anew_and_what_went_is_let_go():
    registry = Registry("first", "second")
    catalogue = catalogue_of(registry)
    await catalogue.refresh()
    kept, gone = (
        types(catalogue, "second"),
        weakref.ref(types(catalogue, "first").kinds["first.v1.Result"]),
    )

    registry.sets["first"] = described("first", "other")
    await catalogue.refresh()
    gc.collect()

    assert types(catalogue, "second") is kept
    assert "other" in types(catalogue, "first").kinds["first.v1.Result"].DESCRIPTOR.fields_by_name
    assert gone() is None
