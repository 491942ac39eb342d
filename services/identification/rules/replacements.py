"""Whether a number may replace another.

Source: service ReplaceIdentification of the bank: a BIS number by another BIS number or by one of
the National Register. Corrections of birth date or sex come from the National Register itself and
give one of its numbers for another. Chains end, are no circles, and have at most ten steps.
"""

from services.concepts.resolved_ssin import SsinState
from services.concepts.ssin import Ssin, SsinKind
from services.concepts.status import status
from services.identification.model.numbers import LONGEST_CHAIN
from services.identification.model.replacements import Kept, Standing

_BIS = (SsinKind.BIS_SEX_KNOWN, SsinKind.BIS_SEX_UNKNOWN)


def successor(old: Ssin, new: Ssin, standing: Standing) -> Ssin | Kept:
    """The number that is to replace the old one, at the end of its chain; or why none does."""
    if standing.old is None or standing.old.state is SsinState.CANCELED:
        return Kept(status("MSG00005"), "SSIN_UNKNOWN")
    if standing.last is None or standing.last.state is SsinState.CANCELED:
        return _invalid("replaced_by", "identifies nobody", "SUCCESSOR_UNKNOWN")
    last = standing.last.ssin
    if last == old or new == old:
        return _invalid("replaced_by", "is replaced by the number itself", "REPLACEMENT_CYCLE")
    if standing.old.state is SsinState.REPLACED:
        assert standing.old.replaced_by is not None
        said = ("newSSIN", standing.old.replaced_by.digits)
        return Kept(status("MSG00006", said), "SSIN_REPLACED")
    if standing.last.state is not SsinState.ACTIVE or standing.longest_before >= LONGEST_CHAIN:
        return _invalid("replaced_by", "makes the chain too long", "CHAIN_TOO_LONG")
    if old.kind is SsinKind.RRN and last.kind in _BIS:
        return _invalid("replaced_by", "is of a subsidiary register", "REGISTER_SUBSIDIARY")
    return last


def _invalid(field: str, description: str, because: str) -> Kept:
    said = ("fieldName", field), ("fieldValue", description)
    return Kept(status("MSG00008", *said), because)
