"""Who defends in a case: somebody whom the hub knows, or somebody new."""

from fastapi import APIRouter
from starlette.responses import Response

from api.pages import once
from api.pages.contact_fields import how_agreed
from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.own_words import marked
from api.pages.people import circle
from api.pages.session import InHub, Visit
from domain.vocabulary import Channel
from records.casework import get_case
from records.circle import NewContact
from records.counsel import NewCounsel, known_counsel, set_counsel, use_counsel
from records.database import HubSession

router = APIRouter(route_class=PageRoute, prefix="/cases/{case_id}/counsel")

KINDS = marked({"appointed": "Appointed", "retained": "Retained", "conflict": "Conflict counsel"})
SOMEBODY_NEW = "new"
WORK_ADDRESS = "a work address, for packets and questions about this case"


@router.get("")
def show(visit: InHub, case_id: str) -> Response:
    """The form."""
    with visit.reading() as session:
        return _page(visit, session, case_id, Form({"kind": "appointed"}))


@router.post("")
def save(visit: InHub, case_id: str, form: Sent) -> Response:
    """Name them; packets of the case are built anew."""
    with visit.writing() as session:
        case = get_case(session, case_id)
        known = {one.counsel.id: one for one in known_counsel(session)}
        chosen = known.get(form.kept("known"))
        new = _new(form) if chosen is None else None
        if not form.ok:
            return _page(visit, session, case_id, form)
        earlier = once.earlier(session, visit, form)
        if earlier:
            return see_other(earlier)
        location = once.keep(session, visit, form, f"/cases/{case_id}?done=counsel#people")
        if chosen is not None:
            use_counsel(session, case, chosen.counsel, visit.source, visit.now)
        elif new is not None:
            set_counsel(session, case_id, new, visit.source, visit.now)
    return see_other(location)


def _new(form: Form) -> NewCounsel:
    email = form.address("email", Channel.EMAIL)
    phone = form.address("phone", Channel.SMS)
    name = form.line("first_name", "Enter their first name.", most=80)
    words = f"Counsel: {WORK_ADDRESS}."
    how = how_agreed(form)
    ways = ((Channel.EMAIL, email), (Channel.SMS, phone))
    return NewCounsel(
        first_name=name,
        last_name=form.line("last_name", most=80),
        kind=form.choice("kind", KINDS, "Choose how they came to the case."),
        office=form.line("office", most=120),
        contacts=tuple(
            NewContact(channel, address, words, how=how) for channel, address in ways if address
        ),
    )


def _page(visit: Visit, session: HubSession, case_id: str, form: Form) -> Response:
    get_case(session, case_id)
    values = {
        "visit": visit,
        "form": form,
        "case_id": case_id,
        "who": circle(session, case_id)[0].person,
        "known": [(one.counsel.id, one.told_apart) for one in known_counsel(session)],
        "kinds": list(KINDS.items()),
    }
    return visit.desk.page("counsel_form.html", values, status=200 if form.ok else 422)
