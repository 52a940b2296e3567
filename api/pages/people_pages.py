"""The circle: who stands by the participant, and how each may be reached."""

from fastapi import APIRouter
from sqlmodel import col, select
from starlette.responses import Response

from api.pages import once, wording
from api.pages.contact_fields import AGREEMENT, CALL_AGREEMENT, contacts
from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.people import Member, circle
from api.pages.session import InHub, Visit
from records.attributing import adopt_all
from records.casework import NotFound, get_case
from records.circle import NewSupporter, add_contact, end_supporter, enroll_supporter
from records.database import HubSession
from records.plan_moves import name_mentor
from records.tables import HumanTask, Supporter
from records.tasks import close_task

router = APIRouter(route_class=PageRoute, prefix="/cases/{case_id}")


@router.get("/supporters/new")
def show_supporter(visit: InHub, case_id: str) -> Response:
    """The form for someone who stands by the participant."""
    with visit.reading() as session:
        known = Form({"language": visit.hub.default_language, "may_know": "yes"})
        return _supporter(visit, session, case_id, known)


@router.post("/supporters/new")
def save_supporter(visit: InHub, case_id: str, form: Sent) -> Response:
    """Take them into the circle; they hear of the next hearing at once, if they may."""
    new = NewSupporter(
        first_name=form.line("first_name", "Enter their first name.", most=80),
        last_name=form.line("last_name", most=80),
        relationship=form.line(
            "relationship", "Say how they belong together, e.g. mother.", most=60
        ),
        language=form.choice("language", wording.LANGUAGES, "Choose the language they prefer."),
        contacts=contacts(form, "", who="The supporter"),
        may_know_hearings=form.ticked("may_know"),
        mentor=form.ticked("mentor"),
    )
    with visit.writing() as session:
        if not form.ok:
            return _supporter(visit, session, case_id, form)
        earlier = once.earlier(session, visit, form)
        if earlier:
            return see_other(earlier)
        location = once.keep(session, visit, form, f"/cases/{case_id}?done=enrolled")
        supporter = enroll_supporter(session, case_id, new, visit.source, visit.now)
        adopt_all(session, supporter.person_id, visit.source, visit.now)
    return see_other(location)


def _supporter(visit: Visit, session: HubSession, case_id: str, form: Form) -> Response:
    get_case(session, case_id)
    values = {
        "visit": visit,
        "form": form,
        "case_id": case_id,
        "who": circle(session, case_id)[0].person,
        "agreement": AGREEMENT,
        "calls": CALL_AGREEMENT,
    }
    return visit.desk.page("supporter_form.html", values, status=200 if form.ok else 422)


@router.post("/supporters/{supporter_id}/leave")
def leave(visit: InHub, case_id: str, supporter_id: str, form: Sent) -> Response:
    """They leave the circle: nothing more is sent to them about this case."""
    with visit.writing() as session:
        supporter = session.get(Supporter, supporter_id)
        if supporter is None or supporter.case_id != case_id:
            raise NotFound("supporter")
        end_supporter(session, supporter_id, visit.source, visit.now)
    return see_other(f"/cases/{case_id}?done=left#people")


@router.post("/supporters/{supporter_id}/mentor")
def mentor(visit: InHub, case_id: str, supporter_id: str, form: Sent) -> Response:
    """A supporter is the participant's mentor from now on, or is not any more."""
    with visit.writing() as session:
        supporter = session.get(Supporter, supporter_id)
        if supporter is None or supporter.case_id != case_id:
            raise NotFound("supporter")
        name_mentor(session, supporter_id, form.ticked("mentor"), visit.source, visit.now)
    return see_other(f"/cases/{case_id}#people")


@router.get("/people/{person_id}/contact")
def show_contact(visit: InHub, case_id: str, person_id: str) -> Response:
    """The form for one more way to reach someone of the circle."""
    with visit.reading() as session:
        member = _member(session, case_id, person_id)
        return _contact(visit, session, case_id, member, Form())


@router.post("/people/{person_id}/contact")
def save_contact(visit: InHub, case_id: str, person_id: str, form: Sent) -> Response:
    """Note it with the agreement; the task that asked for it is done with that."""
    who = "The person themself"
    new = contacts(form, "", who=who, needed=True)
    with visit.writing() as session:
        member = _member(session, case_id, person_id)
        if not form.ok:
            return _contact(visit, session, case_id, member, form)
        for contact in new:
            add_contact(session, person_id, contact, visit.source, visit.now)
        adopt_all(session, person_id, visit.source, visit.now)
        _close_search(session, visit, case_id, person_id)
    return see_other(f"/cases/{case_id}?done=contact#people")


def _member(session: HubSession, case_id: str, person_id: str) -> Member:
    get_case(session, case_id)
    for member in circle(session, case_id):
        if member.person.id == person_id:
            return member
    raise NotFound("person")


def _close_search(session: HubSession, visit: Visit, case_id: str, person_id: str) -> None:
    tasks = session.exec(
        select(HumanTask).where(
            HumanTask.case_id == case_id,
            HumanTask.person_id == person_id,
            HumanTask.kind == "no_contact",
            col(HumanTask.closed_at).is_(None),
        )
    ).all()
    for task in tasks:
        close_task(session, task.id, visit.source.actor, "", visit.now)


def _contact(
    visit: Visit, session: HubSession, case_id: str, member: Member, form: Form
) -> Response:
    values = {
        "visit": visit,
        "form": form,
        "case_id": case_id,
        "who": circle(session, case_id)[0].person,
        "member": member,
        "agreement": AGREEMENT,
        "calls": CALL_AGREEMENT,
    }
    return visit.desk.page("contact_form.html", values, status=200 if form.ok else 422)
