"""What became of a number, and whose it is: `cbss.identification.v1`."""

from collections.abc import Sequence

from cbss.common.v1 import information_pb2
from cbss.identification.v1 import identification_service_pb2 as identification_pb
from cbss.identification.v1 import identification_service_pb2_grpc as identification_rpc
from cbss.identification.v1 import search_pb2

from services.admission.model import Call
from services.admission.wire import encode_information_cbss
from services.concepts.resolved_ssin import ResolvedSsin
from services.concepts.ssin import Ssin, parse_ssin
from services.concepts.status import Status, status
from services.directory.model import CheckedProof, Proof, ProofVerdict, Replacement
from services.kit.coalesce import Coalescer
from services.wire import ssins, values

_Check = tuple[search_pb2.IdentityProof, search_pb2.Inquiry]


class PeerIdentification:
    """Asks identification, many numbers in one call."""

    def __init__(self, stub: identification_rpc.IdentificationServiceStub) -> None:
        self._stub = stub
        self._resolve: Coalescer[Ssin, ResolvedSsin] = Coalescer(self._resolve_all)
        self._verify: Coalescer[_Check, CheckedProof] = Coalescer(self._verify_all)

    async def resolve(self, person: Ssin) -> ResolvedSsin:
        """What became of a number."""
        return await self._resolve(person)

    async def verify(self, call: Call, person: Ssin, proof: Proof) -> CheckedProof:
        """Whether a proof of identity belongs to a number, for a call that is on the trail."""
        shown = search_pb2.IdentityProof(
            ssin=person.digits,
            card_number=proof.card_number,
            last_name=proof.last_name,
            first_name=proof.first_name,
            birth_date=proof.birth_date and values.encode_day(proof.birth_date),
        )
        return await self._verify((shown, _inquiry(call)))

    async def _verify_all(self, checks: Sequence[_Check]) -> list[CheckedProof]:
        proofs, inquiries = zip(*checks, strict=True)
        request = search_pb2.CheckIdentitiesRequest(proofs=proofs, inquiries=inquiries)
        response = await self._stub.CheckIdentities(request)
        return [CheckedProof(_verdict(one), _answer(one)) for one in response.results]

    async def replacements_after(self, sequence: int) -> list[Replacement]:
        """The next replacements of numbers, in order; none when all have been read."""
        response = await self._stub.ListReplacements(
            identification_pb.ListReplacementsRequest(after_sequence=sequence)
        )
        return [
            Replacement(
                one.sequence,
                parse_ssin(one.ssin),
                parse_ssin(one.replaced_by),
                values.decode_instant(one.occurred_at, "occurred_at"),
            )
            for one in response.replacements
        ]

    async def _resolve_all(self, asked: Sequence[Ssin]) -> list[ResolvedSsin]:
        return ssins.decode_resolved(
            await self._stub.ResolveSsins(ssins.encode_resolve_ssins_request(asked))
        )


def _inquiry(call: Call) -> search_pb2.Inquiry:
    head = call.head
    assert head is not None
    return search_pb2.Inquiry(
        # Who asks at the customer is for the trail alone.
        information_customer=information_pb2.InformationCustomer(
            ticket=head.ticket,
            customer_identification=values.encode_organization(head.customer),
        ),
        information_cbss=encode_information_cbss(call, None),
        legal_context=head.legal_context,
    )


def _answer(checked: search_pb2.CheckedIdentity) -> Status | None:
    told = checked.national_register
    if not checked.HasField("national_register"):
        return None
    return status(told.code, *((one.field_name, one.field_value) for one in told.information))


def _verdict(checked: search_pb2.CheckedIdentity) -> ProofVerdict:
    if checked.verified:
        return ProofVerdict.AGREES
    # There is nothing to compare with.
    if list(checked.differing_fields) == ["ssin"]:
        return ProofVerdict.UNVERIFIABLE
    return ProofVerdict.DIFFERS
