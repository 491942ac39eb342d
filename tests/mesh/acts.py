"""One lawful act of every public RPC that changes something, on a running sandbox."""

from datetime import date, timedelta
from importlib.resources import files
from uuid import uuid4

import yaml
from cbss.access.v1 import deliberation_service_pb2 as access_pb
from cbss.access.v1 import deliberation_service_pb2_grpc as access_rpc
from cbss.audit.v1 import decision_notice_service_pb2 as decision_pb
from cbss.audit.v1 import decision_notice_service_pb2_grpc as decision_rpc
from cbss.audit.v1 import error_report_service_pb2 as report_pb
from cbss.common.v1 import organization_pb2
from cbss.data.v1 import legal_person_data_pb2 as data_pb
from cbss.directory.v1 import data_contract_pb2, subscription_pb2
from cbss.directory.v1 import directory_service_pb2 as directory_pb
from cbss.directory.v1 import directory_service_pb2_grpc as directory_rpc
from cbss.identification.v1 import bis_pb2, enterprise_pb2
from cbss.registry.v1 import change_pb2
from cbss.registry.v1 import registry_service_pb2 as registry_pb
from cbss.registry.v1 import registry_service_pb2_grpc as registry_rpc
from cbss.routing.v1 import batch_pb2, submission_pb2, voucher_pb2
from google.protobuf import descriptor_pb2
from google.type import date_pb2

from sandbox.organizations import organizations
from services.audit.oversight.overseer import open_overseer
from services.audit.oversight.rules.rulebook import rulebook
from services.kit.clock import belgian_day, utc_now
from tests.mesh import (
    coding,
    test_batches,
    test_corrections,
    test_files,
    test_identification,
    test_misuse,
    test_notices,
    test_registrations,
    test_submissions,
)
from tests.mesh.asking import DISABLED, consult, head, identifying, outcome
from tests.support.waiting import until

SEEDED = "67722499797"
"""A person of the seed who gets another number."""
NUMBER, CONTEXT = "IVC/KSZG/99/095", "PCSW:STARTING_AGAIN"
GENERAL = "IVC/KSZG/99/003"


def said(answer):
    assert answer.status.code == "MSG00000", outcome(answer)
    return answer


async def register_person(mesh):
    said(await test_registrations.register(mesh, "003", test_registrations.NAME))


async def unregister_person(mesh):
    asked = test_registrations.request(
        directory_pb.UnregisterPersonRequest,
        quality_code="003",
        period=test_registrations.years(2026, 2026),
    )
    said(await test_registrations.call(mesh, "UnregisterPerson", asked))


async def subscribe(mesh):
    wish = subscription_pb2.SubscriptionWish(
        data_contract="FAMILY_COMPOSITION",
        quality_codes=["002"],
        fields=["members"],
        mode=subscription_pb2.DELIVERY_MODE_QUEUE,
        period=test_registrations.years(2026, 2099),
    )
    who = head(organizations()["pcsw-ghent"].cbe_number, "PCSW:HOUSEHOLD_CHANGES")
    asked = directory_pb.SubscribeRequest(**who, wish=wish)
    return said(await test_registrations.call(mesh, "Subscribe", asked)).subscription


async def publish(mesh):
    assert (await test_notices.publish(mesh, test_notices.moved_in())).events[0].status.code


async def acknowledge_notices(mesh):
    for notice in (await test_notices.listed(mesh)).notices:
        assert await test_notices.acknowledge(mesh, notice.notice_id) == 1
    await publish(mesh)


async def submit_message(mesh):
    async with test_submissions.subscription(mesh):
        said((await test_submissions.submit(mesh, test_submissions.claim("again-1"))).outcome)


async def answer_submission(mesh):
    async with test_submissions.subscription(mesh):
        said((await test_submissions.submit(mesh, test_submissions.claim("again-2"))).outcome)
        notice = await test_submissions.notice_of(mesh, "again-2")
        await test_submissions.answer(mesh, notice.notice_id, submission_pb2.DISPOSITION_ACCEPTED)


async def submit_batch(mesh):
    taken = await test_batches.submit(mesh, DISABLED, "no number")
    await test_batches.until_done(mesh, taken.batch.batch_id)


