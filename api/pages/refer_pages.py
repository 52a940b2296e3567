"""The provider's own page of one referral: yes or no, the first meeting, who came, how it ends.

No account: the link is the right to use it. Opening it shows a button and changes nothing. It says
a first name, what is asked for and what the person agreed to; nothing of a case.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.forms import Form, Sent
from api.pages.guard import see_other
from api.pages.private import (
    LANGUAGES,
    NoVisit,
    PrivateVisit,
    apart,
    begin,
    closed,
    door,
    enter,
    in_language,
    is_running,
    renewed,
)
from api.pages.private_problems import PrivateRoute, written_in
from domain.consents import kind_of_step, needs_notice
from domain.court_time import CourtTimeError, instant_of, wall_time
from domain.referrals import ReferralMoveRefused, Setter
from domain.vocabulary import Declined, LinkPurpose, StepKind
from domain.vocabulary import ReferralState as S
from records.casework import NotFound
from records.database import HubSession
from records.disclosures import NotConsented
from records.private_links import PATHS
from records.referral_consents import kind_of_referral, may_be_told
from records.referrals import (
    Answer,
    get_referral,
    move_referral,
    not_met,
    note_visit,
    set_meeting,
    visits_of,
)
from records.step_kinds import kinds_of
from records.tables import Person, Provider, Referral, ReferralVisit

router = APIRouter(route_class=PrivateRoute, prefix="/refer/{token}")

MOST_WORDS = 1000
WAYS_ON = {"hold": S.ON_HOLD, "again": S.IN_PROGRESS, "done": S.COMPLETED, "failed": S.FAILED}
"""The buttons of how it goes on."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page shows. `met` says whether anybody came yet."""

    row: Referral
    who: str
    provider: str
    need: str
    when: str
    part2: bool
    visits: list[ReferralVisit]

    @property
    def met(self) -> bool:
        """Whether the first meeting happened."""
        return bool(self.row.met)

    @property
    def title(self) -> str:
        """A name of the `title` texts."""
        state = S(self.row.state)
        if state is S.REQUESTED:
            return "asked"
        if state is S.ON_HOLD:
            return "rested"
        return "accepted" if state is S.ACCEPTED else "going"


Work = Callable[[PrivateVisit], Response]
Deed = Callable[[HubSession, PrivateVisit], None]


@router.get("")
async def show(request: Request, token: str, lang: str = "", said: str = "") -> Response:
    """The button, or the referral once it was pressed. Changes nothing."""
    try:
        visit = in_language(await _begun(request, token), lang)
    except NoVisit as none:
        return none.answer
    if not is_running(request, visit):
        return door(visit)
    return await apart(lambda: _page(visit, Form(), thanked=said == "yes"))


@router.post("")
async def go_in(request: Request, token: str) -> Response:
    """The button was pressed."""
    try:
        visit = await _begun(request, token)
    except NoVisit as none:
        return none.answer
    return await apart(lambda: _entered(visit))


@router.post("/yes")
async def accept(request: Request, token: str, form: Sent) -> Response:
    """They can: perhaps with the day and hour of the first meeting."""

    def save(visit: PrivateVisit) -> Response:
        at = _meeting(visit, form)
        answer = Answer(meeting_at=at, words=form.text("words")[:MOST_WORDS])
        return _moved(visit, form, S.ACCEPTED, answer)

    return await _acting(request, token, form, save)


@router.post("/no")
async def decline(request: Request, token: str, form: Sent) -> Response:
    """They cannot, with a reason."""

    def save(visit: PrivateVisit) -> Response:
        why = form.choice("why", set(Declined), visit.say("no.choose"))
        if not form.ok:
            return _page(visit, form)
        answer = Answer(declined=Declined(why), words=form.text("words")[:MOST_WORDS])
        return _moved(visit, form, S.REJECTED, answer)

    return await _acting(request, token, form, save)


@router.post("/meeting")
async def move_meeting(request: Request, token: str, form: Sent) -> Response:
    """Another day for the first meeting."""

    def save(visit: PrivateVisit) -> Response:
        at = _meeting(visit, form)
        if at is None and form.ok:
            form.refuse("day", visit.say("thanks.wrong_day"))

        def deed(session: HubSession, visit: PrivateVisit) -> None:
            assert at is not None
            set_meeting(session, _id(visit), at, visit.source, visit.now)

        return _done(visit, form, deed)

    return await _acting(request, token, form, save)


@router.post("/visit")
async def visited(request: Request, token: str, form: Sent) -> Response:
    """They came on a day, or did not; the first time begins the work."""

    def save(visit: PrivateVisit) -> Response:
        today = wall_time(visit.now, visit.hub.zone).date()
        day = _day(visit, form) or (today if form.ok else None)
        if day is not None and day > today:
            form.refuse("day", visit.say("thanks.future"))
        came = form.kept("came") == "yes"

        def deed(session: HubSession, visit: PrivateVisit) -> None:
            assert day is not None
            row = get_referral(session, _id(visit))
            note_visit(session, row.id, day, visit.source, visit.now, came=came)
            if not came and row.state == S.ACCEPTED:
                not_met(session, row.id, visit.source, visit.now)

        return _done(visit, form, deed)

    return await _acting(request, token, form, save)


