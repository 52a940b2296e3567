"""Providers and their services, as the API takes and tells them: the names are those of HSDS 3."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints, model_validator

from api.fields import Changes, Clock, Day, Id, In, Instant, Line, Name, Out, Text
from domain.needs import NEEDS
from records.database import HubSession
from records.directory import (
    NewProvider,
    NewService,
    OpenHours,
    Place,
    detail_of,
    phones_of,
    services_of,
)
from records.directory_search import Found
from records.tables import Provider, Service

Need = Annotated[
    str,
    StringConstraints(pattern="^[a-z][a-z0-9_]{0,39}$"),
    Field(examples=sorted(NEEDS)[:3], description="Kind of a plan step that it serves."),
]
LanguageCode = Annotated[str, StringConstraints(pattern="^[a-z]{2,3}$")]
Number = Annotated[
    str,
    StringConstraints(max_length=60, pattern=r"^[^\x00-\x1f\x7f]*$"),
    Field(description="As people write it."),
]
ByDay = Annotated[
    str,
    StringConstraints(pattern="^((MO|TU|WE|TH|FR|SA|SU)(,(MO|TU|WE|TH|FR|SA|SU)){0,6})?$"),
    Field(description="Days, like MO,TU,WE; empty is every day."),
]
Latitude = Annotated[float, Field(ge=-90, le=90, description="Degrees (WGS 84).")]
Longitude = Annotated[float, Field(ge=-180, le=180, description="Degrees (WGS 84).")]
Age = Annotated[int, Field(ge=0, le=150)]


class PlaceOut(Out):
    """Where a service can be had."""

    id: Id
    location_type: str
    name: str
    address_1: str
    address_2: str
    city: str
    state_province: str
    postal_code: str
    latitude: float | None
    longitude: float | None
    transportation: str


class HoursOut(Out):
    """When it is open, on the wall of the place: one row of a schedule."""

    freq: str
    byday: str
    opens_at: Clock | None
    closes_at: Clock | None
    valid_from: Day | None
    valid_to: Day | None
    description: str


class CostOut(Out):
    """What it costs, and for whom."""

    option: str
    amount: str
    currency: str
    amount_description: str


class ServiceOut(Out):
    """What a provider does, with where, when, in which languages and for how much."""

    id: Id
    organization_id: Id
    name: str
    alternate_name: str
    description: str
    needs: list[str] = Field(description="Kinds of plan steps that it serves.")
    languages: list[str]
    eligibility_description: str
    minimum_age: int | None
    maximum_age: int | None
    fees_description: str
    application_process: str
    interpretation_services: str
    wait_time: str
    alert: str
    url: str
    email: str
    phones: list[str]
    places: list[PlaceOut]
    hours: list[HoursOut]
    costs: list[CostOut]
    source: str = Field(description="The directory that it was imported from; empty for the hub's.")
    ended_at: Instant | None


class ProviderLine(Out):
    """An organization, in a line of a list."""

    id: Id
    name: str
    phone: str
    services: str = Field(description="What it does, in short.")
    languages: str
    source: str
    ended_at: Instant | None


class ProviderOut(ProviderLine):
    """An organization with everything that it does."""

    alternate_name: str
    description: str
    email: str
    website: str
    phones: list[str]
    offered: list[ServiceOut]


class FoundOut(Out):
    """A service that was found: where it is, and how far."""

    service_id: Id
    name: str
    provider_id: Id
    provider: str
    phone: str
    needs: list[str]
    languages: list[str]
    eligibility_description: str
    remote: bool = Field(description="It can be had by phone or online.")
    place: PlaceOut | None
    km: float | None = Field(description="From where was asked; null where nobody asked.")


class FoundList(Out):
    """One part of what was found, the best first."""

    items: list[FoundOut]
    total: int
    next_offset: int | None = Field(description="Where the next part begins; null at the end.")


class ProviderIn(In):
    """An organization to add. Organizations only: nobody's case belongs in here."""

    name: Name
    alternate_name: Line = ""
    description: Text = ""
    phone: Number = ""
    email: Line = ""
    website: Line = ""

    def provider(self) -> NewProvider:
        """The same for the records."""
        return NewProvider(**self.model_dump())


class ProviderChanges(Changes):
    """What to change of an organization."""

    name: Name = ""
    alternate_name: Line = ""
    description: Text = ""
    phone: Number = ""
    email: Line = ""
    website: Line = ""


