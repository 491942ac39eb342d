"""Who may be meant among the persons of the simulated National Register.

A real one has a way of its own to compare names; this one takes away case, signs and spaces, and
lets two letters in ten differ.
"""

import unicodedata
from typing import Any

import jellyfish
from cbss.data.v1 import person_search_pb2 as pb
from cbss.data.v1.legal_person_data_pb2 import LegalPersonData
from google.protobuf.message import Message

LEAST_ALIKE = 0.8
_DAYS_OF_MONTH = 31


class People:
    """The persons of a register."""

    def __init__(self) -> None:
        self._known: dict[str, LegalPersonData] = {}

    def __len__(self) -> int:
        return len(self._known)

    def add(self, ssin: str, data: Message | None) -> None:
        """Take a person in, of whom the register has data."""
        if isinstance(data, LegalPersonData):
            self._known[ssin] = data

    def found(self, criteria: pb.PersonSearchCriteria) -> pb.PersonSearchResult:
        """Who may be meant, the likeliest first."""
        scores = {ssin: _score(data, criteria) for ssin, data in self._known.items()}
        likely = sorted(
            (ssin for ssin, score in scores.items() if score >= LEAST_ALIKE),
            key=lambda ssin: (-scores[ssin], ssin),
        )
        shown = likely[: criteria.maximum]
        return pb.PersonSearchResult(
            persons=[self._person(ssin, criteria) for ssin in shown],
            more_exist=len(likely) > len(shown),
        )

    def _person(self, ssin: str, criteria: pb.PersonSearchCriteria) -> pb.FoundPerson:
        data = self._known[ssin]
        by_street = criteria.WhichOneof("described") == "residence"
        return pb.FoundPerson(
            ssin=ssin,
            name=data.name,
            birth_date=data.birth.date,
            sex=data.sex,
            street_name=next(iter(_streets(data)), "") if by_street else "",
        )


def _score(data: LegalPersonData, criteria: pb.PersonSearchCriteria) -> float:
    if criteria.WhichOneof("described") == "residence":
        return _at(data, criteria.residence)
    asked = criteria.name_and_birth
    if asked.sex not in (0, data.sex) or not _born(data.birth.date, asked):
        return 0.0
    last, first = data.name.last_name, next(iter(data.name.first_names), "")
    # A first name that differs is for who asked to weigh; the two can have been exchanged.
    exchanged = min(_alike(asked.last_name, first), _alike(asked.first_name, last))
    return max(_alike(asked.last_name, last), exchanged)


def _at(data: LegalPersonData, asked: pb.Residence) -> float:
    address = data.main_address.address
    is_there = (
        not address.undisclosable
        and address.country_code == asked.country_code
        and address.postal_code == asked.postal_code
        and asked.house_number in ("", address.house_number)
        and asked.box in ("", address.box)
    )
    alike = (_alike(asked.street_name, one) for one in _streets(data))
    return max(alike, default=0.0) if is_there else 0.0


def _streets(data: LegalPersonData) -> list[str]:
    return [one.text for one in data.main_address.address.street_names]


def _born(known: Any, asked: pb.NameAndBirth) -> bool:
    """Whether the dates are as near as was asked, in the unit of what is known of both."""
    wanted, tolerance = asked.birth_date, asked.tolerance
    if not (wanted.month and known.month):
        return bool(abs(wanted.year - known.year) <= tolerance)
    months = (wanted.year - known.year) * 12 + wanted.month - known.month
    if not (wanted.day and known.day):
        return bool(abs(months) <= tolerance)
    return bool(abs(months * _DAYS_OF_MONTH + wanted.day - known.day) <= tolerance)


def _alike(one: str, other: str) -> float:
    first, second = _plain(one), _plain(other)
    return jellyfish.jaro_winkler_similarity(first, second) if first and second else 0.0


def _plain(name: str) -> str:
    apart = unicodedata.normalize("NFKD", name).upper()
    return "".join(letter for letter in apart if letter.isalpha())
