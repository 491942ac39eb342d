"""Which data contracts can be registered, given the version before."""

from dataclasses import replace

import pytest
from google.protobuf import descriptor_pb2

from services.concepts.code_lists import code_lists
from services.concepts.organization import SectorInstitution
from services.concepts.reference import IntegrationCheck, ReplacedRule
from services.concepts.subject import SubjectKind
from services.registry.rules import contracts
from tests.services.directory.examples import contract, supplier

FIELD = descriptor_pb2.FieldDescriptorProto
TYPES = {"text": FIELD.TYPE_STRING, "number": FIELD.TYPE_INT32}


def described(result, criteria=(), kinds=("KIND_UNSPECIFIED", "KIND_A"), renumber=0):
    """A descriptor set of `trial.Result` and `trial.Criteria`; a field is (name, number, type)."""
    files = descriptor_pb2.FileDescriptorSet()
    file = files.file.add(name="trial.proto", package="trial", syntax="proto3")
    kind = file.enum_type.add(name="Kind")
    for number, name in enumerate(kinds):
        kind.value.add(name=name, number=number + (renumber if number else 0))
    for message, fields in (("Result", result), ("Criteria", criteria)):
        made = file.message_type.add(name=message)
        for name, number, of in fields:
            _add(made, name, number, of)
    return files.SerializeToString()


def _add(message, name, number, of):
    plain = of.removeprefix("many ")
    label = FIELD.LABEL_REPEATED if of != plain else FIELD.LABEL_OPTIONAL
    if plain in TYPES:
        message.field.add(name=name, number=number, type=TYPES[plain], label=label)
        return
    kind = FIELD.TYPE_ENUM if plain == "Kind" else FIELD.TYPE_MESSAGE
    message.field.add(name=name, number=number, type=kind, type_name=f".trial.{plain}", label=label)


RESULT = (("name", 1, "text"), ("kind", 2, "Kind"), ("inner", 3, "many Result"))
CRITERIA = (("kinds", 1, "many Kind"), ("text", 2, "text"))


def trial(result=RESULT, criteria=CRITERIA, **changed):
    shape = {name: changed.pop(name) for name in ("kinds", "renumber") if name in changed}
    fields = {
        "criteria_type": "trial.Criteria",
        "result_type": "trial.Result",
        "descriptor_set": described(result, criteria, **shape),
        "suppliers": (supplier(SectorInstitution(16, 0), 1, 2),),
    }
    return contract(**fields | changed)


def wrong(candidate, previous=None):
    return [one.field for one in contracts.problems(candidate, previous, code_lists())]


def test_a_contract_that_holds_together_can_be_registered():
    candidate = trial(
        source_field="kinds",
        suppliers=(supplier(SectorInstitution(16, 0), 1, source_code="KIND_A"),),
        required_fields=("name", "inner.inner.kind"),
    )

    assert wrong(candidate) == []


SENSELESS = [
    ({"descriptor_set": b""}, "descriptor_set"),
    ({"descriptor_set": b"\xff"}, "descriptor_set"),
    ({"descriptor_set": b"\n" * (contracts.LARGEST + 1)}, "descriptor_set"),
    ({"result_type": "trial.Missing"}, "result_type"),
    ({"criteria_type": "trial.Missing"}, "criteria_type"),
    ({"source_field": "text"}, "source_field"),
    ({"required_fields": ("name", "inner.missing")}, "required_fields[1]"),
    ({"required_fields": ("name.more",)}, "required_fields[0]"),
    ({"suppliers": ()}, "suppliers"),
    (
        {"suppliers": (supplier(SectorInstitution(999, 0), 0),)},
        "suppliers[0].sector_institution",
    ),
    ({"suppliers": (supplier(SectorInstitution(16, 0), 40),)}, "suppliers[0].quality_codes"),
    ({"suppliers": (supplier(SectorInstitution(16, 0), 902),)}, "suppliers[0].quality_codes"),
    (
        {"suppliers": (supplier(SectorInstitution(16, 0), 1, source_code="KIND_A"),)},
        "suppliers[0].source_code",
    ),
    (
        {
            "source_field": "kinds",
            "suppliers": (supplier(SectorInstitution(16, 0), 1, source_code="KIND_B"),),
        },
        "suppliers[0].source_code",
    ),
]


