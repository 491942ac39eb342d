"""Organizations and data contracts as they are written, and the code lists behind them."""

import copy

import pytest
import yaml
from cbss.data.v1 import handicap_pb2
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from services.concepts.code_lists import code_lists
from services.concepts.data_contract import ContractName
from services.concepts.organization import SectorInstitution
from services.concepts.quality_code import QualityCode
from services.concepts.reference import (
    Endpoint,
    Expectation,
    Network,
    Onboarding,
    Reference,
)
from services.concepts.reviewed import LoadRefused, read_yaml
from services.registry.errors import ChangeRefused
from services.registry.load import contracts, organizations
from services.registry.model import PutOrganization
from services.registry.rules import changes
from tests.services.directory.examples import (
    CENTRE,
    FEDERAL,
    FINGERPRINT,
    NETWORK,
    NOBODY,
    organization,
)

NOTHING = Reference(0, b"")
SHIPPED = {
    path.stem: yaml.safe_load(path.read_text("utf-8"))["data_contract"]
    for path in contracts.shipped_files()
}


def fields(refused):
    return [problem.field for problem in refused.value.problems]


def listed(*others, **changed):
    """A file with one organization, some fields changed, and others."""
    one = {"cbe_number": FEDERAL.digits, "name": "Source", **changed}
    return {"organizations": [one, *others]}


def test_an_onboarding_record_is_read_with_all_its_parts():
    plain = listed(
        {"cbe_number": CENTRE.digits, "name": "Centre"},
        sector_institution="16.0",
        public_key_sha256=[FINGERPRINT],
        manages=[CENTRE.digits],
        endpoint={"address": "dns:///source:7443", "server_name": "source"},
        environment="production",
        contacts=["functions@source.example"],
        expects=[
            {"legal_context": "B:PURPOSE", "data_contract": "HANDICAP", "hourly": 10},
            {"legal_context": "A:PURPOSE", "data_contract": "HANDICAP", "hourly": 500},
        ],
    )

    assert organizations.read(plain, NOTHING) == [
        organization(
            FEDERAL,
            name="Source",
            place=SectorInstitution(16, 0),
            public_key_sha256=(FINGERPRINT,),
            manages=(CENTRE,),
            endpoint=Endpoint("dns:///source:7443", "source", in_mesh=False),
            network=Network.PRIMARY,
            onboarding=Onboarding(
                "production",
                ("functions@source.example",),
                (
                    Expectation("A:PURPOSE", ContractName("HANDICAP", 1), 500),
                    Expectation("B:PURPOSE", ContractName("HANDICAP", 1), 10),
                ),
            ),
        ),
        organization(name="Centre", place=None, network=Network.SECONDARY),
    ]


@pytest.mark.parametrize(
    ("changed", "network"),
    [
        ({}, Network.EXTENSION),
        ({"sector_institution": "16.0"}, Network.PRIMARY),
        ({"network": "INTEGRATOR"}, Network.INTEGRATOR),
        ({"network": "EXTENSION", "sector_institution": "16.0"}, Network.EXTENSION),
    ],
)
def test_how_an_organization_is_connected_is_told_or_follows(changed, network):
    (found,) = organizations.read(listed(**changed), NOTHING)

    assert found.network is network


def test_who_was_managed_before_stays_in_the_secondary_network():
    manager = organization(NETWORK, manages=(FEDERAL,))

    (found,) = organizations.read(listed(), Reference(1, b"", {NETWORK: manager}))

    assert found.network is Network.SECONDARY


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"cbe_number": "0899991042"}, "cbe_number"),
        ({"cbe_number": 899991041}, "cbe_number"),
        ({"name": ""}, "name"),
        ({"network": "TERTIARY"}, "network"),
        ({"environment": "x" * 33}, "environment"),
        (
            {"expects": [{"legal_context": "", "data_contract": "A", "hourly": 1}]},
            "expects[0].legal_context",
        ),
        ({"expects": [{"legal_context": "A", "data_contract": "a", "hourly": 1}]}, "expects[0]"),
        (
            {"expects": [{"legal_context": "A", "data_contract": "A", "hourly": 0}]},
            "expects[0].hourly",
        ),
        ({"sector_institution": 16.0}, "sector_institution"),
        ({"sector_institution": "16"}, "sector_institution"),
        ({"sector_institution": "16.1000"}, "sector_institution"),
        ({"public_key_sha256": ["0F" * 32]}, "public_key_sha256[0]"),
        ({"officer_key_sha256": ["0F" * 32]}, "officer_key_sha256[0]"),
        ({"endpoint": {"address": "a"}}, "endpoint.server_name"),
        ({"endpoint": {"address": "a", "server_name": "b", "in_mesh": "no"}}, "endpoint.in_mesh"),
        ({"managed": []}, "managed"),
    ],
)
def test_a_wrong_field_of_an_organization_is_named(changed, field):
    with pytest.raises(LoadRefused) as refused:
        organizations.read(listed(**changed), NOTHING)

    assert fields(refused) == [f"organizations[0].{field}"]


