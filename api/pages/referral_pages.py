"""Referrals on the hub's side: made beside a case, sent, followed, offered to somebody else."""

from datetime import datetime, time

from fastapi import APIRouter
from sqlmodel import col, select
from starlette.responses import Response

from api.pages import once, referral_view
from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.own_words import Words
from api.pages.people import circle
from api.pages.problems import PageProblem
from api.pages.session import InHub, Visit
from api.pages.step_kind_words import said_kinds
from api.pages.step_provider import Chosen, chosen
from domain.referrals import OPEN, ReferralMoveRefused, Setter
from domain.vocabulary import Declined, Role
from domain.vocabulary import ReferralState as S
from engine.addresses import public_url
from records.casework import NotFound, get_case
from records.conflicts import NotOfferedHere, barred_providers
from records.database import HubSession
from records.directory import ProviderEnded
from records.directory_search import Wanted, search_services
from records.disclosures import NotConsented
from records.plans import get_plan, get_step
from records.private_links import path_of
from records.referral_wall import seen_referral, visible_to
from records.referrals import (
    HOW,
    Answer,
    NewReferral,
    NotAgreed,
    asked_already,
    draft_referral,
    move_referral,
    not_met,
    note_visit,
    open_for_provider,
    provider_link,
    referrals_of,
    reoffer,
    send_referral,
    set_meeting,
)
from records.tables import Defendant, Referral

router = APIRouter(route_class=PageRoute)

CASE = "/cases/{case_id}/referrals"
DONE = {
    "kept": "Written down. Nobody is told until you send it.",
    "sent": "Sent. If nobody answers in time, you hear of it.",
    "moved": "Written down.",
    "met": "Written down.",
    "called": "Sent. This provider has no e-mail address: please call them.",
}
SUGGESTED = 5
MOST_WORDS = 1000
_REFUSED = (NotConsented, NotAgreed, NotOfferedHere, ProviderEnded, ReferralMoveRefused)


class NoLink(PageProblem):
    """The provider's page is not open now; `text` says why."""

    status = 409
    title = "There is no page to hand over"

    def __init__(self, why: Exception) -> None:
        super().__init__()
        self.text = str(why)


@router.get("/referrals")
def show_open(visit: InHub) -> Response:
    """Every loop of the hub that is not closed, those that wait for us first."""
    with visit.reading() as session:
        rows = session.exec(
            select(Referral)
            .where(
                col(Referral.state).in_(sorted(OPEN)),
                visible_to(_role(visit), visit.caller.id),
            )
            .order_by(col(Referral.state_since), col(Referral.id))
            .limit(200)
        ).all()
        lines = referral_view.lines_of(session, rows, visit.hub.zone, visit.now)
        return visit.desk.page("referrals.html", {"visit": visit, "lines": lines, "case_id": ""})


@router.get(CASE)
def show_list(visit: InHub, case_id: str) -> Response:
    """The referrals of a case."""
    with visit.reading() as session:
        get_case(session, case_id)
        rows = [row for row in referrals_of(session, case_id) if _sees(session, visit, row)]
        values = {
            "visit": visit,
            "lines": referral_view.lines_of(session, rows, visit.hub.zone, visit.now),
            "case_id": case_id,
            "who": circle(session, case_id)[0].person,
        }
        return visit.desk.page("referrals.html", values)


@router.get(CASE + "/new")
def show_new(visit: InHub, case_id: str, provider: str = "", step: str = "") -> Response:
    """The form, perhaps with the provider and the step that it is about."""
    with visit.reading() as session:
        form = Form({"provider": provider, "step": step, "agreed_how": HOW[0]})
        if step:
            row = get_step(session, step)
            form.put("need", row.kind)
            form.put("provider", provider or row.provider_id or "")
        return _form(visit, session, case_id, form)


@router.post(CASE + "/new")
def save_new(visit: InHub, case_id: str, form: Sent) -> Response:
    """Write it down, and send it if so wanted; what is missing is named, and nothing is lost."""
    with visit.writing() as session:
        earlier = once.earlier(session, visit, form)
        if earlier:
            return see_other(earlier)
        known = chosen(session, form.kept("provider"))
        if known is None:
            form.refuse("provider", "Choose a provider first.")
        new = _new(session, form)
        if not form.ok:
            return _form(visit, session, case_id, form)
        done = "kept"
        try:
            with session.begin_nested():
                row = draft_referral(session, case_id, new, visit.source, visit.now)
                if form.kept("go") == "send":
                    send_referral(session, row.id, visit.source, visit.now)
                    done = "sent"
        except _REFUSED as error:
            form.refuse("agreed_words" if isinstance(error, NotAgreed) else "provider", str(error))
            return _form(visit, session, case_id, form)
        there = f"/cases/{case_id}/referrals/{row.id}?done={done}"
        location = once.keep(session, visit, form, there)
    return see_other(location)


