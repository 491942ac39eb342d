"""No text of a public request, whatever it holds, is answered with a fault of ours."""

import copy
from collections.abc import Iterator

import grpc
import pytest
from cbss.data.v1 import legal_person_data_pb2 as data_pb
from cbss.identification.v1 import bis_pb2, enterprise_pb2, search_pb2
from cbss.identification.v1 import identification_service_pb2_grpc as rpc
from google.protobuf.message import Message

from services.kit.errors import PeerFailed
from tests.services.identification.doors import head, listening, opened
from tests.services.identification.test_public import (
    by_sound,
    creation,
    described,
    home,
    made,
    proof,
    search,
)

MARC = "71713000318"
WHERE = search_pb2.AddressCriteria(
    country_code="150", postal_code="9000", street_name="Kerkstraat", house_number="1", box="2"
)


def whole():
    """A person of whom everything is told that a creation may tell."""
    person = described(main_address=home())
    person.birth.act_number = "12"
    person.birth.place.municipality_code = "44021"
    person.birth.place.names.add(language="LANGUAGE_NL", text="Gent")
    person.civil_state.CopyFrom(data_pb.CivilState(code="10"))
    person.nationalities.add(country_code="150")
    person.contact_address.type = "1"
    person.contact_address.address.CopyFrom(person.main_address.address)
    person.main_address.address.box = "3"
    return person


ENTERPRISE = enterprise_pb2.Enterprise(
    cbe_number="0899990150",
    name="Bakkerij",
    status="AC",
    juridical_form="015",
    postal_code="9000",
)
REQUESTS = [
    ("SearchPersons", search(address=WHERE)),
    ("SearchPersons", search(by_sound("Peeters", "Jan", middle_name="Piet"))),
    ("VerifyPerson", search_pb2.VerifyPersonRequest(**head(), proof=proof(MARC, first_name="A"))),
    ("CreateBisPerson", creation(whole(), "token")),
    ("CreateBisPerson", creation(whole())),
    (
        "UpdatePerson",
        bis_pb2.UpdatePersonRequest(
            **head(), ssin=MARC, person=whole(), proof_level="PROOF_LEVEL_DECLARED"
        ),
    ),
    ("ReplaceSsin", bis_pb2.ReplaceSsinRequest(**head(), ssin=MARC, replaced_by=MARC)),
    (
        "RegisterEnterprise",
        enterprise_pb2.RegisterEnterpriseRequest(**head(), enterprise=ENTERPRISE),
    ),
]


def damaged(message: Message, root: Message) -> Iterator[Message]:
    """Copies of the root, in each of which one text of the message ends with NUL."""
    for field, value in message.ListFields():
        parts = list(value) if field.is_repeated else [value]
        for at, one in enumerate(parts):
            if isinstance(one, Message):
                yield from damaged(one, root)
            elif isinstance(one, str):
                if field.is_repeated:
                    value[at] = f"{one}\0"
                    yield copy.deepcopy(root)
                    value[at] = one
                else:
                    setattr(message, field.name, f"{one}\0")
                    yield copy.deepcopy(root)
                    setattr(message, field.name, one)


@pytest.mark.parametrize(("name", "request_"), REQUESTS, ids=lambda one: str(one)[:15])
async def test_a_text_with_nul_is_refused_or_ignored(postgres, tmp_path, authority, name, request_):
    async with (
        opened(postgres) as parts,
        listening(parts, tmp_path, authority) as running,
    ):
        gateway = rpc.IdentificationServiceStub(await running.channel("gateway"))
        await made(gateway, described("Janssens"))
        every = list(damaged(request_, request_))
        assert len(every) > 4
        for one in every:
            try:
                answer = await getattr(gateway, name)(one)
            except PeerFailed as refused:
                assert refused.facts["code"] == grpc.StatusCode.INVALID_ARGUMENT.name
            else:
                assert answer.status.code in ("MSG00008", "MSG00005", "MSG00100", "MSG00000")
