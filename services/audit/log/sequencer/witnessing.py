"""A witness, asked over HTTP (C2SP tlog-witness) to cosign what the log grew to."""

import asyncio
from base64 import b64encode

import structlog

from services.audit.errors import LogForked, LogRewound
from services.kit.tlog.checkpoints import Checkpoint
from services.kit.tlog.notes import NoteInvalid, Verifier, signature_in
from services.kit.tlog.proofs import consistency
from services.kit.tlog.tiles import Tiles

log = structlog.get_logger()

PATIENCE = 1.0
"""Seconds that the witness may take: the log does not wait longer for it."""
LARGEST = 16 * 1024
_OK, _CONFLICT, _UNPROVED = 200, 409, 422


class HttpWitness:
    """The witness at an address; it remembers what it saw last, and we what it told of that."""

    def __init__(self, address: str, verifier: Verifier, tiles: Tiles) -> None:
        self._host, _, port = address.rpartition(":")
        self._port = int(port)
        self._verifier = verifier
        self._tiles = tiles
        self._seen = 0

    async def cosign(self, checkpoint: Checkpoint, signed: str) -> str:
        """The cosignature as a line; nothing if the witness does not give one now."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._cosigned(checkpoint, signed)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError) as fault:
            log.warning("witness away", fault=type(fault).__name__)
            return ""

    async def _cosigned(self, checkpoint: Checkpoint, signed: str) -> str:
        status, body = await self._add(checkpoint, signed)
        if status == _CONFLICT:
            # The witness tells what it saw last, which is how we learn it after a start.
            self._seen = int(body)
            if self._seen > checkpoint.size:
                raise LogRewound
            if self._seen == checkpoint.size:
                raise LogForked
            status, body = await self._add(checkpoint, signed)
        if status in (_CONFLICT, _UNPROVED):
            raise LogForked
        if status != _OK:
            log.error("witness refuses", status=status)
            return ""
        self._seen = checkpoint.size
        return "".join(
            line for line in body.splitlines(keepends=True) if self._is_good(line, checkpoint)
        )

    def _is_good(self, line: str, checkpoint: Checkpoint) -> bool:
        try:
            signature = signature_in(line.rstrip("\n"))
            if signature.identification != self._verifier.identification:
                return False
            self._verifier.verify(checkpoint.text, signature.signature)
        except NoteInvalid:
            log.error("witness signs badly")
            return False
        return True

    async def _add(self, checkpoint: Checkpoint, signed: str) -> tuple[int, str]:
        proof = await asyncio.to_thread(
            consistency, self._seen, checkpoint.size, self._tiles.subtree
        )
        lines = "".join(f"{b64encode(one).decode()}\n" for one in proof)
        return await self._post(f"old {self._seen}\n{lines}\n{signed}".encode())

    async def _post(self, body: bytes) -> tuple[int, str]:
        reader, writer = await asyncio.open_connection(self._host, self._port, limit=LARGEST)
        try:
            head = (
                f"POST /add-checkpoint HTTP/1.1\r\nHost: {self._host}:{self._port}\r\n"
                f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
            )
            writer.write(head.encode() + body)
            await writer.drain()
            answer = await reader.read(LARGEST)
            while part := await reader.read(LARGEST - len(answer)):
                answer += part
            head_bytes, _, content = answer.partition(b"\r\n\r\n")
            return int(head_bytes.split(b" ", 2)[1]), content.decode()
        except IndexError:
            raise ValueError("no HTTP") from None
        finally:
            writer.close()