async def submit_batch_file(mesh):
    file = await test_files.submit_next(mesh, DISABLED)
    assert file.state == voucher_pb2.BATCH_FILE_STATE_VALIDATED
    await test_batches.until_done(mesh, file.batch.batch_id)


async def cancel_batch(mesh):
    assert (await test_batches.given_up(mesh)).state == batch_pb2.BATCH_STATE_CANCELED


async def unsubscribe(mesh):
    mine = await subscribe(mesh)
    who = head(organizations()["pcsw-ghent"].cbe_number, "PCSW:HOUSEHOLD_CHANGES")
    asked = directory_pb.UnsubscribeRequest(
        **who,
        subscription_id=mine.subscription_id,
        last_day=date_pb2.Date(year=2026, month=1, day=1),
    )
    await test_registrations.call(mesh, "Unsubscribe", asked)


async def register_data_contract(mesh):
    file = descriptor_pb2.FileDescriptorProto(
        name="again/v1/again.proto", package="again.v1", syntax="proto3"
    )
    for name in ("Criteria", "Result"):
        file.message_type.add(name=name).field.add(name="text", number=1, type=9, label=1)
    place = organization_pb2.SectorInstitution(sector=16)
    told = data_contract_pb2.ContractRegistration(
        code="AGAIN",
        version=1,
        title="Again",
        criteria_type="again.v1.Criteria",
        result_type="again.v1.Result",
        descriptor_set=descriptor_pb2.FileDescriptorSet(file=[file]).SerializeToString(),
        integration_check=2,
        deceased_rule=2,
        suppliers=[
            data_contract_pb2.ContractPlace(sector_institution=place, quality_codes=["000"])
        ],
    )
    async with mesh.workload("operator", "directory").channel() as channel:
        asked = directory_pb.RegisterDataContractRequest(data_contract=told)
        await directory_rpc.DirectoryServiceStub(channel).RegisterDataContract(asked, timeout=5)


async def by_registrar(mesh, method, name="operator", **what):
    """A call of the registry by a person."""
    async with mesh.workload(name, "registry").channel() as channel:
        stub = registry_rpc.RegistryServiceStub(channel)
        request = getattr(registry_pb, f"{method}Request")(**what)
        return await getattr(stub, method)(request, timeout=10)


def key_of(number, mark):
    """A key of an organization, which nobody has."""
    return change_pb2.KeyOf(cbe_number=number, public_key_sha256=mark * 32)


async def prepare_act(mesh):
    number = organizations()["dgph"].cbe_number
    change = change_pb2.Change(admitted_key=key_of(number, "5c"))
    answer = await by_registrar(mesh, "PrepareAct", act_id=str(uuid4()), changes=[change])
    return answer.act


async def decide_act(mesh):
    act = await prepare_act(mesh)
    who = "second-committee-member"
    decided = await by_registrar(mesh, "DecideAct", who, act_id=act.act_id, approved=True)
    assert decided.act.state == change_pb2.ACT_STATE_APPROVED

    async def in_force():
        listed = await by_registrar(mesh, "ListActs", page_size=100)
        (found,) = [one for one in listed.acts if one.act_id == act.act_id]
        return found.state == change_pb2.ACT_STATE_IN_FORCE

    await until(in_force)


async def prepare_own_act(mesh):
    number = organizations()["pcsw-ghent"].cbe_number
    change = change_pb2.Change(admitted_key=key_of(number, "6d"))
    async with mesh.institution("pcsw-ghent").channel() as channel:
        stub = registry_rpc.RegistryServiceStub(channel)
        asked = registry_pb.PrepareOwnActRequest(act_id=str(uuid4()), changes=[change])
        await stub.PrepareOwnAct(asked, timeout=5)
        entry = await stub.GetOwnEntry(registry_pb.GetOwnEntryRequest(), timeout=5)
    assert entry.organization.cbe_number == number
    assert [one.prepared_by for one in entry.waiting_acts] == [number]


async def created(mesh, name):
    async with identifying(mesh) as (stub, who):
        return (await test_identification.created(stub, who, name)).created.ssin


async def create_bis_person(mesh):
    assert await created(mesh, "Quatrebarbes")


async def update_person(mesh):
    ssin = await created(mesh, "Ypersele")
    name = data_pb.PersonName(last_name="Ypersele", first_names=["Zénon"])
    person = data_pb.LegalPersonData(name=name)
    async with identifying(mesh) as (stub, who):
        asked = bis_pb2.UpdatePersonRequest(
            **who, ssin=ssin, person=person, proof_level="PROOF_LEVEL_DECLARED"
        )
        said(await stub.UpdatePerson(asked, timeout=5))


