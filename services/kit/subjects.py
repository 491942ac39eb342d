"""What a certificate's subject says, read attribute by attribute.

Certificates come whose other attributes are in string types that libraries refuse (a TeletexString
in Latin letters): they are passed over unread, for only what is looked for counts.
"""

from collections.abc import Iterator, Mapping, Sequence

from cryptography import x509

ORGANIZATION_IDENTIFIER = bytes.fromhex("550461")
"""2.5.4.97, as DER writes it."""
COMMON_NAME = bytes.fromhex("550403")
SERIAL_NUMBER = bytes.fromhex("550405")

_VERSION = 0xA0
_TEXTS = {
    0x0C: "utf-8",
    0x13: "ascii",
    0x16: "ascii",
    0x14: "latin-1",
    0x1E: "utf-16-be",
    0x1C: "utf-32-be",
}
"""Encodings of the string types that a name may have."""


def attributes_of(
    certificate: x509.Certificate, wanted: Sequence[bytes]
) -> Mapping[bytes, Sequence[str]]:
    """The values of the wanted attributes in the subject; ValueError if one cannot be read."""
    found: dict[bytes, list[str]] = {oid: [] for oid in wanted}
    for oid, tag, value in _attributes(_subject(certificate.tbs_certificate_bytes)):
        if oid in found:
            found[oid].append(_text(tag, value))
    return found


def _subject(tbs: bytes) -> bytes:
    """Of a TBSCertificate (RFC 5280, 4.1): the fifth field, after the version if it is there."""
    ((_, whole),) = _elements(tbs)
    fields = [value for tag, value in _elements(whole) if tag != _VERSION]
    return fields[4]


def _attributes(name: bytes) -> Iterator[tuple[bytes, int, bytes]]:
    for _, relative in _elements(name):
        for _, attribute in _elements(relative):
            (_, oid), (tag, value) = _elements(attribute)
            yield oid, tag, value


def _text(tag: int, value: bytes) -> str:
    encoding = _TEXTS.get(tag)
    if encoding is None:
        raise ValueError("not a string type")
    return value.decode(encoding)


def _elements(der: bytes) -> Iterator[tuple[int, bytes]]:
    """The elements that stand one after another, with their tags; ValueError if they do not fit."""
    at = 0
    while at < len(der):
        if at + 2 > len(der):
            raise ValueError("cut off")
        tag, length, at = der[at], der[at + 1], at + 2
        if length > 0x80:
            size = length & 0x7F
            length, at = int.from_bytes(der[at : at + size], "big"), at + size
        if at + length > len(der):
            raise ValueError("cut off")
        yield tag, der[at : at + length]
        at += length
