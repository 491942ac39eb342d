"""Certificates and revocation lists of a sandbox: issued once, renewed before their end."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509

from sandbox.credentials import AUTHORITIES, Vault
from sandbox.state import State

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("vault")


@pytest.fixture(scope="module")
def vault(folder):
    made = Vault.founded(State.at(folder).made())
    made.citizen("71713000318")
    return made


def content(folder):
    return {path.name: path.read_bytes() for path in (folder / "certificates").iterdir()}


def test_who_starts_again_finds_what_was_issued(vault, folder):
    before = content(folder)

    Vault.founded(State.at(folder))

    assert content(folder) == before


def test_with_more_than_a_third_of_its_time_left_nothing_is_renewed(vault, folder):
    before = content(folder)

    assert vault.renew(datetime.now(UTC) + 19 * DAY) == []
    assert content(folder) == before


def test_all_is_renewed_for_the_keys_that_it_has(vault, folder):
    before = content(folder)
    programs = {path.stem for path in (folder / "certificates").glob("*.crt")}
    revoked = vault.files("economy").issued()
    vault.revoke([revoked])

    renewed = vault.renew(datetime.now(UTC) + 21 * DAY)

    after = content(folder)
    files = {name.removesuffix("-authority") for name in programs} - {"clients-authorities"}
    assert set(renewed) - {"revocation lists"} == files - {"clients"}
    assert {name for name in before if name.endswith(".key")} <= {
        name for name in before if before[name] == after[name]
    }
    for name in files - {"clients", *AUTHORITIES}:
        old = x509.load_pem_x509_certificate(before[f"{name}.crt"])
        new = x509.load_pem_x509_certificate(after[f"{name}.crt"])
        assert (new.subject, new.public_key()) == (old.subject, old.public_key())
        assert new.serial_number != old.serial_number
        assert alternatives(new) == alternatives(old)
    assert revoked.certificate.serial_number in serials(vault)
    assert vault.clients_authorities.read_bytes() == (
        vault.institutions.own.pem + vault.citizens.own.pem
    )


def test_what_was_issued_before_an_authority_was_renewed_is_vouched_for_after(tmp_path):
    vault = Vault.founded(State.at(tmp_path).made())
    issued = vault.files("pcsw-ghent").issued().certificate

    vault.renew(datetime.now(UTC) + 40 * DAY)

    issued.verify_directly_issued_by(vault.institutions.own.certificate)


def test_a_start_on_day_40_renews_what_has_ended(tmp_path):
    state = State.at(tmp_path).made()
    Vault.founded(state, timedelta(seconds=0))

    vault = Vault.founded(state)

    now = datetime.now(UTC)
    for name in ("pcsw-ghent", "pcsw-ghent-officer", "edge", "mesh-routing", "mesh-operator"):
        assert vault.files(name).issued().certificate.not_valid_after_utc > now + 29 * DAY
    for name in AUTHORITIES:
        authority = x509.load_pem_x509_certificate(vault.authority_file(name).read_bytes())
        assert authority.not_valid_after_utc > now + 29 * DAY
    lists = vault.revocation_list.read_bytes().split(b"-----END X509 CRL-----\n")[:-1]
    for one in lists:
        held = x509.load_pem_x509_crl(one + b"-----END X509 CRL-----\n")
        assert held.next_update_utc > now + 29 * DAY


def test_what_somebody_else_put_there_is_left_alone(vault, folder):
    foreign = folder / "certificates" / "stranger.crt"
    foreign.write_bytes(b"nothing of ours")

    vault.renew(datetime.now(UTC) + 40 * DAY)

    assert foreign.read_bytes() == b"nothing of ours"


def test_who_only_looks_makes_nothing(tmp_path):
    vault = Vault(State.at(tmp_path / "nowhere"))

    assert not vault.workload("operator").certificate.exists()
    assert not (tmp_path / "nowhere").exists()


def alternatives(certificate):
    try:
        return certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return None


def serials(vault):
    end = b"-----END X509 CRL-----\n"
    lists = vault.revocation_list.read_bytes().split(end)[:-1]
    return {one.serial_number for held in lists for one in x509.load_pem_x509_crl(held + end)}
