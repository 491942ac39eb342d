"""Which leaves of an official schema have a place in a contract: found by walking both.

A schema is walked from a root element through its types, in its own file and those that it includes
or imports from the same folder. A leaf is an attribute, or an element that holds text.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from services.official.errors import SchemaUnusable
from services.official.forms import Form
from services.official.markup import Element, decode_markup, tag
from services.official.tables import Node, Table

DEEPEST = 40
_XSD = "{http://www.w3.org/2001/XMLSchema}"
_GROUPS = frozenset({"sequence", "choice", "all", "group", "complexContent", "extension"}) | {
    "restriction",
    "simpleContent",
    "attributeGroup",
}


@dataclass(frozen=True, slots=True)
class Coverage:
    """What of a schema has a place."""

    held: tuple[str, ...]
    lost: tuple[str, ...]

    @property
    def share(self) -> float:
        """The share of leaves that have a place."""
        return len(self.held) / (len(self.held) + len(self.lost)) if self.held else 0.0


@dataclass(slots=True)
class Schema:
    """The named parts of a schema, over all its files."""

    elements: dict[str, Element] = field(default_factory=dict)
    types: dict[str, Element] = field(default_factory=dict)
    groups: dict[str, Element] = field(default_factory=dict)


def read_schema(path: Path) -> Schema:
    """A schema with all that it includes; SchemaUnusable if a file is none."""
    schema = Schema()
    seen: set[Path] = set()
    waiting = [path.resolve()]
    while waiting:
        file = waiting.pop()
        if file in seen:
            continue
        seen.add(file)
        if not file.is_file():
            raise SchemaUnusable(file.name)
        root = decode_markup(file.read_bytes())
        if root.tag != f"{_XSD}schema":
            raise SchemaUnusable(file.name)
        for child in root:
            name, located = child.get("name") or "", child.get("schemaLocation")
            kind = tag(child)
            if kind in ("include", "import") and located and "://" not in located:
                waiting.append((file.parent / located).resolve())
            elif kind == "element":
                schema.elements.setdefault(name, child)
            elif kind in ("complexType", "simpleType"):
                schema.types.setdefault(name, child)
            elif kind in ("group", "attributeGroup"):
                schema.groups.setdefault(f"{kind} {name}", child)
    return schema


def measure(schema: Schema, form: Form) -> Coverage:
    """Which leaves below the roots of a form have a place in its contract."""
    roots = [name for name in sorted(form.roots) if name in schema.elements]
    if not roots:
        raise SchemaUnusable(f"none of {', '.join(sorted(form.roots))} is declared")
    held: dict[str, bool] = {}
    for root in roots:
        for leaf in _leaves(schema, schema.elements[root], (), ()):
            path = "/".join(leaf)
            held[f"{root}/{path}"] = _has_place(form, leaf)
    return Coverage(
        tuple(path for path, there in held.items() if there),
        tuple(path for path, there in held.items() if not there),
    )


def _leaves(
    schema: Schema, element: Element, path: tuple[str, ...], around: tuple[str, ...]
) -> Iterator[tuple[str, ...]]:
    """The paths of all leaves in an element, without its own name."""
    named = _local(element.get("type"))
    made = schema.types.get(named) if named else _inner(element)
    if len(path) > DEEPEST or (named and around.count(named) > 1):
        return
    inside = (*around, named) if named else around
    parts = [] if made is None else list(_parts(schema, made))
    for kind, part in parts:
        if kind == "attribute":
            name = part.get("name") or _local(part.get("ref"))
            yield (*path, f"@{name}")
        elif kind == "element":
            name = part.get("name") or _local(part.get("ref"))
            whole = schema.elements.get(name, part) if part.get("ref") else part
            yield from _leaves(schema, whole, (*path, name), inside)
    if not any(kind == "element" for kind, _ in parts):
        yield path


def _inner(element: Element) -> Element | None:
    return next((one for one in element if tag(one) in ("complexType", "simpleType")), None)


def _parts(schema: Schema, made: Element, depth: int = 0) -> Iterator[tuple[str, Element]]:
    """The elements and attributes that a type declares or takes over."""
    if depth > DEEPEST:
        return
    for child in made:
        kind = tag(child)
        if kind in ("element", "attribute"):
            if child.get("use") != "prohibited":
                yield kind, child
        elif kind in _GROUPS:
            base = schema.types.get(_local(child.get("base"))) if kind == "extension" else None
            ref = schema.groups.get(f"{kind} {_local(child.get('ref'))}")
            for other in (base, ref):
                if other is not None:
                    yield from _parts(schema, other, depth + 1)
            yield from _parts(schema, child, depth + 1)


def _local(name: str | None) -> str:
    return (name or "").rpartition(":")[2]


def _has_place(form: Form, leaf: tuple[str, ...]) -> bool:
    """Whether a leaf of the schema is read: by the table, or as what is around the data."""
    around: Mapping[str, Table] = {
        "status": form.status,
        "ssin": form.person,
        "dataFilters": form.filters,
        "informationSupplier": form.supplier,
    }
    if form.sources and leaf[:1] == ("results",) and len(leaf) > 1:
        if leaf[1] not in form.sources:
            return False
        leaf = leaf[2:]
    if leaf and leaf[0] in around:
        return fits(around[leaf[0]], leaf[1:])
    if leaf and leaf[0] in ("informationCustomer", "informationCBSS", "legalContext", "criteria"):
        return True
    if form.within and leaf[:1] == (form.within,):
        leaf = leaf[1:]
    elif form.within:
        return False
    return fits(form.table, leaf)


def fits(table: Table, leaf: tuple[str, ...]) -> bool:
    """Whether a table has a place for a path."""
    if not leaf:
        return "#" in table.nodes
    if leaf[0] in table.nodes:
        return _fits_node(table.nodes[leaf[0]], leaf[1:])
    return table.rest_table is not None and fits(table.rest_table, leaf)


def _fits_node(node: Node, leaf: tuple[str, ...]) -> bool:
    if leaf and leaf[0] in node.inside:
        return _fits_node(node.inside[leaf[0]], leaf[1:])
    if node.table is not None:
        return fits(node.table, leaf)
    return not leaf and node.convert is not None
