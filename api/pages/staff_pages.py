"""People and roles: who works in the hub, who is invited, and whose cases are whose.

Administrators invite, change and remove; they see how many cases somebody has, and none of them.
Supervisors see the same list, and hand cases over.
"""

from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.own_words import Words
from api.pages.people import participants
from api.pages.session import InHub, Visit
from api.pages.staff_view import ROLE_HINTS, ROLES, staff_line, staff_lines
from api.pages.translating import LANGUAGES
from domain.sign_in_names import is_sign_in
from domain.vocabulary import Role
from engine.addresses import public_url
from records.audit import note_deed
from records.clients import NotCounsel, connect, counsel_of_staff, disconnect
from records.counsel import KnownCounsel, known_counsel
from records.database import HubSession
from records.invitations import (
    NewMember,
    SignInTaken,
    WasHere,
    invite,
    invite_again,
)
from records.staff import (
    HasCases,
    LastAdministrator,
    caseloads,
    caseworkers,
    change_role,
    hand_over,
    member_of,
    open_cases_of,
    remove,
)
from records.tables import StaffMember

router = APIRouter(route_class=PageRoute, prefix="/staff")

NOBODY: Final = "nobody"
MOST_NAMED: Final = 200
"""Cases that are named before they are handed over; the number counts them all."""
DONE: Final = {
    "role": "Saved. They sign in anew, with what the new role may see.",
    "counsel": "Saved. They see the clients of this counsel.",
    "removed": "They work here no more, and are signed out everywhere.",
    "handed": "Handed over.",
    "nothing": "There was nothing to hand over.",
}
WAS_HERE: Final = (
    "Somebody worked here under this name and was removed. If it is the same person, say so below. "
    "If not, choose another name."
)
LAST_ONE: Final = (
    "Nobody else runs this hub. Make somebody else an administrator first, and wait until they "
    "have signed in."
)


@router.get("")
def show_staff(visit: InHub, done: str = "") -> Response:
    """Everybody who works here or is invited."""
    with visit.reading() as session:
        lines, loads = staff_lines(session, visit), caseloads(session)
    values = {
        "visit": visit,
        "lines": lines,
        "nobodys": loads.get("", 0),
        "done": DONE.get(done, ""),
    }
    return visit.desk.page("staff.html", values)


@router.get("/new")
def show_new(visit: InHub) -> Response:
    """The form for an invitation."""
    return _new(visit, Form({"language": "en"}))


@router.post("/new")
def save_new(visit: InHub, form: Sent) -> Response:
    """Invite somebody; the answer shows their link, this once."""
    name = form.line("name", "Enter their name.", most=80)
    sign_in = form.line("sign_in", "Enter a name for signing in.", most=60).lower()
    if sign_in and not is_sign_in(sign_in):
        form.refuse("sign_in", "Use small letters, digits, dots and hyphens, or an e-mail address.")
    role = form.choice("role", ROLES, "Choose what they will do.")
    language = form.choice("language", LANGUAGES, "Choose a language.")
    back = form.ticked("back")
    if not form.ok:
        return _new(visit, form)
    try:
        with visit.writing() as session:
            new = NewMember(name, sign_in, Role(role), language)
            member, token = invite(session, new, visit.now, back=back)
            _note(visit, session, "invited somebody", member.id, role)
    except WasHere:
        form.refuse("sign_in", WAS_HERE)
        return _new(visit, form, was_here=True)
    except SignInTaken:
        form.refuse("sign_in", "Somebody signs in under this name already. Choose another one.")
        return _new(visit, form)
    return _link(visit, member, token)


@router.get("/{staff_id}")
def show_member(visit: InHub, staff_id: str, done: str = "") -> Response:
    """One of them, and what can be done."""
    return _member(visit, staff_id, Form(), DONE.get(done, ""))


@router.post("/{staff_id}/link")
def make_link(visit: InHub, staff_id: str, form: Sent) -> Response:
    """A new link for somebody who has not come; the one before ends."""
    with visit.writing() as session:
        member = member_of(session, staff_id)
        token = invite_again(session, staff_id, visit.now)
        visit.note(session, "made a new invitation", "staff_member", staff_id)
    return _link(visit, member, token)


@router.post("/{staff_id}/role")
def save_role(visit: InHub, staff_id: str, form: Sent) -> Response:
    """Another role. They are signed out, and see what it may see when they sign in again."""
    role = form.choice("role", ROLES, "Choose a role.")
    if not form.ok:
        return _member(visit, staff_id, form)
    try:
        with visit.writing() as session:
            change_role(session, staff_id, Role(role), visit.now)
            _note(visit, session, "changed a role", staff_id, role)
    except LastAdministrator:
        form.refuse("role", LAST_ONE)
    except HasCases as problem:
        form.refuse("role", f"{_cases(problem.count)} first: this role has no cases.")
    return _member(visit, staff_id, form) if not form.ok else _after_own(visit, staff_id, "role")


@router.post("/{staff_id}/counsel")
def save_counsel(visit: InHub, staff_id: str, form: Sent) -> Response:
    """Which counsel of the hub signs in with this account: their cases are what it opens."""
    with visit.reading() as session:
        known = {one.counsel.id for one in known_counsel(session)} | {NOBODY}
    counsel_id = form.choice("counsel", known, "Choose which counsel they are.")
    if not form.ok:
        return _member(visit, staff_id, form)
    try:
        with visit.writing() as session:
            member_of(session, staff_id)
            if counsel_id == NOBODY:
                disconnect(session, staff_id)
            else:
                connect(session, counsel_id, staff_id)
            visit.note(session, "said which counsel an account is", "staff_member", staff_id)
    except NotCounsel:
        form.refuse("counsel", "This counsel has an account already.")
        return _member(visit, staff_id, form)
    return see_other(f"/staff/{staff_id}?done=counsel")


