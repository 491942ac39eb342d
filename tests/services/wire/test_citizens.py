"""Who a card says that its holder is."""

import pytest

from services.concepts.citizen import Citizen
from services.concepts.ssin import parse_ssin
from services.kit.caller import Caller, ClientCertificate
from services.kit.errors import CallerUnknown
from services.wire.citizens import decode_citizen, encode_holder

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


def test_without_a_certificate_nobody_calls():
    with pytest.raises(CallerUnknown):
        decode_citizen(Caller("gateway"))