def test_an_organization_that_stands_twice_is_refused():
    with pytest.raises(LoadRefused) as refused:
        organizations.read(listed({"cbe_number": FEDERAL.digits, "name": "Again"}), NOTHING)

    assert fields(refused) == ["organizations[1].cbe_number"]


def problems_of(plain, reference=NOTHING):
    """What the rules have against the organizations of a file."""
    wanted = [PutOrganization(one) for one in organizations.read(plain, reference)]
    try:
        changes.apply_change(wanted, reference, code_lists())
    except ChangeRefused as refused:
        return [one.field.removeprefix("changes") for one in refused.violations]
    return []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"network": "SECONDARY"}, "network"),
        ({"network": "INTEGRATOR", "sector_institution": "16.0"}, "network"),
        (
            {"expects": [{"legal_context": "A", "data_contract": "A", "hourly": 1}] * 2},
            "expected_volumes",
        ),
        ({"manages": [NOBODY.digits]}, "managed_cbe_numbers"),
        (
            {"officer_key_sha256": [FINGERPRINT], "public_key_sha256": [FINGERPRINT]},
            "public_key_sha256",
        ),
    ],
)
def test_what_does_not_hold_together_is_named(changed, field):
    assert problems_of(listed(**changed))[0] == f"[0].organization.{field}"


def test_a_key_passes_to_another_organization_only_when_its_holder_gives_it_up():
    held = Reference(1, b"", {CENTRE: organization(CENTRE, public_key_sha256=(FINGERPRINT,))})
    taking = listed(public_key_sha256=[FINGERPRINT])
    passing = listed({"cbe_number": CENTRE.digits, "name": "C"}, public_key_sha256=[FINGERPRINT])

    assert problems_of(passing, held) == []
    assert problems_of(taking, held) == ["[0].organization.public_key_sha256"]


def test_whoever_is_managed_can_be_admitted_already():
    behind = organization(NETWORK, network=Network.SECONDARY)
    held = Reference(1, b"", {NETWORK: behind})

    assert problems_of(listed(manages=[NETWORK.digits]), held) == []


SOURCES = {
    "DMFA": [("12.0", "")],
    "E_DEDUCTION": [("17.1", "")],
    "INCAPACITY_SIGNAL": [("11.0", "")],
    "RIGHTS": [("25.1", "")],
    "SOCIAL_NOTIFICATION": [("96.0", "")],
    "EMPLOYER_DIRECTORY": [("12.0", "")],
    "EMPLOYMENT_RELATIONS": [("12.0", "")],
    "FAMILY_COMPOSITION": [("0.0", "")],
    "HANDICAP": [
        ("16.0", "HANDICAP_SOURCE_DGPH"),
        ("40.0", "HANDICAP_SOURCE_VSB"),
        ("37.0", "HANDICAP_SOURCE_IRIS_CARE"),
        ("69.1", "HANDICAP_SOURCE_AVIQ"),
        ("45.0", "HANDICAP_SOURCE_DSL"),
    ],
    "HANDICAP_PAYMENTS": [
        ("16.0", "HANDICAP_SOURCE_DGPH"),
        ("40.0", "HANDICAP_SOURCE_VSB"),
        ("37.0", "HANDICAP_SOURCE_IRIS_CARE"),
        ("69.1", "HANDICAP_SOURCE_AVIQ"),
        ("45.0", "HANDICAP_SOURCE_DSL"),
    ],
    "LEGAL_PERSON_DATA": [("0.0", "")],
    "LIVING_WAGE": [("16.2", "")],
    "SECONDARY_REGISTRATION": [("40.0", "")],
    "SELF_EMPLOYED_CAREER": [("15.0", "")],
    "SOCIAL_STATUS": [("25.0", "")],
    "TAX_ASSESSMENT": [("50.1", "")],
    "WITHHOLDING_DUTY": [("12.0", "")],
}


def test_the_shipped_contracts_name_their_sources_and_give_each_800_ms_but_who_decides_on_rights():
    shipped = [
        contracts.read(yaml.safe_load(path.read_text())) for path in contracts.shipped_files()
    ]

    assert {
        one.name.code: [(str(each.place), each.source_code) for each in one.suppliers]
        for one in shipped
    } == SOURCES
    given = {
        one.name.code: each.deadline.total_seconds() for one in shipped for each in one.suppliers
    }
    assert given == dict.fromkeys(SOURCES, 0.8) | {"RIGHTS": 1.5}


