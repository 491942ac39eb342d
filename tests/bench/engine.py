"""The same decisions by an established policy engine: Cedar, in its own language (cedarpy)."""

from collections.abc import Sequence
from datetime import date
from time import process_time

import cedarpy
from cbss.access.v1 import access_service_pb2 as pb

from services.access.model import Deliberation
from services.access.rules.decisions import window
from tests.bench import acts

_POLICY = """permit(principal, action, resource) when {{
  [{contexts}].contains(context.purpose) && [{places}].contains(context.place)
  && [{contracts}].contains(context.contract) && [{modes}].contains(context.mode)
  && context.today >= {begin} && context.first >= {earliest} && context.last <= {latest}
}};"""


class Cedar:
    """Deliberations as Cedar policies, parsed once."""

    def __init__(self, texts: Sequence[Deliberation]) -> None:
        begun = process_time()
        self._policies = cedarpy.PolicySet.from_str("\n".join(map(_policy, texts)))
        self.seconds = process_time() - begun
        self._entities = cedarpy.Entities.from_json_str("[]")

    def decide(self, asked: Sequence[pb.AccessQuestion]) -> list[bool]:
        """Whether each is covered."""
        requests = [
            {
                "principal": f'Organization::"{one.customer_cbe_number}"',
                "action": 'Action::"receive"',
                "resource": f'Contract::"{one.data_contract}"',
                "context": {
                    "purpose": one.legal_context,
                    "place": _place(one),
                    "contract": one.data_contract,
                    "mode": "ONLINE",
                    "today": acts.DAY.toordinal(),
                    "first": _ordinal(one.period.begin_date),
                    "last": _ordinal(one.period.end_date),
                },
            }
            for one in asked
        ]
        found = cedarpy.is_authorized_batch(requests, self._policies, self._entities)
        return [one.decision == cedarpy.Decision.Allow for one in found]


def _policy(text: Deliberation) -> str:
    allowed = window(text.period, acts.DAY)
    assert allowed.end is not None
    return _POLICY.format(
        contexts=_quoted(text.legal_contexts),
        places=_quoted(text.recipients),
        contracts=_quoted(block.contract.code for block in text.data_blocks),
        modes=_quoted(mode.name for mode in text.data_blocks[0].modes),
        begin=text.validity.begin.toordinal(),
        earliest=allowed.begin.toordinal(),
        latest=allowed.end.toordinal(),
    )


def _quoted(values: object) -> str:
    return ", ".join(f'"{value}"' for value in values)  # type: ignore[attr-defined]


def _place(asked: pb.AccessQuestion) -> str:
    place = asked.customer_sector_institution
    return f"{place.sector}.{place.institution}"


def _ordinal(day: object) -> int:
    return date(day.year, day.month, day.day).toordinal()  # type: ignore[attr-defined]
