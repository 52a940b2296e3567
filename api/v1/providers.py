"""The directory of providers: listed, searched, added to and changed."""

from typing import Annotated

from fastapi import Path, Query
from sqlmodel import col, select
from starlette.responses import Response

from api import problems
from api.desk import AtDesk
from api.door import guarded_router
from api.fields import Id, Line, LocalTime
from api.once import AtOnce
from api.problems import Refusal, documented
from api.v1.paging import Listed, PartAsked, listed
from api.v1.provider_shapes import (
    FoundList,
    Latitude,
    Longitude,
    ProviderChanges,
    ProviderIn,
    ProviderLine,
    ProviderOut,
    ServiceChanges,
    ServiceIn,
    ServiceOut,
    found_out,
    provider_out,
    service_out,
)
from domain.distance import Point
from records import directory as book
from records.database import HubSession
from records.directory_search import NEAR_KM, Wanted, search_services
from records.listing_queries import page_of
from records.tables import Provider

router = guarded_router("providers")

ProviderId = Annotated[Id, Path(description="Id of a provider.")]
ServiceId = Annotated[Id, Path(description="Id of a service.")]
MOST_FOUND = 100


@router.get("/providers", summary="Providers")
def list_providers(
    desk: AtDesk,
    asked: PartAsked,
    ended: Annotated[bool, Query(description="Also those that have ended.")] = False,
) -> Listed[ProviderLine]:
    """Organizations that people can be sent to, in the order in which they came."""
    statement = select(Provider)
    if not ended:
        statement = statement.where(col(Provider.ended_at).is_(None))
    with desk.reading() as session:
        page = page_of(session, statement, Provider.id, asked.window)
        return listed(asked, page, ProviderLine.of)


@router.get("/services", summary="Find a service")
def search_directory(
    desk: AtDesk,
    need: Annotated[
        str, Query(pattern="^([a-z][a-z0-9_]{0,39})?$", description="Kind of a plan step.")
    ] = "",
    q: Annotated[Line, Query(description="Words; accents and case do not matter.")] = "",
    language: Annotated[
        str, Query(pattern="^([a-z]{2,3})?$", description="In which it is given.")
    ] = "",
    latitude: Annotated[Latitude | None, Query(description="Only near here …")] = None,
    longitude: Annotated[Longitude | None, Query(description="… the nearest first.")] = None,
    within_km: Annotated[float, Query(gt=0, le=1000)] = NEAR_KM,
    area: Annotated[Line, Query(description="Only in this city, state or postal code.")] = "",
    open_at: Annotated[
        LocalTime | None, Query(description="Known to be open then, on the wall of the place.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_FOUND)] = 20,
    offset: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> FoundList:
    """Services that fit, the best first: nearest, or named so. Those that are had by phone or
    online follow those that are near."""
    if (latitude is None) != (longitude is None):
        raise Refusal(problems.INVALID, "Give latitude and longitude, or neither.")
    near = None if latitude is None or longitude is None else Point(latitude, longitude)
    wanted = Wanted(need, q, language, near, within_km, area, open_at)
    with desk.reading() as session:
        results = search_services(session, wanted, limit=limit, offset=offset)
    end = offset + len(results.found)
    return FoundList(
        items=[found_out(one) for one in results.found],
        total=results.total,
        next_offset=end if results.found and end < results.total else None,
    )


@router.post(
    "/providers",
    summary="Add a provider",
    status_code=201,
    response_model=ProviderOut,
    responses=documented(problems.CONFLICT),
)
def add_provider(desk: AtOnce, new: ProviderIn) -> Response:
    """Add an organization. Its services are added to it one by one."""

    def make(session: HubSession) -> ProviderOut:
        return provider_out(session, book.add_provider(session, new.provider()))

    return desk.do(new, make)


@router.get(
    "/providers/{provider_id}", summary="One provider", responses=documented(problems.NOT_FOUND)
)
def read_provider(desk: AtDesk, provider_id: ProviderId) -> ProviderOut:
    """An organization with everything that it does now."""
    with desk.reading() as session:
        return provider_out(session, book.get_provider(session, provider_id))


@router.patch(
    "/providers/{provider_id}",
    summary="Change a provider",
    responses=documented(problems.NOT_FOUND, problems.ENDED),
)
def change_provider(desk: AtDesk, provider_id: ProviderId, changes: ProviderChanges) -> ProviderOut:
    """Change an organization. What is changed here stays when its directory is imported again."""
    with desk.writing() as session:
        provider = book.change_provider(session, provider_id, changes.said())
        return provider_out(session, provider)


@router.post(
    "/providers/{provider_id}/end",
    summary="A provider is offered no more",
    response_model=ProviderOut,
    responses=documented(problems.NOT_FOUND),
)
def end_provider(desk: AtOnce, provider_id: ProviderId) -> Response:
    """End an organization and all that it does. Steps that name it keep it."""

    def make(session: HubSession) -> ProviderOut:
        return provider_out(session, book.end_provider(session, provider_id, desk.now))

    return desk.do(None, make, 200)


@router.post(
    "/providers/{provider_id}/services",
    summary="Add a service",
    status_code=201,
    response_model=ServiceOut,
    responses=documented(problems.NOT_FOUND, problems.ENDED),
)
def add_service(desk: AtOnce, provider_id: ProviderId, new: ServiceIn) -> Response:
    """Add what a provider does, with where, when and in which languages."""

    def make(session: HubSession) -> ServiceOut:
        return service_out(session, book.add_service(session, provider_id, new.service()))

    return desk.do(new, make)


@router.get(
    "/services/{service_id}", summary="One service", responses=documented(problems.NOT_FOUND)
)
def read_service(desk: AtDesk, service_id: ServiceId) -> ServiceOut:
    """A service with its places, hours, languages and costs."""
    with desk.reading() as session:
        return service_out(session, book.get_service(session, service_id))


@router.patch(
    "/services/{service_id}",
    summary="Change a service",
    responses=documented(problems.NOT_FOUND, problems.ENDED),
)
def change_service(desk: AtDesk, service_id: ServiceId, changes: ServiceChanges) -> ServiceOut:
    """Change a service. Lists replace what was there; what is left out stays."""
    with desk.writing() as session:
        service = book.change_service(session, service_id, changes.changes(), desk.now)
        return service_out(session, service)


@router.post(
    "/services/{service_id}/end",
    summary="A service is offered no more",
    response_model=ServiceOut,
    responses=documented(problems.NOT_FOUND),
)
def end_service(desk: AtOnce, service_id: ServiceId) -> Response:
    """End a service; nothing is deleted."""

    def make(session: HubSession) -> ServiceOut:
        return service_out(session, book.end_service(session, service_id, desk.now))

    return desk.do(None, make, 200)