ENTERPRISES = {
    "subject_kind": SubjectKind.ENTERPRISE,
    "integration_check": IntegrationCheck.NONE,
    "suppliers": (replace(supplier(SectorInstitution(16, 0)), quality_codes=frozenset()),),
}
SENSELESS += [
    ({"integration_check": IntegrationCheck.NONE}, "integration_check"),
    (ENTERPRISES | {"integration_check": IntegrationCheck.OVERLAP}, "integration_check"),
    (ENTERPRISES | {"minimum_phase": 1}, "minimum_phase"),
    (ENTERPRISES | {"identity_data": True}, "identity_data"),
    (ENTERPRISES | {"household_fields": ("name",)}, "household_fields"),
    (ENTERPRISES | {"replaced_rule": ReplacedRule.CONTINUE}, "replaced_rule"),
    (
        ENTERPRISES | {"suppliers": (supplier(SectorInstitution(16, 0), 1),)},
        "suppliers[0].quality_codes",
    ),
    (
        ENTERPRISES
        | {"suppliers": (replace(supplier(SectorInstitution(999, 0)), quality_codes=frozenset()),)},
        "suppliers[0].sector_institution",
    ),
]


@pytest.mark.parametrize("kind", [SubjectKind.ENTERPRISE, SubjectKind.ESTABLISHMENT])
def test_a_contract_about_enterprises_rests_on_no_dossier(kind):
    assert wrong(trial(**ENTERPRISES | {"subject_kind": kind})) == []


@pytest.mark.parametrize(("changed", "field"), SENSELESS)
def test_what_does_not_hold_together_is_named(changed, field):
    assert field in wrong(trial(**changed))


def test_a_file_that_imports_what_is_not_there_is_refused():
    files = descriptor_pb2.FileDescriptorSet.FromString(described(RESULT))
    files.file[0].dependency.append("elsewhere.proto")

    assert wrong(trial(descriptor_set=files.SerializeToString())) == ["descriptor_set"]


@pytest.mark.parametrize(
    "changed",
    [
        {"result": (*RESULT, ("more", 4, "text"))},
        {"kinds": ("KIND_UNSPECIFIED", "KIND_A", "KIND_B")},
        {"criteria": (*CRITERIA, ("more", 9, "number"))},
        {"suppliers": (supplier(SectorInstitution(69, 1), 0),)},
    ],
    ids=["a field", "an enum value", "a criterion", "another supplier"],
)
def test_a_version_may_add(changed):
    assert wrong(trial(**changed), trial()) == []


BREAKING = [
    ({"result": RESULT[:2]}, "result.inner"),
    ({"result": (("title", 1, "text"), *RESULT[1:])}, "result.name"),
    ({"result": (("name", 4, "text"), *RESULT[1:])}, "result.name"),
    ({"result": (("name", 1, "number"), *RESULT[1:])}, "result.name"),
    ({"result": (("name", 1, "many text"), *RESULT[1:])}, "result.name"),
    ({"criteria": CRITERIA[:1]}, "criteria.text"),
    ({"criteria_type": ""}, "criteria_type"),
    ({"kinds": ("KIND_UNSPECIFIED", "KIND_B")}, "result.kind"),
    ({"renumber": 1}, "criteria.kinds"),
]


@pytest.mark.parametrize(("changed", "field"), BREAKING)
def test_a_version_takes_nothing_away(changed, field):
    assert field in wrong(trial(**changed), trial())


def test_every_reason_is_told():
    found = wrong(trial(result=(), criteria=()), trial())

    assert found == [
        "criteria.kinds",
        "criteria.text",
        "result.name",
        "result.kind",
        "result.inner",
    ]
