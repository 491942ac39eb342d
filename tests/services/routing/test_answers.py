from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.concepts.enterprise_number import EnterpriseNumber, EstablishmentNumber
from services.concepts.status import Status, StatusCode, StatusValue, status, status_codes
from services.routing.model import Payload
from services.routing.rules import answers
from services.routing.rules.filtering import cut, denied_paths, tree
from tests.services.routing import examples as ex

TOOK = timedelta(milliseconds=3)
OWN = StatusCode("99996", StatusValue.TECHNICAL_ERROR, "Te veel gelijktijdige bevragingen")
ASKED, ANSWERED = datetime(2026, 11, 23, 12, tzinfo=UTC), datetime(2026, 11, 23, 13, tzinfo=UTC)


def payload(type_name="example.v1.Result", extra=b""):
    result = ex.Result(plain="p")
    result.group.name = "n"
    result.group.items.add(kept="k1", secret="s1")
    result.group.items.add(kept="k2", secret="s2")
    return Payload(type_name, result.SerializeToString() + extra)


def reply(**changes):
    told = answers.Reply(ex.PERSON.digits, status("MSG00000"), payload(), "s-1", None, None, ())
    return replace(told, **changes)


def judged(told):
    return answers.judge(told, ex.first, ex.PERSON, ex.plan, TOOK)


def test_cuts_what_is_not_granted_and_says_so():
    given = judged(reply())
    kept = ex.Result.FromString(given.payload.content)

    assert given.cut == {"group.name", "group.items.secret"}
    assert [item.kept for item in kept.group.items] == ["k1", "k2"]
    assert not any(item.secret for item in kept.group.items)


@pytest.mark.parametrize(
    ("paths", "gone"),
    [
        (("*",), set()),
        (("plain", "group"), set()),
        (("group", "group.name"), {"plain"}),
        (("group.name", "group"), {"plain"}),
        (("group.items",), {"plain", "group.name"}),
        ((), {"plain", "group"}),
        (("other",), {"plain", "group"}),
    ],
)
def test_covers_with_a_path_all_below_it(paths, gone):
    result = ex.Result.FromString(payload().content)

    assert cut(result, tree(paths)) == bool(gone)
    assert not cut(result, tree(paths))
    assert denied_paths(result.DESCRIPTOR, tree(paths)) == gone


def test_what_was_cut_leaves_nothing_behind():
    granted = tree(ex.plan.granted.fields)
    sent = ex.Result.FromString(payload().content)
    cut(bare := ex.Result.FromString(payload().content), granted)

    other = judged(reply(payload=Payload("example.v1.Result", bare.SerializeToString())))

    assert bare != sent
    assert other == judged(reply())


def test_a_failure_that_the_source_tells_is_passed_on_in_its_own_words():
    told = Status(OWN, (("queue", "full"),))

    given = judged(reply(status=told, payload=None, received_at=ASKED, replied_at=ANSWERED))

    assert (given.status, given.payload, given.trouble) == (told, None, "")
    assert (given.ticket, given.received_at, given.replied_at) == ("s-1", ASKED, ANSWERED)


def test_a_source_can_find_a_person_and_nothing_of_what_was_asked():
    given = judged(reply(payload=None))

    assert (given.status.code.code, given.payload) == ("MSG00000", None)
    assert answers.merged_status([given], ex.plan).code.code == "MSG00000"


@pytest.mark.parametrize(
    "spoiled",
    [
        {"ssin": ex.SUCCESSOR.digits},
        {"ssin": ""},
        {"status": status("MSG00100")},
        {"status": status("CBSS20001"), "payload": None},
        {"status": Status(OWN)},
        {"status": None},
        {"status": None, "payload": None},
        {"status": status("HAN20200")},
        {"payload": payload("example.v1.Criteria")},
        {"payload": payload("example.v1.Nothing")},
        {"payload": Payload("example.v1.Result", b"\xff\xff")},
        {"payload": payload(extra=b"\x7a\x01x")},
        # A field that is declared, as another kind: a number where a text stands.
        {"payload": Payload("example.v1.Result", b"\x08\x01")},
        {"status": Status(StatusCode("X" * 17, StatusValue.DATA_FOUND, ""))},
        {"status": Status(StatusCode("A B", StatusValue.DATA_FOUND, ""))},
        {"status": Status(StatusCode("A", StatusValue.DATA_FOUND, "d" * 257))},
        {"status": Status(StatusCode("A", StatusValue.DATA_FOUND, ""), (("n", "v"),) * 16)},
        {"filtered": ("a b",)},
        {"filtered": ("a",) * 257},
        {"unsupported": ("a b",)},
        {"unsupported": ("a",) * 257},
        {"next": "n" * 513},
        {"next": "a b"},
        {"next": "n", "status": status("MSG00100"), "payload": None},
    ],
)
def test_passes_nothing_on_of_an_answer_that_cannot_be_trusted(spoiled):
    given = judged(reply(**spoiled))

    assert given.trouble
    assert given == answers.failed_answer(ex.first, TOOK, given.trouble)


