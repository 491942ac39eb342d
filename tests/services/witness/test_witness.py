"""The witness over HTTP: what it cosigns, what it refuses and with which status (C2SP)."""

import asyncio
from base64 import b64encode

import pytest

from services.audit.log.verification.signatures import told_by
from services.kit.tlog.checkpoints import Checkpoint
from services.kit.tlog.hashes import EMPTY_ROOT, leaf_hash, root_of
from services.kit.tlog.notes import COSIGNATURE, SIGNATURE, Note, Signer
from services.kit.tlog.proofs import consistency
from services.witness.listening import listening
from services.witness.memory import Memory, StateTaken
from services.witness.usecases import Witness

LEAVES = [leaf_hash(bytes([n])) for n in range(100)]
OTHERS = [*LEAVES[:3], *(leaf_hash(b"other" + bytes([n])) for n in range(97))]
LOG = Signer.of("log.example", SIGNATURE, b"l" * 32)
STRANGER = Signer.of("log.example", SIGNATURE, b"x" * 32)
NOW = 1_700_000_000


def signed(leaves, size, signer=LOG):
    root = root_of(leaves[:size]) if size else EMPTY_ROOT
    text = Checkpoint(signer.verifier.name, size, root).text
    return f"{text}\n{signer.sign(text)}"


def proof(leaves, old, new):
    return consistency(old, new, lambda begin, end: root_of(leaves[begin:end]))


def submission(old, new, *, leaves=LEAVES, signer=LOG, hashes=None):
    hashes = proof(leaves, old, new) if hashes is None else hashes
    lines = "".join(f"{b64encode(one).decode()}\n" for one in hashes)
    return f"old {old}\n{lines}\n{signed(leaves, new, signer)}"


class Running:
    """The witness on a port; `ask` gives status, kind and body."""

    def __init__(self, folder):
        self.folder = folder
        self.memory = Memory(folder)
        self.signer = Signer.of("witness.example", COSIGNATURE, b"w" * 32)
        logs = {"log.example": LOG.verifier}
        self.witness = Witness(self.signer, logs, self.memory, lambda: NOW)
        self.port = None

    async def ask(self, body, first="POST /add-checkpoint HTTP/1.1", length=None):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        told = len(body.encode()) if length is None else length
        writer.write(f"{first}\r\nContent-Length: {told}\r\n\r\n{body}".encode())
        answer = await reader.read()
        writer.close()
        head, _, content = answer.partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        kind = next(line for line in lines if line.startswith("Content-Type"))
        return int(lines[0].split()[1]), kind.partition(": ")[2], content.decode()


@pytest.fixture
async def running(tmp_path):
    made = Running(tmp_path / "witness")
    with made.memory.held():
        async with listening(
            "127.0.0.1:0", made.witness.add_checkpoint, made.witness.last_checkpoint
        ) as port:
            made.port = port
            yield made


async def test_cosigns_a_log_from_its_beginning_on_and_remembers(running):
    for old, new in ((0, 3), (3, 3), (3, 64), (64, 99)):
        status, _, body = await running.ask(submission(old, new))

        assert status == 200
        note = Note.parse(signed(LEAVES, new) + body)
        assert note.signature_of(running.signer.verifier).time == NOW
    assert Memory(running.folder).last("log.example").size == 99


async def test_tells_who_does_not_know_what_it_saw_last(running):
    await running.ask(submission(0, 7))

    assert await running.ask(submission(0, 9)) == (409, "text/x.tlog.size", "7\n")


FORKS = [
    ("another root of the same size", submission(7, 7, leaves=OTHERS), 409),
    ("a proof of another history", submission(7, 20, leaves=OTHERS), 422),
    ("an honest proof for a forged root", submission(7, 20, leaves=OTHERS, hashes=[]), 422),
    ("an older size", submission(0, 5), 409),
]


@pytest.mark.parametrize(("what", "body", "status"), FORKS, ids=[fork[0] for fork in FORKS])
async def test_refuses_a_fork_and_keeps_the_evidence(running, what, body, status):
    await running.ask(submission(0, 7))

    assert (await running.ask(body))[0] == status

    [kept] = (running.folder / "refused").iterdir()
    assert kept.read_text() == body
    assert running.memory.last("log.example").root == root_of(LEAVES[:7])


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 400),
        ("old 0\n", 400),
        ("old x\n\n" + signed(LEAVES, 3), 400),
        ("old 00\n\n" + signed(LEAVES, 3), 400),
        ("old 0\n!\n\n" + signed(LEAVES, 3), 400),
        ("old 0\nAAAA\n\n" + signed(LEAVES, 3), 400),
        ("old 0\n" + "A" * 43 + "=\n" + "\n" + signed(LEAVES, 3), 422),
        ("old 9\n\n" + signed(LEAVES, 3), 400),
        (submission(0, 3, signer=STRANGER), 403),
        (submission(0, 3, signer=Signer.of("other.example", SIGNATURE, b"o" * 32)), 404),
    ],
)
async def test_refuses_what_it_cannot_vouch_for(running, body, status):
    assert (await running.ask(body))[0] == status
    assert running.memory.last("log.example") is None


@pytest.mark.parametrize(
    ("first", "length", "status"),
    [
        ("GET /add-checkpoint HTTP/1.1", None, 405),
        ("POST / HTTP/1.1", None, 404),
        ("POST /add-checkpoint HTTP/1.1", "x", 411),
        ("POST /add-checkpoint HTTP/1.1", 10_000_000, 413),
    ],
)
async def test_answers_nothing_else(running, first, length, status):
    assert (await running.ask("x", first, length))[0] == status


async def test_after_a_restart_it_knows_what_it_cosigned(running, tmp_path):
    await running.ask(submission(0, 7))

    again = Witness(running.signer, running.witness.logs, Memory(running.folder), lambda: NOW)

    assert again.add_checkpoint(submission(0, 8)).status == 409
    assert again.add_checkpoint(submission(7, 8)).status == 200


async def test_two_do_not_share_a_memory(running):
    with pytest.raises(StateTaken), Memory(running.folder).held():
        pass


async def test_says_what_it_cosigned_last_as_it_was_signed_by_both(running):
    await running.ask(submission(0, 3))
    await running.ask(submission(3, 64))

    status, _, body = await running.ask("", first="GET /checkpoint/log.example HTTP/1.1")

    note = Note.parse(body)
    note.signature_of(LOG.verifier)
    assert note.signature_of(running.signer.verifier).time == NOW
    assert (status, Checkpoint.parse(note.text).size) == (200, 64)


@pytest.mark.parametrize(
    ("first", "status"),
    [
        ("GET /checkpoint/log.example HTTP/1.1", 404),
        ("GET /checkpoint/another HTTP/1.1", 404),
        ("GET /checkpoint/..%2F..%2Fetc%2Fpasswd HTTP/1.1", 404),
        ("POST /checkpoint/log.example HTTP/1.1", 405),
    ],
)
async def test_says_nothing_of_a_log_that_it_did_not_cosign(running, first, status):
    assert (await running.ask("", first=first))[0] == status


async def test_what_it_says_is_read_over_http(running):
    await running.ask(submission(0, 3))

    told = await asyncio.to_thread(told_by, f"127.0.0.1:{running.port}", "log.example")

    assert told == running.memory.note("log.example")
    assert await asyncio.to_thread(told_by, f"127.0.0.1:{running.port}", "another") is None
