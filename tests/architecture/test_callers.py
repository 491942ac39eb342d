"""Who calls whom: the table, the contract's comment and the direction of the mesh agree."""

import re

import pytest
from google.protobuf import descriptor_pb2

from tests.architecture.project import ROOT, SERVICES, callers

# A service calls only to the right (law 5). Operators stand outside. Within the middle group the
# directory and the buffer come first: a dossier is on a number that identification knows.
ORDER = ("gateway", "routing", "directory", "buffer", "identification", "access", "audit")
CALLING = frozenset(ORDER) | {"operator"}
SUPPLIED = {"buffer": "cbss.supplier.v1"}


def described():
    text = (ROOT / "protos/gen/cbss/descriptors.binpb").read_bytes()
    return descriptor_pb2.FileDescriptorSet.FromString(text).file


def served(service):
    """Every RPC that a service answers, with the callers that its comment names."""
    packages = {f"cbss.{service}.v1", SUPPLIED.get(service, "")}
    found = {}
    for file in described():
        if file.package not in packages:
            continue
        said = {tuple(at.path): at.leading_comments for at in file.source_code_info.location}
        for s, declared in enumerate(file.service):
            for m, method in enumerate(declared.method):
                line = re.findall(r"Callers: ([^.]+)\.", said[(6, s, 2, m)])
                names = CALLING.intersection(re.findall(r"[a-z]+", line[-1]))
                found[f"{file.package}.{declared.name}/{method.name}"] = frozenset(names)
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_the_table_lists_every_rpc_with_the_callers_of_its_contract(service):
    assert {rpc: frozenset(who) for rpc, who in callers(service).items()} == served(service)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_called_from_the_left_only(service):
    named = frozenset().union(*callers(service).values()) - {"operator"}

    assert all(ORDER.index(caller) < ORDER.index(service) for caller in named)
