"""Law 1: no public RPC reaches what discloses or changes personal data except through admission."""

import ast
from functools import cache

import pytest

from gateway.routes import ROUTES
from tests.architecture.project import ROOT, sources

# What is about no person: contracts, deliberations and projects, which everybody may read, and
# what an organization reads of itself in the registry, right of audit, whose acts audit follows.
NO_PERSON = {
    "cbss.directory.v1.DirectoryService/ListDataContracts",
    "cbss.access.v1.DeliberationService/ListDeliberations",
    "cbss.access.v1.DeliberationService/GetDeliberation",
    "cbss.coding.v1.ProjectService/ListProjects",
    "cbss.coding.v1.ProjectService/GetProject",
    "cbss.registry.v1.RegistryService/GetOwnEntry",
    "cbss.registry.v1.RegistryService/PrepareOwnAct",
}


@cache
def classes(service):
    """All classes of a service, by name."""
    return {
        node.name: node
        for path in sources(f"services/{service}")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
    }


def methods(of):
    return {one.name: one for one in of.body if isinstance(one, ast.AsyncFunctionDef)}


def parts(of):
    """The attributes of a class with the class that each is of, as far as they say one."""
    found = {}
    for one in of.body:
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
            names = [node for node in ast.walk(one.annotation) if isinstance(node, ast.Name)]
            words = [
                node.attr for node in ast.walk(one.annotation) if isinstance(node, ast.Attribute)
            ]
            found[one.target.id] = [*words, *(node.id for node in names)]
    return found


def path_of(node):
    """`self.x.y` as words."""
    words = []
    while isinstance(node, ast.Attribute):
        words.append(node.attr)
        node = node.value
    return [*([node.id] if isinstance(node, ast.Name) else []), *reversed(words)]


def reached(service, of, name, seen):
    """Every method of admission that a method leads to, through the parts of its class."""
    if (of.name, name) in seen or name not in methods(of):
        return set()
    seen.add((of.name, name))
    found = set()
    known = parts(of)
    for node in ast.walk(methods(of)[name]):
        words = path_of(node) if isinstance(node, ast.Attribute) else []
        if len(words) < 2 or words[0] != "self":
            continue
        if len(words) == 2:
            found |= reached(service, of, words[1], seen)
        elif words[1] == "admission":
            found.add(words[2])
        else:
            for name_of in known.get(words[1], ()):
                if name_of in classes(service):
                    found |= reached(service, classes(service)[name_of], words[2], seen)
    return found


def servicer(service, method):
    [found] = [
        one
        for one in classes(service).values()
        if one.name.endswith("Servicer") and method in methods(one)
    ]
    return found


@pytest.mark.parametrize("rpc", sorted({one.rpc for one in ROUTES} - NO_PERSON))
def test_a_public_rpc_goes_through_admission(rpc):
    # `cbss.routing.v1.RoutingService/Consult`: the package is the service's.
    service, method = rpc.split(".")[1], rpc.rpartition("/")[2]

    entered = reached(service, servicer(service, method), method, set())

    assert entered & {"known", "admit", "officer"}, f"{rpc} lets in whoever calls"


def test_nobody_but_admission_makes_records():
    by_hand = [
        str(path.relative_to(ROOT))
        for path in sources("services")
        if "admission" not in path.parts and "audit" not in path.parts
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and path_of(node.func)[-1:] == ["ExchangeRecord"]
    ]

    assert by_hand == []
