"""The RPCs of identification: decode, call, encode."""

from dataclasses import dataclass
from typing import Any

import grpc.aio
from cbss.identification.v1 import (
    bis_pb2,
    enterprise_pb2,
    history_pb2,
    person_data_pb2,
    search_pb2,
)
from cbss.identification.v1 import identification_service_pb2 as pb
from cbss.identification.v1 import identification_service_pb2_grpc as rpc

from services.admission.wire import Calls
from services.identification.citizens import titles
from services.identification.usecases.citizens import Citizens
from services.identification.usecases.enterprises import Enterprises
from services.identification.usecases.histories import Histories
from services.identification.usecases.numbers import Identification
from services.identification.usecases.registering import Registration
from services.identification.usecases.replacements import Replacements
from services.identification.usecases.searching import Persons
from services.identification.wire import (
    citizens,
    enterprises,
    histories,
    numbers,
    registering,
    replacements,
    searches,
)
from services.identification.wire.calls import decode_call, encode_head
from services.kit import caller
from services.kit.paging import PageTokens, page_size
from services.wire.citizens import decode_citizen

Context = grpc.aio.ServicerContext[Any, Any]


@dataclass(frozen=True)
class IdentificationServicer(rpc.IdentificationServiceServicer):  # type: ignore[misc]
    """Serves `cbss.identification.v1.IdentificationService`."""

    identification: Identification
    replacements: Replacements
    persons: Persons
    registration: Registration
    enterprises: Enterprises
    histories: Histories
    citizens: Citizens
    tokens: PageTokens
    calls: Calls

    async def ResolveSsins(
        self, request: pb.ResolveSsinsRequest, context: Context
    ) -> pb.ResolveSsinsResponse:
        ssins = numbers.decode_ssins(request)
        return numbers.encode_resolved(await self.identification.resolve_ssins(ssins))

    async def ListReplacements(
        self, request: pb.ListReplacementsRequest, context: Context
    ) -> pb.ListReplacementsResponse:
        after, most = replacements.decode_page(request)
        return replacements.encode_list_replacements(
            await self.replacements.list_replacements(after, most)
        )

    async def CheckIdentities(
        self, request: search_pb2.CheckIdentitiesRequest, context: Context
    ) -> search_pb2.CheckIdentitiesResponse:
        asked = searches.decode_checks(request)
        return searches.encode_checked_identities(await self.persons.check_identities(asked))

    async def SearchPersons(
        self, request: search_pb2.SearchPersonsRequest, context: Context
    ) -> search_pb2.SearchPersonsResponse:
        call = decode_call(self.calls, "SearchPersons", request)
        ended = await self.persons.search(call, searches.decode_search(request))
        return searches.encode_search(
            request, encode_head(self.calls, request, call, ended.status), ended
        )

    async def VerifyPerson(
        self, request: search_pb2.VerifyPersonRequest, context: Context
    ) -> search_pb2.VerifyPersonResponse:
        call = decode_call(self.calls, "VerifyPerson", request)
        ended = await self.persons.verify(call, searches.decode_proof(request.proof))
        return searches.encode_verification(
            request, encode_head(self.calls, request, call, ended.status), ended
        )

    async def CreateBisPerson(
        self, request: bis_pb2.CreateBisPersonRequest, context: Context
    ) -> bis_pb2.CreateBisPersonResponse:
        call = decode_call(self.calls, "CreateBisPerson", request)
        ended = await self.registration.create(call, registering.decode_creation(request))
        return registering.encode_creation(
            request, encode_head(self.calls, request, call, ended.status), ended
        )

    async def UpdatePerson(
        self, request: bis_pb2.UpdatePersonRequest, context: Context
    ) -> bis_pb2.UpdatePersonResponse:
        call = decode_call(self.calls, "UpdatePerson", request)
        ended = await self.registration.update(call, registering.decode_update(request))
        return registering.encode_update(
            request, encode_head(self.calls, request, call, ended.status), ended
        )

    async def ReplaceSsin(
        self, request: bis_pb2.ReplaceSsinRequest, context: Context
    ) -> bis_pb2.ReplaceSsinResponse:
        call = decode_call(self.calls, "ReplaceSsin", request)
        ended = await self.registration.replace(call, registering.decode_replacement(request))
        return registering.encode_replacement(
            request, encode_head(self.calls, request, call, ended.status), ended
        )

    async def ListPersonVersions(
        self, request: history_pb2.ListPersonVersionsRequest, context: Context
    ) -> history_pb2.ListPersonVersionsResponse:
        call = self.calls.made("ListPersonVersions", caller.current())
        asked = histories.decode_inquiry(request, call)
        return histories.encode_list_person_versions(*await self.histories.list_versions(asked))

    async def ListMyPersonData(
        self, request: person_data_pb2.ListMyPersonDataRequest, context: Context
    ) -> person_data_pb2.ListMyPersonDataResponse:
        calling = caller.current()
        call, asking = self.calls.made("ListMyPersonData", calling), decode_citizen(calling)
        most = page_size(request.page_size, default=50, most=200)
        after = citizens.decode_position(self.tokens, request, asking)
        page = await self.citizens.list_my_person_data(call, asking, after, most)
        return citizens.encode_list_my_person_data(self.tokens, call, asking, page, titles())

    async def ResolveEnterprises(
        self, request: enterprise_pb2.ResolveEnterprisesRequest, context: Context
    ) -> enterprise_pb2.ResolveEnterprisesResponse:
        asked = enterprises.decode_numbers(request)
        return enterprises.encode_resolved(asked, await self.enterprises.resolve(asked))

    async def GetEnterprise(
        self, request: enterprise_pb2.GetEnterpriseRequest, context: Context
    ) -> enterprise_pb2.GetEnterpriseResponse:
        call = decode_call(self.calls, "GetEnterprise", request, has_purpose=False)
        ended, found = await self.enterprises.get(call, enterprises.decode_number(request))
        return enterprises.encode_get_enterprise(
            encode_head(self.calls, request, call, ended), found
        )

    async def RegisterEnterprise(
        self, request: enterprise_pb2.RegisterEnterpriseRequest, context: Context
    ) -> enterprise_pb2.RegisterEnterpriseResponse:
        call = decode_call(self.calls, "RegisterEnterprise", request)
        ended = await self.enterprises.register(call, enterprises.decode_registration(request))
        told = encode_head(self.calls, request, call, ended)
        return enterprise_pb2.RegisterEnterpriseResponse(
            **told, legal_context=request.legal_context
        )
