"""The RPCs of the directory: decode, call, encode."""

from dataclasses import dataclass
from typing import Any

import grpc.aio
from cbss.directory.v1 import directory_service_pb2 as pb
from cbss.directory.v1 import directory_service_pb2_grpc as rpc

from services.admission.wire import Calls
from services.concepts.quality_words import quality_words
from services.directory.usecases import Citizens, Contracting, Directory, Registrar, Subscribers
from services.directory.wire import (
    catalogue,
    citizens,
    contracts,
    dossiers,
    figures,
    registrations,
    subscriptions,
)
from services.kit import caller
from services.kit.paging import PageTokens, page_size
from services.wire.citizens import decode_citizen

Context = grpc.aio.ServicerContext[Any, Any]


@dataclass(frozen=True)
class DirectoryServicer(rpc.DirectoryServiceServicer):  # type: ignore[misc]
    """Serves `cbss.directory.v1.DirectoryService`."""

    directory: Directory
    registrar: Registrar
    contracting: Contracting
    subscribers: Subscribers
    citizens: Citizens
    tokens: PageTokens
    calls: Calls

    async def LocateDossiers(
        self, request: pb.LocateDossiersRequest, context: Context
    ) -> pb.LocateDossiersResponse:
        questions, known_at = dossiers.decode_questions(request), dossiers.decode_known_at(request)
        return dossiers.encode_locate_dossiers_response(
            await self.directory.locate_dossiers(questions, known_at)
        )

    async def ListOrganizations(
        self, request: pb.ListOrganizationsRequest, context: Context
    ) -> pb.ListOrganizationsResponse:
        asking, most = caller.current(), page_size(request.page_size, default=500, most=1000)
        after = catalogue.decode_organization_position(self.tokens, request, asking)
        page = self.directory.list_organizations(after, most)
        return catalogue.encode_list_organizations_response(self.tokens, request, asking, page)

    async def ListDataContracts(
        self, request: pb.ListDataContractsRequest, context: Context
    ) -> pb.ListDataContractsResponse:
        asking, most = caller.current(), page_size(request.page_size, default=50, most=200)
        after = catalogue.decode_contract_position(self.tokens, request, asking)
        page = self.directory.list_data_contracts(after, most)
        return catalogue.encode_list_data_contracts_response(self.tokens, request, asking, page)

    async def RegisterDataContract(
        self, request: pb.RegisterDataContractRequest, context: Context
    ) -> pb.RegisterDataContractResponse:
        call = self.calls.made("RegisterDataContract", caller.current())
        await self.contracting.register(call, contracts.decode_contract(request.data_contract))
        return pb.RegisterDataContractResponse(ticket_cbss=str(call.ticket))

    async def RegisterPerson(
        self, request: pb.RegisterPersonRequest, context: Context
    ) -> pb.RegisterPersonResponse:
        call = self.calls.made("RegisterPerson", caller.current())
        outcome = await self.registrar.register(call, registrations.decode_registering(request))
        return registrations.encode_register_person_response(request, outcome)

    async def UnregisterPerson(
        self, request: pb.UnregisterPersonRequest, context: Context
    ) -> pb.UnregisterPersonResponse:
        call = self.calls.made("UnregisterPerson", caller.current())
        outcome = await self.registrar.unregister(call, registrations.decode_unregistering(request))
        return registrations.encode_unregister_person_response(request, outcome)

    async def ListRegistrations(
        self, request: pb.ListRegistrationsRequest, context: Context
    ) -> pb.ListRegistrationsResponse:
        call = self.calls.made("ListRegistrations", caller.current())
        outcome = await self.registrar.list(call, registrations.decode_listing(request))
        return registrations.encode_list_registrations_response(request, outcome)

    async def Subscribe(
        self, request: pb.SubscribeRequest, context: Context
    ) -> pb.SubscribeResponse:
        call = self.calls.made("Subscribe", caller.current())
        outcome = await self.subscribers.subscribe(call, subscriptions.decode_subscribing(request))
        return subscriptions.encode_subscribe_response(call, outcome)

    async def Unsubscribe(
        self, request: pb.UnsubscribeRequest, context: Context
    ) -> pb.UnsubscribeResponse:
        call = self.calls.made("Unsubscribe", caller.current())
        await self.subscribers.unsubscribe(call, subscriptions.decode_ending(request, call.day))
        return pb.UnsubscribeResponse(ticket_cbss=str(call.ticket))

    async def ListSubscriptions(
        self, request: pb.ListSubscriptionsRequest, context: Context
    ) -> pb.ListSubscriptionsResponse:
        asking, most = caller.current(), page_size(request.page_size, default=50, most=200)
        after = subscriptions.decode_position(self.tokens, request, asking)
        call = self.calls.made("ListSubscriptions", asking)
        page = await self.subscribers.list_own(
            call, subscriptions.decode_listing(request), after, most
        )
        return subscriptions.encode_list_subscriptions_response(self.tokens, request, asking, page)

    async def LocateSubscribers(
        self, request: pb.LocateSubscribersRequest, context: Context
    ) -> pb.LocateSubscribersResponse:
        events = subscriptions.decode_events(request)
        day = subscriptions.decode_asked_on(request, self.calls.today())
        return subscriptions.encode_locate_subscribers_response(
            await self.subscribers.locate(events, day)
        )

    async def ListFigures(
        self, request: pb.ListFiguresRequest, context: Context
    ) -> pb.ListFiguresResponse:
        first, last = figures.decode_days(request)
        return figures.encode_list_figures_response(await self.directory.list_figures(first, last))

    async def PreviewSubscribers(
        self, request: pb.PreviewSubscribersRequest, context: Context
    ) -> pb.PreviewSubscribersResponse:
        call = self.calls.made("PreviewSubscribers", caller.current())
        told = await self.subscribers.preview(call, *subscriptions.decode_preview(request))
        return subscriptions.encode_preview_subscribers_response(call, told)

    async def ListMyFiles(
        self, request: pb.ListMyFilesRequest, context: Context
    ) -> pb.ListMyFilesResponse:
        asking, most = (
            decode_citizen(caller.current()),
            page_size(request.page_size, default=50, most=200),
        )
        call = self.calls.made("ListMyFiles", caller.current())
        after = citizens.decode_position(self.tokens, request, asking)
        page = await self.citizens.list_my_files(call, asking, after, most)
        return citizens.encode_list_my_files_response(
            self.tokens, call, asking, page, quality_words()
        )
