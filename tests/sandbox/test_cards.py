"""`cbss citizen card`: who wants to act as a citizen needs a card."""

from cryptography import x509
from cryptography.x509.oid import NameOID

from sandbox.credentials import Vault
from sandbox.state import State
from tests.support.commanding import cbss

MOCK = "71713000318"


def told(state, *arguments):
    return cbss("citizen", "card", *arguments, "--state", state)


def test_a_card_is_issued_once_and_names_its_holder(tmp_path):
    vault = Vault.founded(State.at(tmp_path).made())

    first, again = told(tmp_path, "71.71.30-003.18"), told(tmp_path, MOCK)

    files = vault.citizen(MOCK)
    assert first.output == again.output == f"{files.certificate}\n{files.private_key}\n"
    certificate = x509.load_pem_x509_certificate(files.certificate.read_bytes())
    [number] = certificate.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)
    assert number.value == MOCK
    certificate.verify_directly_issued_by(vault.citizens.own.certificate)


def test_no_card_is_issued_for_what_is_no_number(tmp_path):
    Vault.founded(State.at(tmp_path).made())

    refused = told(tmp_path, "71713000319")

    assert refused.exit_code == 2
    assert "not an identification number" in refused.output
    assert "71713000319" not in refused.output


def test_no_card_is_issued_on_a_number_that_may_be_somebodys(tmp_path):
    Vault.founded(State.at(tmp_path).made())

    refused = told(tmp_path, "82240999642")

    assert refused.exit_code == 2
    assert "not a mock number" in refused.output


def test_where_nothing_was_started_there_is_nobody_to_issue_one(tmp_path):
    assert told(tmp_path, MOCK).exit_code == 1
    assert not list((tmp_path / "certificates").glob("*.key"))
