"""What a name says: at the wire in which direction a value goes, elsewhere what is done or what it
is; a bare participle says neither."""

import ast

import pytest

from tests.architecture.project import OURS, name, sources

WAYS = ("decode_", "encode_")
CLAIMS = ("is_", "has_", "sees_")
IRREGULAR = frozenset(
    [
        "begun",
        "bound",
        "built",
        "chosen",
        "done",
        "drawn",
        "found",
        "given",
        "gone",
        "got",
        "held",
        "kept",
        "known",
        "left",
        "lost",
        "made",
        "meant",
        "said",
        "seen",
        "sent",
        "shown",
        "spelt",
        "taken",
        "told",
        "written",
    ]
)
NO_PARTICIPLES = frozenset({"feed", "need", "seed"})
ACCEPTED = frozenset(
    {
        # The normal form of a name, so called wherever names are compared.
        "services.identification.rules.spelling.folded",
        # A command is called as its function is.
        "cli.alerts.unanswered",
    }
)


def public_functions(path):
    """The public functions of a module, classes apart."""
    return [
        node.name
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if not node.name.startswith("_")
    ]


def is_bare_participle(word):
    return "_" not in word and (
        word in IRREGULAR or (word.endswith("ed") and word not in NO_PARTICIPLES)
    )


def modules(*folders):
    return [(path, name(path).removesuffix(".py").replace("/", ".")) for path in sources(*folders)]


def test_at_the_wire_a_name_says_the_direction():
    unclear = [
        f"{module}.{function}"
        for path, module in modules("services")
        if "wire" in module.split(".")
        for function in public_functions(path)
        if not function.startswith((*WAYS, *CLAIMS))
    ]

    assert unclear == []


def test_no_public_function_is_a_bare_participle():
    bare = {
        f"{module}.{function}"
        for path, module in modules(*OURS)
        for function in public_functions(path)
        if is_bare_participle(function)
    }

    assert bare - ACCEPTED == set()


@pytest.mark.parametrize("word", ["told", "asked", "kept"])
def test_a_bare_participle_would_be_seen(word):
    assert is_bare_participle(word)
    assert not is_bare_participle(f"list_{word}")
