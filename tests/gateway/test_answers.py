"""The table of what the edge answers itself, and its contract."""

import re

import pytest
from cbss.gateway.v1 import error_reason_pb2
from google.rpc import code_pb2, error_details_pb2

from gateway.answers import ANSWERS, JUDGEMENTS, OWN
from services.kit import bounds


def test_every_reason_of_the_edge_stands_in_its_contract():
    named = error_reason_pb2.ErrorReason.keys()

    assert {name.removeprefix("ERROR_REASON_") for name in named} - {"UNSPECIFIED"} == {
        answer.reason for answer in ANSWERS if answer.domain == OWN
    }


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.reason)
def test_an_answer_has_one_reason_and_says_when_to_come_again_if_that_helps(answer):
    info, *more = answer.status().details

    assert info.Is(error_details_pb2.ErrorInfo.DESCRIPTOR)
    assert 400 <= answer.http_status < 600
    waits = answer.code == code_pb2.UNAVAILABLE or answer.reason == "LIMIT_EXCEEDED"
    assert [one.Is(error_details_pb2.RetryInfo.DESCRIPTOR) for one in more] == [True] * waits


def test_the_bounds_in_the_words_are_the_bounds():
    said = " ".join(answer.sentence for answer in JUDGEMENTS)

    assert [int(kib) * 1024 for kib in re.findall(r"(\d+) KiB", said)] == [
        bounds.CERTIFICATE,
        bounds.METADATA,
    ]
