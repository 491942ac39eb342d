"""The head of every public request: on whose certificate it came, who asks, for which purpose."""

from datetime import datetime
from uuid import UUID

from cbss.common.v1 import information_pb2

from services.concepts.enterprise_number import parse_organization_identifier
from services.concepts.head import Head
from services.concepts.legal_context import LegalContext, parse_legal_context
from services.concepts.organization import SectorInstitution
from services.concepts.party import NO_CERTIFICATE, Certificate
from services.concepts.user_id import parse_user_id
from services.kit.caller import Caller
from services.wire import values

LONGEST_TICKET = 36


def decode_head(told: information_pb2.InformationCustomer, legal_context: str | None) -> Head:
    """What a request says of its customer; without a legal context where none is asked."""
    path = "information_customer"
    return Head(
        values.decode_text(told.ticket, f"{path}.ticket", LONGEST_TICKET, shortest=1),
        values.decode_organization(told.customer_identification, f"{path}.customer_identification"),
        LegalContext("") if legal_context is None else parse_legal_context(legal_context),
        parse_user_id(told.user_id, field=f"{path}.user_id"),
    )


def decode_certificate(caller: Caller) -> Certificate:
    """The client certificate that the gateway verified; an empty one if it sent none, or if a
    person calls who signed in."""
    client = caller.client
    if client is None or caller.holder is not None:
        return NO_CERTIFICATE
    identifier = client.organization_identifier
    return Certificate(
        None if identifier is None else parse_organization_identifier(identifier),
        client.public_key_sha256,
        client.certificate_sha256,
    )


def encode_information_supplier(
    supplier: SectorInstitution, ticket: UUID, received_at: datetime, replied_at: datetime
) -> information_pb2.InformationSupplier:
    """What a source says of itself with an answer: who it is, its ticket and its times."""
    told = information_pb2.InformationSupplier(
        ticket=str(ticket), supplier_identification=values.encode_organization(supplier)
    )
    told.received_at.FromDatetime(received_at)
    told.replied_at.FromDatetime(replied_at)
    return told