class PlaceIn(In):
    """Where a service can be had."""

    name: Line = ""
    address_1: Line = ""
    address_2: Line = ""
    city: Line = ""
    state_province: Line = ""
    postal_code: Annotated[Line, Field(max_length=20)] = ""
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    location_type: Annotated[str, StringConstraints(pattern="^(physical|virtual)$")] = "physical"

    @model_validator(mode="after")
    def _both_or_neither(self) -> "PlaceIn":
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("Give latitude and longitude, or neither.")
        return self

    def place(self) -> Place:
        """The same for the records."""
        return Place(**self.model_dump())


class HoursIn(In):
    """On which days it is open, and from when to when on the wall of the place."""

    byday: ByDay = ""
    opens_at: Clock | None = None
    closes_at: Clock | None = Field(None, description="At or before opening: the next day.")

    def hours(self) -> OpenHours:
        """The same for the records."""
        return OpenHours(self.byday, self.opens_at, self.closes_at)


class ServiceIn(In):
    """What a provider does."""

    name: Name
    description: Text = ""
    needs: Annotated[list[Need], Field(max_length=20)] | None = Field(
        None, description="Left out, its name tells."
    )
    eligibility_description: Text = ""
    minimum_age: Age | None = None
    maximum_age: Age | None = None
    fees_description: Text = ""
    application_process: Text = ""
    url: Line = ""
    email: Line = ""
    phone: Number = ""
    languages: Annotated[list[LanguageCode], Field(max_length=30)] = []
    places: Annotated[list[PlaceIn], Field(max_length=20)] = []
    hours: Annotated[list[HoursIn], Field(max_length=30)] = []

    def service(self) -> NewService:
        """The same for the records."""
        said = {name: _for_records(getattr(self, name)) for name in type(self).model_fields}
        return NewService(**said)


class ServiceChanges(Changes):
    """What to change of a service; lists replace what was there."""

    name: Name = ""
    description: Text = ""
    needs: Annotated[list[Need], Field(max_length=20)] = []
    eligibility_description: Text = ""
    minimum_age: Age | None = None
    maximum_age: Age | None = None
    fees_description: Text = ""
    application_process: Text = ""
    url: Line = ""
    email: Line = ""
    phone: Number = ""
    languages: Annotated[list[LanguageCode], Field(max_length=30)] = []
    places: Annotated[list[PlaceIn], Field(max_length=20)] = []
    hours: Annotated[list[HoursIn], Field(max_length=30)] = []

    def changes(self) -> dict[str, Any]:
        """The new values for the records."""
        return {name: _for_records(value) for name, value in self.said().items()}


def _for_records(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    made: list[Any] = []
    for one in value:
        match one:
            case PlaceIn():
                made.append(one.place())
            case HoursIn():
                made.append(one.hours())
            case _:
                made.append(one)
    return tuple(made)


def provider_out(session: HubSession, provider: Provider) -> ProviderOut:
    """An organization with everything that it does now."""
    line = ProviderLine.of(provider).model_dump()
    own = [phone.number for phone in phones_of(session, provider.id)]
    return ProviderOut(
        **line,
        alternate_name=provider.alternate_name,
        description=provider.description,
        email=provider.email,
        website=provider.website,
        phones=own,
        offered=[service_out(session, one) for one in services_of(session, provider.id)],
    )


def service_out(session: HubSession, service: Service) -> ServiceOut:
    """A service with everything that belongs to it."""
    detail = detail_of(session, service)
    plain = {
        name: getattr(service, name)
        for name in ServiceOut.model_fields
        if name not in ("needs", "languages", "phones", "places", "hours", "costs")
    }
    return ServiceOut(
        **plain,
        needs=service.needs.split(),
        languages=service.spoken.split(),
        phones=[phone.number for phone in detail.phones],
        places=[PlaceOut.of(place) for place in detail.places],
        hours=[HoursOut.of(hours) for hours in detail.hours],
        costs=[CostOut.of(cost) for cost in detail.costs],
    )


def found_out(found: Found) -> FoundOut:
    """A service that was found."""
    return FoundOut(
        service_id=found.service.id,
        name=found.service.name,
        provider_id=found.provider.id,
        provider=found.provider.name,
        phone=found.provider.phone,
        needs=found.service.needs.split(),
        languages=found.service.spoken.split(),
        eligibility_description=found.service.eligibility_description,
        remote=found.service.remote,
        place=PlaceOut.of(found.place) if found.place else None,
        km=round(found.km, 3) if found.km is not None else None,
    )


__all__ = [
    "FoundList",
    "FoundOut",
    "Latitude",
    "Longitude",
    "ProviderChanges",
    "ProviderIn",
    "ProviderLine",
    "ProviderOut",
    "ServiceChanges",
    "ServiceIn",
    "ServiceOut",
    "found_out",
    "provider_out",
    "service_out",
]
