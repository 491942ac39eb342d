"""Once, however often it is asked: what changes something and is repeated by the same caller on the
same ticket with the same content has one effect and one answer, for a day.

A ticket is taken before the work begins, under a lease of seconds that names its attempt. The
effect is written in one transaction with the mark that this attempt had it (`hold`): one that lost
its lease changes nothing. Nothing of the content is kept: who calls on which ticket, and with what,
are keyed digests, and the answer is sealed under a key that only the same content makes.
"""

import asyncio
import hashlib
import hmac
from collections.abc import Awaitable, Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import timedelta
from secrets import token_bytes
from uuid import UUID

import asyncpg
from asyncpg.pool import PoolConnectionProxy
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from google.protobuf import descriptor_pool, message_factory
from google.protobuf.message import Message

from services.kit.errors import StillInWork, TicketReused
from services.kit.ids import uuid7
from services.kit.postgres import retrying

LEASE = timedelta(seconds=10)
"""How long an attempt may take: longer than any deadline at the edge."""
KEPT = timedelta(days=1)
"""How long a ticket is known."""
FORGET_EVERY = timedelta(minutes=10)
"""How often tickets of days past are forgotten."""
MOST = 1000
"""How many tickets are forgotten in one statement."""
_NONCE_BYTES = 12

_TAKE = """
insert into used_ticket (key, digest, attempt, made, held_until, used_at)
values ($1, $2, $3, $3, now() + $4::interval, now())
on conflict (key) do update
set digest = excluded.digest,
  attempt = excluded.attempt,
  held_until = excluded.held_until,
  used_at = excluded.used_at,
  answer = null,
  made = case when used_ticket.used_at < now() - $5::interval then excluded.made
    else used_ticket.made end,
  took_effect = used_ticket.took_effect and used_ticket.used_at >= now() - $5::interval
where used_ticket.attempt = excluded.attempt
  or used_ticket.used_at < now() - $5::interval
  or (
    used_ticket.answer is null
    and used_ticket.held_until < now()
    and (used_ticket.digest = excluded.digest or not used_ticket.took_effect)
  )
returning made
"""
_FIND = "select digest, answer from used_ticket where key = $1"
_HOLD = """
update used_ticket set took_effect = true
where (key, attempt) in (select * from unnest($1::bytea[], $2::uuid[]))
returning key, attempt
"""
_KEEP = "update used_ticket set answer = $3 where key = $1 and attempt = $2"
_GIVE_BACK = "delete from used_ticket where key = $1 and attempt = $2 and not took_effect"
_LET_GO = "update used_ticket set held_until = now() where key = $1 and attempt = $2"
_FORGET = """
delete from used_ticket where key in (
  select key from used_ticket where used_at < now() - $1::interval limit $2 for update skip locked
)
"""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at the work of a ticket."""

    key: bytes
    number: UUID
    made: UUID | None = field(default=None, compare=False)
    """The identification of what the ticket makes: that of the first attempt."""


_ATTEMPT: ContextVar[Attempt | None] = ContextVar("attempt", default=None)


def current() -> Attempt | None:
    """The attempt that this is part of, if the call is one of those that are done once."""
    return _ATTEMPT.get()


async def hold(connection: "PoolConnectionProxy[asyncpg.Record]") -> None:
    """Mark, in the transaction of an effect, that the attempt had it; StillInWork if another has
    taken the ticket over. Nothing where a call is not one of those that are done once."""
    attempt = current()
    if attempt is not None and attempt not in await holding(connection, [attempt]):
        raise StillInWork(retry_after=LEASE)


async def holding(
    connection: "PoolConnectionProxy[asyncpg.Record]", attempts: Sequence[Attempt]
) -> set[Attempt]:
    """The same for several whose effects go together: those that still have their tickets."""
    if not attempts:
        return set()
    keys, numbers = [one.key for one in attempts], [one.number for one in attempts]
    rows = await connection.fetch(_HOLD, keys, numbers)
    return {Attempt(row["key"], row["attempt"]) for row in rows}


def new_id() -> UUID:
    """An identification for what is made: the same in every attempt at one ticket."""
    attempt = current()
    return uuid7() if attempt is None or attempt.made is None else attempt.made


@dataclass(frozen=True)
class Tickets:
    """Knows the tickets of a day."""

    pool: asyncpg.Pool
    secret: bytes
    """That of all replicas."""
    lease: timedelta = LEASE

    async def once(
        self,
        ticket: tuple[str, ...],
        request: Message,
        work: Callable[[], Awaitable[Message]],
        again: Callable[[], Awaitable[None]],
        final: Callable[[Message], bool] = lambda _: True,
    ) -> Message:
        """The answer of the work, done now, or kept from when it was done before under the ticket:
        who calls, what, on which ticket of his.

        `again` admits the caller anew before it reads what was kept. What is not final is not kept.
        TicketReused if the ticket was used with other content, StillInWork while it is in work.
        """
        content = _canonical(request)
        attempt = Attempt(self._digest(b"key", *(part.encode() for part in ticket)), uuid7())
        digest = self._digest(b"content", content)
        taken = (attempt.key, digest, attempt.number, self.lease, KEPT)
        made = await retrying(lambda: self.pool.fetchval(_TAKE, *taken))
        if made is None:
            sealed = await self._found(attempt.key, digest)
            await again()
            return self._open(sealed, content)
        before = _ATTEMPT.set(replace(attempt, made=made))
        kept = False
        try:
            answer = await work()
            if final(answer):
                await retrying(
                    lambda: self.pool.execute(
                        _KEEP, attempt.key, attempt.number, self._seal(answer, content)
                    )
                )
                kept = True
            return answer
        finally:
            _ATTEMPT.reset(before)
            if not kept:
                await asyncio.shield(asyncio.ensure_future(self._give_back(attempt)))

    async def forget(self) -> int:
        """Forget tickets of days past; how many, nothing when all are."""
        done = await retrying(lambda: self.pool.execute(_FORGET, KEPT, MOST))
        return int(done.rpartition(" ")[2])

    async def _found(self, key: bytes, digest: bytes) -> bytes:
        row = await retrying(lambda: self.pool.fetchrow(_FIND, key))
        if row is not None and row["digest"] != digest:
            raise TicketReused
        if row is None or row["answer"] is None:
            raise StillInWork(retry_after=timedelta(seconds=1))
        return bytes(row["answer"])

    async def _give_back(self, attempt: Attempt) -> None:
        """Let the ticket be used anew: at once, whether or not there was an effect."""
        for statement in (_GIVE_BACK, _LET_GO):
            await retrying(
                lambda one=statement: self.pool.execute(  # type: ignore[misc]
                    one, attempt.key, attempt.number
                )
            )

    def _digest(self, *parts: bytes) -> bytes:
        keyed = hmac.new(self.secret, digestmod=hashlib.sha256)
        for part in parts:
            keyed.update(len(part).to_bytes(4, "big") + part)
        return keyed.digest()

    def _cipher(self, content: bytes) -> AESGCM:
        return AESGCM(self._digest(b"answer", content))

    def _seal(self, answer: Message, content: bytes) -> bytes:
        nonce = token_bytes(_NONCE_BYTES)
        name = answer.DESCRIPTOR.full_name.encode()
        plain = name + b"\0" + answer.SerializeToString(deterministic=True)
        return nonce + self._cipher(content).encrypt(nonce, plain, None)

    def _open(self, sealed: bytes, content: bytes) -> Message:
        nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        name, _, answer = self._cipher(content).decrypt(nonce, rest, None).partition(b"\0")
        return _message(name.decode()).FromString(answer)


def _message(name: str) -> type[Message]:
    kind = descriptor_pool.Default().FindMessageTypeByName(name)
    return message_factory.GetMessageClass(kind)


def _canonical(request: Message) -> bytes:
    """The fields that were parsed, in one form: JSON or binary, in whatever order they came."""
    known = type(request)()
    known.CopyFrom(request)
    known.DiscardUnknownFields()
    return known.SerializeToString(deterministic=True)
