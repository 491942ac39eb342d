"""Codes: vectors against independent code, spaces of their own, and attacks that fail."""

import hashlib
import hmac
from dataclasses import replace
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from hypothesis import given, settings
from hypothesis import strategies as some

from services.coding.keys.sealed import SealedFile
from services.coding.model import CodedUnit, Project, State, Step
from services.coding.rules.codes import Coder, Draw, key_info
from services.coding.rules.sealing import TemporaryNumbers
from services.coding.usecases.keyring import HOUSEHOLD
from services.concepts.subject import SubjectKind
from tests.services.coding.examples import (
    BANK_OF_STATUSES,
    BANKER,
    HANDICAPS,
    NOW,
    PLAN,
    UNIVERSITY,
    person,
)

SEED = b"s" * 32
PERSON, ENTERPRISE = SubjectKind.PERSON.name, SubjectKind.ENTERPRISE.name


def project(n, plan=PLAN):
    step = Step(State.REQUESTED, NOW, BANKER, "", UUID(int=n))
    return Project(UUID(int=n), plan, (step,))


async def coder(one, kind=PERSON, seed=SEED, master=b"m" * 32, purpose="code"):
    return Coder(await SealedFile(master).derive(key_info(one, seed, purpose, kind)))


@settings(max_examples=50)
@given(some.binary(min_size=32, max_size=32), some.binary(max_size=200))
def test_a_code_is_the_first_half_of_hmac_sha_256(key, number):
    assert Coder(key).code(number) == hmac.digest(key, number, "sha256")[:16]
    assert Coder(key).codes([number, b""])[0] == Coder(key).code(number)


async def test_a_code_is_made_of_the_master_key_as_the_standard_says():
    info = key_info(project(1), SEED, "code", PERSON)
    parts = [b"cbss coding", b"\1", b"code", bytes(15) + b"\1", b"0899990744", b"PERSON", SEED]
    assert info == b"".join(len(part).to_bytes(2) + part for part in parts)
    assert project(1).plan.recipient == UNIVERSITY

    key = HKDFExpand(SHA256(), 32, info).derive(b"m" * 32)
    block = hmac.digest(b"m" * 32, info + b"\1", "sha256")
    code = hmac.digest(key, person(1).digits.encode(), "sha256")[:16]

    assert key == block
    assert (await coder(project(1))).code(person(1).digits.encode()) == code


async def test_every_difference_gives_another_key():
    other = replace(PLAN, recipient=HANDICAPS)
    infos = [
        key_info(project(1), SEED, "code", PERSON),
        key_info(project(2), SEED, "code", PERSON),
        key_info(project(1, other), SEED, "code", PERSON),
        key_info(project(1), SEED, "code", HOUSEHOLD),
        key_info(project(1), SEED, "code", ENTERPRISE),
        key_info(project(1), SEED, "draw", PERSON),
        key_info(project(1), b"t" * 32, "code", PERSON),
        # A part that borrows of its neighbour is another key too.
        key_info(project(1), SEED, "codeP", "ERSON"),
    ]

    assert len({await SealedFile(b"m" * 32).derive(info) for info in infos}) == len(infos)


async def test_codes_of_two_projects_cannot_be_joined():
    numbers = [person(n).digits.encode() for n in range(500)]
    first, second = await coder(project(1)), await coder(project(2))

    assert not {*first.codes(numbers)} & {*second.codes(numbers)}
    # With one key for both, as without projects, everybody would be found again.
    alike = await coder(project(1))
    assert {*first.codes(numbers)} == {*alike.codes(numbers)}


async def test_a_dictionary_of_all_numbers_finds_nobody_without_the_key():
    dictionary = [person(n).digits.encode() for n in range(2000)]
    known, codes = dictionary[77], (await coder(project(1))).codes(dictionary)

    def found(guesses):
        return {guess: number for number, guess in zip(dictionary, guesses, strict=True)}

    # Digests without a key are found at once.
    digests = found(hashlib.sha256(number).digest()[:16] for number in dictionary)
    assert digests[hashlib.sha256(known).digest()[:16]] == known
    # Who has the master key, and not the seed that was deleted, finds nobody; nor the other way.
    guessing = [
        found(hashlib.sha256(number).digest()[:16] for number in dictionary),
        found((await coder(project(1), seed=bytes(32))).codes(dictionary)),
        found((await coder(project(1), master=bytes(32))).codes(dictionary)),
    ]
    assert not any(guesses.keys() & set(codes) for guesses in guessing)


async def test_a_curious_source_and_a_curious_recipient_hold_nothing_in_common():
    code = (await coder(project(1))).code(person(1).digits.encode())
    temporary = TemporaryNumbers(b"k" * 64, BANK_OF_STATUSES).give(CodedUnit(code))

    assert code not in temporary
    assert TemporaryNumbers(b"k" * 64, BANK_OF_STATUSES).find(temporary) == CodedUnit(code)
    # In another source's hands, or in another project, it is nothing.
    assert TemporaryNumbers(b"k" * 64, HANDICAPS).find(temporary) is None
    assert TemporaryNumbers(b"l" * 64, BANK_OF_STATUSES).find(temporary) is None


@pytest.mark.parametrize("place", [0, 15, 16, 17, 48])
def test_a_temporary_number_that_was_altered_is_none(place):
    numbers = TemporaryNumbers(b"k" * 64, BANK_OF_STATUSES)
    altered = bytearray(numbers.give(CodedUnit(b"c" * 16, b"h" * 16)))
    altered[place] ^= 1

    assert numbers.find(bytes(altered)) is None
    assert numbers.find(bytes(altered[:-1])) is None


def test_the_draw_takes_as_many_as_it_says():
    numbers = [person(n).digits.encode() for n in range(20_000)]
    drawn = {number for number in numbers if Draw(b"d" * 32, 500).draws(number)}

    assert 850 < len(drawn) < 1150
    # A larger sample of the same project holds the smaller one.
    assert drawn <= {number for number in numbers if Draw(b"d" * 32, 1000).draws(number)}
    assert all(Draw(b"d" * 32, 10_000).draws(number) for number in numbers[:100])
