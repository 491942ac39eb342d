"""The page of one deliberation: everything that is public about it, each field with an address."""

from collections.abc import Iterator, Sequence

from cbss.access.v1 import access_service_pb2 as access_pb
from cbss.access.v1 import deliberation_pb2 as pb
from cbss.common.v1 import organization_pb2, period_pb2

from pages.blocks import (
    Anchored,
    Bullets,
    Cell,
    Code,
    Foreign,
    Grid,
    Link,
    Paragraph,
    Row,
    Section,
    State,
    Terms,
    breakable,
    bullets,
)
from pages.words import Words
from services.concepts.organization import SectorInstitution
from services.concepts.quality_code import parse_quality_code
from services.concepts.quality_words import quality_words


def slug(number: str) -> str:
    """A number as it stands in addresses."""
    return number.lower().replace("/", "-")


def address(one: pb.Deliberation) -> str:
    """Where the page of a version is, beside the pages of its language."""
    return f"{slug(one.number)}-v{one.version}.html"


def heading(one: pb.Deliberation, words: Words) -> Cell:
    """What the page is called."""
    return Row((f"{one.number} - ", words.text(one.title)))


def lead(one: pb.Deliberation, words: Words) -> Sequence[Cell]:
    """What stands before its sections."""
    return Paragraph(state(one.state, words)), _facts(one, words)


def sections(
    one: pb.Deliberation, versions: Sequence[pb.Deliberation], words: Words
) -> Iterator[Section]:
    """What the page says."""
    purpose = Paragraph(words.text(one.purpose))
    yield Section("purpose", words["purpose"], (purpose,))
    yield _basis(one, words)
    contexts = [Code(breakable(context)) for context in one.legal_contexts]
    yield Section("legal_contexts", words["legal_contexts"], (_list(contexts, words),))
    yield from _parties(one, words)
    yield from _accessions(one, words)
    yield _data(one, words)
    yield _people(one, words)
    yield from _bounds(one, words)
    conditions = [words.text(said) for said in one.conditions]
    yield Section("conditions", words["conditions"], (_list(conditions, words),))
    yield from _history(one, versions, words)


def state(value: int, words: Words) -> State:
    """Where it is in its life, as a word in a frame."""
    name = pb.DeliberationState.Name(value).removeprefix("DELIBERATION_STATE_")
    return State(words[name], name)


def span(period: period_pb2.Period, words: Words) -> Cell:
    """From when until when."""
    begins = (words["from"], " ", words.day(period.begin_date), " ")
    if not period.HasField("end_date"):
        return Row((*begins, words["no_end"]))
    return Row((*begins, words["until"], " ", words.day(period.end_date)))


def party_name(party: pb.DeliberationParty, words: Words) -> str:
    """An organization by its name, and by how the network knows it."""
    code = identification(party.organization)
    return f"{words.name(party.name)} ({code})" if party.name else code


def identification(organization: organization_pb2.Organization) -> str:
    """An organization as the network knows it."""
    if organization.WhichOneof("identification") == "cbe_number":
        return str(organization.cbe_number)
    place = organization.sector_institution
    return f"{place.sector}.{place.institution}"


def _facts(one: pb.Deliberation, words: Words) -> Cell:
    kind = pb.DeliberationKind.Name(one.kind).removeprefix("DELIBERATION_KIND_")
    return Terms(
        (
            (words["number"], one.number),
            (words["version"], str(one.version)),
            (words["document_ref"], one.document_ref),
            (words["decided_on"], words.day(one.decided_on)),
            (words["kind"], words[kind]),
            (words["validity"], Anchored("validity", span(one.validity, words))),
        )
    )


def _basis(one: pb.Deliberation, words: Words) -> Section:
    rows = tuple((words.phrase(basis.act), _article(basis, words)) for basis in one.legal_basis)
    heads = (words["act"], words["article"])
    return Section("legal_basis", words["legal_basis"], (Grid(words["legal_basis"], heads, rows),))


def _article(basis: pb.LegalBasis, words: Words) -> Cell:
    told = words.phrase(basis.article)
    # A number is of no language.
    return basis.article if isinstance(told, Foreign) else told


def _parties(one: pb.Deliberation, words: Words) -> Iterator[Section]:
    yield Section("senders", words["senders"], (_named(one.senders, words),))
    opened = _class(one, words) if one.open_to_accession else ()
    listed = (_named(one.recipients, words),) if one.recipients or not opened else ()
    way = Paragraph(words["via_integrator" if one.via_integrator else "not_via_integrator"])
    last = () if one.processors else (way,)
    yield Section("recipients", words["recipients"], (*listed, *opened, *last))
    if one.processors:
        processors = (_named(one.processors, words), way)
        yield Section("processors", words["processors"], processors)


def _class(one: pb.Deliberation, words: Words) -> tuple[Cell, ...]:
    kinds = [words.text(kind.title) or kind.code for kind in one.may_accede.organization_kinds]
    sectors = [f"{words['sector']} {sector}" for sector in one.may_accede.sectors]
    return Paragraph(words["open_to_accession"]), _list([*kinds, *sectors], words)


