"""Finding a service: by need or words, language, distance or area, and when it is open.

Two steps. The first looks at narrow rows with all that can be compared in SQL; the second reads
whole rows for the few that are shown. Nothing in here says for whom somebody searches.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import false, or_
from sqlalchemy.orm import aliased
from sqlmodel import and_, col, func, select

from domain.distance import Point, box_around, haversine_from, km_of
from domain.folding import words_of
from domain.opening_hours import DAYS, Hours, is_open
from records.database import HubSession
from records.directory_index import in_parts
from records.tables import Location, Provider, Schedule, Service, ServiceAtLocation

MOST_WORDS = 8
NEAR_KM = 16.0
"""How far to look unless somebody says (ten miles)."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for; whatever is left out is not asked.

    Attributes:
        need: kind of a plan step (`domain/needs.py`).
        words: each must begin a word of the service, its provider or its terms.
        language: code; the service is given in it.
        near: only within `within_km` of here, the nearest first; then those that are remote.
        area: words of a city, state or postal code where it can be had.
        open_at: wall time at the place (naive) at which it is known to be open.
    """

    need: str = ""
    words: str = ""
    language: str = ""
    near: Point | None = None
    within_km: float = NEAR_KM
    area: str = ""
    open_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A service that was found.

    Attributes:
        place: the nearest, or any; None when it has none.
        km: how far that is; None where nobody asked, or nobody knows.
    """

    service: Service
    provider: Provider
    place: Location | None
    km: float | None


@dataclass(frozen=True, slots=True)
class Results:
    """One page of what was found, and how much there is in all."""

    found: list[Found]
    total: int


_Hit = tuple[str, str, float | None]
"""A service's id, that of the place (""), and how far that is in kilometres."""


def search_services(
    session: HubSession, wanted: Wanted, *, limit: int = 20, offset: int = 0
) -> Results:
    """Services that are offered now and fit, the best first.

    Best is nearest where `near` is given; otherwise those whose name has the words, then by name.
    """
    conditions = _conditions(session, wanted)
    if wanted.near is not None:
        hits = _near(session, wanted, wanted.near, conditions)
        return Results(_whole(session, hits[offset : offset + limit]), len(hits))
    page, total = _by_name(session, wanted, conditions, limit, offset)
    return Results(_whole(session, page), total)


def point_of(session: HubSession, words: str) -> Point | None:
    """About where a city or postal code is: the middle of the directory's places there.

    Args:
        session: of the hub.
        words: "Overtown", "33136", or degrees as "25.78, -80.2".
    """
    said = degrees_of(words)
    if said is not None:
        return said
    asked = words_of(words)[:MOST_WORDS]
    if not asked:
        return None
    middle = session.exec(
        select(func.avg(Location.latitude), func.avg(Location.longitude)).where(
            col(Location.ended_at).is_(None),
            col(Location.longitude).is_not(None),
            *(col(Location.area).like(f"% {word}%") for word in asked),
        )
    ).one()
    return Point(float(middle[0]), float(middle[1])) if middle[0] is not None else None


def degrees_of(words: str) -> Point | None:
    """A place from "25.78, -80.2"; None when it is written otherwise or nowhere on the earth."""
    first, comma, second = words.partition(",")
    try:
        point = Point(float(first), float(second))
    except ValueError:
        return None
    on_earth = abs(point.latitude) <= 90 and abs(point.longitude) <= 180
    return point if comma and on_earth else None


def _conditions(session: HubSession, wanted: Wanted) -> list[Any]:
    found: list[Any] = [col(Service.ended_at).is_(None)]
    for word in words_of(wanted.words)[:MOST_WORDS]:
        found.append(col(Service.words).like(f"% {word}%"))
    if wanted.need:
        found.append(_has(Service.needs, wanted.need))
    if wanted.language:
        found.append(_has(Service.spoken, wanted.language.lower()))
    if wanted.area:
        found.append(_in_area(wanted.area))
    if wanted.open_at is not None:
        found.append(_open(session, wanted.open_at))
    return found


def _has(column: Any, word: str) -> Any:
    """Whether " one two " has a word; what is no word is had by none."""
    plain = word.replace("_", "").replace("-", "")
    return col(column).contains(f" {word} ", autoescape=True) if plain.isalnum() else false()


