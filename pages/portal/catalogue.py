"""The data contracts as people read them: which kinds of data there are, and what is in each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cbss.directory.v1 import data_contract_pb2 as pb
from google.protobuf import descriptor_pb2, descriptor_pool
from google.protobuf.descriptor import Descriptor

from pages.blocks import Cell
from pages.words import words
from services.concepts.contract_words import contract_words

DEEPEST = 4
"""How deep the fields of a kind of data are told."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of data."""

    code: str
    version: int
    fields: tuple[str, ...]
    """The paths of what is in it."""


def kinds(contracts: Sequence[pb.DataContract]) -> dict[str, Kind]:
    """The kinds of data by their codes, each in its latest version."""
    latest: dict[str, pb.DataContract] = {}
    for one in contracts:
        if one.code not in latest or latest[one.code].version < one.version:
            latest[one.code] = one
    return {
        code: Kind(code, one.version, tuple(_fields(_result(one)))) for code, one in latest.items()
    }


def kind_name(code: str, language: str) -> Cell:
    """What a kind of data is called."""
    return words("extract", language).told(contract_words(code))


def kind_text(code: str, language: str) -> str:
    """The same as a plain text, for lists to choose from."""
    return words("extract", language).in_language(contract_words(code))


def field_text(path: str, language: str) -> str:
    """What a field is called, in a list to choose from."""
    told = words("extract", language).path(path)
    meaning = getattr(told, "meaning", "")
    return str(meaning or path)


def _result(contract: pb.DataContract) -> Descriptor:
    pool = descriptor_pool.DescriptorPool()
    for file in descriptor_pb2.FileDescriptorSet.FromString(contract.descriptor_set).file:
        pool.Add(file)
    return pool.FindMessageTypeByName(contract.result_type)


def _fields(message: Descriptor, above: str = "", depth: int = 1) -> Iterator[str]:
    for field in message.fields:
        path = f"{above}{field.name}"
        inner = field.message_type
        if inner is None or _is_value(inner) or depth == DEEPEST:
            yield path
        else:
            yield from _fields(inner, f"{path}.", depth + 1)


def _is_value(message: Descriptor) -> bool:
    """Whether it is read as one value: a day, an instant, a text in several languages."""
    return message.name == "LocalizedText" or message.file.package.startswith("google")
