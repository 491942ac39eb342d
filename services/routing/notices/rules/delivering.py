"""What of an event goes out, and to whom: decided again at each delivery.

Source: the proportionality of a deliberation's data blocks.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from services.concepts.data_contract import ContractName
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.resolved_ssin import ResolvedSsin
from services.concepts.ssin import Ssin
from services.routing.model import DataContract, Payload
from services.routing.notices.model import (
    Delivery,
    Subscriber,
    Waiting,
)
from services.routing.rules import filtering, payloads


def deliverable(
    waiting: Iterable[Waiting],
    told: Mapping[int, Sequence[Subscriber]],
    persons: Mapping[Ssin, ResolvedSsin],
    organization: EnterpriseNumber,
) -> list[Delivery]:
    """What may go out now of what waits: to whom the directory would still tell it.

    `told` holds, by position, who is to be told today. Everything else is passed over.
    """
    found = []
    for one in waiting:
        mine = next(
            (
                subscriber
                for subscriber in told.get(one.position, ())
                if subscriber.subscription == one.subscription
                and subscriber.organization == organization
            ),
            None,
        )
        if mine is not None:
            person = number_today(one.event.person, persons)
            found.append(
                Delivery(waiting=one, person=person, subscriber=mine, payload=one.event.payload)
            )
    return found


def number_today(person: Ssin, persons: Mapping[Ssin, ResolvedSsin]) -> Ssin:
    """The number of a person today: numbers get replaced while a notice waits."""
    known = persons.get(person)
    return person if known is None or known.replaced_by is None else known.replaced_by


def cut(delivery: Delivery, contracts: Mapping[ContractName, DataContract]) -> Delivery:
    """A delivery with no more content than its subscriber may have, saying what was cut.

    A subscription without fields is told that something changed, and not what.
    """
    contract = contracts.get(delivery.waiting.contract)
    if delivery.payload is None:
        return delivery
    if contract is None or not delivery.subscriber.fields:
        return replace(delivery, payload=None)
    message = payloads.read(delivery.payload, contract)
    granted = filtering.tree(delivery.subscriber.fields)
    filtering.cut(message, granted)
    filtering.hide(message, contract.types.hiding)
    # What is denied is told, whether it was there or not: what went would say what there is.
    gone = filtering.denied_paths(message.DESCRIPTOR, granted)
    content = message.SerializeToString(deterministic=True)
    return replace(delivery, payload=Payload(delivery.payload.type_name, content), cut=gone)