@pytest.mark.parametrize("path", contracts.shipped_files(), ids=lambda path: path.stem)
def test_a_shipped_contract_brings_all_that_its_messages_need(path):
    contract = contracts.read(yaml.safe_load(path.read_text()))
    pool = descriptor_pool.DescriptorPool()

    for file in descriptor_pb2.FileDescriptorSet.FromString(contract.descriptor_set).file:
        pool.Add(file)

    for name in filter(None, (contract.criteria_type, contract.result_type)):
        assert message_factory.GetMessageClass(pool.FindMessageTypeByName(name))()
    if contract.source_field:
        criteria = pool.FindMessageTypeByName(contract.criteria_type)
        assert criteria.fields_by_name[contract.source_field].is_repeated


def test_the_sources_of_a_contract_are_those_that_its_criteria_can_name():
    names = set(handicap_pb2.HandicapSource.keys())

    assert {code for _, code in SOURCES["HANDICAP"]} < names


def changed_contract(**changed):
    plain = copy.deepcopy(SHIPPED["handicap"])
    for path, value in changed.items():
        if path.startswith("supplier_"):
            plain["suppliers"][0][path.removeprefix("supplier_")] = value
        else:
            plain[path] = value
    dates = {"valid_from": "2026-11-23", "reviewed_on": "2026-11-23"}
    return {"data_contract": plain, "sources": ["synthetic"], **dates}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"code": "handicap"}, "data_contract.code"),
        ({"version": 0}, "data_contract.version"),
        ({"criteria_type": "cbss.data.v1.Missing"}, "data_contract"),
        ({"result_type": "cbss.data.v1.Missing"}, "data_contract"),
        ({"source_field": "missing"}, "data_contract.source_field"),
        ({"integration_check": "SOMEHOW"}, "data_contract.integration_check"),
        ({"deceased_rule": "MAYBE"}, "data_contract.deceased_rule"),
        ({"replaced_rule": "MAYBE"}, "data_contract.replaced_rule"),
        ({"subject_kind": "THING"}, "data_contract.subject_kind"),
        ({"integration_check": "NONE"}, "data_contract.integration_check"),
        ({"minimum_phase": 100}, "data_contract.minimum_phase"),
        ({"suppliers": []}, "data_contract.suppliers"),
        (
            {"supplier_sector_institution": "16.999"},
            "data_contract.suppliers[0].sector_institution",
        ),
        (
            {"supplier_quality_codes": ["001", "902"]},
            "data_contract.suppliers[0].quality_codes",
        ),
        ({"supplier_quality_codes": ["040"]}, "data_contract.suppliers[0].quality_codes"),
        (
            {"supplier_source_code": "HANDICAP_SOURCE_UNSPECIFIED"},
            "data_contract.suppliers[0].source_code",
        ),
        (
            {"supplier_deadline_milliseconds": 0},
            "data_contract.suppliers[0].deadline_milliseconds",
        ),
    ],
)
def test_a_wrong_field_of_a_contract_is_named(changed, field):
    with pytest.raises(LoadRefused) as refused:
        contracts.read(changed_contract(**changed))

    assert fields(refused) == [field]


@pytest.mark.parametrize(
    ("place", "quality", "valid"),
    [
        (SectorInstitution(17, 1), 2, True),
        (SectorInstitution(17, 0), 40, True),
        (SectorInstitution(17, 1), 10, False),
        (SectorInstitution(40, 4), 2, False),
        (SectorInstitution(40, 4), 902, True),
        (None, 0, True),
        (None, 2, False),
    ],
)
def test_a_quality_is_one_of_the_sector_or_of_any(place, quality, valid):
    assert code_lists().has_quality(place, QualityCode(quality)) is valid


def test_a_field_is_found_on_its_line_and_a_missing_one_where_it_should_be(tmp_path):
    file = tmp_path / "file.yaml"
    file.write_text("# why\norganizations:\n- name: A\n- name: B\n  manages:\n  - C\n")

    found = read_yaml(file)

    asked = ["organizations", "organizations[1].manages[0]", "organizations[1].cbe_number", ""]
    assert [found.line(field) for field in asked] == [2, 6, 4, 2]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (b"", 1),
        (b"a: 1\nb: {\n", 3),
        (b"\xff", None),
        (b"a: 1\n---\nb: 1\n", 2),
        (b"a: {b: 1}\nc:\n- d: 1\n  d: 2\n", 4),
    ],
    ids=["empty", "unfinished", "no UTF-8", "two documents", "a key twice"],
)
def test_a_file_that_is_no_yaml_is_refused_with_its_line(tmp_path, text, line):
    file = tmp_path / "file.yaml"
    file.write_bytes(text)

    with pytest.raises(LoadRefused) as refused:
        read_yaml(file)

    assert [problem.line for problem in refused.value.problems] == [line]
