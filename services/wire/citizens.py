"""Citizens' questions about themselves, and what they read."""

from cbss.common.v1 import words_pb2

from services.concepts.citizen import Citizen
from services.concepts.ssin import find_flaw, parse_ssin
from services.concepts.text import Text
from services.kit.caller import Caller
from services.kit.errors import CallerUnknown


def decode_citizen(caller: Caller) -> Citizen:
    """Whose certificate the call came with; CallerUnknown without one."""
    client = caller.client
    if client is None:
        raise CallerUnknown
    digits = client.serial_number or ""
    return Citizen(None if find_flaw(digits) else parse_ssin(digits), client.issuer)


def encode_holder(asking: Citizen) -> str:
    """To whom a page token is given: a renewed card goes on where the old one ended."""
    return "" if asking.ssin is None else asking.ssin.digits


def encode_words(text: Text) -> words_pb2.Words:
    """A text as people read it."""
    return words_pb2.Words(nl=text.nl, fr=text.fr, de=text.de)
