"""Every way in which a source can fail on purpose."""

import asyncio
import multiprocessing

import pytest
from cbss.data.v1 import handicap_pb2
from cbss.supplier.v1 import supplier_service_pb2 as pb
from google.protobuf.message import DecodeError
from google.protobuf.unknown_fields import UnknownFieldSet

from sandbox.institutions.answering import Source
from sandbox.institutions.faults import CRASHED, FaultKind, fail, parse_fault
from sandbox.institutions.personas import persona_answers
from tests.sandbox.institutions.examples import DISABLED, MOTHER, question, request

ASKED = request(question(DISABLED), question(MOTHER))


async def failing(written):
    source = Source("16.0", persona_answers())
    return await fail(parse_fault(written), ASKED, source.respond)


async def answers(written):
    return pb.AnswerResponse.FromString(await failing(written)).answers


async def test_a_hanging_source_never_answers():
    call = asyncio.ensure_future(failing("hang"))

    done, _ = await asyncio.wait([call], timeout=0.05)

    assert not done
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call


def test_a_crashing_source_is_gone():
    process = multiprocessing.get_context("spawn").Process(target=crash)

    process.start()
    process.join(60)

    assert process.exitcode == CRASHED


def crash():
    asyncio.run(failing("crash"))


async def test_garbage_is_no_message():
    garbage = await failing("garbage")

    with pytest.raises(DecodeError):
        pb.AnswerResponse.FromString(garbage)


async def test_an_answer_is_about_another_person():
    assert not {answer.ssin.ssin for answer in await answers("other-person")} & {DISABLED, MOTHER}


async def test_an_undeclared_field_is_inside_a_result_that_can_still_be_read():
    (answer, _) = await answers("undeclared-field")

    file = handicap_pb2.HandicapFile()
    assert answer.data.Unpack(file)
    assert file.social_cards
    assert [field.data for field in UnknownFieldSet(file)] == [b"secret"]


async def test_the_count_is_wrong_by_one():
    assert len(await answers("wrong-count")) == 1


async def test_a_slow_source_answers_rightly_in_the_end():
    loop = asyncio.get_running_loop()
    started = loop.time()

    slow = await answers("slow:30")

    assert [answer.ssin.ssin for answer in slow] == [DISABLED, MOTHER]
    assert loop.time() - started >= 0.025


@pytest.mark.parametrize("written", ["", "slow", "slow:", "slow:x", "hang:5", "explode"])
def test_what_names_no_fault_is_refused(written):
    with pytest.raises(ValueError, match=r"milliseconds|FaultKind"):
        parse_fault(written)


@pytest.mark.parametrize("kind", list(FaultKind))
def test_every_fault_has_a_name_to_be_asked_for(kind):
    written = f"{kind}:5" if kind is FaultKind.SLOW else str(kind)

    assert parse_fault(written).kind is kind
