"""Questions for proofs, and proofs."""

from collections.abc import Sequence

from cbss.audit.v1 import audit_service_pb2 as pb

from services.audit.trail.model import Inclusion, Question, Signed
from services.audit.trail.wire.inquiries import Reader
from services.audit.trail.wire.records import decode_identification


def decode_question(request: pb.GetInclusionProofRequest, reader: Reader) -> Question:
    """Which record is to be proved, with the record of its being asked."""
    record_id = decode_identification(request.record_id, "record_id")
    return Question(record_id, reader.read(request.reason, None, None))


def encode_get_checkpoint_response(signed: Signed) -> pb.GetCheckpointResponse:
    """What the log vouches for."""
    return pb.GetCheckpointResponse(checkpoint=signed.note)


def encode_get_inclusion_proof_response(proof: Inclusion) -> pb.GetInclusionProofResponse:
    """The proof that a record is in the log."""
    return pb.GetInclusionProofResponse(
        log_index=proof.index,
        leaf=proof.leaf,
        hashes=proof.hashes,
        checkpoint=proof.signed.note,
    )


def encode_get_consistency_proof_response(
    hashes: Sequence[bytes],
) -> pb.GetConsistencyProofResponse:
    """The proof that the log only grew."""
    return pb.GetConsistencyProofResponse(hashes=hashes)
