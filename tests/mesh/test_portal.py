"""A person signs in at the portal of a whole mesh, and tokens at the door of programs."""

import json
import re
import ssl

import grpc
import httpx
import pytest
from cbss.audit.v1 import audit_service_pb2 as audit_pb
from cbss.audit.v1 import audit_service_pb2_grpc as audit_rpc
from cbss.audit.v1 import decision_notice_service_pb2 as decision_pb
from cbss.audit.v1 import decision_notice_service_pb2_grpc as decision_rpc
from cbss.audit.v1 import error_report_service_pb2 as report_pb
from cbss.audit.v1 import error_report_service_pb2_grpc as report_rpc
from cbss.buffer.v1 import buffer_service_pb2 as buffer_pb
from cbss.buffer.v1 import buffer_service_pb2_grpc as buffer_rpc
from cbss.directory.v1 import directory_service_pb2 as directory_pb
from cbss.directory.v1 import directory_service_pb2_grpc as directory_rpc
from cbss.identification.v1 import identification_service_pb2_grpc as identification_rpc
from cbss.identification.v1 import person_data_pb2 as person_pb
from cbss.rights.v1 import rights_service_pb2 as rights_pb
from cbss.rights.v1 import rights_service_pb2_grpc as rights_rpc
from joserfc.jwk import ECKey

from gateway.routes import ROUTES
from sandbox.client import Institution
from tests.mesh.asking import question, reason
from tests.support.tokens import Issuer
from tests.support.waiting import until

PERSON = "89672220419"
"""About whom other stories ask little: pages show all that was ever asked about somebody."""
ASKED = (
    (identification_rpc.IdentificationServiceStub, "ListMyPersonData", person_pb),
    (rights_rpc.RightsServiceStub, "ListMyRights", rights_pb),
    (directory_rpc.DirectoryServiceStub, "ListMyFiles", directory_pb),
    (buffer_rpc.BufferServiceStub, "ListMyFacts", buffer_pb),
    (audit_rpc.AuditServiceStub, "ListMyConsultations", audit_pb),
    (report_rpc.ErrorReportServiceStub, "ListErrorReports", report_pb),
    (decision_rpc.DecisionNoticeServiceStub, "ListMyDecisions", decision_pb),
)


def browser(mesh):
    """A browser that believes the authority of the sandbox."""
    context = ssl.create_default_context(cafile=mesh.vault.authority_file("institutions"))
    return httpx.AsyncClient(
        base_url=mesh.ports.origin, verify=context, http2=False, timeout=30, follow_redirects=True
    )


async def sign_in(portal, person=PERSON, to="/nl/me"):
    """The page that somebody lands on."""
    chosen = await portal.get(f"/sign-in?to={to}")
    assert "demo citizen" in chosen.text
    return await portal.post(chosen.url, data={"person": person})


async def test_a_citizen_signs_in_and_sees_who_used_his_data(mesh):
    async with Institution.of(mesh.institution("pcsw-ghent")) as institution:
        await institution.consult(question(PERSON))

    async with browser(mesh) as portal:
        page = await sign_in(portal)
        assert page.url.path == "/nl/me"
        assert "Mijn pagina" in page.text

        async def is_told():
            return "Erkenning van een handicap" in (await portal.get("/nl/me/uses")).text

        await until(is_told)
        files = await portal.get("/fr/me/files")
        extract = (await portal.get("/nl/me/extract-file")).json()
        register = await portal.get("/register/nl/index.html")
        rights = await portal.get("/nl/me/rights")

    assert "Qui tient un dossier" in files.text
    assert rights.text.count("recht") > 5
    assert "Dit kan nu niet" not in rights.text
    assert extract["ssin"] == PERSON
    assert extract["files"]
    assert "IVC/KSZG/99/001" in register.text


