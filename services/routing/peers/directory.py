"""Who knows the person: `cbss.directory.v1`, its dossiers."""

from collections.abc import Awaitable, Sequence
from datetime import date

from cbss.directory.v1 import directory_service_pb2 as directory_pb
from cbss.directory.v1 import directory_service_pb2_grpc as directory_rpc

from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.period import Period
from services.concepts.ssin import Ssin
from services.kit.coalesce import Coalescer
from services.routing.model import Party, Question
from services.routing.model.findings import Located
from services.wire import values


class PeerDirectory:
    """Asks the reference directory, many persons in one call."""

    def __init__(self, stub: directory_rpc.DirectoryServiceStub) -> None:
        self._stub = stub
        self._locate = Coalescer(self._locate_all)

    def locate(
        self, ssin: Ssin, party: Party, question: Question, period: Period, day: date
    ) -> Awaitable[Located]:
        """Who knows one person, as far as one question needs it."""
        return self._locate(
            directory_pb.DossierQuestion(
                ssin=ssin.digits,
                customer_cbe_number=party.customer.cbe_number.digits,
                data_contract=question.contract.code,
                contract_version=question.contract.version,
                period=values.encode_period(period),
                day=values.encode_day(day),
            )
        )

    async def _locate_all(self, questions: Sequence[directory_pb.DossierQuestion]) -> list[Located]:
        request = directory_pb.LocateDossiersRequest(questions=questions)
        response = await self._stub.LocateDossiers(request)
        return [
            Located(
                frozenset(result.customer_quality_codes),
                frozenset(EnterpriseNumber(int(source.cbe_number)) for source in result.sources),
            )
            for result in response.results
        ]
