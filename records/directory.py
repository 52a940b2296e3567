"""The directory by hand: providers and what they do, added, changed, ended, listed.

What was imported may be changed too; what the hub changed stays when it is imported again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, time
from typing import Any, TypeVar

from sqlmodel import col, select

from domain.needs import KIND
from domain.opening_hours import DAYS, Hours
from records.casework import NotFound
from records.database import HubSession
from records.directory_index import reindex, spaced
from records.tables import (
    CostOption,
    Location,
    Phone,
    Provider,
    ProviderContact,
    Published,
    Schedule,
    Service,
    ServiceAtLocation,
    SpokenLanguage,
)

Row = TypeVar("Row", bound=Published)


class ProviderKnown(ValueError):
    """The hub has a provider of this name already."""

    def __init__(self, provider_id: str) -> None:
        super().__init__("There is a provider of this name already; change that one.")
        self.provider_id = provider_id


class ProviderEnded(ValueError):
    """The provider or service has ended; it takes no such change."""

    def __init__(self) -> None:
        super().__init__("This has ended in the directory; add it anew instead.")


@dataclass(frozen=True, slots=True)
class NewProvider:
    """An organization, as it is added by hand."""

    name: str
    alternate_name: str = ""
    description: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a service can be had; `latitude` and `longitude` in degrees, both or neither."""

    name: str = ""
    address_1: str = ""
    address_2: str = ""
    city: str = ""
    state_province: str = ""
    postal_code: str = ""
    latitude: float | None = None
    longitude: float | None = None
    location_type: str = "physical"


@dataclass(frozen=True, slots=True)
class OpenHours:
    """On which days it is open, and from when to when on the wall of the place.

    Attributes:
        byday: `MO,TU,WE`; "" is every day.
    """

    byday: str = ""
    opens_at: time | None = None
    closes_at: time | None = None


@dataclass(frozen=True, slots=True)
class NewService:
    """What a provider does.

    Attributes:
        needs: kinds of plan steps that it serves; None lets its name tell (`domain/needs.py`).
        languages: ISO 639-1 codes.
    """

    name: str
    description: str = ""
    needs: tuple[str, ...] | None = None
    eligibility_description: str = ""
    minimum_age: int | None = None
    maximum_age: int | None = None
    fees_description: str = ""
    application_process: str = ""
    url: str = ""
    email: str = ""
    phone: str = ""
    languages: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    hours: tuple[OpenHours, ...] = ()


BELOW = frozenset({"phone", "languages", "places", "hours"})
"""Of a service: what is kept in rows of its own, and replaced whole."""


def add_provider(session: HubSession, new: NewProvider) -> Provider:
    """Add an organization.

    Raises:
        ProviderKnown: one of this name is offered already.
    """
    known = session.exec(
        select(col(Provider.id)).where(Provider.name == new.name, col(Provider.ended_at).is_(None))
    ).first()
    if known is not None:
        raise ProviderKnown(known)
    provider = Provider(**{one.name: getattr(new, one.name) for one in fields(new)})
    provider.kept = ["phone"] if new.phone else []
    session.add(provider)
    session.flush()
    return provider


def get_provider(session: HubSession, provider_id: str) -> Provider:
    """The provider.

    Raises:
        NotFound: not in this hub.
    """
    provider = session.get(Provider, provider_id)
    if provider is None:
        raise NotFound("provider")
    return provider


def offered_provider(session: HubSession, provider_id: str) -> Provider:
    """The provider, which people can be sent to.

    Raises:
        NotFound: not in this hub.
        ProviderEnded: it is offered no more.
    """
    provider = get_provider(session, provider_id)
    if provider.ended_at is not None:
        raise ProviderEnded
    return provider


def change_provider(session: HubSession, provider_id: str, changes: Mapping[str, Any]) -> Provider:
    """Change an organization; what it is called is searched from now on.

    Raises:
        NotFound, ProviderEnded: see `offered_provider`.
    """
    provider = offered_provider(session, provider_id)
    _change(session, provider, changes)
    reindex(session, [provider.id])
    return provider


