"""The compiled snapshot says what a plain reading of the deliberations says, for every question of
a small world; and its version tells one set from another."""

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.access.errors import LegalContextOwned
from services.access.model import Deliberation, Kind, Mode, Question, Reason, Refused, Standing
from services.access.rules.decisions import decide, months_from
from services.access.rules.snapshots import compile_snapshot
from services.access.store import document
from services.concepts.organization import SectorInstitution
from tests.support.deliberations import TODAY, general, question, written

DAYS = ("2025-02-01", "2026-03-31", "2026-04-01")


def read_plainly(asked: Question, texts: Sequence[Deliberation], today: date) -> Reason | None:
    """The reason a jurist with the texts in hand would give; nothing if it is covered."""
    owners = [text for text in texts if asked.legal_context in text.legal_contexts]
    if not owners:
        return Reason.LEGAL_CONTEXT_UNKNOWN
    versions = [text for text in texts if text.number == owners[0].number]
    begun = [text for text in versions if text.enacted and text.validity.begin <= today]
    if not begun:
        return Reason.NOT_IN_FORCE
    text = max(begun, key=lambda one: one.version)
    named = {asked.customer, asked.place}
    blocks = [block for block in text.data_blocks if block.contract == asked.contract]
    acceded = [
        accession
        for accession in text.accessions
        if accession.recipient in named and accession.period.covers(today)
    ]
    earliest = months_from(today, -text.period.months_back)
    latest = months_from(today, text.period.months_forward or 0)
    in_force = text.standing is Standing.IN_FORCE and text.validity.covers(today)
    for holds, reason in (
        (in_force and asked.legal_context in text.legal_contexts, Reason.NOT_IN_FORCE),
        (
            text.open_to_accession or any(one in named for one in text.recipients),
            Reason.RECIPIENT_NOT_COVERED,
        ),
        (bool(blocks), Reason.DATA_NOT_COVERED),
        (any(asked.mode in block.modes for block in blocks), Reason.MODE_NOT_COVERED),
        (text.kind is Kind.INDIVIDUAL or bool(acceded), Reason.NOT_ACCEDED),
        (asked.period.begin >= earliest, Reason.PERIOD_NOT_COVERED),
        (
            asked.period.end is not None and asked.period.end <= latest,
            Reason.PERIOD_NOT_COVERED,
        ),
    ):
        if not holds:
            return reason
    return None


def every_question() -> Iterator[Question]:
    """The whole small world: 2 contexts, 3 places, 2 contracts, 2 modes, 4 periods."""
    ends = [(TODAY, TODAY), (date(2024, 3, 30), TODAY), (TODAY, date(2026, 5, 1)), (TODAY, None)]
    for context, place, contract, mode, (begin, end) in itertools.product(
        ("PCSW:TRIAL", "PCSW:OTHER"),
        (SectorInstitution(17, 1), SectorInstitution(18, 1), None),
        ("TRIAL", "OTHER"),
        (Mode.ONLINE, Mode.BATCH),
        ends,
    ):
        yield question(
            context=context, place=place, contract=contract, mode=mode, begin=begin, end=end
        )


accession = st.tuples(
    st.sampled_from(["17.1", "18.1", "0899990150"]), st.sampled_from(DAYS), st.none()
)
change = st.fixed_dictionaries(
    {
        "status": st.sampled_from([standing.value for standing in Standing]),
        "recipients": st.sampled_from([["17.1"], ["18.1"], ["17.1", "18.1"], ["0899990150"]]),
        "legal_contexts": st.sampled_from([["PCSW:TRIAL"], ["PCSW:TRIAL", "PCSW:OTHER"]]),
        "valid_from": st.sampled_from(DAYS),
        "valid_until": st.sampled_from([None, "2026-04-01"]),
        "period": st.sampled_from([{"months_back": 24, "months_forward": 2}]),
        "data_blocks": st.lists(
            st.fixed_dictionaries(
                {
                    "contract": st.sampled_from(["TRIAL", "OTHER"]),
                    "version": st.just(1),
                    "modes": st.sampled_from([["ONLINE"], ["BATCH"], ["ONLINE", "BATCH"]]),
                    "fields": st.just(["*"]),
                }
            ),
            min_size=1,
            max_size=2,
            unique_by=lambda block: str(block["contract"]),
        ),
    }
)
act = st.one_of(
    change.map(lambda changed: document.read(written(**changed))),
    st.tuples(change, st.lists(accession, max_size=2), st.booleans()).map(
        lambda made: document.read(
            general(*made[1], **{**made[0], "may_accede": {"sectors": [18]} if made[2] else None})
        )
    ),
)