@router.post("/on")
async def go_on(request: Request, token: str, form: Sent) -> Response:
    """On hold, again, finished, or it did not work out."""

    def save(visit: PrivateVisit) -> Response:
        way = WAYS_ON.get(form.kept("way"))
        if way is None:
            raise NotFound("way")
        return _moved(visit, form, way, Answer(words=form.text("words")[:MOST_WORDS]))

    return await _acting(request, token, form, save)


@router.get("/yes")
@router.get("/no")
@router.get("/meeting")
@router.get("/visit")
@router.get("/on")
def lead_back(token: str) -> Response:
    """An address that only takes forms, opened again by a browser: the page itself."""
    return see_other(PATHS[LinkPurpose.REFERRAL] + token)


def _moved(visit: PrivateVisit, form: Form, wanted: S, answer: Answer) -> Response:
    def deed(session: HubSession, visit: PrivateVisit) -> None:
        row = get_referral(session, _id(visit))
        to = S.ACCEPTED if wanted is S.IN_PROGRESS and not row.met else wanted
        if row.state == to:
            return  # the same button twice
        move_referral(session, row.id, to, Setter.PROVIDER, answer, visit.source, visit.now)

    return _done(visit, form, deed)


def _done(visit: PrivateVisit, form: Form, deed: Deed) -> Response:
    if not form.ok:
        return _page(visit, form)
    try:
        with visit.writing() as session:
            row = get_referral(session, _id(visit))
            if not may_be_told(session, row, visit.now, held=True):
                raise NotConsented({kind_of_referral(session, row)})
            deed(session, visit)
            state = S(row.state)
    except NotConsented:
        return see_other(visit.path)  # taken back in this very moment: the page says so
    except ReferralMoveRefused:
        form.refuse("words", visit.say("thanks.not_now"))
        return _page(visit, form)
    if state in (S.REJECTED, S.COMPLETED, S.FAILED):
        return visit.page("private_thanks.html", {"words": visit.say("thanks.said")})
    return see_other(f"{visit.path}?lang={visit.language}&said=yes")


def _meeting(visit: PrivateVisit, form: Form) -> datetime | None:
    """The first meeting (UTC), where a day and an hour were given."""
    day, clock = _day(visit, form), form.clock("clock")
    if day is None or not form.ok:
        return None
    try:
        at = instant_of(datetime.combine(day, clock or time(9)), visit.hub.zone)
    except CourtTimeError:
        form.refuse("day", visit.say("thanks.wrong_day"))
        return None
    if at <= visit.now:
        form.refuse("day", visit.say("thanks.past"))
    return at


def _day(visit: PrivateVisit, form: Form) -> date | None:
    day = form.day("day")
    if form.error("day"):
        form.drop("day")
        form.refuse("day", visit.say("thanks.wrong_day"))
    return day


def _page(visit: PrivateVisit, form: Form, *, thanked: bool = False) -> Response:
    with visit.reading() as session:
        asked = _read(session, visit)
    words = {
        "asked": asked,
        "form": form,
        "thanked": thanked,
        "languages": LANGUAGES,
        "why": [(one.value, visit.say(f"why.{one.value}")) for one in Declined],
        "today": wall_time(visit.now, visit.hub.zone).date().isoformat(),
    }
    return visit.page("refer.html", words, status=200 if form.ok else 422)


def _read(session: HubSession, visit: PrivateVisit) -> Asked:
    row = get_referral(session, _id(visit))
    assert row.person_id is not None
    when = ""
    if row.first_meeting_at is not None:
        at = wall_time(row.first_meeting_at, visit.hub.zone)
        words = visit.desk.catalog.everything[visit.language].dates
        when = f"{words.named(at.date())}, {words.at(at.time())}"
    known = row.need in set(StepKind)
    need = visit.say(f"need.{row.need}") if known else kinds_of(session, ended_too=True)[row.need]
    return Asked(
        row=row,
        who=session.get_one(Person, row.person_id).first_name,
        provider=session.get_one(Provider, row.provider_id).name,
        need=need,
        when=when,
        part2=needs_notice({kind_of_step(row.need)}),
        visits=visits_of(session, row.id),
    )


def _id(visit: PrivateVisit) -> str:
    if visit.link.referral_id is None:
        raise NotFound("referral")
    return visit.link.referral_id


def _entered(visit: PrivateVisit) -> Response:
    referral_id = _id(visit)
    return enter(visit, lambda s: visit.note(s, "opened a referral", "referral", referral_id))


async def _begun(request: Request, token: str, written: Sequence[str] = ()) -> PrivateVisit:
    """The visit, while the provider may know of the referral.

    Raises:
        NoVisit: the link has ended, or the consent that the referral rests on.
    """
    visit = await begin(request, token, LinkPurpose.REFERRAL, written)
    if not await apart(lambda: _may_be_told(visit)):
        raise NoVisit(closed(request, visit.hub, visit.language, written))
    return visit


def _may_be_told(visit: PrivateVisit) -> bool:
    with visit.reading() as session:
        return may_be_told(session, get_referral(session, _id(visit)), visit.now)


async def _acting(request: Request, token: str, form: Form, work: Work) -> Response:
    """Do what a form says; where the link itself has ended, give back what was written."""
    try:
        visit = await _begun(request, token, written_in(form))
    except NoVisit as none:
        return none.answer
    visit = in_language(visit, form.kept("lang"))
    return await apart(lambda: renewed(request, visit, work(visit), going_in=_entered))
