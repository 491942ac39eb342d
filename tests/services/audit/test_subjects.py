"""Persons are hidden, found again, and survive a change of keys."""

from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag

from services.audit.trail.subjects import MonthKey, SubjectKeys, SubjectKeysUnusable
from services.concepts.enterprise_number import EnterpriseNumber, EstablishmentNumber
from tests.services.audit.fakes import ANOTHER, PERSON

RECORD = UUID(int=7)


def test_the_same_person_is_found_by_the_same_key_and_never_looks_the_same(subject_keys):
    keys = subject_keys(1, current=1)

    first, second = keys.hide(PERSON, RECORD), keys.hide(PERSON, RECORD)

    assert first.key == second.key
    assert first.encrypted != second.encrypted
    assert keys.hide(ANOTHER, RECORD).key != first.key
    assert PERSON.digits.encode() not in first.key + first.encrypted


def test_records_of_an_older_key_are_still_found_and_read(subject_keys):
    old = subject_keys(1, current=1).hide(PERSON, RECORD)
    keys = subject_keys(1, 2, current=2)

    assert old.key in keys.keys_of(PERSON)
    assert keys.reveal(old, RECORD) == PERSON
    assert keys.hide(PERSON, RECORD).key_version == 2


def test_an_encrypted_number_is_of_no_use_in_another_record(subject_keys):
    keys = subject_keys(1, current=1)
    hidden = keys.hide(PERSON, RECORD)

    with pytest.raises(InvalidTag):
        keys.reveal(hidden, UUID(int=8))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"current": 1}',
        '{"current": 1, "versions": {}}',
        '{"current": 1, "versions": {"1": {"hmac": "AAAA", "encryption": "AAAA"}}}',
        '{"current": 1, "versions": {"1": {"hmac": "!", "encryption": "!"}}}',
    ],
)
def test_a_file_of_another_form_stops_the_process_and_shows_no_secret(tmp_path, text):
    path = tmp_path / "subject-keys.json"
    path.write_text(text)

    with pytest.raises(SubjectKeysUnusable) as refused:
        SubjectKeys.read(path)

    assert "AAAA" not in str(refused.value)


def test_a_month_hides_a_person_and_finds_and_reads_him_again():
    month, other = MonthKey.of(1, b"a" * 32), MonthKey.of(2, b"b" * 32)

    hidden = month.hide(PERSON, RECORD)

    assert month.key_of(PERSON) == hidden.key != month.key_of(ANOTHER)
    assert other.key_of(PERSON) != hidden.key
    assert month.reveal(hidden.encrypted, RECORD) == PERSON
    assert month.hide(PERSON, UUID(int=8)).encrypted != hidden.encrypted
    with pytest.raises(InvalidTag):
        other.reveal(hidden.encrypted, RECORD)
    with pytest.raises(InvalidTag):
        month.reveal(hidden.encrypted, UUID(int=8))


def test_an_official_is_hidden_apart_from_persons():
    month = MonthKey.of(1, b"a" * 32)

    hidden = month.hide_user(PERSON.digits, RECORD)

    assert month.reveal_user(hidden.encrypted, RECORD) == PERSON.digits
    assert hidden.key % 2**64 != month.key_of(PERSON) % 2**64


@pytest.mark.parametrize(
    "number", [EnterpriseNumber(314_595_348), EstablishmentNumber(2_999_999_073)]
)
def test_an_enterprise_is_hidden_and_read_again_in_its_record_only(number):
    month, other = MonthKey.of(1, b"a" * 32), MonthKey.of(2, b"b" * 32)

    hidden = month.hide_enterprise(number, RECORD)

    assert number.digits.encode() not in hidden
    assert month.reveal_enterprise(hidden, RECORD) == number
    with pytest.raises(InvalidTag):
        other.reveal_enterprise(hidden, RECORD)
    with pytest.raises(InvalidTag):
        month.reveal_enterprise(hidden, UUID(int=8))


def test_the_key_of_a_month_is_opened_with_the_version_that_wrapped_it(subject_keys):
    first, both, second = (
        subject_keys(1, current=1),
        subject_keys(1, 2, current=2),
        subject_keys(2, current=2),
    )
    wrapped = first.wrapped(b"m" * 32)

    assert both.unwrapped(1, wrapped) == b"m" * 32
    for keys, version in ((second, 1), (both, 2)):
        with pytest.raises(SubjectKeysUnusable):
            keys.unwrapped(version, wrapped)
