"""A witness of the trail, asked without a network."""

from base64 import b64encode

from services.kit.tlog.notes import COSIGNATURE, Signer
from services.kit.tlog.proofs import consistency
from services.witness.memory import Memory
from services.witness.usecases import Witness


class NearWitness:
    """Cosigns what the log of a folder grows to, and keeps it in another."""

    def __init__(self, tiles, log, folder):
        folder.mkdir()
        self.tiles = tiles
        self.signer = Signer.of("witness.example", COSIGNATURE, b"w" * 32)
        self.memory = Memory(folder)
        self.path = self.memory.path(log.name)
        self.witness = Witness(self.signer, {log.name: log}, self.memory, lambda: 1_700_000_000)

    async def cosign(self, checkpoint, signed):
        seen = self.memory.last(checkpoint.origin)
        old = seen.size if seen else 0
        proof = consistency(old, checkpoint.size, self.tiles.subtree)
        lines = "".join(f"{b64encode(one).decode()}\n" for one in proof)
        answer = self.witness.add_checkpoint(f"old {old}\n{lines}\n{signed}")
        assert answer.status == 200
        return answer.body
