"""Citizens' questions about themselves, and what they read."""

from cbss.common.v1 import words_pb2

from services.concepts.citizen import Citizen, Flaw
from services.concepts.ssin import Ssin, find_flaw, parse_ssin
from services.concepts.text import Text
from services.kit.bearer import TokenFlaw
from services.kit.caller import Caller
from services.kit.errors import CallerUnknown

_FLAWS = {TokenFlaw.ENDED: Flaw.ENDED, TokenFlaw.UNUSABLE: Flaw.UNUSABLE}


def decode_citizen(caller: Caller) -> Citizen:
    """Whose token or certificate the call came with; CallerUnknown without either."""
    holder, client = caller.holder, caller.client
    if isinstance(holder, TokenFlaw):
        return Citizen(None, "", _FLAWS[holder])
    if holder is not None:
        return Citizen(_person(holder.number), holder.issuer)
    if client is None:
        raise CallerUnknown
    return Citizen(_person(client.serial_number or ""), client.issuer)


def _person(digits: str) -> Ssin | None:
    return None if find_flaw(digits) else parse_ssin(digits)


def encode_holder(asking: Citizen) -> str:
    """To whom a page token is given: a renewed card goes on where the old one ended."""
    return "" if asking.ssin is None else asking.ssin.digits


def encode_words(text: Text) -> words_pb2.Words:
    """A text as people read it."""
    return words_pb2.Words(nl=text.nl, fr=text.fr, de=text.de)
