"""The certificate that the gateway forwards, and the headers that it never wrote."""

import hashlib
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from sandbox.authority import Authority as SandboxAuthority
from services.kit import bounds
from services.kit.caller import ClientCertificate
from services.kit.errors import CallerUnknown
from services.kit.forwarded import client_certificate, elements
from tests.support.certificates import Authority, Issued
from tests.support.echo import CALLERS, Servicer, Stub, service
from tests.support.server import served

INSTITUTIONS = Authority("test institutions authority")
PROGRAM = INSTITUTIONS.program("NTRBE-0207401545")
SUBJECT = 'CN=app1,2.5.4.97=#0C10,O=OCMW Gent\\, dienst \\"X\\",C=BE'


def fingerprint(issued: Issued) -> str:
    return hashlib.sha256(issued.certificate.public_bytes(Encoding.DER)).hexdigest()


def header(issued: Issued = PROGRAM, **changed: str | None) -> str:
    parts = {
        "Hash": fingerprint(issued),
        "Cert": f'"{quote(issued.pem.decode(), safe="")}"',
        "Subject": f'"{SUBJECT}"',
        "URI": "",
    } | changed
    return ";".join(f"{key}={value}" for key, value in parts.items() if value is not None)


def test_a_forwarded_certificate_is_read_whole():
    key = PROGRAM.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    assert client_certificate(header()) == ClientCertificate(
        organization_identifier="NTRBE-0207401545",
        public_key_sha256=hashlib.sha256(key).hexdigest(),
        certificate_sha256=fingerprint(PROGRAM),
        common_name="app1",
    )


def test_a_card_is_read_with_the_authority_that_made_it():
    citizens = SandboxAuthority.founded("citizens")
    issued = citizens.citizen("71713000318", "Citizen")

    read = client_certificate(header(issued))

    assert (read.serial_number, read.issuer) == ("71713000318", "CN=citizens")
    assert client_certificate(header()).serial_number is None


def test_a_certificate_without_an_organization_has_none():
    assert client_certificate(header(INSTITUTIONS.program())).organization_identifier is None


def test_quotes_and_commas_in_a_subject_are_part_of_it():
    assert elements(header())["subject"] == SUBJECT.replace('\\"', '"')


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "nonsense",
        header(Hash=None),
        header(Cert=None),
        header(Hash=fingerprint(INSTITUTIONS.program("NTRBE-0207401545"))),
        header(Hash="00" * 32),
        header(Cert='"%2D%2D"'),
        header(Cert='"unfinished'),
        header() + "," + header(),
        header() + ";" + header(),
        header() + ";",
        header(INSTITUTIONS.program("NTRBE-0207401545", "NTRBE-0316380841")),
        header(Subject='"' + "x" * bounds.CERTIFICATE + '"'),
    ],
    ids=lambda text: f"{len(text)} characters",
)
def test_what_is_not_exactly_one_genuine_element_is_an_unknown_caller(forged):
    with pytest.raises(CallerUnknown):
        client_certificate(forged)


@given(st.text(alphabet='ab;,="\\%2DHashCertURI \n', max_size=200))
def test_any_text_is_read_or_refused(text):
    try:
        parts = elements(text)
    except CallerUnknown:
        return
    assert all(key == key.lower() for key in parts)


@given(st.dictionaries(st.sampled_from(["Hash", "Cert", "Subject"]), st.text(max_size=50)))
def test_any_values_survive_quoting(values):
    text = ";".join(
        '{}="{}"'.format(key, value.replace("\\", "").replace('"', '\\"'))
        for key, value in values.items()
    )

    assert elements(text) == {key.lower(): value.replace("\\", "") for key, value in values.items()}


@given(position=st.integers(min_value=0), letter=st.characters(codec="ascii"))
def test_a_header_with_one_letter_changed_never_names_another_organization(position, letter):
    good = header()
    at = position % len(good)
    try:
        read = client_certificate(good[:at] + letter + good[at + 1 :])
    except CallerUnknown:
        return
    assert read == client_certificate(good)


@pytest.mark.parametrize(
    ("workload", "expected"), [("gateway", "NTRBE-0207401545"), ("routing", None)]
)
async def test_the_header_is_believed_of_the_gateway_only(tmp_path, authority, workload, expected):
    servicer = Servicer()
    async with served(tmp_path, authority, [service(servicer)], CALLERS) as echo:
        stub = Stub(await echo.raw(authority.workload(workload)))
        await stub.Told(1, metadata=(("x-forwarded-client-cert", header()),))

    caller = servicer.told[0][0]
    assert caller.workload == workload
    assert (caller.client.organization_identifier if caller.client else None) == expected
