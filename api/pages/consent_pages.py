"""The hub's side of consents: what a person lets others know, recording and ending one, the form
on paper, the private link, and the log of disclosures."""

import asyncio
from datetime import datetime, time, timedelta

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from activities.consent_forms import form_docx, form_pdf
from activities.consent_sheets import consent_sheet
from activities.documents.errors import ConversionError
from api.pages import consent_view, once
from api.pages.consent_view import EVENTS, LANGUAGES, MEDIA, RECIPIENTS, SIGNERS, person_of
from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.problems import PageProblem
from api.pages.session import InHub, Visit
from api.version_files import DOCX_TYPE
from domain.consents import (
    KIND_WORDS,
    ExpiryEvent,
    Medium,
    NoConsent,
    Recipient,
    RecipientKind,
    ShareKind,
    SharePurpose,
    Signature,
    Signer,
    Statement,
    Terms,
)
from domain.court_time import instant_at
from engine.addresses import public_url
from records.answering import CannotAnswer
from records.casework import NotFound
from records.consent_drafts import completed, consent_link, named
from records.consent_sending import contacts_for, send_consent_link
from records.consents import (
    AlreadySigned,
    NotSigned,
    ask_consent,
    get_terms,
    note_event,
    record_consent,
    revoke_consent,
    sign_consent,
)
from records.database import HubSession
from records.disclosures import NotConsented, Telling, accounting_csv, disclose
from records.private_links import path_of
from records.tables import ConsentTerms

router = APIRouter(route_class=PageRoute, prefix="/cases/{case_id}/consents")

PAPER = "paper"
ASK = "ask"
FORMS = {
    ASK: "Not signed yet: print the form, or hand over the private link",
    PAPER: "It was signed, or said",
}
WAYS_BACK = ("in person", "by phone", "on paper", "by text")
DONE = {
    "asked": "Written down. It covers nothing until it is signed.",
    "signed": "Recorded. What it names may be shared with whom it names, from now on.",
    "sent": "It is on its way. The message says that a page waits, and nothing more.",
    "revoked": "Taken back. Nothing is shared under it from this moment on.",
    "event": "Noted. The consent has ended.",
    "noted": "Written down. You may tell it now.",
    "noted_notice": "Written down. You may tell it now. The notice below has to go with it.",
}
MOST_WORDS = 1000


class NoLonger(PageProblem):
    """The consent takes no such step; `text` says why."""

    status = 409
    title = "That was not done"

    def __init__(self, why: Exception) -> None:
        super().__init__()
        self.text = str(why)


class NoForm(PageProblem):
    """There is no PDF of a form; `text` says why."""

    status = 503
    title = "The PDF could not be made"

    def __init__(self, why: Exception) -> None:
        super().__init__()
        self.text = f"{why} The Word file is as good."


@router.get("")
def show_list(visit: InHub, case_id: str, done: str = "") -> Response:
    """What the person lets others know, and what was shared. That it was read is written down."""
    with visit.writing() as session:
        view = consent_view.consents_view(session, visit, case_id)
        visit.note(session, "read consents", "case", case_id)
    values = {"visit": visit, "view": view, "done": DONE.get(done, ""), "notice": done}
    return visit.desk.page("consents.html", values)


@router.get("/new")
def show_new(visit: InHub, case_id: str) -> Response:
    """The form for one more consent."""
    known = {
        "recipient_kind": RecipientKind.COURT,
        "purpose": SharePurpose.COURT,
        "event": ExpiryEvent.CASE_END,
        "ours": "yes",
        "given": ASK,
        "signer": Signer.SELF,
        "medium": Medium.PAPER,
    }
    with visit.reading() as session:
        return consent_view.form_page(session, visit, case_id, Form(known))


@router.post("/new")
def save_new(visit: InHub, case_id: str, form: Sent) -> Response:
    """Record it; what is missing is named, and nothing that was typed is lost."""
    with visit.writing() as session:
        earlier = once.earlier(session, visit, form)
        if earlier:
            return see_other(earlier)
        person_id = person_of(session, case_id)
        terms = completed(session, person_id, _terms(visit, form), ours=form.ticked("ours"))
        wants = form.choice("given", FORMS, "Say whether it was signed already.")
        signature = _signature(form) if wants == PAPER else None
        if form.ok:
            try:
                return see_other(_save(session, visit, case_id, form, terms, signature))
            except NoConsent as refused:
                for lack in refused.lacks:
                    form.refuse(consent_view.FIELD_OF.get(lack, "kinds"), lack)
    with visit.reading() as session:
        return consent_view.form_page(session, visit, case_id, form)


