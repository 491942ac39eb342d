"""What passes bytes on between a client and a server, as a network does."""

import asyncio


async def relay(port, reader, writer):
    """Pass all on, both ways, to whoever listens on the port; ends when both have."""
    inner, outer = await asyncio.open_connection("127.0.0.1", port)

    async def passed(source, target):
        try:
            while data := await source.read(65536):
                target.write(data)
                await target.drain()
        except OSError:
            pass
        finally:
            target.close()

    await asyncio.gather(passed(reader, outer), passed(inner, writer))