def _new(session: HubSession, form: Form) -> NewReferral:
    return NewReferral(
        provider_id=form.kept("provider"),
        need=form.choice("need", said_kinds(session), "Choose what it is for."),
        step_id=form.kept("step") or None,
        note=form.text("note", most=MOST_WORDS),
        agreed_words=form.line("agreed_words", most=200),
        agreed_how=form.choice("agreed_how", HOW, "Say how they agreed."),
        introduced_by=form.line("introduced_by", most=80),
    )


@router.get(CASE + "/{referral_id}")
def show_one(visit: InHub, case_id: str, referral_id: str, done: str = "") -> Response:
    """Where the loop stands, and what can be done."""
    with visit.reading() as session:
        row = _referral(session, visit, case_id, referral_id)
        return _page(visit, session, row, Form(), DONE.get(done, ""))


@router.post(CASE + "/{referral_id}/send")
def send(visit: InHub, case_id: str, referral_id: str, form: Sent) -> Response:
    """Ask the provider."""

    def deed(session: HubSession, row: Referral) -> None:
        if row.state == S.DRAFT:
            send_referral(session, row.id, visit.source, visit.now)

    return _take(visit, case_id, referral_id, form, deed, "sent")


@router.post(CASE + "/{referral_id}/state")
def move(visit: InHub, case_id: str, referral_id: str, form: Sent) -> Response:
    """What the provider said by phone, or that it is over."""
    wanted = form.choice("to", set(S), "Choose what happened.")
    declined = form.kept("declined")
    why = Declined(declined) if declined in set(Declined) else None
    words = form.text("words", most=MOST_WORDS)

    def deed(session: HubSession, row: Referral) -> None:
        if row.state == wanted:
            return
        answer = Answer(declined=why, words=words)
        by = _setter(visit)
        move_referral(session, row.id, S(wanted), by, answer, visit.source, visit.now)

    return _take(visit, case_id, referral_id, form, deed, "moved")


@router.post(CASE + "/{referral_id}/meeting")
def meet(visit: InHub, case_id: str, referral_id: str, form: Sent) -> Response:
    """When they meet first, and who introduces them."""
    day, clock = form.day("day", "Say on which day."), form.clock("clock", "Say at what time.")
    name = form.line("introduced_by", most=80)
    local = datetime.combine(day, clock or time(9)) if day else None
    at = form.instant("day", local, visit.hub.zone) if local and form.ok else None
    if at is not None and at <= visit.now:
        form.refuse("day", "This moment is over; choose one that is still to come.")

    def deed(session: HubSession, row: Referral) -> None:
        assert at is not None
        set_meeting(session, row.id, at, visit.source, visit.now, introduced_by=name)

    return _take(visit, case_id, referral_id, form, deed, "met")


@router.post(CASE + "/{referral_id}/visit")
def visited(visit: InHub, case_id: str, referral_id: str, form: Sent) -> Response:
    """Whether they came on a day."""
    day = form.day("visited", "Say on which day.")
    came = form.kept("came") == "yes"

    def deed(session: HubSession, row: Referral) -> None:
        assert day is not None
        note_visit(session, row.id, day, visit.source, visit.now, came=came)
        if not came and row.state == S.ACCEPTED:
            not_met(session, row.id, visit.source, visit.now)

    return _take(visit, case_id, referral_id, form, deed, "met")


@router.post(CASE + "/{referral_id}/re-offer")
def offer_again(visit: InHub, case_id: str, referral_id: str, form: Sent) -> Response:
    """The same, to another provider; this one ends."""
    with visit.writing() as session:
        row = _referral(session, visit, case_id, referral_id)
        known = chosen(session, form.kept("provider"))
        if known is None:
            form.refuse("provider", "Choose a provider.")
            return _page(visit, session, row, form)
        try:
            with session.begin_nested():
                service = form.kept("service") or None
                made = reoffer(session, row.id, known.id, service, visit.source, visit.now)
        except _REFUSED as error:
            form.refuse("provider", str(error))
            return _page(visit, session, row, form)
    return see_other(f"/cases/{case_id}/referrals/{made.id}?done=sent")


