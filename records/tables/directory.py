"""The directory of providers, under the names of Open Referral's HSDS 3.

The organization is the `provider`, as plans and referrals call it; services, locations and the
rest carry the specification's names and columns (https://docs.openreferral.org). Organizations
only: nobody's case is in here.
"""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from records.tables.base import (
    HubOwned,
    json_dict,
    json_list,
    long_text,
    maybe_instant,
    maybe_ref,
    ref,
    sealed,
)

IN_ITS_EXPORT = ("external_id", "source", "hub_id")
"""What is unique. The hub comes last: an index that begins with it finds nearly all rows, and a
database without statistics would use it (see `HubOwned`)."""


class Published(HubOwned):
    """A row that a published directory may have brought.

    Attributes:
        source: name of the export that brought it; "" for what the hub wrote itself.
        external_id: its id in that export.
        extra: what the export says beyond our columns, as it came.
        kept: columns that the hub changed by hand; an import leaves them alone.
        ended_at: it is offered no more (UTC).
    """

    source: str = ""
    external_id: str | None = None
    extra: dict[str, Any] = json_dict()
    kept: list[str] = json_list()
    ended_at: datetime | None = maybe_instant()


class Provider(Published, table=True):
    """An organization that offers services to a person (HSDS `organization`).

    Attributes:
        services, languages, phone: in short, for a line of a list; made from the rows below it
            where there are some (`records/directory_index.py`).
        desk_id: whoever answers for it, at the address to which referrals go.
    """

    name: str
    services: str = ""
    phone: str = ""
    languages: str = ""
    alternate_name: str = ""
    description: str = long_text()
    email: str = ""
    website: str = ""
    desk_id: str | None = maybe_ref("person.id", index=False)

    __table_args__ = (UniqueConstraint(*IN_ITS_EXPORT),)


class Service(Published, table=True):
    """What a provider does for people.

    Attributes:
        needs: kinds of plan steps that it serves, as " housing food ".
        words: all that a search looks at, folded (`domain/folding.py`).
        spoken: its languages, as " en es ".
        remote: it can be had by phone or online, from anywhere.
    """

    organization_id: str = ref("provider.id")
    name: str
    alternate_name: str = ""
    description: str = long_text()
    url: str = ""
    email: str = ""
    status: str = "active"
    interpretation_services: str = long_text()
    application_process: str = long_text()
    fees_description: str = long_text()
    eligibility_description: str = long_text()
    minimum_age: int | None = None
    maximum_age: int | None = None
    wait_time: str = ""
    alert: str = long_text()
    needs: str = ""
    words: str = long_text()
    spoken: str = ""
    remote: bool = False

    __table_args__ = (UniqueConstraint(*IN_ITS_EXPORT),)


class Location(Published, table=True):
    """Where a provider can be found, with its street address.

    Attributes:
        latitude, longitude: degrees (WGS 84).
        area: city, region and postal code, folded, as " miami fl 33136 ".
    """

    organization_id: str | None = maybe_ref("provider.id")
    location_type: str = "physical"
    name: str = ""
    alternate_name: str = ""
    description: str = long_text()
    transportation: str = long_text()
    latitude: float | None = Field(default=None, index=True)
    longitude: float | None = None
    address_1: str = ""
    address_2: str = ""
    city: str = ""
    region: str = ""
    state_province: str = ""
    postal_code: str = ""
    country: str = ""
    area: str = ""

    __table_args__ = (UniqueConstraint(*IN_ITS_EXPORT),)


class ServiceAtLocation(Published, table=True):
    """That a service can be had at a location."""

    __tablename__ = "service_at_location"
    service_id: str = ref("service.id")
    location_id: str = ref("location.id")
    description: str = long_text()

    __table_args__ = (UniqueConstraint(*IN_ITS_EXPORT),)


class ProviderContact(Published, table=True):
    """Whom to ask for at a provider, at work (HSDS `contact`)."""

    __tablename__ = "contact"
    organization_id: str | None = maybe_ref("provider.id")
    service_id: str | None = maybe_ref("service.id")
    service_at_location_id: str | None = maybe_ref("service_at_location.id", index=False)
    location_id: str | None = maybe_ref("location.id", index=False)
    name: str = sealed("contact.name")
    title: str = ""
    department: str = ""
    email: str = sealed("contact.email")

    __table_args__ = (UniqueConstraint(*IN_ITS_EXPORT),)


class Phone(Published, table=True):
    """A phone of a provider, of one service or at one place."""

    organization_id: str | None = maybe_ref("provider.id")
    service_id: str | None = maybe_ref("service.id")
    location_id: str | None = maybe_ref("location.id")
    service_at_location_id: str | None = maybe_ref("service_at_location.id", index=False)
    contact_id: str | None = maybe_ref("contact.id", index=False)
    number: str
    extension: str = ""
    type: str = ""
    description: str = long_text()

    __table_args__ = (UniqueConstraint(*IN_ITS_EXPORT),)


class Schedule(Published, table=True):
    """When a service, or a place, is open: RFC 5545 in columns, on the wall of the place.

    Attributes:
        service_id: also for the hours of a service at one place; None for those of a place.
        plain: the same weekdays every week, so that a database can compare (`Hours.plain`).
    """

    service_id: str | None = maybe_ref("service.id")
    location_id: str | None = maybe_ref("location.id")
    service_at_location_id: str | None = maybe_ref("service_at_location.id", index=False)
    valid_from: date | None = None
    valid_to: date | None = None
    dtstart: date | None = None
    until: date | None = None
    count: int | None = None
    wkst: str = ""
    freq: str = ""
    interval: int = 1
    byday: str = ""
    byweekno: str = ""
    bymonthday: str = ""
    byyearday: str = ""
    opens_at: time | None = None
    closes_at: time | None = None
    description: str = long_text()
    attending_type: str = ""
    notes: str = long_text()
    plain: bool = True

    __table_args__ = (UniqueConstraint(*IN_ITS_EXPORT),)


class SpokenLanguage(Published, table=True):
    """A language that is spoken at a service, a place or a phone (HSDS `language`)."""

    __tablename__ = "language"
    service_id: str | None = maybe_ref("service.id")
    location_id: str | None = maybe_ref("location.id")
    phone_id: str | None = maybe_ref("phone.id", index=False)
    name: str = ""
    code: str = ""
    note: str = long_text()

    __table_args__ = (UniqueConstraint(*IN_ITS_EXPORT),)


class CostOption(Published, table=True):
    """What a service costs, and for whom."""

    __tablename__ = "cost_option"
    service_id: str = ref("service.id")
    valid_from: date | None = None
    valid_to: date | None = None
    option: str = ""
    currency: str = ""
    amount: str = ""
    amount_description: str = long_text()

    __table_args__ = (UniqueConstraint(*IN_ITS_EXPORT),)


class TaxonomyTerm(Published, table=True):
    """A word of a directory's own taxonomy."""

    __tablename__ = "taxonomy_term"
    code: str = ""
    name: str
    description: str = long_text()
    taxonomy: str = ""
    language: str = ""
    term_uri: str = ""

    __table_args__ = (UniqueConstraint(*IN_ITS_EXPORT),)


class ServiceTerm(Published, table=True):
    """That a term of a taxonomy applies to a service (HSDS `attribute`)."""

    __tablename__ = "service_term"
    service_id: str = ref("service.id")
    taxonomy_term_id: str = ref("taxonomy_term.id", index=False)
    value: str = ""

    __table_args__ = (UniqueConstraint(*IN_ITS_EXPORT),)