@settings(max_examples=40)
@given(act)
def test_decides_as_a_jurist_with_the_text_in_hand(text):
    snapshot = compile_snapshot([text])

    for asked in every_question():
        decision = decide(asked, snapshot, TODAY)
        assert getattr(decision, "because", None) == read_plainly(asked, [text], TODAY)


KINDS = (
    {"kind": "INDIVIDUAL"},
    {"kind": "GENERAL"},
    {"kind": "GENERAL", "accessions": "17.1"},
    {"kind": "GENERAL", "may_accede": {"sectors": [18]}, "accessions": "18.1"},
)
AMENDMENTS = (
    None,
    {"status": "IN_FORCE", "valid_from": "2026-03-31", "legal_contexts": ["PCSW:OTHER"]},
    {"status": "IN_FORCE", "valid_from": "2026-04-01", "recipients": ["18.1"]},
    {"status": "SUSPENDED", "valid_from": "2026-03-01"},
    {"status": "PROPOSED", "valid_from": "2026-03-01", "recipients": ["18.1"]},
    # Withdrawn before it ever was in force: it replaces nothing.
    {"status": "WITHDRAWN", "valid_from": "2026-03-01", "enacted": False},
)


def every_world() -> Iterator[list[Deliberation]]:
    """Every act of the small model, without and with every amendment of it: 1,440 worlds."""
    for standing, recipients, begin, end, kind, amendment in itertools.product(
        Standing,
        (["17.1"], ["18.1", "0899990150"]),
        DAYS,
        (None, "2026-04-01"),
        KINDS,
        AMENDMENTS,
    ):
        plain = {
            **written(),
            **kind,
            "status": standing.value,
            "recipients": recipients,
            "valid_from": begin,
            "valid_until": end,
        }
        if "accessions" in kind:
            accession = {"recipient": kind["accessions"], "regulation": "r", "valid_from": begin}
            plain["accessions"] = [accession]
        world = [document.read(plain)]
        if amendment is not None:
            changed = {**plain, "version": 2, "valid_until": None, **amendment}
            enacted = changed.pop("enacted", None)
            second = document.read(changed)
            world.append(second if enacted is None else replace(second, enacted=enacted))
        yield world


def test_decides_as_a_plain_reading_does_in_every_world_and_for_every_question():
    questions = list(every_question())
    seen = Counter()
    for world in every_world():
        snapshot = compile_snapshot(world)
        for asked in questions:
            found = getattr(decide(asked, snapshot, TODAY), "because", None)
            assert found == read_plainly(asked, world, TODAY), (asked, world)
            seen[found] += 1

    assert sum(seen.values()) == 1440 * 96
    assert set(seen) == {None, *Reason} - {Reason.CRITERIA_NOT_COVERED}


def test_its_version_tells_one_set_from_another():
    one, other = document.read(written()), document.read(written(retention_days=7))

    assert compile_snapshot([one]).version == compile_snapshot([one]).version
    assert len({compile_snapshot(texts).version for texts in ([], [one], [other])}) == 3


def test_a_legal_context_belongs_to_one_deliberation():
    one = document.read(written())
    other = document.read(written(number="IVC/KSZG/98/002"))

    with pytest.raises(LegalContextOwned):
        compile_snapshot([one, other])


def test_a_later_version_replaces_the_earlier_one_once_it_is_valid():
    first = document.read(written())
    second = document.read(
        written(
            version=2,
            valid_from="2026-03-01",
            data_blocks=[{"contract": "OTHER", "version": 1, "modes": ["ONLINE"], "fields": ["*"]}],
        )
    )
    snapshot = compile_snapshot([first, second])

    decision = decide(question(), snapshot, TODAY)

    assert isinstance(decision, Refused)
    assert decision.because is Reason.DATA_NOT_COVERED