def end_provider(session: HubSession, provider_id: str, now: datetime) -> Provider:
    """The organization is offered no more, and nothing that it does.

    Steps that name it keep it: what was done there was done there.

    Raises:
        NotFound: no such provider.
    """
    provider = get_provider(session, provider_id)
    if provider.ended_at is None:
        for service in services_of(session, provider_id):
            _end(session, service, now)
        _end(session, provider, now)
    return provider


def add_service(session: HubSession, provider_id: str, new: NewService) -> Service:
    """Add what a provider does, with where, when and in which languages.

    Raises:
        NotFound, ProviderEnded: see `offered_provider`.
    """
    provider = offered_provider(session, provider_id)
    own = {one.name for one in fields(new)} - BELOW - {"needs"}
    service = Service(organization_id=provider.id, **{name: getattr(new, name) for name in own})
    session.add(service)
    session.flush()
    if new.needs is not None:
        _set_needs(service, new.needs)
    for name in sorted(BELOW):
        _put_below(session, service, name, getattr(new, name))
    reindex(session, [provider.id])
    return service


def get_service(session: HubSession, service_id: str) -> Service:
    """The service.

    Raises:
        NotFound: not in this hub.
    """
    service = session.get(Service, service_id)
    if service is None:
        raise NotFound("service")
    return service


def change_service(
    session: HubSession, service_id: str, changes: Mapping[str, Any], now: datetime
) -> Service:
    """Change a service; places, hours and languages are replaced whole.

    Args:
        session: of the hub.
        service_id: which one.
        changes: new values by the names of `NewService`.
        now: UTC.

    Raises:
        NotFound: no such service.
        ProviderEnded: it is offered no more.
    """
    service = get_service(session, service_id)
    if service.ended_at is not None:
        raise ProviderEnded
    plain = {name: value for name, value in changes.items() if name not in BELOW | {"needs"}}
    _change(session, service, plain)
    if changes.get("needs") is not None:
        _set_needs(service, changes["needs"])
    for name in sorted(BELOW & set(changes)):
        _end_below(session, service, name, now)
        _put_below(session, service, name, changes[name])
    session.add(service)
    reindex(session, [service.organization_id])
    return service


def end_service(session: HubSession, service_id: str, now: datetime) -> Service:
    """The service is offered no more.

    Raises:
        NotFound: no such service.
    """
    service = get_service(session, service_id)
    if service.ended_at is None:
        _end(session, service, now)
        reindex(session, [service.organization_id])
    return service


def services_of(session: HubSession, provider_id: str) -> list[Service]:
    """What a provider does now, by name."""
    return list(
        session.exec(
            select(Service)
            .where(Service.organization_id == provider_id, col(Service.ended_at).is_(None))
            .order_by(col(Service.name), col(Service.id))
        ).all()
    )


@dataclass(frozen=True, slots=True)
class ServiceDetail:
    """A service with everything that belongs to it."""

    service: Service
    provider: Provider
    places: list[Location]
    hours: list[Schedule]
    phones: list[Phone]
    languages: list[SpokenLanguage]
    costs: list[CostOption]


def detail_of(session: HubSession, service: Service) -> ServiceDetail:
    """Everything of a service that is offered now."""
    links = _rows(session, ServiceAtLocation, ServiceAtLocation.service_id == service.id)
    ids = [link.location_id for link in links]
    places = _rows(session, Location, col(Location.id).in_(ids))
    hours = _rows(session, Schedule, Schedule.service_id == service.id)
    if not hours:
        at_place = col(Schedule.location_id).in_(ids)
        hours = _rows(session, Schedule, at_place, col(Schedule.service_id).is_(None))
    hours.sort(key=_in_the_week)
    return ServiceDetail(
        service,
        session.get_one(Provider, service.organization_id),
        places,
        hours,
        _rows(session, Phone, Phone.service_id == service.id),
        _rows(session, SpokenLanguage, SpokenLanguage.service_id == service.id),
        _rows(session, CostOption, CostOption.service_id == service.id),
    )


