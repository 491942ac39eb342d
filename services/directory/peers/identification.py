"""What became of a number, and whose it is: `cbss.identification.v1`."""

from collections.abc import Sequence

from cbss.identification.v1 import identification_service_pb2 as identification_pb
from cbss.identification.v1 import identification_service_pb2_grpc as identification_rpc
from cbss.identification.v1 import search_pb2

from services.concepts.resolved_ssin import ResolvedSsin
from services.concepts.ssin import Ssin, parse_ssin
from services.directory.model import Proof, ProofVerdict, Replacement
from services.kit.coalesce import Coalescer
from services.wire import ssins, values


class PeerIdentification:
    """Asks identification, many numbers in one call."""

    def __init__(self, stub: identification_rpc.IdentificationServiceStub) -> None:
        self._stub = stub
        self._resolve: Coalescer[Ssin, ResolvedSsin] = Coalescer(self._resolve_all)
        self._verify: Coalescer[search_pb2.IdentityProof, ProofVerdict] = Coalescer(
            self._verify_all
        )

    async def resolve(self, person: Ssin) -> ResolvedSsin:
        """What became of a number."""
        return await self._resolve(person)

    async def verify(self, person: Ssin, proof: Proof) -> ProofVerdict:
        """Whether a proof of identity belongs to a number."""
        return await self._verify(
            search_pb2.IdentityProof(
                ssin=person.digits,
                card_number=proof.card_number,
                last_name=proof.last_name,
                first_name=proof.first_name,
                birth_date=proof.birth_date and values.encode_day(proof.birth_date),
            )
        )

    async def _verify_all(self, proofs: Sequence[search_pb2.IdentityProof]) -> list[ProofVerdict]:
        request = search_pb2.CheckIdentitiesRequest(proofs=proofs)
        response = await self._stub.CheckIdentities(request)
        return [_verdict(checked) for checked in response.results]

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


def _verdict(checked: search_pb2.CheckedIdentity) -> ProofVerdict:
    if checked.verified:
        return ProofVerdict.AGREES
    # The register has nobody's name for the number: there is nothing to compare with.
    if list(checked.differing_fields) == ["ssin"]:
        return ProofVerdict.UNVERIFIABLE
    return ProofVerdict.DIFFERS
