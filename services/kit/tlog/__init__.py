"""A verifiable log: a Merkle tree in tiles, signed checkpoints, proofs.

Formats are those of RFC 9162 (tree and proofs) and of C2SP (tlog-tiles, tlog-checkpoint,
signed-note, tlog-cosignature), so that existing verifiers read them. Nothing here knows what the
leaves say, so whoever keeps a log and whoever watches over one share it.
"""