@router.post(CASE + "/{referral_id}/link")
def show_link(visit: InHub, case_id: str, referral_id: str, form: Sent) -> Response:
    """The provider's private link, to be handed over. That it was shown is written down."""
    with visit.writing() as session:
        row = _referral(session, visit, case_id, referral_id)
        try:
            told = open_for_provider(session, row, visit.now)
            link = provider_link(session, told, visit.now)
        except (NotConsented, ReferralMoveRefused) as error:
            raise NoLink(error) from None
        visit.note(session, "showed a private link", "referral", row.id)
        values = {
            "visit": visit,
            "provider": chosen(session, row.provider_id),
            "url": f"/cases/{case_id}/referrals/{row.id}",
            "address": public_url(visit.desk.settings) + path_of(link),
        }
    return visit.desk.page("referral_link.html", values)


def _take(
    visit: Visit, case_id: str, referral_id: str, form: Form, deed: object, done: str
) -> Response:
    assert callable(deed)
    with visit.writing() as session:
        row = _referral(session, visit, case_id, referral_id)
        if form.ok:
            try:
                with session.begin_nested():
                    deed(session, row)
            except _REFUSED as error:
                form.refuse("to", str(error))
        if not form.ok:
            session.refresh(row)
            return _page(visit, session, row, form)
    return see_other(f"/cases/{case_id}/referrals/{referral_id}?done={done}")


def _form(visit: Visit, session: HubSession, case_id: str, form: Form) -> Response:
    case = get_case(session, case_id)
    person_id = session.get_one(Defendant, case.defendant_id).person_id
    step_id = form.kept("step")
    step = get_step(session, step_id) if step_id else None
    if step is not None and get_plan(session, step.plan_id).case_id != case_id:
        raise NotFound("plan step")
    provider = chosen(session, form.kept("provider"))
    values = {
        "visit": visit,
        "form": form,
        "case_id": case_id,
        "who": circle(session, case_id)[0].person,
        "kinds": list(said_kinds(session).items()),
        "provider": provider,
        "step": step,
        "how": [(how, Words(how)) for how in HOW],
        "barred": provider is not None and provider.id in barred_providers(session, person_id),
    }
    return visit.desk.page("referral_form.html", values, status=200 if form.ok else 422)


def _page(visit: Visit, session: HubSession, row: Referral, form: Form, done: str = "") -> Response:
    assert row.case_id is not None
    view = referral_view.read_page(session, row, visit.hub.zone, visit.now, _setter(visit))
    values = {
        "visit": visit,
        "form": form,
        "view": view,
        "case_id": row.case_id,
        "who": circle(session, row.case_id)[0].person,
        "provider": chosen(session, row.provider_id),
        "reasons": list(referral_view.DECLINED.items()),
        "others": _others(session, row),
        "zone": visit.hub.zone,
        "done": done,
    }
    return visit.desk.page("referral.html", values, status=200 if form.ok else 422)


def _others(session: HubSession, row: Referral) -> list[Chosen]:
    """Other providers for the same need: not asked yet, and on no other side of a wall."""
    if S(row.state) not in (S.REQUESTED, S.ACCEPTED, S.REJECTED, S.FAILED, S.ON_HOLD):
        return []
    assert row.person_id is not None
    out = asked_already(session, row) | barred_providers(session, row.person_id)
    found = search_services(session, Wanted(need=row.need), limit=40).found
    ids = dict.fromkeys(one.provider.id for one in found if one.provider.id not in out)
    known = (chosen(session, one) for one in list(ids)[:SUGGESTED])
    return [one for one in known if one is not None]


def _referral(session: HubSession, visit: Visit, case_id: str, referral_id: str) -> Referral:
    row = seen_referral(session, referral_id, _role(visit), visit.caller.id)
    if row.case_id != case_id:
        raise NotFound("referral")
    return row


def _sees(session: HubSession, visit: Visit, row: Referral) -> bool:
    try:
        seen_referral(session, row.id, _role(visit), visit.caller.id)
    except NotFound:
        return False
    return True


def _role(visit: Visit) -> Role:
    return Role.SUPERVISOR if visit.overrides else visit.caller.role


def _setter(visit: Visit) -> Setter:
    return Setter.SUPERVISOR if visit.overrides else Setter.TEAM
