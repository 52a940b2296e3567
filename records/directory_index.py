"""What searches of the directory look at, made from its rows whenever they change.

A search must answer while somebody waits, on any database: so each service carries its words,
languages and needs in one row, each location its area, and each provider a line about itself.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any, TypeVar

from sqlmodel import col, select

from domain.folding import line_of_words
from domain.languages import LANGUAGES
from domain.needs import need_name, needs_in
from records.database import HubSession
from records.tables import (
    Location,
    Phone,
    Provider,
    Published,
    Service,
    ServiceAtLocation,
    ServiceTerm,
    SpokenLanguage,
    TaxonomyTerm,
)

Row = TypeVar("Row", bound=Published)

AT_ONCE = 400
"""Ids in one statement: SQLite takes at most 999 values."""
MOST_LINE = 300
_CODES = {name.casefold(): code for code, name in LANGUAGES.items()} | {
    "español": "es",
    "espanol": "es",
    "kreyòl": "ht",
    "kreyol": "ht",
    "creole": "ht",
    "haitian": "ht",
    "kreyòl ayisyen": "ht",
}
_ISO_639_2 = {
    "eng": "en",
    "spa": "es",
    "hat": "ht",
    "ara": "ar",
    "zho": "zh",
    "chi": "zh",
    "fra": "fr",
    "fre": "fr",
    "kor": "ko",
    "por": "pt",
    "rus": "ru",
    "som": "so",
    "tgl": "tl",
    "vie": "vi",
}
REMOTE = frozenset({"virtual", "remote", "online", "phone"})


def language_code(name: str, code: str = "") -> str:
    """The code by which a language is searched: ISO 639-1 where one is known; "" for none."""
    said = code.strip().lower().replace("_", "-").partition("-")[0]
    if said:
        return _ISO_639_2.get(said, said)
    plain = name.strip().casefold()
    return _CODES.get(plain, _CODES.get(plain.partition(" ")[0], ""))


def reindex(session: HubSession, provider_ids: Collection[str]) -> None:
    """Make anew what searches look at, for some providers and all that is theirs."""
    ids = list(provider_ids)
    for start in range(0, len(ids), AT_ONCE):
        _reindex(session, ids[start : start + AT_ONCE])


def _reindex(session: HubSession, provider_ids: list[str]) -> None:
    session.flush()
    providers = _live(session, Provider, Provider.id, provider_ids)
    services = _live(session, Service, Service.organization_id, provider_ids)
    book = _Book(session, [service.id for service in services])
    named = {provider.id: provider for provider in providers}
    for service in services:
        _index_service(service, named.get(service.organization_id), book)
        session.add(service)
    for location in book.locations.values():
        location.area = line_of_words(
            location.city, location.region, location.state_province, location.postal_code
        )
        session.add(location)
    own: dict[str, list[Service]] = defaultdict(list)
    for service in services:
        own[service.organization_id].append(service)
    numbers = _numbers(session, provider_ids, services)
    for provider in providers:
        _summarise(provider, own[provider.id], numbers.get(provider.id, ""))
        session.add(provider)
    session.flush()


def _numbers(
    session: HubSession, provider_ids: list[str], services: list[Service]
) -> dict[str, str]:
    """The phone of each provider: its own, else that of one of its services."""
    found: dict[str, str] = {}
    for phone in _live(session, Phone, Phone.organization_id, provider_ids):
        found.setdefault(phone.organization_id or "", phone.number)
    owners = {service.id: service.organization_id for service in services}
    for phone in _live(session, Phone, Phone.service_id, list(owners)):
        found.setdefault(owners[phone.service_id or ""], phone.number)
    return found


class _Book:
    """What belongs to some services: languages, terms, places."""

    def __init__(self, session: HubSession, service_ids: list[str]) -> None:
        links = _live(session, ServiceAtLocation, ServiceAtLocation.service_id, service_ids)
        places = list({link.location_id for link in links})
        rows = _live(session, Location, Location.id, places)
        self.locations = {location.id: location for location in rows}
        self.places: dict[str, list[Location]] = defaultdict(list)
        for link in links:
            if link.location_id in self.locations:
                self.places[link.service_id].append(self.locations[link.location_id])
        spoken = _live(session, SpokenLanguage, SpokenLanguage.service_id, service_ids)
        spoken += _live(session, SpokenLanguage, SpokenLanguage.location_id, places)
        self.languages: dict[str, list[SpokenLanguage]] = defaultdict(list)
        for language in spoken:
            for owner in (language.service_id, language.location_id):
                if owner:
                    self.languages[owner].append(language)
        self.terms: dict[str, list[str]] = defaultdict(list)
        for service_id, name in _terms(session, service_ids):
            self.terms[service_id].append(name)


def _index_service(service: Service, provider: Provider | None, book: _Book) -> None:
    places = book.places[service.id]
    terms = book.terms[service.id]
    languages = [*book.languages[service.id]]
    for place in places:
        languages += book.languages[place.id]
    if "needs" not in service.kept:
        found = needs_in((service.name, service.alternate_name, *terms))
        service.needs = spaced(found)
    codes = {language_code(one.name, one.code) for one in languages}
    service.spoken = spaced(sorted(codes - {""}))
    service.remote = any(place.location_type in REMOTE for place in places)
    service.words = line_of_words(
        service.name,
        service.alternate_name,
        provider.name if provider else "",
        provider.alternate_name if provider else "",
        provider.languages if provider else "",
        *terms,
        *(need_name(kind) for kind in service.needs.split()),
        *(language.name for language in languages),
        service.description,
        service.eligibility_description,
        *(f"{place.name} {place.city} {place.postal_code}" for place in places),
        *_areas(service),
    )


def _areas(service: Service) -> Iterable[str]:
    """Names of the areas that an export says it serves."""
    known = service.extra.get("service_areas")
    for area in known if isinstance(known, list) else ():
        if isinstance(area, dict):
            yield str(area.get("name") or "")


def _summarise(provider: Provider, services: list[Service], number: str) -> None:
    names = ", ".join(dict.fromkeys(service.name for service in services))
    provider.services = names if len(names) <= MOST_LINE else f"{names[: MOST_LINE - 1]}…"
    spoken = sorted({code for one in services for code in one.spoken.split()})
    if spoken:
        provider.languages = ", ".join(LANGUAGES.get(code, code) for code in spoken)
    if number and "phone" not in provider.kept:
        provider.phone = number


def _terms(session: HubSession, service_ids: list[str]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for ids in in_parts(service_ids):
        rows = session.exec(
            select(col(ServiceTerm.service_id), col(TaxonomyTerm.name))
            .join(TaxonomyTerm, col(TaxonomyTerm.id) == ServiceTerm.taxonomy_term_id)
            .where(col(ServiceTerm.service_id).in_(ids), col(ServiceTerm.ended_at).is_(None))
            .order_by(col(ServiceTerm.external_id), col(ServiceTerm.id))
        )
        found += [(service_id, name) for service_id, name in rows]
    return found


def _live(session: HubSession, table: type[Row], column: Any, ids: list[str]) -> list[Row]:
    """Rows of a table that have not ended and whose column is one of some ids."""
    found: list[Row] = []
    for part in in_parts(ids):
        found += session.exec(
            select(table)
            .where(col(column).in_(part), col(table.ended_at).is_(None))
            .order_by(col(table.external_id), col(table.id))
        ).all()
    return found


def in_parts(ids: list[str]) -> Iterable[list[str]]:
    """Ids in parts that one statement takes."""
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


def spaced(words: Iterable[str]) -> str:
    """Words as " one two ", so that one is found by " one "; "" for none."""
    said = " ".join(words)
    return f" {said} " if said else ""


__all__ = ["in_parts", "language_code", "reindex", "spaced"]