def _in_the_week(row: Schedule) -> tuple[int, time]:
    """Where hours stand in a list: by their first day, Monday first, then by the clock."""
    days = [DAYS.index(day) for day in row.byday.split(",") if day in DAYS]
    return min(days, default=0), row.opens_at or time(0)


def contacts_of(session: HubSession, provider_id: str) -> list[ProviderContact]:
    """Whom to ask for at a provider."""
    ours = [service.id for service in services_of(session, provider_id)]
    at_provider = col(ProviderContact.organization_id) == provider_id
    return _rows(session, ProviderContact, at_provider | col(ProviderContact.service_id).in_(ours))


def phones_of(session: HubSession, provider_id: str) -> list[Phone]:
    """The phones of a provider as a whole."""
    return _rows(session, Phone, Phone.organization_id == provider_id)


def _rows(session: HubSession, table: type[Row], *where: Any) -> list[Row]:
    statement = select(table).where(*where, col(table.ended_at).is_(None))
    return list(session.exec(statement.order_by(col(table.id))).all())


def _change(session: HubSession, row: Published, changes: Mapping[str, Any]) -> None:
    changed = {name for name, value in changes.items() if getattr(row, name) != value}
    for name in changed:
        setattr(row, name, changes[name])
    row.kept = sorted({*row.kept, *changed})
    session.add(row)


def _end(session: HubSession, row: Published, now: datetime) -> None:
    """Ended by hand, which an import does not undo."""
    row.ended_at = now
    row.kept = sorted({*row.kept, "ended_at"})
    session.add(row)


def _set_needs(service: Service, needs: tuple[str, ...]) -> None:
    service.needs = spaced(dict.fromkeys(kind for kind in needs if KIND.fullmatch(kind)))
    service.kept = sorted({*service.kept, "needs"})


def _put_below(session: HubSession, service: Service, name: str, value: Any) -> None:
    """Write the rows for what a service has: its phone, languages, places or hours."""
    match name:
        case "phone":
            if value:
                session.add(Phone(service_id=service.id, number=value))
        case "languages":
            session.add_all(SpokenLanguage(service_id=service.id, code=code) for code in value)
        case "places":
            for place in value:
                _put_place(session, service, place)
        case "hours":
            session.add_all(_schedule(service, hours) for hours in value)
    session.flush()


def _put_place(session: HubSession, service: Service, place: Place) -> None:
    said = {one.name: getattr(place, one.name) for one in fields(place)}
    location = Location(organization_id=service.organization_id, **said)
    session.add(location)
    session.flush()
    session.add(ServiceAtLocation(service_id=service.id, location_id=location.id))


def _schedule(service: Service, hours: OpenHours) -> Schedule:
    freq = "WEEKLY" if hours.byday else "DAILY"
    return Schedule(
        service_id=service.id,
        freq=freq,
        byday=hours.byday,
        opens_at=hours.opens_at,
        closes_at=hours.closes_at,
        plain=Hours(freq=freq, byday=hours.byday).plain,
    )


_BELOW: Mapping[str, type[Any]] = {
    "phone": Phone,
    "languages": SpokenLanguage,
    "places": ServiceAtLocation,
    "hours": Schedule,
}


def _end_below(session: HubSession, service: Service, name: str, now: datetime) -> None:
    table = _BELOW[name]
    for row in _rows(session, table, table.service_id == service.id):
        _end(session, row, now)
    session.flush()


__all__ = [
    "NewProvider",
    "NewService",
    "OpenHours",
    "Place",
    "ProviderEnded",
    "ProviderKnown",
    "ServiceDetail",
    "add_provider",
    "add_service",
    "change_provider",
    "change_service",
    "contacts_of",
    "detail_of",
    "end_provider",
    "end_service",
    "get_provider",
    "get_service",
    "offered_provider",
    "phones_of",
    "services_of",
]
