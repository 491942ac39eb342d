"""What the trail and its readers know of each public RPC: no new one is passed over in silence."""

from gateway.routes import ROUTES
from services.audit.oversight.steps import KINDS
from services.audit.trail.rules.telling import DEEDS, NOBODYS

PUBLIC = {route.rpc for route in ROUTES}


def test_oversight_knows_what_every_public_rpc_is():
    # A new one belongs in KINDS of services/audit/oversight/steps.py.
    assert set(KINDS) == PUBLIC


def test_people_are_told_what_every_public_rpc_did():
    # A new one belongs in DEEDS of services/audit/rules/telling.py, or in NOBODYS.
    assert NOBODYS.isdisjoint(DEEDS)
    assert NOBODYS | set(DEEDS) >= PUBLIC
    assert NOBODYS <= PUBLIC
