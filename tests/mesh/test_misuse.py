"""What an official of an institution does through the edge, and what oversight makes of it."""

from datetime import timedelta

import grpc
import pytest
import pytest_asyncio
from cbss.audit.v1 import oversight_service_pb2 as oversight_pb
from cbss.audit.v1 import oversight_service_pb2_grpc as oversight_rpc
from cbss.directory.v1 import directory_service_pb2 as pb
from cbss.directory.v1 import registration_pb2
from google.type import date_pb2

from sandbox.organizations import organizations
from sandbox.servers.databases import dsn_files
from services.audit.oversight.model import Code
from services.audit.oversight.overseer import open_overseer
from services.audit.oversight.rules.rulebook import rulebook
from services.kit.clock import belgian_day, utc_now
from tests.mesh.asking import consult, outcome, question, reason
from tests.mesh.test_registrations import call, request, years
from tests.support.commanding import cbss_beside
from tests.support.waiting import until

NEIGHBOUR = "73610801655"
"""The centre has no file about her."""
PROOF = registration_pb2.IdentityProof(
    last_name="Lambert", birth_date=date_pb2.Date(year=1973, month=1, day=8)
)
CURIOUS = "57631410249"
PROGRAM = "intake-2"


def by(official, asked):
    """The same request, with who asks."""
    asked.information_customer.user_id = official
    return asked


async def look(mesh, official):
    """Register a person, look at her data, and unregister her; the tickets."""
    fields = {"quality_code": "002", "ssin": NEIGHBOUR}
    registering = request(pb.RegisterPersonRequest, **fields, period=years(2025, 2026), proof=PROOF)
    unregistering = request(pb.UnregisterPersonRequest, **fields, period=years(2025, 2025))
    steps = (
        await call(mesh, "RegisterPerson", by(official, registering)),
        await consult(mesh, by(official, question(NEIGHBOUR))),
        await call(mesh, "UnregisterPerson", by(official, unregistering)),
    )
    assert [outcome(one)[-8:] for one in steps] == ["MSG00000", "MSG00021", "MSG00000"]
    return [one.information_cbss.ticket_cbss for one in steps]


@pytest_asyncio.fixture(loop_scope="session")
async def overseen(mesh):
    """The overseer of the mesh's trail, on the morning after."""
    dsn = dsn_files(mesh.state.secrets)["audit"].service.read_text()
    keys = mesh.vault.subject_keys
    tomorrow = utc_now() + timedelta(1)
    async with open_overseer(dsn, keys, rulebook(), lambda: tomorrow) as overseer:
        yield overseer


async def found(overseer):
    """Whose registering to look was found today at the centre: the tickets, alert by alert."""
    today = belgian_day(utc_now())
    alerts = await overseer.misuse(today, today + timedelta(1), {})
    centre = organizations()["pcsw-ghent"].cbe_number
    return [
        {str(ticket) for ticket in one.tickets}
        for one in alerts
        if (one.code, one.organization) == (Code.REGISTER_LOOK_UNREGISTER, centre)
    ]


async def oversee(identity, method, **what):
    """A call of an officer, or of whoever thinks to be one."""
    async with identity.channel() as channel:
        stub = oversight_rpc.OversightServiceStub(channel)
        request = getattr(oversight_pb, f"{method}Request")(**what)
        return await getattr(stub, method)(request, timeout=5)


async def command(mesh, *arguments):
    """What `cbss audit` says."""
    told = [*arguments, "--state", str(mesh.state.folder)]
    return await cbss_beside("audit", *told)


async def test_who_registers_to_look_again_and_again_is_found_and_his_officer_told(
    mesh, trail, overseen
):
    for _ in range(2):
        await look(mesh, PROGRAM)
    curious = [ticket for _ in range(3) for ticket in await look(mesh, CURIOUS)]

    # Oversight reads what is in the log, which takes a moment.
    await until(lambda: found(overseen))

    assert await found(overseen) == [set(curious)]

    officer = mesh.officer("pcsw-ghent")
    alerts = (await oversee(officer, "ListAlerts")).alerts
    [alert] = [one for one in alerts if one.code == Code.REGISTER_LOOK_UNREGISTER]
    assert set(alert.tickets) == set(curious)
    assert "Eintragung" in alert.explanation.de
    asked = await command(mesh, "alerts", "pcsw-ghent")
    answered = await command(mesh, "answer", "pcsw-ghent", alert.alert_id, "improper")
    left = await command(mesh, "alerts", "pcsw-ghent")
    assert alert.alert_id in asked.output
    assert "improper" in answered.output
    assert alert.alert_id not in left.output
    assert (await command(mesh, "unanswered", "--reason", "a story")).output == "nothing\n"
    assert await trail.stages(alert.alert_id) == ["PUSH", "ACT"]


@pytest.mark.parametrize("who", ["program", "officer of another"])
async def test_nobody_else_reads_what_the_officer_is_asked(mesh, who):
    if who == "program":
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await oversee(mesh.institution("pcsw-ghent"), "ListAlerts")
        assert reason(refused.value) == "OFFICER_UNKNOWN"
    else:
        ghent = organizations()["pcsw-ghent"].cbe_number
        alerts = (await oversee(mesh.officer("pcsw-liege"), "ListAlerts")).alerts
        assert ghent not in {one.cbe_number for one in alerts}


async def test_an_officer_consults_nothing(mesh):
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await consult(mesh, question(), identity=mesh.officer("pcsw-ghent"))

    assert reason(refused.value) == "ORGANIZATION_UNKNOWN"
