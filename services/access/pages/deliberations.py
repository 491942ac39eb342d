"""The page of one deliberation: everything that is public about it, each field with an address."""

from collections.abc import Iterable, Sequence

from cbss.access.v1 import access_service_pb2 as access_pb
from cbss.access.v1 import deliberation_pb2 as pb
from cbss.common.v1 import organization_pb2, period_pb2

from services.access.pages.html import Child, Element, element, joined
from services.access.pages.words import Words


def slug(number: str) -> str:
    """A number as it stands in addresses."""
    return number.lower().replace("/", "-")


def address(one: pb.Deliberation) -> str:
    """Where the page of a version is, beside the pages of its language."""
    return f"{slug(one.number)}-v{one.version}.html"


def body(one: pb.Deliberation, versions: Sequence[pb.Deliberation], words: Words) -> Element:
    """What the page says."""
    return joined(
        (
            element("h1", f"{one.number} - ", words.text(one.title)),
            element("p", state(one.state, words)),
            _facts(one, words),
            _section("purpose", words["purpose"], element("p", words.text(one.purpose))),
            _basis(one, words),
            _contexts(one, words),
            _parties(one, words),
            _accessions(one, words),
            _data(one, words),
            _people(one, words),
            _bounds(one, words),
            _section(
                "conditions",
                words["conditions"],
                _list((words.text(said) for said in one.conditions), words),
            ),
            _history(one, versions, words),
        )
    )


def state(value: int, words: Words) -> Element:
    """Where it is in its life, as a word in a frame."""
    name = pb.DeliberationState.Name(value).removeprefix("DELIBERATION_STATE_")
    return element("span", words[name], class_=f"state {name}")


def span(period: period_pb2.Period, words: Words) -> Element:
    """From when until when."""
    ends = period.HasField("end_date")
    return joined(
        (
            words["from"],
            " ",
            words.day(period.begin_date),
            " ",
            (words["until"], " ", words.day(period.end_date)) if ends else words["no_end"],
        )
    )


def named(party: pb.DeliberationParty) -> str:
    """An organization by its name, and by how the network knows it."""
    code = identification(party.organization)
    return f"{party.name} ({code})" if party.name else code


def identification(organization: organization_pb2.Organization) -> str:
    """An organization as the network knows it."""
    if organization.WhichOneof("identification") == "cbe_number":
        return str(organization.cbe_number)
    place = organization.sector_institution
    return f"{place.sector}.{place.institution}"


def _facts(one: pb.Deliberation, words: Words) -> Element:
    kind = pb.DeliberationKind.Name(one.kind).removeprefix("DELIBERATION_KIND_")
    return _terms(
        (words["number"], one.number),
        (words["version"], str(one.version)),
        (words["document_ref"], one.document_ref),
        (words["decided_on"], words.day(one.decided_on)),
        (words["kind"], words[kind]),
        (words["validity"], element("span", span(one.validity, words), id="validity")),
    )


def _basis(one: pb.Deliberation, words: Words) -> Element:
    rows = ((element("span", basis.act, lang="en"), basis.article) for basis in one.legal_basis)
    table = _table(words["legal_basis"], (words["act"], words["article"]), rows)
    return _section("legal_basis", words["legal_basis"], table)


def _contexts(one: pb.Deliberation, words: Words) -> Element:
    contexts = (element("code", context) for context in one.legal_contexts)
    return _section("legal_contexts", words["legal_contexts"], _list(contexts, words))


def _parties(one: pb.Deliberation, words: Words) -> Element:
    opened = _class(one, words) if one.open_to_accession else None
    way = "via_integrator" if one.via_integrator else "not_via_integrator"
    return joined(
        (
            _section("senders", words["senders"], _list(map(named, one.senders), words)),
            _section(
                "recipients",
                words["recipients"],
                _list(map(named, one.recipients), words) if one.recipients or not opened else None,
                opened,
            ),
            _section("processors", words["processors"], _list(map(named, one.processors), words))
            if one.processors
            else None,
            element("p", words[way]),
        )
    )


def _class(one: pb.Deliberation, words: Words) -> Element:
    kinds = [words.text(kind.title) or kind.code for kind in one.may_accede.organization_kinds]
    sectors = [f"{words['sector']} {sector}" for sector in one.may_accede.sectors]
    return joined((element("p", words["open_to_accession"]), _list([*kinds, *sectors], words)))


def _accessions(one: pb.Deliberation, words: Words) -> Element | None:
    if one.kind != pb.DELIBERATION_KIND_GENERAL:
        return None
    if not one.accessions:
        return _section("accessions", words["accessions"], element("p", words["none"]))
    heads = (words["recipients"], words["regulation"], words["validity"])
    rows = (
        (named(acc.recipient), acc.regulation, span(acc.period, words)) for acc in one.accessions
    )
    return _section("accessions", words["accessions"], _table(words["accessions"], heads, rows))


