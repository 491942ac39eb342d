"""What a browser needs to check by itself that uses of data stand in the signed log."""

from base64 import b64encode
from collections.abc import Sequence

from cbss.audit.v1 import audit_service_pb2 as audit_pb


def proofs(uses: Sequence[audit_pb.Consultation], key: str) -> dict[str, object]:
    """The proofs of uses, by their records; a checkpoint that many lead to stands once."""
    checkpoints: list[str] = []
    told = []
    for use in uses:
        if not use.HasField("proof"):
            continue
        proof = use.proof
        if proof.checkpoint not in checkpoints:
            checkpoints.append(proof.checkpoint)
        told.append(
            {
                "record": use.record_id,
                "index": proof.log_index,
                "leaf": b64encode(proof.leaf).decode(),
                "hashes": [b64encode(one).decode() for one in proof.hashes],
                "checkpoint": checkpoints.index(proof.checkpoint),
            }
        )
    return {"key": key, "checkpoints": checkpoints, "proofs": told}
