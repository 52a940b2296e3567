"""Intake: one short page, from what is known at arrest to a followed case."""

from datetime import datetime, timedelta

from fastapi import APIRouter
from starlette.responses import Response

from api.pages import dates, once, wording
from api.pages.contact_fields import AGREEMENT, CALL_AGREEMENT, contacts
from api.pages.first_progress import progress_of
from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.hearing_fields import KINDS, TypedHearing, hearing, zones
from api.pages.own_words import marked
from api.pages.session import InHub, Visit
from domain.tracks import Custody
from records.attributing import adopt_all
from records.casework import NewCase, open_case
from records.circle import NewContact, NewSupporter, add_contact, enroll_supporter
from records.courts import known_courts, known_rooms
from records.database import HubSession
from records.first_run import CASE, answer_step
from records.hearings import schedule_hearing
from records.tables import Case, Court, Defendant

router = APIRouter(route_class=PageRoute)

LONGEST_AGO = timedelta(days=365 * 60)
_HEARING_FIELDS = ("date", "time", "room", "place")


@router.get("/cases/new")
def show_intake(visit: InHub) -> Response:
    """The empty form."""
    known = {"language": visit.hub.default_language, "zone": visit.hub.zone}
    known["supporter_language"] = visit.hub.default_language
    with visit.reading() as session:
        courts = known_courts(session)
    if len(courts) == 1:
        known |= {"court": courts[0].id, "zone": courts[0].zone}
    return _page(visit, Form(known))


@router.post("/cases/new")
def save_intake(visit: InHub, form: Sent) -> Response:
    """Open the case; what was typed stays on the page until everything fits."""
    new = _case(form, visit)
    own = contacts(form, "own_", who="The participant")
    court = _court(form, visit)
    date = _hearing(form, visit, court)
    supporter = _supporter(form)
    if new is None or not form.ok:
        return _page(visit, form, 422)
    with visit.writing() as session:
        earlier = once.earlier(session, visit, form)
        if earlier:
            return see_other(earlier)
        case = open_case(session, new, visit.source, visit.now)
        done = "first" if answer_step(session, CASE) and visit.runs_hub else "opened"
        location = once.keep(session, visit, form, f"/cases/{case.id}?done={done}")
        _fill(session, visit, case, own, date, supporter, court)
    return see_other(location)


def _fill(
    session: HubSession,
    visit: Visit,
    case: Case,
    own: tuple[NewContact, ...],
    date: TypedHearing | None,
    supporter: NewSupporter | None,
    court: Court | None,
) -> None:
    """The rest of what intake knows, in the same transaction."""
    source, now = visit.source, visit.now
    person = session.get_one(Defendant, case.defendant_id).person_id
    for contact in own:
        add_contact(session, person, contact, source, now)
    if date is not None:
        at = court.id if court is not None else None
        schedule_hearing(session, case.id, date.kind, date.setting, source, now, court_id=at)
    if supporter is not None:
        row = enroll_supporter(session, case.id, supporter, source, now)
        adopt_all(session, row.person_id, source, now)
    adopt_all(session, person, source, now)


def _case(form: Form, visit: Visit) -> NewCase | None:
    first = form.line("first_name", "Enter the first name.", most=80)
    last = form.line("last_name", "Enter the last name.", most=80)
    language = form.choice("language", wording.LANGUAGES, "Choose the language they prefer.")
    custody = form.choice("custody", _CUSTODY, "Choose where they are now.")
    place = form.line("custody_place", most=120)
    docket = form.line("docket", most=60)
    arrested_at = _arrested_at(form, visit)
    if not form.ok:
        return None
    return NewCase(
        first_name=first,
        last_name=last,
        language=language,
        docket_number=docket,
        arrested_at=arrested_at,
        custody_place=place,
        custody=Custody(custody),
        advocate_id=visit.caller.id,
    )


_CUSTODY = marked({"detained": "In custody", "released": "Released"})


def _arrested_at(form: Form, visit: Visit) -> datetime | None:
    """The instant of the arrest; noon stands for a day without an hour."""
    day = form.day("arrest_date")
    at = form.clock("arrest_time")
    if day is None:
        if at is not None:
            form.refuse("arrest_date", "Enter the date as well, or leave both empty.")
        return None
    local = datetime.combine(day, at or datetime.min.time().replace(hour=12))
    instant = form.instant("arrest_time", local, visit.hub.zone)
    if instant is None:
        return None
    if at is None and day == dates.today_in(visit.hub.zone, visit.now):
        instant = min(instant, visit.now)
    if instant > visit.now:
        form.refuse("arrest_date", "An arrest cannot lie ahead. Check the date.")
    if visit.now - instant > LONGEST_AGO:
        form.refuse("arrest_date", "Check the year of the arrest.")
    return instant


def _court(form: Form, visit: Visit) -> Court | None:
    """The court that was chosen among those that the hub knows."""
    chosen = form.kept("court")
    if not chosen:
        return None
    with visit.reading() as session:
        found = next((one for one in known_courts(session) if one.id == chosen), None)
    if found is None:
        form.refuse("court", "Choose a court from the list.")
    return found


def _hearing(form: Form, visit: Visit, court: Court | None) -> TypedHearing | None:
    """The next hearing, unless all of its fields were left empty. A court's own clock holds for it,
    and its address unless another was written."""
    if not any(form.kept(name).strip() for name in _HEARING_FIELDS):
        return None
    if court is not None:
        form.put("zone", court.zone)
        form.put("place", form.kept("place").strip() or court.address)
    return hearing(form, visit.hub.zone, visit.now)


def _supporter(form: Form) -> NewSupporter | None:
    """One supporter, unless all of their fields were left empty."""
    names = ("first_name", "last_name", "relationship", "phone", "email")
    if not any(form.kept(f"supporter_{name}").strip() for name in names):
        return None
    ways = contacts(form, "supporter_", who="The supporter")
    return NewSupporter(
        first_name=form.line("supporter_first_name", "Enter their first name.", most=80),
        last_name=form.line("supporter_last_name", most=80),
        relationship=form.line(
            "supporter_relationship", "Say how they belong together, e.g. mother.", most=60
        ),
        language=form.choice(
            "supporter_language", wording.LANGUAGES, "Choose the language they prefer."
        ),
        contacts=ways,
    )


def _page(visit: Visit, form: Form, status: int = 200) -> Response:
    with visit.reading() as session:
        courts, rooms = known_courts(session), known_rooms(session)
    values = {
        "visit": visit,
        "form": form,
        "progress": progress_of(visit) if visit.runs_hub else None,
        "courts": [(one.id, one.name) for one in courts],
        "rooms": rooms,
        "kinds": KINDS,
        "zones": zones(visit.hub.zone),
        "custody_choices": list(_CUSTODY.items()),
        "agreement": AGREEMENT,
        "calls": CALL_AGREEMENT,
    }
    return visit.desk.page("intake.html", values, status=status)