def _data(one: pb.Deliberation, words: Words) -> Element:
    heads = (words["contract"], words["modes"], words["fields"])
    rows = (
        (
            element("code", f"{block.data_contract} {block.contract_version}"),
            ", ".join(_mode(mode, words) for mode in block.modes),
            (_fields(block, words), _undisclosable(block, words), _criteria(block, words)),
        )
        for block in one.data_blocks
    )
    table = _table(words["data_blocks"], heads, rows)
    return _section("data_blocks", words["data_blocks"], table)


def _fields(block: pb.DataBlock, words: Words) -> Child:
    if list(block.fields) == ["*"]:
        return words["every_field"]
    return element("ul", (element("li", element("code", path)) for path in block.fields))


def _undisclosable(block: pb.DataBlock, words: Words) -> Child:
    return element("p", words["undisclosable"]) if block.undisclosable_addresses else None


def _criteria(block: pb.DataBlock, words: Words) -> Child:
    if not block.criteria:
        return None
    limits = (element("li", _limit(limit, words)) for limit in block.criteria)
    return element("p", words["only_asked_with"]), element("ul", limits)


def _limit(limit: access_pb.CriterionLimit, words: Words) -> Child:
    field: tuple[Child, ...] = (element("code", limit.field), ": ")
    if limit.absent:
        return *field, words["left_out"]
    if limit.values:
        values = [(", ", element("code", value)) for value in limit.values]
        return *field, words["one_of"], " ", values[0][1], values[1:]
    bounds = (("minimum", words["at_least"]), ("maximum", words["at_most"]))
    said = (f"{word} {getattr(limit, end)}" for end, word in bounds if limit.HasField(end))
    return *field, ", ".join(said)


def _mode(mode: int, words: Words) -> str:
    return words[access_pb.ExchangeMode.Name(mode).removeprefix("EXCHANGE_MODE_")]


def _people(one: pb.Deliberation, words: Words) -> Element:
    people = one.person_categories
    household = words["household" if people.household else "no_household"]
    codes = ", ".join(people.quality_codes) or words["none"]
    terms = _terms((words["quality_codes"], codes), (words["person_categories"], household))
    return _section("person_categories", words["person_categories"], terms)


def _bounds(one: pb.Deliberation, words: Words) -> Element:
    rule, free = one.period_rule, words["unbounded"]
    forward = (
        f"{rule.months_forward} {words['months_forward']}"
        if rule.HasField("months_forward")
        else words["no_limit"]
    )
    frequency = access_pb.Frequency.Name(one.frequency).removeprefix("FREQUENCY_")
    days = f"{one.retention_days} {words['days']}" if one.retention_days else free
    return joined(
        (
            _section(
                "period",
                words["period"],
                element("p", f"{rule.months_back} {words['months_back']}, {forward}"),
            ),
            _section("frequency", words["frequency"], element("p", words[frequency])),
            _section(
                "hourly_quota",
                words["volume"],
                _terms(
                    (words["hourly_quota"], str(one.hourly_quota or free)),
                    (words["expected"], str(one.expected_hourly_volume or words["none"])),
                ),
            ),
            _section(
                "retention_days",
                words["retention"],
                element("p", days),
                element("p", words["notify"]) if one.notify_subject else None,
            ),
        )
    )


def _history(one: pb.Deliberation, versions: Sequence[pb.Deliberation], words: Words) -> Element:
    moves = ((words.day(move.day), " - ", state(move.state, words)) for move in one.history)
    others = [
        element("a", f"{words['version']} {other.version}", href=address(other))
        for other in versions
        if other.version != one.version
    ]
    publication = _terms(
        (words["publication"], element("code", one.publication.path)),
        (words["languages"], ", ".join(one.publication.languages)),
        (words["source"], element("span", one.source, lang="en")),
        (words["digest"], element("code", one.digest)),
    )
    return joined(
        (
            _section("history", words["history"], _list(moves, words)),
            _section("versions", words["other_versions"], _list(others, words)) if others else None,
            _section("publication", words["publication"], publication),
        )
    )


def _section(field: str, heading: str, *content: Child) -> Element:
    return element("section", element("h2", heading), *content, id=field)


def _terms(*terms: tuple[str, Child]) -> Element:
    pairs = ((element("dt", term), element("dd", said)) for term, said in terms)
    return element("dl", pairs)


def _list(items: Iterable[Child], words: Words) -> Element:
    listed = [element("li", item) for item in items]
    return element("ul", listed) if listed else element("p", words["none"])


def _table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[Child]]) -> Element:
    return element(
        "table",
        element("caption", caption),
        element("thead", element("tr", [element("th", head, scope="col") for head in heads])),
        element("tbody", [element("tr", [element("td", cell) for cell in row]) for row in rows]),
    )
