"""What the mesh counts is counted by purpose, outcome and place, never by person."""

import ast

from tests.architecture.project import sources

MEASURES = {"add", "record", "set", "create_observable_gauge", "Observation"}
PERSONAL = ("ssin", "person", "subject", "citizen", "user", "ticket", "certificate", "name")


def labels_of(tree):
    """The keys of every literal that is handed to an instrument."""
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        called = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        if called not in MEASURES:
            continue
        for given in [*call.args, *(word.value for word in call.keywords)]:
            if isinstance(given, ast.Dict):
                yield from (key.value for key in given.keys if isinstance(key, ast.Constant))


def test_no_label_of_a_metric_names_a_person():
    found = {
        label
        for path in sources("services", "gateway")
        for label in labels_of(ast.parse(path.read_text("utf-8")))
    }

    assert found, "nothing was looked at"
    assert not {one for one in found if any(word in one for word in PERSONAL)}
