"""The life of a process: it runs until it is told to stop, then drains; a second signal ends it."""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

import structlog
import uvloop

from services.kit import logs, stderr
from services.kit.health import Health

log = structlog.get_logger()


async def until_stopped(
    drain: Callable[[], Awaitable[None]],
    health: Health,
    background: Sequence[Callable[[], Awaitable[None]]],
    **serving: object,
) -> None:
    """Say that all is served, wait for SIGTERM or SIGINT, say that nothing is any more, then drain.

    `serving` is what the log is told of how. Whoever reads that may stop the process: the signals
    are listened to before it is said.

    `background` runs beside it until all has drained; if one of them fails the process stops, for
    one that half works is worse than one that is started again.
    """
    loop = asyncio.get_running_loop()
    stopping, forced = asyncio.Event(), asyncio.Event()

    def signalled() -> None:
        (forced if stopping.is_set() else stopping).set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, signalled)
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_lasting(work)) for work in background]
            log.info("serving", **serving)
            await stopping.wait()
            log.info("draining")
            health.drain()
            draining = asyncio.ensure_future(drain())
            force = asyncio.create_task(forced.wait())
            await asyncio.wait([draining, force], return_when=asyncio.FIRST_COMPLETED)
            for task in (draining, force, *tasks):
                task.cancel()
            await asyncio.wait([draining, force])
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


async def _lasting(work: Callable[[], Awaitable[None]]) -> None:
    try:
        await work()
    except Exception as fault:
        log.error("background work failed, stopping", **logs.describe_fault(fault))
        raise


def run(main: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a process to its end on the one event loop it has; what ends it otherwise is logged, not
    printed: a driver's text may hold a row."""
    try:
        uvloop.run(_heard(main))
    except (Exception, BaseExceptionGroup) as fault:
        log.error("process failed", **logs.describe_fault(fault))
        sys.exit(1)


async def _heard(main: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.get_running_loop().set_exception_handler(logs.report_unhandled)
    with stderr.capture_stderr():
        await main()
