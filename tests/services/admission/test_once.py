"""Which answers are final: whoever repeats a call under its ticket gets those again."""

import pytest
from cbss.directory.v1 import directory_service_pb2 as pb

from services.admission.once import Repeats
from services.concepts.status import status
from services.wire.values import encode_status


class Tickets:
    """Asks whether the answer is final, and keeps nothing."""

    async def once(self, key, request, do, again, is_final):
        return is_final(await do())


@pytest.mark.parametrize(
    ("code", "final"),
    [
        ("MSG00000", True),
        ("MSG00013", True),
        ("CBSS10001", True),
        # The National Register may come back.
        ("CBSS10002", False),
        ("HAN20200", False),
        ("CBSS20001", False),
    ],
)
async def test_what_could_not_be_said_now_is_no_final_answer(monkeypatch, code, final):
    async def register(request, context):
        return pb.RegisterPersonResponse(status=encode_status(status(code)))

    client = type("Client", (), {"organization_identifier": "NTRBE-0899990348"})
    calling = type("Caller", (), {"client": client})
    monkeypatch.setattr("services.admission.once.caller.current", lambda: calling)
    calls = type("Calls", (), {"service": "cbss.directory.v1.DirectoryService"})
    asked = pb.RegisterPersonRequest()
    asked.information_customer.ticket = "T1"

    once = Repeats(Tickets(), None, None, calls).around("RegisterPerson", register)

    assert await once(asked, None) is final
