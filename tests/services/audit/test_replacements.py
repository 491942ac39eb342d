"""A person who has had several numbers has one trail, under every version of the key."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from services.audit.errors import ReplacementDiffers
from services.audit.trail.model import Inquiry, Page, Replacement
from services.concepts.ssin import Ssin
from tests.services.audit.fakes import A_THIRD, ANOTHER, PERSON, entry

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
STRANGER = Ssin(16690500712)


def replacement(old, new, event_id=None):
    return Replacement(event_id or uuid4(), old, new, NOW)


async def found(trail, person):
    listed = await trail.list_exchanges(Inquiry(person, Page(0, 100), None))
    return sorted(one.ground for one in listed.kept)


@pytest.mark.parametrize("asked", [PERSON, ANOTHER, A_THIRD])
async def test_a_chain_of_replacements_is_one_trail_from_any_of_its_numbers(
    trail_of, subject_keys, asked
):
    trail = trail_of(subject_keys(1, current=1))
    await trail.record([entry(b"a"), entry(b"b", subject=ANOTHER), entry(b"c", subject=A_THIRD)])

    await trail.record_replacement(replacement(PERSON, ANOTHER))
    await trail.record_replacement(replacement(ANOTHER, A_THIRD))

    assert await found(trail, asked) == [b"a", b"b", b"c"]


async def test_numbers_that_replaced_each_other_are_followed_to_an_end(trail_of, subject_keys):
    trail = trail_of(subject_keys(1, current=1))
    await trail.record([entry(b"a"), entry(b"b", subject=ANOTHER)])

    await trail.record_replacement(replacement(PERSON, ANOTHER))
    await trail.record_replacement(replacement(ANOTHER, PERSON))

    assert await found(trail, ANOTHER) == [b"a", b"b"]


async def test_a_stranger_finds_nothing_of_it(trail_of, subject_keys):
    trail = trail_of(subject_keys(1, current=1))
    await trail.record([entry(b"a"), entry(b"his", subject=STRANGER)])
    await trail.record_replacement(replacement(PERSON, ANOTHER))

    assert await found(trail, STRANGER) == [b"his"]


@pytest.mark.parametrize("told_under", [1, 2])
async def test_is_found_whatever_versions_of_the_key_record_and_replacement_have(
    trail_of, subject_keys, told_under
):
    first, both = subject_keys(1, current=1), subject_keys(1, 2, current=2)
    await trail_of(first).record([entry(b"old key")])
    await trail_of(both).record([entry(b"new key", subject=ANOTHER)])

    told = trail_of(first if told_under == 1 else both)
    await told.record_replacement(replacement(PERSON, ANOTHER))

    assert await found(trail_of(both), PERSON) == [b"new key", b"old key"]
    assert await found(trail_of(both), ANOTHER) == [b"new key", b"old key"]


async def test_the_same_event_again_changes_nothing_and_another_under_its_name_is_refused(
    trail_of, subject_keys
):
    trail = trail_of(subject_keys(1, current=1))
    told = replacement(PERSON, ANOTHER)
    await trail.record_replacement(told)
    await trail.record_replacement(told)

    with pytest.raises(ReplacementDiffers):
        await trail.record_replacement(replacement(PERSON, A_THIRD, told.event_id))

    assert await found(trail, A_THIRD) == []
