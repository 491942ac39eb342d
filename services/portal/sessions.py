"""Sessions in Redis: short, sealed, found by who has the key, and ended together."""

import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import timedelta

import structlog
from redis.asyncio import BlockingConnectionPool, Redis
from redis.exceptions import RedisError

from services.portal.errors import SessionsAway, SignInOver
from services.portal.model import Pending, Session, SignedIn
from services.portal.sealing import fresh_key, name_of, person_of, seal, unseal

CONNECTIONS = 64
log = structlog.get_logger()


@asynccontextmanager
async def redis_at(url: str) -> AsyncIterator[Redis]:
    """The store at an address, connected when it is first asked."""
    pool = BlockingConnectionPool.from_url(
        url, max_connections=CONNECTIONS, timeout=5, socket_timeout=2, socket_connect_timeout=1
    )
    async with Redis(connection_pool=pool) as redis:
        yield redis
    await pool.aclose()


@dataclass(frozen=True)
class Sessions:
    """The sessions of all replicas."""

    redis: Redis
    secret: bytes
    """Under which the sessions of a person are found together."""
    idle: timedelta
    longest: timedelta
    patience: timedelta
    """How long a sign-in may take."""
    now: Callable[[], float] = time.time

    async def begin(self, person: SignedIn) -> Session:
        """A new session, with a key that no page before it had."""
        session = Session(fresh_key(), person, self.now(), fresh_key())
        index = self._index(person.number)
        with _away():
            await self._write(session)
            async with self.redis.pipeline() as together:
                together.sadd(index, name_of(session.key))
                together.expire(index, self.longest)
                await together.execute()
        return session

    async def find(self, key: str) -> Session | None:
        """Whose session a key opens, which goes on by that; nothing if it is over."""
        with _away():
            sealed = await self.redis.get(_session(key))
            told = None if sealed is None else unseal(key, _bytes(sealed))
            if told is None:
                return None
            person = SignedIn(**told["person"])
            session = Session(key, person, told["began_at"], told["form_key"])
            left = self._left(session)
            if left <= timedelta(0):
                await self.end(session)
                return None
            await self.redis.expire(_session(key), left)
        return session

    async def keep(self, session: Session, person: SignedIn) -> Session:
        """The same session with a renewed token; nothing comes to life again that was ended."""
        renewed = replace(session, person=person)
        with _away():
            await self._write(renewed, only_if_there=True)
        return renewed

    async def end(self, session: Session) -> None:
        """End one session."""
        with _away():
            await self.redis.delete(_session(session.key))
            await self.redis.srem(self._index(session.person.number), name_of(session.key))

    async def end_all(self, session: Session) -> None:
        """End every session of the person, at whichever browser."""
        index = self._index(session.person.number)
        with _away():
            names = await self.redis.smembers(index)
            every = [_PREFIX + _bytes(name).decode() for name in names]
            await self.redis.delete(index, _session(session.key), *every)

    async def pend(self, state: str, binding: str, pending: Pending) -> None:
        """Wait for the answer to a sign-in."""
        sealed = seal(binding, asdict(pending))
        with _away():
            await self.redis.set(_waiting(state), sealed, ex=self.patience)

    async def claim(self, state: str, binding: str) -> Pending:
        """What was waiting for an answer, once; SignInOver for another browser or another time."""
        with _away():
            sealed = await self.redis.getdel(_waiting(state))
        told = None if sealed is None else unseal(binding, _bytes(sealed))
        if told is None:
            raise SignInOver
        return Pending(**told)

    @asynccontextmanager
    async def renewing(self, session: Session) -> AsyncIterator[bool]:
        """Whether nobody else renews the token of this session now."""
        lock = f"cbss:portal:renewing:{name_of(session.key)}"
        with _away():
            mine = await self.redis.set(lock, b"1", nx=True, ex=timedelta(seconds=10))
        try:
            yield bool(mine)
        finally:
            if mine:
                with _away():
                    await self.redis.delete(lock)

    async def answers(self) -> bool:
        """Whether the store is there."""
        try:
            return bool(await self.redis.ping())
        except (RedisError, OSError):
            return False

    def _left(self, session: Session) -> timedelta:
        spent = timedelta(seconds=self.now() - session.began_at)
        return min(self.idle, self.longest - spent)

    async def _write(self, session: Session, *, only_if_there: bool = False) -> None:
        told = {
            "person": asdict(session.person),
            "began_at": session.began_at,
            "form_key": session.form_key,
        }
        left = max(self._left(session), timedelta(seconds=1))
        sealed = seal(session.key, told)
        await self.redis.set(_session(session.key), sealed, ex=left, xx=only_if_there)

    def _index(self, number: str) -> str:
        return f"cbss:portal:person:{person_of(number, self.secret)}"


_PREFIX = "cbss:portal:session:"


def _session(key: str) -> str:
    return _PREFIX + name_of(key)


def _waiting(state: str) -> str:
    return f"cbss:portal:waiting:{name_of(state)}"


def _bytes(told: bytes | str) -> bytes:
    return told if isinstance(told, bytes) else told.encode()


@contextmanager
def _away() -> Iterator[None]:
    try:
        yield
    except (RedisError, OSError, TimeoutError) as fault:
        log.warning("sessions not read", because=type(fault).__name__)
        raise SessionsAway from fault
