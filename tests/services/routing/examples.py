"""A small country for the rules of routing: two organizations, two sources, one contract."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from services.concepts.data_contract import ContractName
from services.concepts.decision import Deliberation
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.head import Head
from services.concepts.legal_context import LegalContext
from services.concepts.organization import SectorInstitution
from services.concepts.party import Certificate
from services.concepts.period import Period
from services.concepts.resolved_ssin import ResolvedSsin, SsinState
from services.concepts.ssin import Ssin
from services.routing.model import (
    Catalogue,
    ContractSource,
    DataContract,
    Exchange,
    OnboardedOrganization,
    Plan,
    Question,
)
from services.routing.model.endpoints import Endpoint
from services.routing.model.findings import Granted, Known, Located
from services.routing.rules.filtering import types_of

CENTRE = EnterpriseNumber(207_401_539)
MANAGER = EnterpriseNumber(207_401_638)
FIRST = EnterpriseNumber(308_000_041)
SECOND = EnterpriseNumber(308_000_140)
KEY = "ab" * 32
DAY = date(2026, 11, 23)
PERSON = Ssin(57631410249)
SUCCESSOR = Ssin(71713000318)
NAME = ContractName("EXAMPLE", 1)


def _messages() -> dict[str, type]:
    file = descriptor_pb2.FileDescriptorProto(name="example.proto", package="example.v1")
    file.syntax = "proto3"
    field = descriptor_pb2.FieldDescriptorProto
    enum = file.enum_type.add(name="Source")
    for number, name in enumerate(("SOURCE_UNSPECIFIED", "SOURCE_FIRST", "SOURCE_SECOND")):
        enum.value.add(name=name, number=number)

    def message(name: str, /, **fields: tuple[int, str, bool]) -> None:
        described = file.message_type.add(name=name)
        for number, (label, (kind, type_name, repeated)) in enumerate(fields.items(), 1):
            described.field.add(
                name=label,
                number=number,
                type=kind,
                type_name=type_name or None,
                label=field.LABEL_REPEATED if repeated else field.LABEL_OPTIONAL,
            )

    text = (field.TYPE_STRING, "", False)
    message("Criteria", sources=(field.TYPE_ENUM, ".example.v1.Source", True))
    message("Item", kept=text, secret=text)
    message("Group", name=text, items=(field.TYPE_MESSAGE, ".example.v1.Item", True))
    message("Result", plain=text, group=(field.TYPE_MESSAGE, ".example.v1.Group", False))
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return {
        f"example.v1.{name}": message_factory.GetMessageClass(
            pool.FindMessageTypeByName(f"example.v1.{name}")
        )
        for name in ("Criteria", "Result")
    }


MESSAGES = _messages()
Criteria, Result = MESSAGES["example.v1.Criteria"], MESSAGES["example.v1.Result"]


def organization(number, place, **known):
    return OnboardedOrganization(
        number,
        place,
        public_keys=frozenset({KEY}),
        managed=known.get("managed", frozenset()),
        endpoint=known.get("endpoint"),
    )


centre = organization(CENTRE, SectorInstitution(17, 1))
manager = organization(MANAGER, SectorInstitution(17, 0), managed=frozenset({CENTRE}))
first = ContractSource(
    organization(FIRST, SectorInstitution(16, 0), endpoint=Endpoint("a:1", "first", False)),
    "SOURCE_FIRST",
    timedelta(milliseconds=800),
)
second = ContractSource(
    organization(SECOND, SectorInstitution(37, 0), endpoint=Endpoint("b:1", "second", False)),
    "SOURCE_SECOND",
    timedelta(milliseconds=800),
)
contract = DataContract(
    NAME,
    "example.v1.Criteria",
    "example.v1.Result",
    types_of(MESSAGES),
    (first, second),
    "sources",
    False,
)
catalogue = Catalogue(
    {known.cbe_number: known for known in (centre, manager, first.supplier, second.supplier)},
    {NAME: contract},
)
certificate = Certificate(CENTRE, KEY, "cd" * 32)
question = Question(
    Head("t-1", CENTRE, LegalContext("PCSW:EXAMPLE")), NAME, PERSON, Period(DAY, DAY), None
)
granted = Granted(
    Deliberation("IVC/KSZG/99/002", 1),
    "v1",
    ("plain", "group.items.kept"),
    frozenset({"002"}),
    frozenset({SectorInstitution(16, 0), SectorInstitution(37, 0)}),
    0,
)
known = Known(
    ResolvedSsin(SsinState.ACTIVE), Located(frozenset({"002"}), frozenset({FIRST, SECOND}))
)
plan = Plan(contract, granted, (first, second), ())
exchange = Exchange(
    UUID(int=1),
    datetime(2026, 11, 23, 12, tzinfo=UTC),
    DAY,
    certificate,
    question,
    "cbss.routing.v1.RoutingService/Consult",
    UUID(int=2),
)


def asking(**changes):
    """The exchange with another question."""
    return replace(exchange, question=replace(question, **changes))
