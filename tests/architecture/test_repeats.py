"""What changes something is done once, however often it is asked: no public RPC is passed over."""

import re

import pytest
from google.protobuf import descriptor_pool

from services import mesh
from services.admission.repeats import CHANGES, TICKET
from tests.architecture.project import ROOT

LOOKING = re.compile(r"/(List|Get|Watch|Stream|Search|Verify|Consult|Attach|What)[A-Z]?")
"""Who attaches is there as long as the call is, and what if changes nothing: nothing is left."""
PUBLIC = {rpc for process in mesh.PROCESSES for rpc in process.routes}
MIGRATIONS = sorted((ROOT / "services").glob("*/sql/migrations/*_tickets.sql"))


def request_of(rpc):
    """What an RPC is asked with."""
    service, _, method = rpc.partition("/")
    found = descriptor_pool.Default().FindServiceByName(service)
    return found.methods_by_name[method].input_type


def test_every_public_rpc_that_changes_something_says_what_tells_a_repeat():
    # A new one belongs in CHANGES of services/admission/repeats.py.
    assert {rpc for rpc in PUBLIC if not LOOKING.search(rpc)} == set(CHANGES)


@pytest.mark.parametrize("rpc", sorted(CHANGES))
def test_the_key_of_a_repeat_is_a_field_of_the_request(rpc):
    __import__(module_of(rpc))
    message = request_of(rpc)

    for name in CHANGES[rpc].split("."):
        field = message.fields_by_name[name]
        message = field.message_type


def module_of(rpc):
    """The generated module of an RPC's service."""
    package, _, service = rpc.partition("/")[0].rpartition(".")
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", service).lower()
    return f"{package}.{words}_pb2"


@pytest.mark.parametrize("service", ["directory", "identification"])
def test_a_service_with_such_rpcs_wraps_them_and_has_their_table(service):
    texts = [
        (ROOT / "services" / service / name).read_text("utf-8")
        for name in ("__main__.py", "assembly.py")
        if (ROOT / "services" / service / name).exists()
    ]

    assert any("once_for_each_ticket(" in text for text in texts)
    assert any(path.parts[-4] == service for path in MIGRATIONS)


def test_services_whose_rpcs_go_by_ticket_are_those_that_keep_tickets():
    keyed = {rpc.split(".")[1] for rpc, key in CHANGES.items() if key == TICKET}

    assert keyed == {path.parts[-4] for path in MIGRATIONS}


def test_the_table_of_tickets_is_one_text_for_all():
    texts = {path.read_text("utf-8").rpartition("grant ")[0] for path in MIGRATIONS}

    assert len(texts) == 1