async def replace_ssin(mesh):
    new = await created(mesh, "Wauquiez")
    async with identifying(mesh) as (stub, who):
        asked = bis_pb2.ReplaceSsinRequest(**who, ssin=SEEDED, replaced_by=new)
        said(await stub.ReplaceSsin(asked, timeout=5))


async def register_enterprise(mesh):
    known = enterprise_pb2.Enterprise(
        cbe_number="0899995692",
        name="Again",
        status="AC",
        start_date=date_pb2.Date(year=2020, month=1, day=1),
    )
    async with identifying(mesh, "enterprises") as (stub, who):
        who["legal_context"] = "ENTERPRISES:REGISTRATION"
        asked = enterprise_pb2.RegisterEnterpriseRequest(**who, enterprise=known)
        said(await stub.RegisterEnterprise(asked, timeout=5))


async def by_operator(mesh, method, name="operator", **what):
    """A call of access by an operator."""
    request = getattr(access_pb, f"{method}Request")(request_id=str(uuid4()), **what)
    async with mesh.workload(name, "access").channel() as channel:
        await getattr(access_rpc.DeliberationServiceStub(channel), method)(request, timeout=10)


async def propose_deliberation(mesh):
    shipped = files("sandbox").joinpath("deliberations/99-002-means-test.yaml").read_text("utf-8")
    plain = yaml.safe_load(shipped) | {
        "number": NUMBER,
        "document_ref": NUMBER,
        "legal_contexts": [CONTEXT],
        "status": "PROPOSED",
        "valid_from": belgian_day(utc_now()).isoformat(),
    }
    await by_operator(mesh, "ProposeDeliberation", document=yaml.safe_dump(plain))


async def enact_deliberation(mesh):
    await by_operator(mesh, "EnactDeliberation", "committee-member", number=NUMBER, version=1)


async def suspend_deliberation(mesh):
    await by_operator(mesh, "SuspendDeliberation", number="IVC/KSZG/99/001", version=1)


async def withdraw_deliberation(mesh):
    await by_operator(mesh, "WithdrawDeliberation", number="IVC/KSZG/99/004", version=1)


COMMUNE = organization_pb2.Organization(cbe_number="0899990843")


def day(one):
    return date_pb2.Date(year=one.year, month=one.month, day=one.day)


async def accede_to_deliberation(mesh):
    """The commune ends its accession today, and accedes with another by-law from tomorrow on."""
    today = belgian_day(utc_now())
    for begin, end, regulation in (
        (date(2024, 1, 1), today, "By-law of the commune on the waste tax, article 4"),
        (today + timedelta(days=1), None, "by-law 7"),
    ):
        await by_operator(
            mesh,
            "AccedeToDeliberation",
            number=GENERAL,
            recipient=COMMUNE,
            valid_from=day(begin),
            valid_until=None if end is None else day(end),
            regulation=regulation,
        )


async def enact_accession(mesh):
    await by_operator(
        mesh,
        "EnactAccession",
        "committee-member",
        number=GENERAL,
        recipient=COMMUNE,
        valid_from=day(belgian_day(utc_now()) + timedelta(days=1)),
    )


async def report_error(mesh):
    await consult(mesh)
    asked = test_corrections.report()
    made = await test_corrections.call(mesh.institution("pcsw-ghent"), "ReportError", asked)
    return made.report


async def decide_error_report(mesh):
    made = await report_error(mesh)
    asked = report_pb.DecideErrorReportRequest(
        report_id=made.report_id, state=test_corrections.CORRECTED
    )
    await test_corrections.call(mesh.institution("dgph"), "DecideErrorReport", asked)
    return made


async def acknowledge_correction_notice(mesh):
    made = await decide_error_report(mesh)
    asked = report_pb.AcknowledgeCorrectionNoticeRequest(report_id=made.report_id)
    centre = mesh.institution("pcsw-ghent")
    await test_corrections.call(centre, "AcknowledgeCorrectionNotice", asked)


