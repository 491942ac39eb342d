"""How much the directory knows, as it travels."""

from collections.abc import Iterable
from datetime import date

from cbss.directory.v1 import directory_service_pb2 as pb

from services.concepts.failures import invalid
from services.directory.model import Figure
from services.wire import values

LONGEST_DAYS = 3660


def decode_days(request: pb.ListFiguresRequest) -> tuple[date, date]:
    """The first day and the last of which figures are asked."""
    asked = values.decode_period(request.period, "period")
    if asked.end is None or (asked.end - asked.begin).days > LONGEST_DAYS:
        raise invalid("period.end_date", "must be at most ten years after the first day")
    return asked.begin, asked.end


def encode_list_figures_response(found: Iterable[Figure]) -> pb.ListFiguresResponse:
    """Figures."""
    return pb.ListFiguresResponse(figures=map(_figure, found))


def _figure(one: Figure) -> pb.DirectoryFigure:
    return pb.DirectoryFigure(
        month=values.encode_day(one.month),
        sector=one.sector,
        persons=one.persons,
        average_actors=one.actors / one.persons if one.persons else 0,
        active_dossiers=one.active_dossiers,
    )
