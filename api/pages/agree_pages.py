"""The person's own page of one consent: they read every element, sign by typing their name, and
take it back, all on one screen, in English, Spanish or Haitian Creole.

The link is the right to use it. Opening it shows a button and changes nothing; a consent that was
taken back covers nothing from that moment on.
"""

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from activities.consent_sheets import ConsentSheet, consent_sheet
from api.pages.forms import Form, Sent
from api.pages.guard import see_other
from api.pages.private import (
    LANGUAGES,
    NoVisit,
    PrivateVisit,
    apart,
    begin,
    door,
    enter,
    in_language,
    is_running,
    renewed,
)
from api.pages.private_problems import PrivateRoute, written_in
from domain.consents import Lack, Medium, NoConsent, Signature, Signer, is_live, is_minor
from domain.court_time import wall_time
from domain.vocabulary import LinkPurpose
from records.casework import NotFound
from records.consents import (
    AlreadySigned,
    Kept,
    birth_date_of,
    get_terms,
    kept,
    revoke_consent,
    sign_consent,
)
from records.database import HubSession
from records.private_links import PATHS

router = APIRouter(route_class=PrivateRoute, prefix="/agree/{token}")

MOST_WORDS = 1000
_GUARDIAN_LACKS = frozenset({Lack.GUARDIAN, Lack.GUARDIAN_SIGNATURE, Lack.AUTHORITY})


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page shows.

    Attributes:
        young: a parent or guardian signs too.
        live: something may be shared under it now.
    """

    kept: Kept
    sheet: ConsentSheet
    young: bool
    live: bool

    @property
    def signed(self) -> bool:
        """Whether it was signed, live or not."""
        return self.kept.consent is not None

    @property
    def over(self) -> str:
        """Why it covers nothing: a name of the `over` texts; "" while it waits or holds."""
        consent, row = self.kept.consent, self.kept.terms
        if row.cancelled_at is not None:
            return "no"
        if consent is None or self.live:
            return ""
        return "revoked" if consent.withdrawn_at else "ended"


Work = Callable[[PrivateVisit], Response]


@router.get("")
async def show(request: Request, token: str, lang: str = "") -> Response:
    """The button, or the consent once it was pressed. Changes nothing."""
    try:
        visit = in_language(await begin(request, token, LinkPurpose.CONSENT), lang)
    except NoVisit as none:
        return none.answer
    if not is_running(request, visit):
        return door(visit)
    return await apart(lambda: _page(visit, Form()))


@router.post("")
async def go_in(request: Request, token: str) -> Response:
    """The button was pressed."""
    try:
        visit = await begin(request, token, LinkPurpose.CONSENT)
    except NoVisit as none:
        return none.answer
    return await apart(lambda: _entered(visit))


@router.post("/sign")
async def sign(request: Request, token: str, form: Sent) -> Response:
    """They agree, by typing their name; a second time changes nothing."""

    def save(visit: PrivateVisit) -> Response:
        given = _signature(visit, form)
        with visit.reading() as session:
            read = form.secret("seen") == _read(session, visit).sheet.digest
        # What was not read, in these words and in this language, is not signed.
        if not form.ok or not read:
            return _page(visit, form)
        try:
            with visit.writing() as session:
                sign_consent(session, _consent_id(visit), given, visit.source, visit.now)
        except AlreadySigned:
            return _back(visit)
        except NoConsent as refused:
            if not _GUARDIAN_LACKS.isdisjoint(refused.lacks):
                form.refuse("guardian_as", visit.say("sign.guardian_missing"))
                return _page(visit, form)
            # Its day has passed since it was asked for: the page says so.
            return _back(visit)
        return _back(visit)

    return await _acting(request, token, form, save)


@router.post("/revoke")
async def revoke(request: Request, token: str, form: Sent) -> Response:
    """They take it back, or say no: from this moment on it covers nothing."""

    def save(visit: PrivateVisit) -> Response:
        words = form.text("words")[:MOST_WORDS]
        with visit.writing() as session:
            revoke_consent(
                session, _consent_id(visit), visit.source, visit.now, how="link", words=words
            )
        return _back(visit)

    return await _acting(request, token, form, save)


@router.get("/sign")
@router.get("/revoke")
def lead_back(token: str) -> Response:
    """An address that only takes forms, opened again by a browser: the page itself."""
    return see_other(PATHS[LinkPurpose.CONSENT] + token)


def _signature(visit: PrivateVisit, form: Form) -> Signature:
    name = form.line("name", visit.say("sign.missing"), most=100)
    today = wall_time(visit.now, visit.hub.zone).date()
    young = form.holds("guardian_as")
    guardian = form.line("guardian_as", visit.say("sign.guardian_missing") if young else "")
    why = form.line("authority", visit.say("sign.guardian_missing") if young else "")
    return Signature(
        medium=Medium.ELECTRONIC,
        signed_as=name,
        signed_on=today,
        signer=Signer.BOTH if young else Signer.SELF,
        guardian_as=guardian,
        guardian_on=today if young else None,
        authority=why,
        how="by private link",
    )


def _page(visit: PrivateVisit, form: Form) -> Response:
    with visit.reading() as session:
        asked = _read(session, visit)
    signed = ""
    row, consent = asked.kept.terms, asked.kept.consent
    if consent is not None:
        name = consent.given_by
        signed = asked.sheet.day("signed.by", consent.given_at, visit.hub.zone, name=name)
    values = {
        "asked": asked,
        "row": row,
        "form": form,
        "signed": signed,
        "languages": LANGUAGES,
    }
    return visit.page("agree.html", values, status=200 if form.ok else 422)


def _read(session: HubSession, visit: PrivateVisit) -> Asked:
    row = get_terms(session, _consent_id(visit))
    one = kept(session, row)
    born = birth_date_of(session, row.person_id)
    today = wall_time(visit.now, visit.hub.zone).date()
    return Asked(
        kept=one,
        sheet=consent_sheet(visit.desk.catalog, visit.hub, row, visit.language),
        young=born is not None and is_minor(born, today),
        live=one.sharing is not None and is_live(one.sharing, visit.now),
    )


def _consent_id(visit: PrivateVisit) -> str:
    if visit.link.consent_id is None:
        raise NotFound("consent")
    return visit.link.consent_id


def _back(visit: PrivateVisit) -> Response:
    return see_other(f"{visit.path}?lang={visit.language}")


def _entered(visit: PrivateVisit) -> Response:
    consent_id = _consent_id(visit)
    return enter(visit, lambda s: visit.note(s, "opened a consent", "consent", consent_id))


async def _acting(request: Request, token: str, form: Form, work: Work) -> Response:
    """Do what a form says; where the link itself has ended, give back what was written."""
    try:
        visit = await begin(request, token, LinkPurpose.CONSENT, written_in(form))
    except NoVisit as none:
        return none.answer
    visit = in_language(visit, form.kept("lang"))
    return await apart(lambda: renewed(request, visit, work(visit), going_in=_entered))
