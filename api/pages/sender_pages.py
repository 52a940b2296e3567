"""Whose number it is: found by name, then kept with the agreement to be reached there."""

from dataclasses import dataclass

from fastapi import APIRouter
from sqlmodel import col, select
from starlette.responses import Response

from api.pages.contact_fields import AGREEMENT, how_agreed
from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.inbox_view import Name, address_words, names_of
from api.pages.session import InHub, Visit
from domain.folding import folded
from records.attributing import NumberTaken, belongs_to
from records.conversations import get_reply
from records.correspondents import correspondents
from records.database import HubSession
from records.listing_queries import get_person
from records.tables import Defendant, Person, Supporter

router = APIRouter(route_class=PageRoute, prefix="/inbox/{reply_id}/person")

MOST_FOUND = 30


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody of that name."""

    id: str
    name: Name


@router.get("")
def show_search(visit: InHub, reply_id: str) -> Response:
    """The question whose number it is."""
    with visit.reading() as session:
        return _search_page(visit, session, reply_id, Form(), None)


@router.post("")
def find(visit: InHub, reply_id: str, form: Sent) -> Response:
    """People of that name. A name is never in an address, so it is sent as a form."""
    wanted = form.line("name", "Enter a part of the name.", most=80)
    with visit.reading() as session:
        found = _search(session, wanted) if form.ok else None
        return _search_page(visit, session, reply_id, form, found)


@router.get("/{person_id}")
def show_person(visit: InHub, reply_id: str, person_id: str) -> Response:
    """The agreement that goes with the number."""
    with visit.reading() as session:
        return _person_page(visit, session, reply_id, person_id, Form())


@router.post("/{person_id}")
def save_person(visit: InHub, reply_id: str, person_id: str, form: Sent) -> Response:
    """It is theirs, and they agreed. Sending it twice changes nothing."""
    if not form.ticked("agreed"):
        form.refuse("agreed", "Tick this box once they have agreed.")
    with visit.writing() as session:
        if form.ok:
            _keep(visit, session, reply_id, person_id, form)
        if not form.ok:
            return _person_page(visit, session, reply_id, person_id, form)
        visit.note(session, "said whose number it is", "person", person_id)
    return see_other(f"/inbox/{reply_id}?done=known")


def _keep(visit: Visit, session: HubSession, reply_id: str, person_id: str, form: Form) -> None:
    reply = get_reply(session, reply_id)
    words = f"The person themself {AGREEMENT}."
    try:
        belongs_to(session, reply, person_id, words, how_agreed(form), visit.source, visit.now)
    except NumberTaken as error:
        form.refuse("agreed", str(error))


def _search(session: HubSession, wanted: str) -> list[Found]:
    """People in a circle whose names have all the words. Names are sealed: each is opened here."""
    words = folded(wanted).split()
    rows = session.exec(
        select(col(Person.id), col(Person.first_name), col(Person.last_name))
        .where(
            col(Person.id).in_(select(col(Defendant.person_id)))
            | col(Person.id).in_(
                select(col(Supporter.person_id)).where(col(Supporter.ended_at).is_(None))
            )
        )
        .order_by(col(Person.id).desc())
    ).all()
    ids = [
        person
        for person, first, last in rows
        if all(word in folded(f"{first} {last}") for word in words)
    ][:MOST_FOUND]
    people = correspondents(session, ids)
    return [Found(person, names_of([people[person]])[0]) for person in ids]


def _search_page(
    visit: Visit, session: HubSession, reply_id: str, form: Form, found: list[Found] | None
) -> Response:
    reply = get_reply(session, reply_id)
    values = {
        "visit": visit,
        "form": form,
        "reply_id": reply.id,
        "number": address_words(reply.channel, reply.address),
        "words_said": reply.body,
        "found": found,
        "most": MOST_FOUND,
    }
    return visit.desk.page("sender.html", values, status=200 if form.ok else 422)


def _person_page(
    visit: Visit, session: HubSession, reply_id: str, person_id: str, form: Form
) -> Response:
    reply, person = get_reply(session, reply_id), get_person(session, person_id)
    [name] = names_of(correspondents(session, [person.id]).values())
    values = {
        "visit": visit,
        "form": form,
        "reply_id": reply.id,
        "number": address_words(reply.channel, reply.address),
        "name": name,
        "agreement": AGREEMENT,
    }
    return visit.desk.page("sender_form.html", values, status=200 if form.ok else 422)