def test_says_that_there_is_more_unless_something_is_missing():
    more = replace(source("MSG00000"), next="2")

    assert answers.merged_status([more, source("MSG00100")], ex.plan).code.code == "MSG00002"
    assert answers.merged_status([more, source("CBSS20001")], ex.plan).code.code == "HAN20200"


def test_tells_what_the_contract_cannot_carry_below_what_is_granted():
    named = ("plain", "plain.more", "group", "group.items.kept.deep", "group.items.secret", "other")

    given = judged(reply(unsupported=named, next="n"))

    assert given.unsupported == ("group.items.kept.deep", "plain", "plain.more")
    assert given.next == "n"
    whole = replace(ex.plan, granted=replace(ex.granted, fields=("*",)))
    told = answers.judge(reply(unsupported=named), ex.first, ex.PERSON, whole, TOOK)
    assert told.unsupported == tuple(sorted(named))


ENTERPRISE, UNIT = EnterpriseNumber(314_595_348), EstablishmentNumber(2_999_999_073)


@pytest.mark.parametrize("subject", [ENTERPRISE, UNIT])
def test_takes_an_answer_about_the_enterprise_that_was_asked(subject):
    told = reply(ssin="", cbe_number=subject.digits)

    assert not answers.judge(told, ex.first, subject, ex.plan, TOOK).trouble


@pytest.mark.parametrize(
    ("subject", "spoiled", "trouble"),
    [
        (ENTERPRISE, {"cbe_number": "0999999031", "ssin": ""}, "OTHER_ENTERPRISE"),
        (ENTERPRISE, {"cbe_number": "", "ssin": ENTERPRISE.digits}, "OTHER_ENTERPRISE"),
        (ENTERPRISE, {"cbe_number": ENTERPRISE.digits}, "OTHER_ENTERPRISE"),
        (UNIT, {"cbe_number": ENTERPRISE.digits, "ssin": ""}, "OTHER_ESTABLISHMENT"),
        (ex.PERSON, {"cbe_number": ENTERPRISE.digits}, "OTHER_PERSON"),
    ],
)
def test_passes_nothing_on_about_somebody_else(subject, spoiled, trouble):
    given = answers.judge(reply(**spoiled), ex.first, subject, ex.plan, TOOK)

    assert given == answers.failed_answer(ex.first, TOOK, trouble)


def test_a_failure_that_the_mesh_saw_says_what_it_was():
    given = judged(reply(payload=payload("example.v1.Criteria")))

    assert given.status.information == (("reason", "OTHER_TYPE"),)
    assert given.trouble == "OTHER_TYPE"


def source(code, *said):
    return replace(
        answers.failed_answer(ex.first, TOOK, "AWAY"), status=Status(status_codes()[code], said)
    )


@pytest.mark.parametrize(
    ("codes", "whole"),
    [
        (("MSG00000",), "MSG00000"),
        (("MSG00000", "MSG00100"), "MSG00000"),
        (("MSG00100", "MSG00100"), "MSG00100"),
        (("MSG00000", "CBSS20001"), "HAN20200"),
        (("CBSS20001",), "HAN20200"),
        (("MSG00100", "MSG00005"), "HAN20200"),
    ],
)
def test_merges_what_sources_say_into_one_outcome(codes, whole):
    given = [source(code) for code in codes]

    assert answers.merged_status(given, ex.plan).code.code == whole


def test_says_that_no_source_knows_the_person():
    nobody = replace(ex.plan, asked=(), unaware=(ex.first, ex.second))

    assert answers.merged_status([], nobody).code.code == "MSG00021"


def test_repeats_what_sources_say_beside_their_status_once_and_bounded():
    many = tuple((f"n{at}", "v") for at in range(20))
    merged = answers.merged_status(
        [source("MSG00000", ("a", "1")), source("MSG00000", ("a", "1"), *many)], ex.plan
    )

    assert merged.information[:2] == (("a", "1"), ("n0", "v"))
    assert len(merged.information) == 15
