"""What is around every official answer: who sent it to whom and when, and what went wrong.

An answer comes as the bank sends it, alone or in a SOAP envelope, or inside a reply of the Flemish
platform, which wraps the bank's answer or carries a form of its own.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace

from cbss.common.v1 import information_pb2, status_pb2

from services.official.content import Official, SourceAnswer, list_facts, read_content
from services.official.errors import ContentUnknown, ElementMissing, ElementRepeated
from services.official.forms import Form
from services.official.lexical import decode_instant
from services.official.markup import Element, decode_markup, own_text, tag
from services.official.outcomes import Facts, make_failure, of_exceptions, tell_of

LONGEST_TICKET = 36

__all__ = ["Official", "SourceAnswer", "read"]


@dataclass(slots=True)
class _Reply:
    """The parts of a reply of the platform."""

    information: list[tuple[str, str]] = field(default_factory=list)
    exceptions: list[Facts] = field(default_factory=list)
    inside: list[Element] = field(default_factory=list)
    answered: bool = False


def read(written: bytes, form: Form) -> Official:
    """The answer in a document; Unreadable says why it is none."""
    element = _unwrapped(decode_markup(written))
    if tag(element) == "Fault":
        return _fault(element, form)
    reply = element if tag(element) == "Repliek" else _child(element, "Repliek")
    if reply is not None:
        return _platform(reply, form)
    if tag(element) not in form.roots:
        raise ContentUnknown(tag(element), element.sourceline)
    return read_content(element, form)


def _unwrapped(element: Element) -> Element:
    """What is in the body of a SOAP envelope, if there is one."""
    if tag(element) != "Envelope":
        return element
    body = _child(element, "Body")
    if body is None or len(body) == 0:
        raise ElementMissing("Envelope/Body", element.sourceline)
    return body[0]


def _child(element: Element, name: str) -> Element | None:
    return next((child for child in element if tag(child) == name), None)


def _platform(element: Element, form: Form) -> Official:
    reply = _Reply()
    for part in _opened(element):
        _sort(part, reply)
    known = [child for child in reply.inside if tag(child) in form.roots]
    if len(known) > 1:
        raise ElementRepeated(f"Inhoud/{tag(known[1])}", known[1].sourceline)
    if known:
        official = _warned(read_content(known[0], form), reply, form)
    elif reply.inside:
        raise ContentUnknown(f"Inhoud/{tag(reply.inside[0])}", reply.inside[0].sourceline)
    elif not reply.exceptions and not reply.answered:
        raise ElementMissing("Repliek/Uitzonderingen/Uitzondering", element.sourceline)
    else:
        official = _everywhere(of_exceptions(reply.exceptions), form)
    sent = _sender(reply.information)
    return replace(
        official,
        information=(*reply.information, *official.information),
        exceptions=tuple(reply.exceptions),
        results=tuple(_signed(one, sent) for one in official.results),
    )


def _opened(reply: Element) -> Iterator[Element]:
    """The parts of a reply and of its one answer; exceptions can stand in either."""
    for element in reply:
        if tag(element) != "Antwoorden":
            yield element
            continue
        if len(element) != 1:
            kind = ElementRepeated if len(element) else ElementMissing
            raise kind("Antwoorden/Antwoord", element.sourceline)
        yield from element[0]


def _sort(part: Element, reply: _Reply) -> None:
    match tag(part):
        case "Uitzonderingen":
            reply.exceptions.extend(tuple(_exception(one)) for one in part)
        case "Inhoud":
            reply.answered = True
            reply.inside.extend(part)
        case _:
            reply.information.extend(list_facts(part, tag(part)))


def _exception(element: Element) -> Iterator[tuple[str, str]]:
    for child in element:
        if tag(child) == "Annotaties":
            for note in child:
                named = {tag(one): own_text(one) for one in note}
                yield named.get("Naam", ""), named.get("Waarde", "")
        else:
            yield from list_facts(child, tag(child))


def _warned(official: Official, reply: _Reply, form: Form) -> Official:
    """An answer with content keeps its own outcome; what was warned of is said beside it."""
    for one in official.results:
        for facts in reply.exceptions:
            tell_of(one.status, facts)
            if form.warnings and one.result is not None:
                codes = getattr(one.result, form.warnings)
                codes.append(dict(facts).get("Identificatie", ""))
    return official


def _everywhere(status: status_pb2.Status, form: Form) -> Official:
    sources = tuple(form.sources.values()) or ("",)
    return Official("", tuple(SourceAnswer(source, status) for source in sources), status)


def _fault(element: Element, form: Form) -> Official:
    """A technical failure of the bank: the reason and the diagnostic of its first detail."""
    facts = tuple(list_facts(element, "Fault"))
    last = {path.rpartition("/")[2]: text for path, text in reversed(facts)}
    code = last.get("reasonCode") or last.get("faultcode", "").rpartition(":")[2] or "Fault"
    text = last.get("diagnostic") or last.get("faultstring") or "The source failed"
    return replace(_everywhere(make_failure(code[:16], text), form), information=facts)


def _sender(information: list[tuple[str, str]]) -> information_pb2.InformationSupplier | None:
    """How the platform names its answer, and when it sent it."""
    told = dict(information)
    sent = information_pb2.InformationSupplier(
        ticket=told.get("Context/Bericht/Afzender/Referte", "")[:LONGEST_TICKET]
    )
    day, time = (told.get(f"Context/Bericht/Tijdstip/{part}", "") for part in ("Datum", "Tijd"))
    # What is no instant is not told.
    with suppress(ValueError, OverflowError):
        sent.replied_at.CopyFrom(decode_instant(f"{day}T{time}"))
    return sent if sent.ticket else None


def _signed(one: SourceAnswer, sent: information_pb2.InformationSupplier | None) -> SourceAnswer:
    return one if one.information is not None else replace(one, information=sent)
