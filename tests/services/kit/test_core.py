"""How gRPC's core is set before it is imported."""

import os
import subprocess
import sys

import services

CALL = """
import asyncio, services, grpc, grpc.aio
async def main():
    server = grpc.aio.server()
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        try:
            await channel.unary_unary("/a/b")(b"")
        except grpc.aio.AioRpcError as fault:
            print(fault.code().name)
    await server.stop(0)
asyncio.run(main())
"""


def called(**environment):
    """What a call says in a process of its own, on its output and on its error output."""
    done = subprocess.run(
        [sys.executable, "-c", CALL],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout.strip(), done.stderr


def test_this_grpc_knows_what_is_left_out_of_it():
    left_out = {name.lstrip("-") for name in services.POLLS_IN_PLACE.split(",")}
    said, complaints = called(GRPC_EXPERIMENTS=services.POLLS_IN_PLACE, GRPC_VERBOSITY="error")

    assert said == "UNIMPLEMENTED"
    assert not [name for name in left_out if name in complaints]
    assert "Unknown experiment" not in complaints


def test_what_it_does_not_know_it_would_say():
    _, complaints = called(GRPC_EXPERIMENTS="-no_such_thing", GRPC_VERBOSITY="error")

    assert "Unknown experiment: no_such_thing" in complaints


def test_every_process_leaves_it_out():
    assert os.environ["GRPC_EXPERIMENTS"] == services.POLLS_IN_PLACE