def _in_area(area: str) -> Any:
    link, place = aliased(ServiceAtLocation), aliased(Location)
    return col(Service.id).in_(
        select(link.service_id)
        .join(place, col(place.id) == link.location_id)
        .where(
            col(link.ended_at).is_(None),
            col(place.ended_at).is_(None),
            *(col(place.area).like(f"% {word}%") for word in words_of(area)[:MOST_WORDS]),
        )
    )


def _by_name(
    session: HubSession, wanted: Wanted, conditions: Sequence[Any], limit: int, offset: int
) -> tuple[list[_Hit], int]:
    """One page, and how many there are in all: counted in the same statement, because to count
    them apart would ask everything twice."""
    total = func.count().over()
    statement = select(col(Service.id), total).where(*conditions)
    # The words begin with those of the name: a word that is found there is what it is about.
    words = words_of(wanted.words)[:1]
    rank = [func.substr(Service.words, 1, 60).like(f"% {word}%").desc() for word in words]
    statement = statement.order_by(*rank, col(Service.name), col(Service.id))
    rows = session.exec(statement.limit(limit).offset(offset)).all()
    if not rows and offset:
        counted = select(func.count(col(Service.id))).where(*conditions)
        return [], session.exec(counted).one()
    return [(service_id, "", None) for service_id, _ in rows], rows[0][1] if rows else 0


def _near(
    session: HubSession, wanted: Wanted, here: Point, conditions: Sequence[Any]
) -> list[_Hit]:
    """Those within the distance, nearest first; then those that are had from anywhere."""
    box = box_around(here, wanted.within_km)
    across = (
        and_(col(Location.longitude) >= box.west, col(Location.longitude) <= box.east)
        if box.west <= box.east
        else or_(col(Location.longitude) >= box.west, col(Location.longitude) <= box.east)
    )
    choose: Any = select  # its types know no more than four columns
    narrow = choose(Service.id, Service.name, Location.id, Location.latitude, Location.longitude)
    rows = session.exec(
        narrow.join(ServiceAtLocation, col(ServiceAtLocation.service_id) == Service.id)
        .join(Location, col(Location.id) == ServiceAtLocation.location_id)
        .where(
            *conditions,
            col(ServiceAtLocation.ended_at).is_(None),
            col(Location.ended_at).is_(None),
            col(Location.latitude) >= box.south,
            col(Location.latitude) <= box.north,
            across,
        )
    ).all()
    far_from = haversine_from(here)
    measured = sorted(
        (far_from(latitude, longitude), name, service_id, location_id)
        for service_id, name, location_id, latitude, longitude in rows
    )
    nearest: dict[str, _Hit] = {}
    for haversine, _, service_id, location_id in measured:
        km = km_of(haversine)
        if km > wanted.within_km:
            break
        nearest.setdefault(service_id, (service_id, location_id, km))
    remote = (hit for hit in _remote(session, conditions) if hit[0] not in nearest)
    return [*nearest.values(), *remote]


def _remote(session: HubSession, conditions: Sequence[Any]) -> list[_Hit]:
    """Those that are had from anywhere, by name. They are few, and found first: so what is asked
    is asked of them alone."""
    ids = session.exec(
        select(col(Service.id)).where(
            col(Service.remote).is_(True), col(Service.ended_at).is_(None)
        )
    ).all()
    found: list[tuple[str, str]] = []
    for part in in_parts(list(ids)):
        named = select(col(Service.name), col(Service.id))
        found += session.exec(named.where(col(Service.id).in_(part), *conditions)).all()
    return [(service_id, "", None) for _, service_id in sorted(found)]


