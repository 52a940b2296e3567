"""What the pages of the directory show: what a search found, and what a provider does."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.pages import wording
from api.pages.forms import Form
from api.pages.own_words import Words, marked
from api.pages.paging import Pages
from api.pages.session import Visit
from domain.court_time import wall_time
from domain.distance import KM_PER_MILE
from domain.hours_text import hours_words
from domain.languages import LANGUAGES
from domain.needs import NEEDS, need_name
from records.database import HubSession
from records.directory import ServiceDetail, contacts_of, detail_of, phones_of, services_of
from records.directory_search import Found, Wanted, hours_of, point_of, search_services
from records.tables import Location, Provider, Schedule

A_PAGE = 20
MILES: Mapping[str, str] = marked(
    {"2": "2 miles", "5": "5 miles", "10": "10 miles", "30": "30 miles"}
)
NEED_CHOICES: list[tuple[str, str]] = [(kind, Words(need.name)) for kind, need in NEEDS.items()]
LANGUAGE_CHOICES = list(marked(LANGUAGES).items())
MOST_SAID = 160
_DAYS = re.compile(r"(\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b|Every day|24 hours)")
_NOBODY_THERE = (
    "The directory has no place there. Try another city or postal code, or leave this empty."
)


@dataclass(frozen=True, slots=True)
class Line:
    """One service that was found."""

    service_id: str
    provider_id: str
    name: str
    provider: str
    phone: str
    where: str
    languages: str
    who: str
    alert: str


@dataclass(frozen=True, slots=True)
class SearchView:
    """What was asked, and what was found."""

    form: Form
    lines: list[Line]
    pages: Pages
    asked: bool


@dataclass(frozen=True, slots=True)
class ServiceView:
    """One service on its provider's page."""

    id: str
    name: str
    needs: str
    description: str
    facts: list[tuple[str, Sequence[str]]]
    alert: str


@dataclass(frozen=True, slots=True)
class ProviderView:
    """A provider with what it does."""

    id: str
    name: str
    also: str
    description: str
    phones: list[str]
    email: str
    website: str
    contacts: list[str]
    services: list[ServiceView]
    source: str
    ended: bool


def search_view(session: HubSession, visit: Visit, form: Form, page: str) -> SearchView:
    """What is found for the fields of a form; a mistake is said in the form."""
    wanted = _wanted(session, visit, form)
    number = int(page) if page.isdecimal() and len(page) < 5 else 1
    results = search_services(session, wanted, limit=A_PAGE, offset=A_PAGE * (max(number, 1) - 1))
    pages = Pages.of(page, results.total, A_PAGE)
    if pages.number != number:
        results = search_services(session, wanted, limit=A_PAGE, offset=pages.cut.start)
    names = ("need", "q", "language", "near", "open")
    asked = any(form.kept(name) for name in names)
    return SearchView(form, [_line(one) for one in results.found], pages, asked)


def _wanted(session: HubSession, visit: Visit, form: Form) -> Wanted:
    need, language = form.kept("need"), form.kept("language")
    near = form.line("near", most=100)
    here = point_of(session, near) if near else None
    if near and here is None:
        form.refuse("near", _NOBODY_THERE)
    miles = form.kept("miles") if form.kept("miles") in MILES else "10"
    form.put("miles", miles)
    return Wanted(
        need if need in NEEDS else "",
        form.line("q", most=100),
        language if language in LANGUAGES else "",
        near=here,
        within_km=float(miles) * KM_PER_MILE,
        open_at=wall_time(visit.now, visit.hub.zone) if form.ticked("open") else None,
    )


def _line(found: Found) -> Line:
    service = found.service
    return Line(
        service_id=service.id,
        provider_id=found.provider.id,
        name=service.name,
        provider=found.provider.name,
        phone=found.provider.phone,
        where=where_words(found.place, found.km, remote=service.remote),
        languages=language_words(service.spoken),
        who=wording.cut(service.eligibility_description, MOST_SAID),
        alert=wording.cut(service.alert, MOST_SAID),
    )


