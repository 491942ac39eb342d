"""Who calls whom: the table, the contract's comment and the direction of the mesh agree."""

import ast
import re

import pytest
from google.protobuf import descriptor_pb2

from gateway.routes import ROUTES
from services import mesh
from tests.architecture.project import ROOT, SERVICES, callers, imports, sources

# A service calls only to the right (law 5). People stand outside: operators, of the bank, and the
# committee.
ORDER = mesh.named_in_certificates()
PEOPLE = frozenset({"operator", "committee"})
CALLING = frozenset(ORDER) | PEOPLE
SUPPLIED = {one.workload: "cbss.supplier.v1" for one in mesh.PROCESSES if one.supplies}
# Asked of an institution, which says itself whom it answers.
OUTSIDE = {"identification": {"cbss.supplier.v1.SupplierService/Answer"}}
# Listed before the first call, since servers are deployed first; the call takes it out of here.
AWAITED: dict[str, set[str]] = {}


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
    named = frozenset().union(*callers(service).values()) - PEOPLE
    # Its own companion may answer for sources.
    named -= {one.workload for one in mesh.PROCESSES if one.supplies and one.beside == service}

    assert all(ORDER.index(caller) < ORDER.index(service) for caller in named)


def methods():
    """Every RPC of the mesh by its last word, which no two have in common."""
    found = {}
    for file in described():
        for declared in file.service:
            for method in declared.method:
                assert method.name not in found
                found[method.name] = f"{file.package}.{declared.name}/{method.name}"
    return found


def rooms(workload):
    """The files that a workload's process is made of: its own, and what it shares with others."""
    own = mesh.process(workload).package.replace(".", "/")
    read, unread = set(), sources(own)
    while unread:
        path = unread.pop()
        read.add(path)
        for module in imports(path):
            shared = ROOT / f"{module.rpartition('.')[0].replace('.', '/')}.py"
            for one in (shared, shared.with_suffix("") / "__init__.py"):
                if module.startswith("services.") and one.exists() and one not in read:
                    unread.append(one)
    return read


def called(workload):
    """The RPCs that a workload's code calls on a stub, by what the code says."""
    named = methods()
    found = set()
    for path in rooms(workload):
        tree = ast.parse(path.read_text("utf-8"))
        modules = {
            alias.asname or alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        }
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            # `pb.Answer(...)` makes a message: a stub is never a module.
            of = node.func.value.id if isinstance(node.func.value, ast.Name) else None
            if node.func.attr in named and of not in modules:
                found.add(named[node.func.attr])
    return found


@pytest.mark.parametrize("workload", sorted(CALLING - PEOPLE))
def test_the_table_lists_who_calls_and_nobody_else(workload):
    listed = {
        rpc for service in SERVICES for rpc, who in callers(service).items() if workload in who
    }
    forwarded = {route.rpc for route in ROUTES} if workload == "gateway" else set()
    awaited, made = AWAITED.get(workload, set()), called(workload) - OUTSIDE.get(workload, set())

    assert listed == made | forwarded | awaited
    assert awaited.isdisjoint(made)