def _save(
    session: HubSession,
    visit: Visit,
    case_id: str,
    form: Form,
    terms: Terms,
    signature: Signature | None,
) -> str:
    person_id = person_of(session, case_id)
    if signature is None:
        row = ask_consent(session, person_id, terms, visit.source, visit.now, case_id=case_id)
        there = f"/cases/{case_id}/consents/{row.id}?done=asked"
    else:
        made = record_consent(
            session, person_id, terms, signature, visit.source, visit.now, case_id=case_id
        )
        there = f"/cases/{case_id}/consents/{made.id}?done=signed"
    return once.keep(session, visit, form, there)


@router.get("/disclosures/new")
def show_telling(visit: InHub, case_id: str) -> Response:
    """The form for something that is about to be told."""
    with visit.reading() as session:
        return consent_view.telling_page(session, visit, case_id, Form())


@router.post("/disclosures/new")
def save_telling(visit: InHub, case_id: str, form: Sent) -> Response:
    """Ask whether it may be told, and write it down if so."""
    what = form.text("what", "Say what you are going to tell.", most=MOST_WORDS)
    how = form.line("how", "Say how: by phone, letter, e-mail.", most=60)
    kinds = _kinds(form, "Choose what it is about.")
    kind = form.choice("recipient_kind", RECIPIENTS, "Choose whom you are going to tell.")
    with visit.writing() as session:
        earlier = once.earlier(session, visit, form)
        if earlier:
            return see_other(earlier)
        if form.ok:
            to = named(session, _recipient(form, RecipientKind(kind)))
            telling = Telling(person_of(session, case_id), to, kinds, what, how, case_id)
            try:
                rows = disclose(session, telling, visit.source, visit.now)
            except NotConsented as refused:
                form.refuse("kinds", str(refused))
            else:
                done = "noted_notice" if any(row.notice for row in rows) else "noted"
                there = f"/cases/{case_id}/consents?done={done}#shared"
                return see_other(once.keep(session, visit, form, there))
    with visit.reading() as session:
        return consent_view.telling_page(session, visit, case_id, form)


@router.get("/accounting.csv")
def take_accounting(visit: InHub, case_id: str) -> Response:
    """Every disclosure as a table. That it was taken is written down."""
    with visit.writing() as session:
        person_id = person_of(session, case_id)
        table = accounting_csv(session, person_id)
        visit.note(session, "took an accounting of disclosures", "person", person_id)
    return _file(table.encode("utf-8-sig"), "text/csv; charset=utf-8", "accounting.csv")


@router.get("/{consent_id}")
def show_one(visit: InHub, case_id: str, consent_id: str, done: str = "") -> Response:
    """One consent with every element, and what may be done with it."""
    with visit.writing() as session:
        row = _row(session, case_id, consent_id)
        visit.note(session, "read a consent", "consent", row.id)
        return consent_view.one_page(session, visit, case_id, row, Form(), DONE.get(done, ""))


@router.post("/{consent_id}/sign")
def save_signature(visit: InHub, case_id: str, consent_id: str, form: Sent) -> Response:
    """It came back signed."""
    given = _signature(form)
    with visit.writing() as session:
        row = _row(session, case_id, consent_id)
        try:
            if form.ok:
                sign_consent(session, row.id, given, visit.source, visit.now)
                return see_other(f"/cases/{case_id}/consents/{row.id}?done=signed")
        except AlreadySigned as why:
            raise NoLonger(why) from None
        except NoConsent as refused:
            for lack in refused.lacks:
                form.refuse(consent_view.FIELD_OF.get(lack, "signed_as"), lack)
        return consent_view.one_page(session, visit, case_id, row, form, "")


@router.post("/{consent_id}/revoke")
def save_revocation(visit: InHub, case_id: str, consent_id: str, form: Sent) -> Response:
    """They took it back; word of mouth is enough."""
    how = form.choice("how", WAYS_BACK, "Say how they took it back.")
    words = form.text("words", most=MOST_WORDS)
    with visit.writing() as session:
        row = _row(session, case_id, consent_id)
        if not form.ok:
            return consent_view.one_page(session, visit, case_id, row, form, "")
        revoke_consent(session, row.id, visit.source, visit.now, how=how, words=words)
    return see_other(f"/cases/{case_id}/consents/{consent_id}?done=revoked")


@router.post("/{consent_id}/event")
def save_event(visit: InHub, case_id: str, consent_id: str, form: Sent) -> Response:
    """What ends it has happened."""
    with visit.writing() as session:
        row = _row(session, case_id, consent_id)
        try:
            note_event(session, row.id, visit.source, visit.now)
        except NotSigned as why:
            raise NoLonger(why) from None
    return see_other(f"/cases/{case_id}/consents/{consent_id}?done=event")