def where_words(place: Location | None, km: float | None, *, remote: bool) -> str:
    """Where a service is: "0.4 miles · 1 Example St, Miami"."""
    said = ", ".join(part for part in (place.address_1, place.city) if part) if place else ""
    far = f"{km / KM_PER_MILE:.1f} miles" if km is not None else ""
    where = " · ".join(part for part in (far, said) if part)
    return where or ("By phone or online" if remote else "")


def language_words(spoken: str) -> str:
    """Languages by their names: "English, Haitian Creole"."""
    return Words(", ".join(LANGUAGES.get(code, code) for code in spoken.split()))


def provider_view(session: HubSession, provider: Provider) -> ProviderView:
    """A provider with everything that it does now."""
    numbers = dict.fromkeys([provider.phone, *(p.number for p in phones_of(session, provider.id))])
    return ProviderView(
        id=provider.id,
        name=provider.name,
        also=provider.alternate_name,
        description=provider.description,
        phones=[number for number in numbers if number],
        email=provider.email,
        website=provider.website if provider.website.startswith(("https://", "http://")) else "",
        contacts=[
            ", ".join(part for part in (one.name, one.title, one.email) if part)
            for one in contacts_of(session, provider.id)
        ],
        services=[_service(detail_of(session, one)) for one in services_of(session, provider.id)],
        source=provider.source,
        ended=provider.ended_at is not None,
    )


def _service(detail: ServiceDetail) -> ServiceView:
    service = detail.service
    facts: list[tuple[str, str | Sequence[str]]] = [
        ("For whom", service.eligibility_description),
        ("Ages", _ages(service.minimum_age, service.maximum_age)),
        ("Where", "; ".join(_address(place) for place in detail.places)),
        ("Open", _open(detail.hours)),
        ("Languages", language_words(service.spoken)),
        ("Interpreters", service.interpretation_services),
        ("Cost", service.fees_description or "; ".join(_costs(detail))),
        ("How to apply", service.application_process),
        ("Wait", service.wait_time),
        ("Bring", "; ".join(_to_bring(detail))),
        ("Phone", ", ".join(phone.number for phone in detail.phones)),
    ]
    return ServiceView(
        id=service.id,
        name=service.name,
        needs=Words(", ".join(need_name(kind) for kind in service.needs.split())),
        description=service.description,
        facts=[
            (Words(name), [said] if isinstance(said, str) else said) for name, said in facts if said
        ],
        alert=service.alert,
    )


def _ages(least: int | None, most: int | None) -> str:
    if least is None and most is None:
        return ""
    if most is None:
        return Words(f"{least} and older")
    return Words(f"up to {most}" if not least else f"from {least} to {most}")


def _address(place: Location) -> str:
    parts = (
        place.name, place.address_1, place.address_2, place.city,
        f"{place.state_province} {place.postal_code}".strip(),
    )  # fmt: skip
    return ", ".join(part for part in parts if part)


def _open(rows: Sequence[Schedule]) -> list[str]:
    """The hours of a service in pieces, days in our own words."""
    found: list[str] = []
    for row in rows:
        said = schedule_words(row)
        pieces = (
            _DAYS.split(said) if row.plain else [Words(said)] if not row.description else [said]
        )
        found += ["; "] if found else []
        found += [Words(piece) if _DAYS.fullmatch(piece) else piece for piece in pieces if piece]
    return found


def schedule_words(row: Schedule) -> str:
    """The hours of a schedule, or what it says of itself where they are of another sort."""
    if row.plain:
        return hours_words(hours_of(row))
    return row.description or Words("Ask when it is open")


def _costs(detail: ServiceDetail) -> list[str]:
    return [
        " ".join(
            part for part in (c.option, c.amount, c.currency.upper(), c.amount_description) if part
        )
        for c in detail.costs
    ]


def _to_bring(detail: ServiceDetail) -> list[str]:
    """Documents that an export says are needed."""
    known = detail.service.extra.get("required_documents")
    said = known if isinstance(known, list) else []
    return [str(one["document"]) for one in said if isinstance(one, dict) and one.get("document")]
