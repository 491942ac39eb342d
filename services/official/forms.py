"""The official forms that can be read: one file of tables for each data contract, in `forms/`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from cbss.common.v1 import data_filters_pb2, information_pb2, ssin_pb2, status_pb2
from cbss.data import v1
from google.protobuf import descriptor_pool, message_factory
from google.protobuf.descriptor import Descriptor
from pydantic import Field

from services.concepts import written
from services.concepts.lines import plain
from services.official.errors import FormUnusable
from services.official.tables import Rules, Table, Tables, Written

SHARED = "shared.yaml"
_OURS = "cbss.data.v1."

Paths = Mapping[str, Mapping[str, str]]


class _Shared(written.Part):
    words: Paths = Field(default_factory=dict)
    tables: Paths = Field(default_factory=dict)
    copies: Paths = Field(default_factory=dict)


class _Form(_Shared):
    contract: str
    folder: str
    source: str
    result: str
    roots: tuple[str, ...]
    within: str = ""
    sources: Mapping[str, str] = Field(default_factory=dict)
    amounts: str = "euros"
    warnings: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """How the answers of one data contract are written."""

    contract: str
    folder: str
    """Where a sandbox is given such answers."""
    roots: frozenset[str]
    """The element that holds the content, as versions of the form call it."""
    within: str
    """The element of a source's answer that holds the result; empty if the answer itself does."""
    sources: Mapping[str, str]
    """The elements in which sources answer, with their names in the criteria; empty if there is one
    source."""
    result: Descriptor
    table: Table
    status: Table
    person: Table
    filters: Table
    supplier: Table
    warnings: str
    """The field of the result that lists the codes of what was warned of; empty if none does."""

    def make_result(self) -> Any:
        """An empty result."""
        return message_factory.GetMessageClass(self.result)()


@cache
def forms() -> Mapping[str, Form]:
    """Every form, by its data contract; a malformed file stops the program that needs it."""
    for module in iter_modules(v1.__path__, "cbss.data.v1."):
        # What was loaded is known to the pool by its name.
        import_module(module.name)
    folder = Path(str(files("services.official"))) / "forms"
    shared = _Shared.model_validate(plain((folder / SHARED).read_text("utf-8"))[0])
    made = [
        _made(_Form.model_validate(plain(path.read_text("utf-8"))[0]), shared)
        for path in sorted(folder.glob("*.yaml"))
        if path.name != SHARED
    ]
    return {one.contract: one for one in made}


def _made(form: _Form, shared: _Shared) -> Form:
    if form.amounts not in ("euros", "eurocents"):
        raise FormUnusable(f"{form.contract} amounts")
    paths = {**_named(shared.tables), **_named(form.tables)}
    copies = {**_named(shared.copies), **_named(form.copies)}
    words = {**_named(shared.words), **_named(form.words)}
    tables = Tables(
        {name: Written(of, copies.get(name, {})) for name, of in paths.items()},
        Rules(words, in_cents=form.amounts == "eurocents"),
    )
    return Form(
        contract=form.contract,
        folder=form.folder,
        roots=frozenset(form.roots),
        within=form.within,
        sources=form.sources,
        result=_described(form.result),
        table=tables.of(_described(form.result)),
        status=tables.of(status_pb2.Status.DESCRIPTOR),
        person=tables.of(ssin_pb2.SsinResult.DESCRIPTOR),
        filters=tables.of(data_filters_pb2.DataFilters.DESCRIPTOR),
        supplier=tables.of(information_pb2.InformationSupplier.DESCRIPTOR),
        warnings=form.warnings,
    )


def _named(by: Paths) -> dict[str, Mapping[str, str]]:
    """By the full name of a message or an enum; those of data contracts are written short."""
    return {name if "." in name else _OURS + name: of for name, of in by.items()}


def _described(name: str) -> Descriptor:
    full = name if "." in name else _OURS + name
    try:
        return descriptor_pool.Default().FindMessageTypeByName(full)
    except KeyError:
        raise FormUnusable(full) from None
