"""Rights through the mesh: a granting body asks, a citizen reads; the trail has both."""

import pytest
from cbss.data.v1 import right_pb2
from cbss.rights.v1 import rights_service_pb2 as pb
from cbss.rights.v1 import rights_service_pb2_grpc as rpc

from tests.mesh.asking import MOTHER, consult, outcome, question

TARIFF, PROACTIVE = "ECONOMY:SOCIAL_TARIFF_GRANT", "PCSW:PROACTIVE_RIGHTS"
WIDOW, SPOUSE = "57631410249", "73610801655"
ENERGY, WATER = "ENERGY_SOCIAL_TARIFF", "WATER_DISCOUNT"


def asking(*rights, ssin=WIDOW, who="economy", context=TARIFF):
    criteria = right_pb2.RightsCriteria(rights=rights)
    return question(ssin, who, "RIGHTS", context, criteria=criteria)


def found(answer):
    held = right_pb2.RightDecisions()
    assert answer.results[0].data.Unpack(held)
    return held


async def test_a_granting_body_reads_yes_and_from_when_and_never_why(mesh, trail):
    answer = await consult(mesh, asking(ENERGY), "economy")

    assert outcome(answer) == "DATA_FOUND MSG00000"
    held = found(answer)
    (energy,) = held.decisions
    assert (energy.right, energy.verdict) == (ENERGY, right_pb2.RIGHT_VERDICT_GRANTED)
    assert energy.HasField("grant")
    assert not energy.facts_used
    assert not held.sources
    assert "decisions.facts_used" in answer.data_filters.filtered_elements
    ticket = answer.information_cbss.ticket_cbss
    assert await trail.stages(ticket) == ["INTENT", "OUTCOME"]
    assert ENERGY not in str(await trail.of_ticket(ticket))


@pytest.mark.parametrize(
    ("asked", "who"),
    [
        # Water is none of the ministry's business.
        (asking(WATER), "economy"),
        (asking(ENERGY, WATER), "economy"),
        # A transport company has no deliberation for it.
        (asking(ENERGY, who="transport"), "transport"),
    ],
)
async def test_what_no_deliberation_allows_is_refused(mesh, asked, who):
    assert outcome(await consult(mesh, asked, who)) == "NO_RESULT MSG00013"


async def test_a_welfare_centre_reads_on_which_facts_and_how_fresh_they_are(mesh):
    asked = asking(WATER, ENERGY, ssin=MOTHER, who="pcsw-ghent", context=PROACTIVE)

    held = found(await consult(mesh, asked))

    water, energy = held.decisions
    assert [one.fact_type for one in water.facts_used] == ["RIS"]
    # The child's points open the tariff too, at the domicile that they share.
    assert {(one.fact_type, one.is_of_another) for one in energy.facts_used} == {
        ("RIS", False),
        ("CHILD_PILLAR_1", True),
    }
    assert water.rule_version.year == 2019
    assert {one.source.sector_institution.sector for one in held.sources} >= {5, 16}


async def test_a_citizen_reads_every_right_and_the_trail_has_it_first(mesh, trail):
    async with mesh.citizen(SPOUSE).channel() as channel:
        stub = rpc.RightsServiceStub(channel)
        mine = await stub.ListMyRights(pb.ListMyRightsRequest(), timeout=10)
        alone = await stub.WhatIf(pb.WhatIfRequest(alone=True), timeout=10)

    energy, alone_energy = (
        next(one.decision for one in answer.rights if one.decision.right == ENERGY)
        for answer in (mine, alone)
    )
    assert energy.verdict == right_pb2.RIGHT_VERDICT_GRANTED
    assert all(one.is_of_another and not one.fact_type for one in energy.facts_used)
    assert alone_energy.verdict == right_pb2.RIGHT_VERDICT_REFUSED
    assert alone_energy.unmet_conditions[0].remedy.de
    assert await trail.stages(mine.ticket_cbss) == ["OUTCOME"]
