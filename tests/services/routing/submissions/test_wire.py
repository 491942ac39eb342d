"""Messages and answers as they come: what cannot be understood is told by its field."""

from datetime import UTC, datetime

import pytest
from cbss.routing.v1 import submission_pb2
from cbss.routing.v1 import submission_service_pb2 as pb

from services.concepts.failures import InvalidArgument
from services.routing.notices.model import Event, EventKind
from services.routing.submissions import wire
from services.routing.submissions.model import Answer, Disposition
from tests.services.routing.examples import CENTRE, PERSON, Result
from tests.services.routing.notices.examples import NOW, call

NOTICE = "0192f0c1-7a52-7c3b-9d1e-000000000007"


def submission(**changes):
    """A message that is well formed, but for what is changed of it."""
    made = submission_pb2.Submission(
        reference="m-1", ssin=PERSON.digits, addressee_cbe_numbers=[CENTRE.digits]
    )
    made.reply_by.FromJsonString("2026-11-28T12:00:00Z")
    made.data.Pack(Result(plain="x"))
    for name, value in changes.items():
        made.ClearField(name)
        if isinstance(value, list):
            getattr(made, name).extend(value)
        elif value is not None:
            setattr(made, name, value)
    return made


def decode(told):
    request = pb.SubmitMessageRequest(data_contract="EXAMPLE", submission=told)
    (only,) = wire.decode_submission(request, call(rpc="SubmitMessage")).events
    return only


def test_a_message_is_an_event_that_wants_an_answer():
    event = decode(submission())

    assert isinstance(event, Event)
    assert (event.kind, event.person, event.only) == (EventKind.SUBMISSION, PERSON, {CENTRE})
    assert event.reply_by == datetime(2026, 11, 28, 12, tzinfo=UTC)
    assert event.occurred_at == NOW


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"reference": "of two words"}, "MSG00008", "reference"),
        ({"ssin": "1234"}, "MSG00011", None),
        ({"data": None}, "MSG00008", "data"),
        ({"reply_by": None}, "MSG00008", "reply_by"),
        ({"event_type": "small"}, "MSG00008", "event_type"),
        ({"addressee_cbe_numbers": ["1"]}, "MSG00008", "addressee_cbe_numbers"),
        (
            {"addressee_cbe_numbers": [CENTRE.digits] * 100},
            "MSG00008",
            "addressee_cbe_numbers",
        ),
    ],
)
def test_what_cannot_be_understood_of_a_message_is_its_status(changes, code, field):
    refused = decode(submission(**changes)).status

    assert (refused.code.code, dict(refused.information).get("field")) == (code, field)


def test_a_call_without_a_message_is_no_call():
    with pytest.raises(InvalidArgument) as told:
        wire.decode_submission(pb.SubmitMessageRequest(data_contract="EXAMPLE"), call())

    assert [one.field for one in told.value.violations] == ["submission"]


def test_an_answer_names_its_notice_and_says_one_thing():
    asked = pb.AnswerSubmissionRequest(
        notice_id=NOTICE, disposition=submission_pb2.DISPOSITION_REJECTED, file_reference="f-1"
    )

    notice_id, answer = wire.decode_answer(asked)

    assert (str(notice_id), answer) == (NOTICE, Answer(Disposition.REJECTED, "f-1"))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"notice_id": "7"}, "notice_id"),
        ({"disposition": 0}, "disposition"),
        ({"disposition": 99}, "disposition"),
        ({"file_reference": "what is in it"}, "file_reference"),
        ({"file_reference": "f" * 37}, "file_reference"),
    ],
)
def test_an_answer_that_makes_no_sense_is_refused(changes, field):
    usual = {"notice_id": NOTICE, "disposition": submission_pb2.DISPOSITION_ACCEPTED}

    with pytest.raises(InvalidArgument) as told:
        wire.decode_answer(pb.AnswerSubmissionRequest(**{**usual, **changes}))

    assert [one.field for one in told.value.violations] == [field]


@pytest.mark.parametrize("reference", ["", "r" * 37, "of two words"])
def test_answers_are_read_by_a_reference(reference):
    with pytest.raises(InvalidArgument):
        wire.decode_reference(pb.ListAnswersRequest(reference=reference))
