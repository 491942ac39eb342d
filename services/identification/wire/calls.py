"""The head that all public requests and answers share: who asks, for what, on which ticket."""

from typing import Any

from services.admission.model import Call
from services.admission.wire import Calls, encode_information_cbss
from services.concepts.status import Status
from services.kit import caller
from services.wire import values


def decode_call(calls: Calls, rpc: str, request: Any, *, has_purpose: bool = True) -> Call:
    """The call that a request makes; fails when its envelope is unusable."""
    purpose = request.legal_context if has_purpose else None
    return calls.of(rpc, caller.current(), request.information_customer, purpose)


def encode_head(calls: Calls, request: Any, call: Call, ended: Status) -> dict[str, Any]:
    """What every answer begins with: the question's own blocks, the ticket, the status."""
    return {
        "information_customer": request.information_customer,
        "information_cbss": encode_information_cbss(call, calls.now()),
        "status": values.encode_status(ended),
    }
