"""The decision, as tables: what was decided, what is asked, what the answer is."""

from datetime import date
from typing import Any

import pytest

from services.access.model import ActVersion, Granted, Mode, Reason, Refused, Standing
from services.access.rules.decisions import decide, months_from
from services.access.rules.snapshots import compile_snapshot
from services.access.store import document
from services.concepts.enterprise_number import parse_enterprise_number
from services.concepts.organization import SectorInstitution
from tests.support.deliberations import TODAY, deliberation, general, question

ANOTHER = parse_enterprise_number("0316380841")
ACT = ActVersion("IVC/KSZG/98/001", 1)


def verdict(asked: dict[str, Any], *acts: dict[str, Any], today: date = TODAY) -> Reason | None:
    """Why it is refused; nothing if it is granted."""
    texts = [deliberation(**act) for act in acts or ({},)]
    decision = decide(question(**asked), compile_snapshot(texts), today)
    return decision.because if isinstance(decision, Refused) else None


def test_grants_what_is_decided_with_every_obligation():
    decision = decide(question(), compile_snapshot([deliberation()]), TODAY)

    senders = (SectorInstitution(16, 0), SectorInstitution(16, 2))
    assert decision == Granted(ACT, ("rights",), ("001", "002"), senders, 365, 100)


def test_refuses_everything_when_nothing_is_decided():
    assert decide(question(), compile_snapshot([]), TODAY) == Refused(
        Reason.LEGAL_CONTEXT_UNKNOWN, None
    )


def test_a_refusal_names_the_deliberation_that_comes_nearest():
    decision = decide(question(mode=Mode.PUSH), compile_snapshot([deliberation()]), TODAY)

    assert decision == Refused(Reason.MODE_NOT_COVERED, ACT)


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"context": "PCSW:OTHER"}, Reason.LEGAL_CONTEXT_UNKNOWN),
        ({"context": "pcsw:trial"}, Reason.LEGAL_CONTEXT_UNKNOWN),
        ({"place": SectorInstitution(18, 1)}, Reason.RECIPIENT_NOT_COVERED),
        ({"place": SectorInstitution(17, 0)}, Reason.RECIPIENT_NOT_COVERED),
        ({"place": None}, Reason.RECIPIENT_NOT_COVERED),
        ({"contract": "OTHER"}, Reason.DATA_NOT_COVERED),
        ({"version": 2}, Reason.DATA_NOT_COVERED),
        ({"mode": Mode.BATCH}, Reason.MODE_NOT_COVERED),
        ({"begin": date(2024, 3, 30)}, Reason.PERIOD_NOT_COVERED),
        ({"begin": date(2024, 3, 31)}, None),
        ({"end": date(2026, 4, 1)}, Reason.PERIOD_NOT_COVERED),
        ({"end": None}, Reason.PERIOD_NOT_COVERED),
    ],
)
def test_one_thing_that_is_not_decided_refuses_the_whole(asked, reason):
    assert verdict(asked) == reason


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (7, Reason.LEGAL_CONTEXT_UNKNOWN),
        (6, Reason.NOT_IN_FORCE),
        (5, Reason.RECIPIENT_NOT_COVERED),
        (4, Reason.DATA_NOT_COVERED),
        (3, Reason.MODE_NOT_COVERED),
        (2, Reason.NOT_ACCEDED),
        (1, Reason.PERIOD_NOT_COVERED),
    ],
)
def test_of_many_things_wrong_the_first_in_order_decides(broken, reason):
    ways: list[dict[str, Any]] = [
        {"begin": date(1990, 1, 1)},
        {},
        {"mode": Mode.PUSH},
        {"contract": "OTHER"},
        {"place": SectorInstitution(18, 1)},
        {},
        {"context": "PCSW:OTHER"},
    ]
    wrong: dict[str, Any] = {}
    for way in ways[:broken]:
        wrong |= way
    act = general(*() if broken >= 2 else (("17.1", "2025-02-01", None),))
    act["status"] = "SUSPENDED" if broken >= 6 else "IN_FORCE"

    assert verdict(wrong, act) == reason


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        ({"status": "IN_FORCE"}, None),
        *[
            ({"status": standing.value}, Reason.NOT_IN_FORCE)
            for standing in Standing
            if standing is not Standing.IN_FORCE
        ],
        ({"valid_from": "2026-03-31"}, None),
        ({"valid_from": "2026-04-01"}, Reason.NOT_IN_FORCE),
        ({"valid_until": "2026-03-31"}, None),
        ({"valid_until": "2026-03-30"}, Reason.NOT_IN_FORCE),
    ],
)
def test_only_an_act_in_force_on_the_day_of_asking_covers(act, reason):
    assert verdict({}, act) == reason


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        ({"valid_from": "2026-04-01", "recipients": ["18.1"]}, None),
        ({"valid_from": "2026-03-31", "recipients": ["18.1"]}, Reason.RECIPIENT_NOT_COVERED),
        ({"valid_from": "2026-01-01", "status": "SUSPENDED"}, Reason.NOT_IN_FORCE),
        ({"valid_from": "2026-01-01", "status": "WITHDRAWN"}, Reason.NOT_IN_FORCE),
        ({"valid_from": "2026-01-01", "status": "PROPOSED", "recipients": ["18.1"]}, None),
        ({"valid_from": "2026-01-01", "legal_contexts": ["PCSW:NEW"]}, Reason.NOT_IN_FORCE),
    ],
)
def test_an_amendment_replaces_the_text_from_the_day_it_begins(second, reason):
    assert verdict({}, {}, {"version": 2, **second}) == reason


