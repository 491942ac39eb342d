"""Whatever stands in an onboarding file or a data contract is a problem, never a crash."""

import asyncio

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from services.concepts.reference import Reference
from services.concepts.reviewed import LoadRefused, read_yaml
from services.kit.clock import utc_now
from services.kit.ids import uuid7
from services.registry.load import contracts, organizations
from services.registry.load.loader import Loader
from services.registry.wire import Travelling
from tests.services.registry.fakes import FakeStore

HOSTILE = [
    b"",
    b"[" * 20_000,
    b"organizations: 7",
    b"organizations: x",
    b"organizations: [[]]",
    b"organizations: [7, null, x]",
    b"organizations: [{cbe_number: 7, name: [], public_key_sha256: 7}]",
    b"organizations: {}",
    b"\xff\xfe",
    b"a: !!int '" + b"9" * 5000 + b"'",
    b"a: " + b"9" * 5000,
    b"a: !!timestamp 2020-99-99",
    b"a: &a [*a]",
    b"? [a]\n: b",
    b'organizations: [{name: "\\0"}]',
    b"'\x00'",
]


def judged(content, folder):
    path = folder / "written.yaml"
    path.write_bytes(content)
    for read in (contracts.read, lambda plain: organizations.read(plain, Reference(0, b""))):
        with pytest.raises(LoadRefused) as refused:
            read(read_yaml(path).plain)
        assert all(one.description for one in refused.value.problems)


@pytest.mark.parametrize("content", HOSTILE, ids=lambda one: repr(one[:20]))
def test_a_hostile_file(content, tmp_path):
    judged(content, tmp_path)


@given(st.binary(max_size=100) | st.text(max_size=100).map(lambda one: one.encode()))
def test_any_bytes(tmp_path_factory, content):
    judged(content, tmp_path_factory.getbasetemp())


ONBOARDING = {
    "organizations": [
        {
            "cbe_number": "0899990348",
            "name": "Centre",
            "sector_institution": "17.1",
            "public_key_sha256": ["7e" * 32],
            "manages": ["0899990249"],
            "endpoint": {"address": "dns:///a:1", "server_name": "a"},
            "expects": [{"legal_context": "A:B", "data_contract": "TRIAL", "hourly": 5}],
        }
    ]
}
CONTRACT = yaml.safe_load(contracts.shipped_files()[0].read_text("utf-8"))
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.dates()
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=10) | st.integers(), inner, max_size=3)
    ),
    max_leaves=6,
)


def places(plain, path=()):
    """The paths of all that stands in a document."""
    yield path
    if isinstance(plain, dict | list):
        for key, below in plain.items() if isinstance(plain, dict) else enumerate(plain):
            yield from places(below, (*path, key))


def replaced(plain, path, value):
    """The document with something else at a path."""
    if not path:
        return value
    key, *rest = path
    copy = dict(plain) if isinstance(plain, dict) else list(plain)
    copy[key] = replaced(plain[key], rest, value)
    return copy


BENT = st.one_of(
    *(
        st.tuples(st.just(whole), st.sampled_from(list(places(whole))), ANYTHING)
        for whole in (ONBOARDING, CONTRACT)
    )
)


@given(BENT)
def test_a_document_that_is_bent_anywhere_loads_or_is_refused_with_a_line(tmp_path_factory, bent):
    path = tmp_path_factory.getbasetemp() / "bent.yaml"
    text = yaml.safe_dump(replaced(*bent), allow_unicode=True)
    path.write_text(text, "utf-8")
    loader = Loader(FakeStore(), Travelling(), uuid7, utc_now)

    with capture_logs() as said:
        accepted = asyncio.run(loader.load([path]))

    refused = [one for one in said if one["event"] == "refused" and "file" in one]
    judged_whole = [one for one in said if one["event"] == "refused" and "file" not in one]
    assert accepted != bool(refused or judged_whole)
    # From 1, and not after the end; as an editor counts.
    assert all(1 <= one["line"] <= len(text.splitlines()) + 1 for one in refused)
    assert all(one["field"] for one in judged_whole)