async def record_decision(mesh):
    await consult(mesh)
    today = belgian_day(utc_now())
    fact = decision_pb.UsedFact(
        data_contract="HANDICAP",
        source_cbe_number=organizations()["dgph"].cbe_number,
        as_of_date=date_pb2.Date(year=today.year, month=today.month, day=today.day),
    )
    decision = decision_pb.Decision(
        right="LIVING_WAGE",
        outcome=decision_pb.DECISION_OUTCOME_GRANTED,
        facts_used=[fact],
        legal_means_url="https://ghent.example/appeal",
    )
    asked = decision_pb.RecordDecisionRequest(
        decision_id=str(uuid4()), ssin=DISABLED, decision=decision
    )
    async with mesh.institution("pcsw-ghent").channel() as channel:
        await decision_rpc.DecisionNoticeServiceStub(channel).RecordDecision(asked, timeout=5)


async def acknowledge_alert(mesh):
    for _ in range(3):
        await test_misuse.look(mesh, test_misuse.CURIOUS)
    tomorrow = utc_now() + timedelta(1)
    dsn = (mesh.state.secrets / "audit.dsn").read_text().strip()
    async with open_overseer(
        dsn, mesh.vault.subject_keys, rulebook(), lambda: tomorrow
    ) as overseer:
        await until(lambda: test_misuse.found(overseer))
    officer = mesh.officer("pcsw-ghent")
    alerts = (await test_misuse.oversee(officer, "ListAlerts")).alerts
    told = {"alert_id": alerts[0].alert_id, "finding": "ALERT_FINDING_EXPLAINED"}
    await test_misuse.oversee(officer, "AcknowledgeAlert", **told)


ACTS = {
    "cbss.directory.v1.DirectoryService/RegisterPerson": register_person,
    "cbss.directory.v1.DirectoryService/UnregisterPerson": unregister_person,
    "cbss.directory.v1.DirectoryService/Subscribe": subscribe,
    "cbss.routing.v1.NoticeService/Publish": publish,
    "cbss.routing.v1.NoticeService/AcknowledgeNotices": acknowledge_notices,
    "cbss.routing.v1.SubmissionService/SubmitMessage": submit_message,
    "cbss.routing.v1.SubmissionService/AnswerSubmission": answer_submission,
    "cbss.routing.v1.BatchService/SubmitBatch": submit_batch,
    "cbss.routing.v1.BatchService/CancelBatch": cancel_batch,
    "cbss.routing.v1.BatchFileService/SubmitBatchFile": submit_batch_file,
    "cbss.directory.v1.DirectoryService/Unsubscribe": unsubscribe,
    "cbss.directory.v1.DirectoryService/RegisterDataContract": register_data_contract,
    "cbss.registry.v1.RegistryService/PrepareAct": prepare_act,
    "cbss.registry.v1.RegistryService/DecideAct": decide_act,
    "cbss.registry.v1.RegistryService/PrepareOwnAct": prepare_own_act,
    "cbss.identification.v1.IdentificationService/CreateBisPerson": create_bis_person,
    "cbss.identification.v1.IdentificationService/UpdatePerson": update_person,
    "cbss.identification.v1.IdentificationService/ReplaceSsin": replace_ssin,
    "cbss.identification.v1.IdentificationService/RegisterEnterprise": register_enterprise,
    "cbss.access.v1.DeliberationService/ProposeDeliberation": propose_deliberation,
    "cbss.access.v1.DeliberationService/EnactDeliberation": enact_deliberation,
    "cbss.access.v1.DeliberationService/SuspendDeliberation": suspend_deliberation,
    "cbss.access.v1.DeliberationService/AccedeToDeliberation": accede_to_deliberation,
    "cbss.access.v1.DeliberationService/EnactAccession": enact_accession,
    "cbss.audit.v1.ErrorReportService/ReportError": report_error,
    "cbss.audit.v1.ErrorReportService/DecideErrorReport": decide_error_report,
    "cbss.audit.v1.ErrorReportService/AcknowledgeCorrectionNotice": acknowledge_correction_notice,
    "cbss.audit.v1.DecisionNoticeService/RecordDecision": record_decision,
    "cbss.audit.v1.OversightService/AcknowledgeAlert": acknowledge_alert,
    "cbss.access.v1.DeliberationService/WithdrawDeliberation": withdraw_deliberation,
    **coding.ACTS,
}
"""By the full name of the RPC, in an order in which each finds what it needs."""