def _open(session: HubSession, at: datetime) -> Any:
    """Services that are known to be open: by hours of their own, else by those of a place.

    Plain weekly hours are compared in SQL. Rows with a rule of another sort are few; they are
    asked one by one.
    """
    today, yesterday = at, at - timedelta(days=1)
    plain = and_(
        col(Schedule.plain).is_(True),
        col(Schedule.ended_at).is_(None),
        or_(
            and_(_falls_on(today), _within_day(at)),
            and_(_falls_on(today), _overnight(), col(Schedule.opens_at) <= at.time()),
            and_(_falls_on(yesterday), _overnight(), col(Schedule.closes_at) > at.time()),
        ),
    )
    services, places = _open_by_rule(session, at)
    link = aliased(ServiceAtLocation)
    # Each set is made once, and not asked for anew for every service.
    timed = select(col(Schedule.service_id)).where(col(Schedule.service_id).is_not(None))
    open_places = select(col(Schedule.location_id)).where(
        col(Schedule.service_id).is_(None), col(Schedule.location_id).is_not(None), plain
    )
    at_place = select(link.service_id).where(
        col(link.ended_at).is_(None),
        or_(col(link.location_id).in_(places), col(link.location_id).in_(open_places)),
    )
    return or_(
        col(Service.id).in_(timed.where(plain)),
        col(Service.id).in_(services),
        and_(
            col(Service.id).not_in(timed.where(col(Schedule.ended_at).is_(None))),
            col(Service.id).in_(at_place),
        ),
    )


def _falls_on(at: datetime) -> Any:
    day = at.date()
    return and_(
        or_(col(Schedule.byday) == "", col(Schedule.byday).contains(DAYS[day.weekday()])),
        *(
            or_(col(column).is_(None), col(column) <= day)
            for column in (Schedule.valid_from, Schedule.dtstart)
        ),
        *(
            or_(col(column).is_(None), col(column) >= day)
            for column in (Schedule.valid_to, Schedule.until)
        ),
    )


def _overnight() -> Any:
    return col(Schedule.closes_at) <= Schedule.opens_at


def _within_day(at: datetime) -> Any:
    now = at.time()
    opens, closes = col(Schedule.opens_at), col(Schedule.closes_at)
    return and_(or_(opens.is_(None), opens <= now), or_(closes.is_(None), closes > now))


def _open_by_rule(session: HubSession, at: datetime) -> tuple[list[str], list[str]]:
    """Ids of services and of locations whose rules of another sort say open."""
    rows = session.exec(
        select(Schedule).where(col(Schedule.plain).is_(False), col(Schedule.ended_at).is_(None))
    ).all()
    opened = [row for row in rows if is_open(hours_of(row), at)]
    services = [row.service_id for row in opened if row.service_id]
    places = [row.location_id for row in opened if row.location_id and not row.service_id]
    return services, places


def hours_of(row: Schedule) -> Hours:
    """A schedule's hours."""
    return Hours(**{name: getattr(row, name) for name in Hours.__dataclass_fields__})


def _whole(session: HubSession, page: Sequence[_Hit]) -> list[Found]:
    services = _by_id(session, Service, [service_id for service_id, _, _ in page])
    providers = _by_id(session, Provider, [one.organization_id for one in services.values()])
    somewhere = _any_place(session, [service_id for service_id, place, _ in page if not place])
    at = {service_id: place or somewhere.get(service_id, "") for service_id, place, _ in page}
    places = _by_id(session, Location, [place for place in at.values() if place])
    return [
        Found(
            services[service_id],
            providers[services[service_id].organization_id],
            places.get(at[service_id]),
            far,
        )
        for service_id, _, far in page
    ]


def _any_place(session: HubSession, service_ids: list[str]) -> dict[str, str]:
    """A place of each service, the one that was known first."""
    found: dict[str, str] = {}
    for part in in_parts(service_ids):
        rows = session.exec(
            select(col(ServiceAtLocation.service_id), col(ServiceAtLocation.location_id))
            .where(
                col(ServiceAtLocation.service_id).in_(part),
                col(ServiceAtLocation.ended_at).is_(None),
            )
            .order_by(col(ServiceAtLocation.id).desc())
        ).all()
        found.update(dict(rows))
    return found


def _by_id(session: HubSession, table: type[Any], ids: Iterable[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part in in_parts(list(dict.fromkeys(ids))):
        rows = session.exec(select(table).where(col(table.id).in_(part))).all()
        found.update({row.id: row for row in rows})
    return found


__all__ = [
    "NEAR_KM",
    "Found",
    "Results",
    "Wanted",
    "degrees_of",
    "hours_of",
    "point_of",
    "search_services",
]