def _accessions(one: pb.Deliberation, words: Words) -> Iterator[Section]:
    if one.kind != pb.DELIBERATION_KIND_GENERAL:
        return
    heads = (words["recipients"], words["regulation"], words["validity"])
    rows = tuple(
        (party_name(acc.recipient, words), acc.regulation, span(acc.period, words))
        for acc in one.accessions
    )
    content = Grid(words["accessions"], heads, rows) if rows else Paragraph(words["none"])
    yield Section("accessions", words["accessions"], (content,))


def _data(one: pb.Deliberation, words: Words) -> Section:
    heads = (words["contract"], words["modes"], words["fields"])
    rows = tuple(
        (
            words.contract(block.data_contract, block.contract_version),
            ", ".join(_mode(mode, words) for mode in block.modes),
            Row((_fields(block, words), _undisclosable(block, words), _criteria(block, words))),
        )
        for block in one.data_blocks
    )
    return Section("data_blocks", words["data_blocks"], (Grid(words["data_blocks"], heads, rows),))


def _fields(block: pb.DataBlock, words: Words) -> Cell:
    if list(block.fields) == ["*"]:
        return words["every_field"]
    return Bullets(tuple(words.path(path) for path in block.fields))


def _undisclosable(block: pb.DataBlock, words: Words) -> Cell:
    return Paragraph(words["undisclosable"]) if block.undisclosable_addresses else ""


def _criteria(block: pb.DataBlock, words: Words) -> Cell:
    if not block.criteria:
        return ""
    limits = Bullets(tuple(_limit(limit, words) for limit in block.criteria))
    return Row((Paragraph(words["only_asked_with"]), limits))


def _limit(limit: access_pb.CriterionLimit, words: Words) -> Cell:
    field: tuple[Cell, ...] = (words.path(limit.field), ": ")
    if limit.absent:
        return Row((*field, words["left_out"]))
    if limit.values:
        first, *others = (Code(breakable(value)) for value in limit.values)
        rest = (part for value in others for part in (", ", value))
        return Row((*field, words["one_of"], " ", first, *rest))
    bounds = (("minimum", words["at_least"]), ("maximum", words["at_most"]))
    said = (f"{word} {getattr(limit, end)}" for end, word in bounds if limit.HasField(end))
    return Row((*field, ", ".join(said)))


def _mode(mode: int, words: Words) -> str:
    return words[access_pb.ExchangeMode.Name(mode).removeprefix("EXCHANGE_MODE_")]


def _people(one: pb.Deliberation, words: Words) -> Section:
    people = one.person_categories
    household = words["household" if people.household else "no_household"]
    codes = [_quality(code, one, words) for code in people.quality_codes]
    pairs = (
        (words["quality_codes"], bullets(codes) or words["none"]),
        (words["person_categories"], household),
    )
    return Section("person_categories", words["person_categories"], (Terms(pairs),))


def _quality(code: str, one: pb.Deliberation, words: Words) -> Cell:
    """A code with what it means to those whom the deliberation names."""
    places = [
        SectorInstitution(place.sector, place.institution)
        for party in (*one.recipients, *(acc.recipient for acc in one.accessions), *one.senders)
        if party.organization.WhichOneof("identification") == "sector_institution"
        for place in [party.organization.sector_institution]
    ]
    known = (quality_words().quality(place, parse_quality_code(code)) for place in (None, *places))
    meanings = dict.fromkeys(words.in_language(text) for text in known if text is not None)
    return Code((code,), next(iter(meanings), ""))


def _bounds(one: pb.Deliberation, words: Words) -> Iterator[Section]:
    rule, free = one.period_rule, words["unbounded"]
    forward = words["no_limit"]
    if rule.HasField("months_forward"):
        forward = f"{rule.months_forward} {words['months_forward']}"
    days = f"{rule.months_back} {words['months_back']}, {forward}"
    yield Section("period", words["period"], (Paragraph(days),))
    frequency = access_pb.Frequency.Name(one.frequency).removeprefix("FREQUENCY_")
    yield Section("frequency", words["frequency"], (Paragraph(words[frequency]),))
    volume = (
        (words["hourly_quota"], str(one.hourly_quota or free)),
        (words["expected"], str(one.expected_hourly_volume or words["none"])),
    )
    yield Section("hourly_quota", words["volume"], (Terms(volume),))
    kept = f"{one.retention_days} {words['days']}" if one.retention_days else free
    told = (Paragraph(words["notify"]),) if one.notify_subject else ()
    yield Section("retention_days", words["retention"], (Paragraph(kept), *told))


def _history(
    one: pb.Deliberation, versions: Sequence[pb.Deliberation], words: Words
) -> Iterator[Section]:
    moves = [Row((words.day(move.day), " - ", state(move.state, words))) for move in one.history]
    yield Section("history", words["history"], (_list(moves, words),))
    others = [
        Link(f"{words['version']} {other.version}", address(other))
        for other in versions
        if other.version != one.version
    ]
    if others:
        yield Section("versions", words["other_versions"], (_list(others, words),))
    publication = (
        (words["publication"], Code(breakable(one.publication.path))),
        (words["languages"], ", ".join(one.publication.languages)),
        (words["source"], words.phrase(one.source)),
        (words["digest"], Code((one.digest,))),
    )
    yield Section("publication", words["publication"], (Terms(publication),))


def _named(parties: Sequence[pb.DeliberationParty], words: Words) -> Cell:
    return _list([party_name(party, words) for party in parties], words)


def _list(entries: Sequence[Cell], words: Words) -> Cell:
    return bullets(entries) or Paragraph(words["none"])
