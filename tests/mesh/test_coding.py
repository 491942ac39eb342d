"""A university studies who does not take up rights: it gets codes, the source never learns them,
and everybody reads what was handed over."""

import grpc
import pytest
from cbss.audit.v1 import audit_service_pb2 as audit_pb
from cbss.audit.v1 import audit_service_pb2_grpc as audit_rpc
from cbss.coding.v1 import project_pb2
from cbss.coding.v1 import project_service_pb2 as project_pb
from cbss.coding.v1 import project_service_pb2_grpc as project_rpc

from tests.mesh import coding
from tests.mesh.asking import DISABLED, reason
from tests.support.commanding import cbss_beside
from tests.support.waiting import until

pytestmark = pytest.mark.mesh


async def test_a_study_gets_codes_and_never_a_number(mesh, trail):
    place = await trail.last()
    project = await coding.released(mesh)
    page = await coding.page(mesh, project)
    told = await coding.step(mesh, "GetProject", project_id=project.project_id)

    assert page.status.code == "MSG00000"
    assert [list(row.values) for row in page.rows] == [["BIM_BVT", "APPLIES"]] * 2
    codes = {row.code for row in page.rows}
    assert len(codes) == 2
    assert not any(person.encode() in page.SerializeToString() for person in coding.PERSONS)
    # Every step stands in the trail under the name that the project shows.
    recorded = {one.record_id for one in await trail.since(place)}
    assert {step.record_id for step in told.steps} <= recorded


async def test_each_person_of_a_study_reads_who_uses_his_data_and_whence(mesh):
    project = await coding.opened(mesh)
    given = await coding.numbers(mesh, project, *coding.PERSONS)
    found = []

    async with mesh.citizen(DISABLED).channel() as channel:
        audit = audit_rpc.AuditServiceStub(channel)

        async def is_there():
            ticket, token = given.information_cbss.ticket_cbss, ""
            while True:
                request = audit_pb.ListMyConsultationsRequest(page_size=100, page_token=token)
                page = await audit.ListMyConsultations(request, timeout=30)
                found[:] = [one for one in page.consultations if one.ticket_cbss == ticket]
                token = page.next_page_token
                if found or not token:
                    return bool(found)

        await until(is_there)

    (one,) = found
    assert one.customer.name == "University"
    assert [source.name for source in one.sources] == ["Crossroads Bank for Social Security"]


async def test_nobody_but_the_recipient_reads_what_was_released(mesh):
    project = await coding.released(mesh)

    for who, why in ((coding.SOURCE, "RECIPIENT_NOT_NAMED"), ("commune", "RECIPIENT_NOT_NAMED")):
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await coding.page(mesh, project, who)
        assert reason(refused.value) == why


async def test_a_source_hears_who_of_its_own_a_study_warns(mesh):
    one = await coding.allowed(mesh)

    answer = await coding.meant(mesh, one, *coding.PERSONS)

    assert answer.status.code == "MSG00000"
    assert sorted(answer.meant) == [False, True]


async def test_everybody_reads_the_projects_without_a_certificate(mesh):
    project = await coding.closed(mesh)

    authority = mesh.vault.authority_file("institutions").read_bytes()
    options = [("grpc.ssl_target_name_override", "gateway")]
    credentials = grpc.ssl_channel_credentials(authority)
    address = mesh.ports.address("gateway-open")
    async with grpc.aio.secure_channel(address, credentials, options) as channel:
        asked = project_pb.GetProjectRequest(project_id=project.project_id)
        found = (
            await project_rpc.ProjectServiceStub(channel).GetProject(asked, timeout=30)
        ).project

    assert found == project
    assert found.state == project_pb2.PROJECT_STATE_CLOSED
    assert found.destruction_record_id


async def test_people_and_programs_lead_a_project_by_the_command(mesh, tmp_path):
    project = await coding.opened(mesh)
    named, people = project.project_id, tmp_path / "people.csv"
    people.write_text("number\n" + "\n".join(coding.PERSONS) + "\n")

    async def told(*arguments):
        said = await cbss_beside("coding", *arguments, "--profile", mesh.state.profile)
        assert said.exit_code == 0, said.output

    await told("number", coding.SOURCE, named, str(people), "--out", str(tmp_path / "given.csv"))
    lines = (tmp_path / "given.csv").read_text().split()[1:]
    rows = [f"{line.split(',')[2]},BIM_BVT,APPLIES" for line in lines]
    (tmp_path / "rows.csv").write_text("\n".join(["temporary_number,name,result", *rows]) + "\n")
    await told("send", coding.SOURCE, named, str(tmp_path / "rows.csv"))
    await told("send", coding.SOURCE, named, str(tmp_path / "rows.csv"))
    await told("release", named)
    await told("fetch", coding.RECIPIENT, named, "--out", str(tmp_path / "got.csv"), "--confirm")

    got = (tmp_path / "got.csv").read_text().split()
    assert got[0] == "code,household_code,name,result"
    assert [line.split(",")[2:] for line in got[1:]] == [["BIM_BVT", "APPLIES"]] * 2
