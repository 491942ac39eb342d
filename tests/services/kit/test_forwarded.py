"""The certificate that the gateway forwards, and the headers that it never wrote."""

import hashlib
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.name import _ASN1Type
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from sandbox.authority import Authority as SandboxAuthority
from services.kit import authorities, bounds
from services.kit.authorities import AuthorityFile
from services.kit.caller import ClientCertificate
from services.kit.errors import CallerUnknown
from services.kit.forwarded import Forwarded, elements, issuer_name
from tests.support.certificates import Authority, Issued
from tests.support.echo import CALLERS, Servicer, Stub, service
from tests.support.server import served, vouching

INSTITUTIONS = Authority("test institutions authority")
CITIZENS = SandboxAuthority.founded("citizens")
PROGRAM = INSTITUTIONS.program("NTRBE-0207401545")
SUBJECT = 'CN=app1,2.5.4.97=#0C10,O=OCMW Gent\\, dienst \\"X\\",C=BE'


@pytest.fixture(scope="module")
def client_certificate(tmp_path_factory):
    """Reads a header, where one authority vouches for institutions and another for citizens."""
    folder = tmp_path_factory.mktemp("authorities")
    files = vouching(folder, institutions=[INSTITUTIONS], citizens=[CITIZENS])
    return Forwarded(
        AuthorityFile(files["institutions_authority_file"]),
        AuthorityFile(files["citizens_authority_file"]),
    ).client_certificate


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


def test_a_forwarded_certificate_is_read_whole(client_certificate):
    key = PROGRAM.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    assert client_certificate(header()) == ClientCertificate(
        organization_identifier="NTRBE-0207401545",
        public_key_sha256=hashlib.sha256(key).hexdigest(),
        certificate_sha256=fingerprint(PROGRAM),
        common_name="app1",
    )


def test_a_card_is_read_with_the_authority_that_made_it(client_certificate):
    read = client_certificate(header(CITIZENS.citizen("71713000318", "Citizen")))

    assert (read.serial_number, read.issuer) == ("71713000318", "CN=citizens")
    assert client_certificate(header()).serial_number is None


def test_a_certificate_without_an_organization_has_none(client_certificate):
    assert client_certificate(header(INSTITUTIONS.program())).organization_identifier is None


@pytest.mark.parametrize(
    ("authority", "institution", "citizen"),
    [
        (INSTITUTIONS, "NTRBE-0207401545", None),
        (CITIZENS, None, "71713000318"),
        (Authority("test institutions authority"), None, None),
        (SandboxAuthority.founded("citizens"), None, None),
    ],
    ids=["institutions", "citizens", "a namesake of institutions", "a namesake of citizens"],
)
def test_what_an_authority_says_counts_for_its_own_kind_only(
    client_certificate, authority, institution, citizen
):
    both = [
        (NameOID.ORGANIZATION_IDENTIFIER, "NTRBE-0207401545"),
        (NameOID.SERIAL_NUMBER, "71713000318"),
    ]
    if isinstance(authority, SandboxAuthority):
        both = [x509.NameAttribute(*named) for named in both]

    read = client_certificate(header(authority.issue(both, [])))

    assert (read.organization_identifier, read.serial_number) == (institution, citizen)


def test_all_authorities_of_a_file_vouch_and_a_new_one_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(authorities, "LOOK", 0.0)
    first, second, third = (SandboxAuthority.founded(f"Citizen CA {n}") for n in range(3))
    path = vouching(tmp_path, citizens=[first, second])["citizens_authority_file"]
    reading = Forwarded(AuthorityFile(None), AuthorityFile(path))

    def number(authority):
        issued = authority.citizen("71713000318", "Citizen")
        return reading.client_certificate(header(issued)).serial_number

    late = header(third.citizen("71713000318", "Citizen"))
    assert [number(one) for one in (first, second)] == ["71713000318"] * 2
    assert reading.client_certificate(late).serial_number is None
    vouching(tmp_path, citizens=[second, third])
    assert reading.client_certificate(late).serial_number == "71713000318"
    assert number(first) is None
    path.write_bytes(b"half of it")
    assert number(third) == "71713000318"
    assert issuer_name(vouching(tmp_path, citizens=[first, second])["citizens_authority_file"]) == {
        "CN=Citizen CA 0",
        "CN=Citizen CA 1",
    }


def of_old_string_types(name: bytes) -> Issued:
    """A program whose organization is called so in a TeletexString, which nobody decodes alike."""
    stand_in = "Q" * len(name)
    kinds = [
        x509.NameAttribute(NameOID.COMMON_NAME, "app1"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, stand_in, _ASN1Type.T61String),
        x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, "NTRBE-0207401545"),
    ]
    issued = CITIZENS.issue(kinds, [])
    tbs = issued.certificate.tbs_certificate_bytes.replace(stand_in.encode(), name)
    signature = CITIZENS.own.key.sign(tbs, ec.ECDSA(hashes.SHA256()))
    algorithm = bytes.fromhex("300a06082a8648ce3d040302")
    signed = element(0x30, tbs + algorithm + element(0x03, b"\0" + signature))
    return Issued(x509.load_der_x509_certificate(signed), issued.key)


def element(tag: int, value: bytes) -> bytes:
    length = len(value).to_bytes(2, "big")
    return bytes([tag]) + (b"\x82" + length if len(value) > 127 else length[1:]) + value


@pytest.mark.parametrize("name", ["CPAS de Liège".encode("latin-1"), b"\xff\xfe\x00", b"OCMW"])
def test_attributes_that_are_not_read_may_be_of_any_string_type(tmp_path, name):
    path = vouching(tmp_path, institutions=[CITIZENS])["institutions_authority_file"]
    issued = of_old_string_types(name)

    read = Forwarded(AuthorityFile(path), AuthorityFile(None)).client_certificate(header(issued))

    assert (read.organization_identifier, read.common_name) == ("NTRBE-0207401545", "app1")


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
def test_what_is_not_exactly_one_genuine_element_is_an_unknown_caller(client_certificate, forged):
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
def test_a_header_with_one_letter_changed_never_names_another_organization(
    client_certificate, position, letter
):
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
    vouched = vouching(tmp_path, institutions=[INSTITUTIONS])
    async with served(tmp_path, authority, [service(servicer)], CALLERS, **vouched) as echo:
        stub = Stub(await echo.raw(authority.workload(workload)))
        await stub.Told(1, metadata=(("x-forwarded-client-cert", header()),))

    caller = servicer.told[0][0]
    assert caller.workload == workload
    assert (caller.client.organization_identifier if caller.client else None) == expected
