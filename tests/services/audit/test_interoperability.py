"""What the log shows is read and verified by an implementation that shares nothing with ours."""

import asyncio
import shutil
import subprocess

import pytest

from services.audit.log.sequencer.witnessing import HttpWitness
from services.kit.tlog.hashes import leaf_hash
from services.kit.tlog.notes import COSIGNATURE, Signer
from services.kit.tlog.proofs import inclusion
from services.witness.listening import listening
from services.witness.memory import Memory
from services.witness.usecases import Witness
from tests.architecture.project import ROOT

PROVED = (0, 1, 255, 256, 299, 699)


@pytest.fixture(scope="session")
def go_reader(tmp_path_factory):
    """The reader in Go, built; skips where Go or its module is not to be had."""
    if shutil.which("go") is None:
        pytest.skip("go is not installed")
    binary = tmp_path_factory.mktemp("go") / "tlog"
    built = subprocess.run(
        ["go", "build", "-o", str(binary), "."],
        cwd=ROOT / "tests/support/tlog",
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if built.returncode != 0:
        pytest.skip(f"the reader in Go cannot be built here: {built.stderr[-200:]}")
    return binary


@pytest.fixture
async def witnessed(running, tmp_path):
    """A log of some hundred records in two steps, cosigned."""
    signer = Signer.of("witness.test", COSIGNATURE, b"w" * 32)
    memory = Memory(tmp_path / "witness")
    logs = {running.signer.verifier.name: running.signer.verifier}
    witness = Witness(signer, logs, memory, lambda: 1_790_000_000.0)
    with memory.held():
        async with listening(
            "127.0.0.1:0", witness.add_checkpoint, witness.last_checkpoint
        ) as port:
            address = f"127.0.0.1:{port}"
            cosigner = HttpWitness(address, signer.verifier, running.tiles)
            for count in (300, 400):
                await running.record(count)
                await running.grow(cosigner)
    running.witness_key = signer.verifier
    return running


def read(binary, running, leaves, proofs):
    return subprocess.run(
        [
            str(binary),
            str(running.folder),
            str(running.signer.verifier),
            str(running.witness_key),
            str(proofs),
        ],
        input="\n".join(leaf_hash(one).hex() for one in leaves),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


async def test_go_reads_the_log_and_agrees_with_every_leaf_and_proof(
    go_reader, witnessed, tmp_path
):
    leaves = await witnessed.leaves()
    proofs = tmp_path / "proofs"
    lines = []
    for index in PROVED:
        proof = inclusion(index, 700, witnessed.tiles.subtree)
        lines.append(" ".join([str(index), *(one.hex() for one in proof)]))
    proofs.write_text("\n".join(lines))

    done = await asyncio.to_thread(read, go_reader, witnessed, leaves, proofs)

    assert done.stdout == f"700 leaves, {len(PROVED)} proofs\n"


async def test_go_sees_a_leaf_that_is_another(go_reader, witnessed, tmp_path):
    leaves = await witnessed.leaves()
    leaves[299] = b"another"
    (tmp_path / "proofs").write_text("0")

    done = await asyncio.to_thread(read, go_reader, witnessed, leaves, tmp_path / "proofs")

    assert (done.returncode, done.stdout) == (1, "another leaf at 299\n")