def test_the_grant_names_the_version_that_governs():
    texts = [deliberation(), deliberation(version=2, valid_from="2026-03-31")]

    decision = decide(question(), compile_snapshot(texts), TODAY)

    assert isinstance(decision, Granted)
    assert decision.act.version == 2


@pytest.mark.parametrize(
    ("act", "asked", "reason"),
    [
        (general(), {}, Reason.NOT_ACCEDED),
        (general(("17.1", "2025-02-01", None)), {}, None),
        (general(("17.1", "2026-04-01", None)), {}, Reason.NOT_ACCEDED),
        (general(("17.1", "2025-02-01", "2026-03-30")), {}, Reason.NOT_ACCEDED),
        (general(("18.1", "2025-02-01", None)), {}, Reason.NOT_ACCEDED),
        (
            general(
                ("0316380841", "2025-02-01", "2025-12-31"),
                ("0316380841", "2026-02-01", None),
                recipients=[],
                may_accede={"kinds": ["COMMUNE"]},
            ),
            {"customer": ANOTHER, "place": None},
            None,
        ),
        (
            general(recipients=[], may_accede={"kinds": ["COMMUNE"]}),
            {"customer": ANOTHER, "place": None},
            Reason.NOT_ACCEDED,
        ),
    ],
)
def test_a_general_act_covers_whom_it_names_once_they_acceded(act, asked, reason):
    snapshot = compile_snapshot([document.read(act)])

    decision = decide(question(**asked), snapshot, TODAY)

    assert getattr(decision, "because", None) == reason


def test_covers_an_organization_named_by_its_enterprise_number():
    act = {"recipients": ["0316380841"]}

    assert verdict({"customer": ANOTHER, "place": None}, act) is None
    assert verdict({"place": None}, act) == Reason.RECIPIENT_NOT_COVERED


def test_allows_days_without_end_where_the_act_sets_none():
    act = {"period": {"months_back": 0, "months_forward": None}}

    assert verdict({"end": None}, act) is None


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2024, 3, 31), -1, date(2024, 2, 29)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 5, 31), 0, date(2026, 5, 31)),
        (date(2024, 2, 29), -24, date(2022, 2, 28)),
    ],
)
def test_counts_months_to_the_same_day_or_the_last_there_is(day, months, expected):
    assert months_from(day, months) == expected
