"""Who a card or a token says that its holder is."""

from dataclasses import replace

import pytest

from services.concepts.citizen import Citizen, Flaw
from services.concepts.party import NO_CERTIFICATE
from services.concepts.ssin import parse_ssin
from services.kit.bearer import Holder, TokenFlaw
from services.kit.caller import Caller, ClientCertificate
from services.kit.errors import CallerUnknown
from services.wire.citizens import decode_citizen, encode_holder
from services.wire.head import decode_certificate

PERSON = parse_ssin("71713000318")


def calling(serial_number):
    card = ClientCertificate(
        None, "ab" * 32, "cd" * 32, "card", serial_number=serial_number, issuer="CN=Citizens"
    )
    return Caller("gateway", card)


def test_a_card_names_its_holder_and_its_authority():
    assert decode_citizen(calling("71713000318")) == Citizen(PERSON, "CN=Citizens")


@pytest.mark.parametrize("number", [None, "", "71713000319"])
def test_a_certificate_with_no_number_is_of_nobody(number):
    nobody = decode_citizen(calling(number))

    assert (nobody.ssin, encode_holder(nobody)) == (None, "")


def test_a_token_names_its_holder_whatever_certificate_it_came_with():
    program = ClientCertificate("NTRBE-0207401545", "ab" * 32, "cd" * 32, "portal")
    caller = Caller("gateway", program, holder=Holder("71713000318", "https://provider.test"))

    assert decode_citizen(caller) == Citizen(PERSON, "https://provider.test")
    assert decode_certificate(caller) == NO_CERTIFICATE


@pytest.mark.parametrize(
    ("holder", "flaw"),
    [
        (TokenFlaw.ENDED, Flaw.ENDED),
        (TokenFlaw.UNUSABLE, Flaw.UNUSABLE),
        (Holder("71713000319", "https://provider.test"), None),
    ],
)
def test_a_token_that_is_nobodys_is_not_made_good_by_a_card(holder, flaw):
    caller = replace(calling("71713000318"), holder=holder)

    nobody = decode_citizen(caller)

    assert (nobody.ssin, nobody.flaw, encode_holder(nobody)) == (None, flaw, "")


def test_without_a_certificate_nobody_calls():
    with pytest.raises(CallerUnknown):
        decode_citizen(Caller("gateway"))
