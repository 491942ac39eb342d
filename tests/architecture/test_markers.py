"""Markers tell the truth: `-m "not postgres and not mesh"` starts neither.

A test is marked by the fixtures that it needs; what starts a server or a mesh of its own says so.
"""

import ast

import pytest

from tests.architecture.project import ROOT, name, sources

DEAR = {"postgres": "tests/conftest.py", "mesh": "tests/mesh/conftest.py"}
"""The dear fixtures, each with the one place that may define it."""
STARTING = {
    ("servers", "running"): "postgres",
    ("PostgresServer", "made"): "postgres",
    ("Country", "up"): "mesh",
}
"""Calls that start something dear."""


def functions():
    """Every function of the tests, with its file."""
    for path in sources("tests"):
        if path.relative_to(ROOT).parts[1] not in ("bench", "support"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    yield path, node


def calls(function):
    """The calls in a function, as the name and the attribute called."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            of = node.func.value
            yield (of.id if isinstance(of, ast.Name) else "", node.func.attr), node


def starters():
    """The functions that start something dear themselves: file and name to what they start."""
    return {
        (path, function.name): STARTING[called]
        for path, function in functions()
        for called, _ in calls(function)
        if called in STARTING
    }


def test_what_starts_a_server_or_a_mesh_is_marked(request):
    started = starters()
    wrong = [
        f"{item.nodeid} is not marked {what}"
        for item in request.session.items
        for used in {item.originalname, *item.fixturenames}
        for (path, function), what in started.items()
        if function == used and path.parent in item.path.parents
        if path == item.path or path.name == "conftest.py"
        if item.get_closest_marker(what) is None
    ]

    assert started
    assert wrong == []


@pytest.mark.parametrize("dear", DEAR)
def test_a_suite_on_the_real_thing_names_its_parameter_after_it(dear):
    wrong = [
        f"{name(path)}: {function.name}"
        for path, function in functions()
        for (_, called), call in calls(function)
        if called == "getfixturevalue" and ast.unparse(call.args[0]) == repr(dear)
        if repr(dear) not in "".join(map(ast.unparse, function.decorator_list))
    ]

    assert wrong == []


@pytest.mark.parametrize("dear", DEAR)
def test_a_dear_name_means_one_fixture(dear):
    defined = {
        name(path)
        for path, function in functions()
        if function.name == dear and "fixture" in "".join(map(ast.unparse, function.decorator_list))
    }

    assert defined == {DEAR[dear]}


def test_the_expression_of_everybody_chooses_nothing_dear(request):
    plain = [
        item
        for item in request.session.items
        if not {mark.name for mark in item.iter_markers()} & set(DEAR)
    ]

    assert plain
    assert not {
        item.nodeid
        for item in plain
        if set(DEAR) & {*item.fixturenames}
        or (hasattr(item, "callspec") and set(DEAR) & {*map(str, item.callspec.params.values())})
    }