@router.post("/{consent_id}/link")
def show_link(visit: InHub, case_id: str, consent_id: str, form: Sent) -> Response:
    """The person's private link, to hand over. That it was shown is written down."""
    with visit.writing() as session:
        row = _row(session, case_id, consent_id)
        try:
            link = consent_link(session, row, visit.now)
        except AlreadySigned as why:
            raise NoLonger(why) from None
        visit.note(session, "showed a private link", "consent", row.id)
        address = public_url(visit.desk.settings) + path_of(link)
        return consent_view.link_page(session, visit, case_id, row, address)


@router.post("/{consent_id}/send")
def send_link(visit: InHub, case_id: str, consent_id: str, form: Sent) -> Response:
    """Send the person's private link to one of their own phones or mailboxes."""
    with visit.writing() as session:
        row = _row(session, case_id, consent_id)
        known = [contact.id for contact in contacts_for(session, row)]
        contact_id = form.choice("contact", known, "Choose where to send it.")
        try:
            if form.ok:
                send_consent_link(session, row, contact_id, visit.source, visit.now)
                return see_other(f"/cases/{case_id}/consents/{row.id}?done=sent")
        except AlreadySigned as why:
            raise NoLonger(why) from None
        except CannotAnswer as why:
            form.refuse("contact", str(why))
        return consent_view.one_page(session, visit, case_id, row, form, "")


@router.get("/{consent_id}/form.{make}")
async def take_form(
    request: Request, visit: InHub, case_id: str, consent_id: str, make: str, lang: str = ""
) -> Response:
    """The form to sign on paper: `docx` or `pdf`, in the language of the consent or another."""

    def read() -> bytes:
        with visit.reading() as session:
            row = _row(session, case_id, consent_id)
            sheet = consent_sheet(
                visit.desk.catalog, visit.hub, row, lang or row.language, paper=True
            )
            return form_docx(sheet, row)

    if make not in ("docx", "pdf"):
        raise NotFound("file")
    docx = await asyncio.to_thread(read)
    if make == "docx":
        return _file(docx, DOCX_TYPE, "consent.docx")
    settings = visit.desk.settings
    try:
        pdf = await form_pdf(docx, settings.data / "soffice-web", settings.soffice)
    except ConversionError as error:
        raise NoForm(error) from None
    return _file(pdf, "application/pdf", "consent.pdf")


def _row(session: HubSession, case_id: str, consent_id: str) -> ConsentTerms:
    row = get_terms(session, consent_id)
    if row.person_id != person_of(session, case_id):
        raise NotFound("consent")
    return row


def _terms(visit: Visit, form: Form) -> Terms:
    kind = form.choice("recipient_kind", RECIPIENTS, "Choose with whom it may be shared.")
    purpose = form.choice("purpose", [*SharePurpose], "Choose what it is shared for.")
    event = form.kept("event") if form.kept("event") in EVENTS else ""
    return Terms(
        person=form.line("person"),
        discloser=form.line("discloser"),
        kinds=_kinds(form),
        recipient=_recipient(form, RecipientKind(kind)) if kind else None,
        purpose=SharePurpose(purpose) if purpose else None,
        limits=form.text("limits", most=MOST_WORDS),
        purpose_words=form.line("purpose_words"),
        revoke_how=form.line("revoke_how"),
        expires_at=_last_day(visit, form),
        event=ExpiryEvent(event) if event else None,
        event_words=form.line("event_words"),
        statements=frozenset(s for s in Statement if form.ticked(f"statement_{s}")),
        language=form.kept("language") if form.kept("language") in LANGUAGES else "en",
    )


def _kinds(form: Form, missing: str = "") -> frozenset[ShareKind]:
    kinds = frozenset(kind for kind in KIND_WORDS if form.ticked(f"kind_{kind}"))
    if not kinds and missing:
        form.refuse("kinds", missing)
    return kinds


def _recipient(form: Form, kind: RecipientKind) -> Recipient:
    agency = form.kept("agency") if kind is RecipientKind.AGENCY else ""
    return Recipient(kind, form.line("recipient", most=120), agency)


def _last_day(visit: Visit, form: Form) -> datetime | None:
    """The end of the last day on which it holds, on the hub's wall (UTC)."""
    last = form.day("until")
    return instant_at(last + timedelta(days=1), time(0), visit.hub.zone) if last else None


def _signature(form: Form) -> Signature:
    medium = form.kept("medium")
    signer = form.kept("signer")
    return Signature(
        medium=Medium(medium) if medium in MEDIA else None,
        signed_as=form.line("signed_as", most=120),
        signed_on=form.day("signed_on"),
        words=form.text("words", most=MOST_WORDS),
        signer=Signer(signer) if signer in SIGNERS else Signer.SELF,
        guardian_as=form.line("guardian_as", most=120),
        guardian_on=form.day("guardian_on"),
        authority=form.line("authority"),
        minor_law=form.line("minor_law"),
        how=MEDIA.get(Medium(medium), "") if medium in MEDIA else "",
    )


def _file(content: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=media_type, headers=headers)