async def test_an_error_is_reported_from_the_page_and_followed(mesh):
    async with Institution.of(mesh.institution("pcsw-ghent")) as institution:
        await institution.consult(question(PERSON))

    async with browser(mesh) as portal:
        await sign_in(portal)

        async def is_offered():
            return 'value="HANDICAP ' in (await portal.get("/nl/me/report")).text

        await until(is_offered)
        first = (await portal.get("/nl/me/report")).text
        told = {
            "form_key": re.search(r'name="form_key" value="([^"]+)"', first)[1],
            "datum": re.search(r'value="(HANDICAP [0-9]+)"', first)[1],
        }
        second = (await portal.post("/nl/me/report", data=told)).text
        told |= {
            "step": "2",
            "field": re.search(r'<option value="([a-z_.]+)"', second)[1],
            "claim": "ERROR_CLAIM_OUTDATED",
        }
        sent = await portal.post("/nl/me/report", data=told)
        reports = await portal.get("/nl/me/reports")

    assert "Uw melding is verzonden" in sent.text
    assert "wacht op de bron" in reports.text


async def test_a_service_that_is_away_leaves_a_gap_and_the_rest(mesh):
    async with browser(mesh) as portal:
        await sign_in(portal)
        await mesh.stop("buffer")
        try:
            page = await portal.get("/en/me")
        finally:
            await mesh.start("buffer")

    assert page.status_code == 200
    assert page.text.count("This cannot be shown now") >= 1
    assert "Who keeps a file on you" in page.text


async def test_signing_out_ends_what_another_browser_has_too(mesh):
    async with browser(mesh) as here, browser(mesh) as there:
        page = await sign_in(here)
        await sign_in(there)
        key = re.search(r'name="form_key" value="([^"]+)"', page.text)[1]

        left = await here.post("/sign-out", data={"form_key": key, "language": "de"})

        assert left.url.path == "/de/signed-out"
        assert (await here.get("/nl/me")).status_code == 401
        assert (await there.get("/nl/me")).status_code == 401


def issuer(mesh):
    """Who signs as the provider of the sandbox does."""
    held = Issuer(mesh.ports.issuer)
    held.key = ECKey.import_key(json.loads(mesh.vault.signing_in.provider_key.read_bytes()))
    return held


BAD = {
    "TOKEN_ENDED": lambda one: one.token(PERSON, begins=-600),
    "TOKEN_UNUSABLE": lambda one: one.token(PERSON, aud="portal"),
    "CITIZEN_UNKNOWN": lambda one: one.token("71713000319"),
}


@pytest.mark.parametrize(("stub", "rpc", "messages"), ASKED, ids=[one[1] for one in ASKED])
async def test_every_service_takes_a_good_token_and_no_bad_one(mesh, stub, rpc, messages):
    signed = issuer(mesh)
    request = getattr(messages, f"{rpc}Request")()
    async with mesh.identity(mesh.vault.files("portal"), "").channel() as channel:
        call = getattr(stub(channel), rpc)
        good = [("authorization", f"Bearer {signed.token(PERSON)}")]
        assert await call(request, timeout=10, metadata=good) is not None
        for expected, made in BAD.items():
            bad = [("authorization", f"Bearer {made(signed)}")]
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await call(request, timeout=10, metadata=bad)
            assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED
            assert reason(refused.value) == expected
        # Without a token the portal's certificate is nobody's.
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await call(request, timeout=10)
        assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED


@pytest.mark.parametrize("rpc", [one[1] for one in ASKED])
async def test_a_bad_token_is_refused_in_json_too(mesh, rpc):
    signed, files = issuer(mesh), mesh.vault.files("portal")
    context = ssl.create_default_context(cafile=mesh.vault.authority_file("institutions"))
    context.load_cert_chain(files.certificate, files.private_key)
    [path] = [one.rpc for one in ROUTES if one.rpc.endswith(f"/{rpc}")]
    async with httpx.AsyncClient(verify=context, timeout=30) as client:
        address = f"https://localhost:{mesh.ports['gateway']}/{path}"
        answers = [
            await client.post(address, json={}, headers={"authorization": f"Bearer {token}"})
            for token in (signed.token(PERSON), *(made(signed) for made in BAD.values()))
        ]

    assert [one.status_code for one in answers] == [200, 401, 401, 401]
