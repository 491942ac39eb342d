"""What the trail and its readers know of each public RPC: no new one is passed over in silence."""

from gateway.routes import ROUTES
from services.audit.oversight.steps import KINDS

PUBLIC = {route.rpc for route in ROUTES}


def test_oversight_knows_what_every_public_rpc_is():
    # A new one belongs in KINDS of services/audit/oversight/steps.py.
    assert set(KINDS) == PUBLIC
