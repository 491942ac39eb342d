"""What is asked of access, and that nothing but a grant is one."""

from datetime import date

import pytest
from cbss.access.v1 import access_service_pb2 as access_pb

from services.concepts.criteria import CriterionLimit
from services.concepts.data_contract import ContractName
from services.concepts.decision import Deliberation, Denied
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.organization import SectorInstitution
from services.concepts.period import Period
from services.wire.decisions import (
    decode_deliberation,
    decode_denied,
    decode_limit,
    encode_limit,
    encode_question,
)

CENTRE = EnterpriseNumber(899990348)
TODAY = Period(date(2026, 11, 25), date(2026, 11, 25))


def test_a_question_names_customer_purpose_contract_and_days():
    asked = encode_question(
        CENTRE,
        SectorInstitution(17, 1),
        "PCSW:EXAMPLE",
        ContractName("TRIAL", 2),
        TODAY,
        TODAY.begin,
    )

    assert asked.customer_cbe_number == CENTRE.digits
    assert asked.customer_sector_institution.sector == 17
    assert (asked.legal_context, asked.data_contract) == ("PCSW:EXAMPLE", "TRIAL")
    assert (asked.contract_version, asked.mode) == (2, access_pb.EXCHANGE_MODE_ONLINE)
    assert asked.period.begin_date == asked.period.end_date == asked.day


def test_a_customer_without_a_place_has_none():
    asked = encode_question(
        CENTRE, None, "PCSW:EXAMPLE", ContractName("TRIAL", 1), TODAY, TODAY.begin
    )

    assert not asked.HasField("customer_sector_institution")


@pytest.mark.parametrize(
    ("refused", "act"),
    [
        (access_pb.Refused(reason=access_pb.REFUSAL_REASON_NOT_IN_FORCE), None),
        (
            access_pb.Refused(
                reason=access_pb.REFUSAL_REASON_NOT_IN_FORCE,
                deliberation_number="N",
                deliberation_version=2,
            ),
            Deliberation("N", 2),
        ),
    ],
)
def test_a_refusal_says_why_and_which_act_came_nearest(refused, act):
    told = decode_denied(access_pb.Decision(refused=refused), "s")

    assert told == Denied("NOT_IN_FORCE", act, "s")


def test_what_is_no_grant_is_a_refusal():
    assert decode_denied(access_pb.Decision(), "s") == Denied("UNSPECIFIED", None, "s")


def test_a_grant_names_its_act():
    granted = access_pb.Granted(deliberation_number="N", deliberation_version=2)

    assert decode_denied(access_pb.Decision(granted=granted), "s") is None
    assert decode_deliberation(granted) == Deliberation("N", 2)


def test_what_is_granted_for_some_criteria_is_denied_to_who_does_not_check_them():
    limited = access_pb.CriterionLimit(field="statuses.name", values=["BIM_BVT"])
    granted = access_pb.Granted(
        deliberation_number="IVC/KSZG/99/001", deliberation_version=2, criteria=[limited]
    )
    decision = access_pb.Decision(granted=granted)

    assert decode_denied(decision, "v", checks_criteria=True) is None
    assert decode_denied(decision, "v") == Denied(
        "CRITERIA_NOT_COVERED", Deliberation("IVC/KSZG/99/001", 2), "v"
    )


@pytest.mark.parametrize(
    "one",
    [
        CriterionLimit(field="a.b", values=("x", "y")),
        CriterionLimit(field="a", minimum=0),
        CriterionLimit(field="a", maximum=-1),
        CriterionLimit(field="a"),
    ],
)
def test_a_limit_travels_whole(one):
    assert decode_limit(encode_limit(one)) == one