@router.get("/{staff_id}/remove")
def ask_removal(visit: InHub, staff_id: str) -> Response:
    """What removing somebody does, before it is done."""
    return _removal(visit, staff_id, Form())


@router.post("/{staff_id}/remove")
def remove_member(visit: InHub, staff_id: str, form: Sent) -> Response:
    """They work here no more."""
    try:
        with visit.writing() as session:
            remove(session, staff_id, visit.now)
            visit.note(session, "removed somebody", "staff_member", staff_id)
    except LastAdministrator:
        form.refuse("remove", LAST_ONE)
    except HasCases as problem:
        form.refuse("remove", f"{_cases(problem.count)} first.")
    return _removal(visit, staff_id, form) if not form.ok else see_other("/staff?done=removed")


@router.get("/{staff_id}/cases")
def show_cases(visit: InHub, staff_id: str) -> Response:
    """Which cases would go, and to whom they can."""
    return _handing(visit, staff_id, Form())


@router.post("/{staff_id}/cases")
def hand_cases_over(visit: InHub, staff_id: str, form: Sent) -> Response:
    """Every open case and task of theirs goes to somebody else, or waits for somebody."""
    with visit.reading() as session:
        known = {one.id for one in caseworkers(session)} - {staff_id} | {NOBODY}
    to = form.choice("to", known, "Choose who takes them.")
    if not form.ok:
        return _handing(visit, staff_id, form)
    with visit.writing() as session:
        taker = None if to == NOBODY else to
        handed = hand_over(session, staff_id, taker, visit.source, visit.now)
        detail = {"to": taker or "", "cases": str(handed.cases), "tasks": str(handed.tasks)}
        note_deed(
            session,
            visit.caller.id,
            "handed a caseload over",
            visit.now,
            "staff_member",
            staff_id,
            detail=detail,
        )
    done = "handed" if handed.cases or handed.tasks else "nothing"
    return see_other(f"/staff/{staff_id}?done={done}")


def _new(visit: Visit, form: Form, *, was_here: bool = False) -> Response:
    values = {
        "was_here": was_here,
        "visit": visit,
        "form": form,
        "roles": ROLE_HINTS.items(),
        "languages": LANGUAGES.items(),
    }
    return visit.desk.page("staff_form.html", values, status=200 if form.ok else 422)


def _link(visit: Visit, member: StaffMember, token: str) -> Response:
    """The one answer in which an invitation's link stands."""
    address = f"{public_url(visit.desk.settings)}/join/{token}"
    values = {"visit": visit, "member": member, "address": address}
    return visit.desk.page("staff_link.html", values)


def _member(visit: Visit, staff_id: str, form: Form, done: str = "") -> Response:
    with visit.reading() as session:
        line = staff_line(session, visit, member_of(session, staff_id))
        counsel = known_counsel(session) if line.role == Role.COUNSEL else []
        own = counsel_of_staff(session, staff_id)
    if not form.holds("role"):
        form.put("role", line.role)
    if not form.holds("counsel"):
        form.put("counsel", own.id if own else NOBODY)
    values = {
        "visit": visit,
        "form": form,
        "line": line,
        "counsel": [*map(_choice, counsel), (NOBODY, Words("None of these yet"))],
        "roles": ROLE_HINTS.items(),
        "done": done,
    }
    return visit.desk.page("staff_member.html", values, status=200 if form.ok else 422)


def _choice(one: KnownCounsel) -> tuple[str, str]:
    return one.counsel.id, one.told_apart


def _removal(visit: Visit, staff_id: str, form: Form) -> Response:
    with visit.reading() as session:
        line = staff_line(session, visit, member_of(session, staff_id))
    values = {"visit": visit, "form": form, "line": line}
    return visit.desk.page("staff_remove.html", values, status=200 if form.ok else 422)


def _handing(visit: Visit, staff_id: str, form: Form) -> Response:
    with visit.reading() as session:
        line = staff_line(session, visit, member_of(session, staff_id))
        cases = [one.id for one in open_cases_of(session, staff_id)]
        named = participants(session, cases[:MOST_NAMED]) if visit.sees_cases else {}
        takers = [(one.id, one.name) for one in caseworkers(session) if one.id != staff_id]
    values = {
        "visit": visit,
        "form": form,
        "line": line,
        "count": len(cases),
        "names": sorted((who.full, case_id) for case_id, who in named.items()),
        "takers": [*takers, (NOBODY, Words("Nobody yet: they wait on the list of cases"))],
    }
    return visit.desk.page("staff_cases.html", values, status=200 if form.ok else 422)


def _after_own(visit: Visit, staff_id: str, done: str) -> Response:
    """Whoever changed their own role has just been signed out."""
    if staff_id == visit.caller.id:
        return see_other("/sign-in")
    return see_other(f"/staff/{staff_id}?done={done}")


def _cases(count: int) -> str:
    if count == 1:
        return "One open case is theirs. Hand it over"
    return f"{count} open cases are theirs. Hand them over"


def _note(visit: Visit, session: HubSession, action: str, staff_id: str, role: str) -> None:
    detail = {"role": role}
    me, now = visit.caller.id, visit.now
    note_deed(session, me, action, now, "staff_member", staff_id, detail=detail)
