"""What the hub's pages of consents show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import col, select
from starlette.responses import Response

from activities.consent_sheets import consent_sheet
from api.pages.forms import Form
from api.pages.inbox_view import address_words
from api.pages.own_words import Words, marked
from api.pages.people import Named, participants
from api.pages.session import Visit
from api.pages.wording import Status
from domain.consents import (
    KIND_WORDS,
    PART2_NOTICE,
    ExpiryEvent,
    Lack,
    Medium,
    RecipientKind,
    ShareKind,
    SharePurpose,
    Signer,
    Statement,
    is_live,
    kinds_in_words,
)
from domain.vocabulary import Channel
from records.agencies import agencies_of
from records.casework import get_case
from records.consent_sending import contacts_for
from records.consents import Kept, consents_of, kept
from records.database import HubSession
from records.disclosures import disclosures_of
from records.tables import ConsentTerms, Defendant, Disclosure, Packet, PacketVersion

LANGUAGES = marked({"en": "English", "es": "Spanish", "ht": "Haitian Creole"})
RECIPIENTS: Mapping[RecipientKind, str] = marked(
    {
        RecipientKind.COURT: "The lawyer, and the court through the lawyer",
        RecipientKind.COUNSEL: "The lawyer alone",
        RecipientKind.PROVIDER: "A provider",
        RecipientKind.CARE_TEAM: "All who treat, pay for treatment or run the program",
        RecipientKind.AGENCY: "An agency or shelter of the hub's",
        RecipientKind.SCHOOL: "A school",
        RecipientKind.EMPLOYER: "An employer",
        RecipientKind.FAMILY: "Somebody of the family",
        RecipientKind.OTHER: "Somebody else",
    }
)
PURPOSES: Mapping[SharePurpose, str] = marked(
    {
        SharePurpose.COURT: "The person's own case in court",
        SharePurpose.CARE: "Treatment, payment and health care operations, once for all",
        SharePurpose.SUPPORT: "Help with the plan and with getting to court",
        SharePurpose.AT_REQUEST: "The person asks for it",
    }
)
EVENTS: Mapping[str, str] = marked(
    {
        ExpiryEvent.CASE_END: "When the case is over",
        ExpiryEvent.OTHER: "When something else happens (write it below)",
        ExpiryEvent.NONE: "No end (treatment, payment and operations only)",
    }
)
MEDIA: Mapping[Medium, str] = marked(
    {
        Medium.PAPER: "on paper",
        Medium.ORAL: "by word of mouth",
    }
)
SIGNERS: Mapping[Signer, str] = marked(
    {
        Signer.SELF: "The person",
        Signer.BOTH: "A minor, with a parent or guardian",
        Signer.MINOR: "A minor alone, where a law of the State lets them",
        Signer.REPRESENTATIVE: "Somebody who may act for a person who cannot sign",
    }
)
SENDS: Mapping[str, str] = marked({Channel.SMS: "Text to", Channel.EMAIL: "E-mail to"})
STATEMENTS: Mapping[Statement, str] = marked(
    {
        Statement.RIGHT_TO_REVOKE: "The form says that they may take it back",
        Statement.NO_CONDITION: "The form says what happens if they do not sign",
        Statement.REDISCLOSURE: "The form says that a recipient might pass it on",
    }
)
FIELD_OF: Mapping[Lack, str] = {
    Lack.NAME: "person",
    Lack.DISCLOSER: "discloser",
    Lack.KINDS: "kinds",
    Lack.RECIPIENT: "recipient",
    Lack.CLASS: "recipient_kind",
    Lack.ALONE: "purpose",
    Lack.PURPOSE: "purpose",
    Lack.REVOKE_HOW: "revoke_how",
    Lack.RIGHT_TO_REVOKE: "statement_right_to_revoke",
    Lack.NO_CONDITION: "statement_no_condition",
    Lack.REDISCLOSURE: "statement_redisclosure",
    Lack.EXPIRY: "until",
    Lack.EXPIRED: "until",
    Lack.ENDLESS: "event",
    Lack.HOW: "medium",
    Lack.WRITING: "medium",
    Lack.WORDS: "words",
    Lack.SIGNATURE: "signed_as",
    Lack.DATE: "signed_on",
    Lack.LATER: "signed_on",
    Lack.GUARDIAN: "signer",
    Lack.GUARDIAN_SIGNATURE: "guardian_as",
    Lack.AUTHORITY: "authority",
    Lack.MINOR_LAW: "minor_law",
}
"""Where on the form each missing element is said."""


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """One consent of the list."""

    id: str
    kinds: str
    recipient: str
    status: Status
    live: bool


@dataclass(frozen=True, slots=True)
class ConsentsView:
    """What a person lets others know, and what was shared; `kinds` are of a disclosure, by id."""

    case_id: str
    who: Named
    lines: Sequence[ConsentLine]
    shared: Sequence[Disclosure]
    kinds: Mapping[str, str]
    notice: str = PART2_NOTICE


@dataclass(frozen=True, slots=True)
class Holder:
    """A document that was shared under a consent; `packet_id` leads to it."""

    words: str
    packet_id: str


def person_of(session: HubSession, case_id: str) -> str:
    """The defendant's person id.

    Raises:
        NotFound: no such case.
    """
    case = get_case(session, case_id)
    return session.get_one(Defendant, case.defendant_id).person_id


def consents_view(session: HubSession, visit: Visit, case_id: str) -> ConsentsView:
    """The list, the live ones first."""
    person_id = person_of(session, case_id)
    lines = [_line(one, visit) for one in consents_of(session, person_id)]
    shared = disclosures_of(session, person_id)
    return ConsentsView(
        case_id=case_id,
        who=participants(session, [case_id])[case_id],
        lines=sorted(lines, key=lambda line: not line.live),
        shared=shared,
        kinds={
            row.id: Words(kinds_in_words(ShareKind(kind) for kind in row.kinds)) for row in shared
        },
    )


def _line(one: Kept, visit: Visit) -> ConsentLine:
    row = one.terms
    return ConsentLine(
        id=row.id,
        kinds=Words(kinds_in_words(ShareKind(kind) for kind in row.kinds)),
        recipient=row.recipient or RECIPIENTS[RecipientKind(row.recipient_kind)],
        status=status_of(one, visit),
        live=one.sharing is not None and is_live(one.sharing, visit.now),
    )


def status_of(one: Kept, visit: Visit) -> Status:
    """How a consent stands now."""
    if one.terms.cancelled_at is not None:
        return Status("not wanted", "dash")
    if one.consent is None or one.sharing is None:
        return Status("not signed yet", "ring", "amber")
    if is_live(one.sharing, visit.now):
        return Status("holds", "disc", "good")
    return Status("taken back" if one.consent.withdrawn_at else "ended", "dash")


def one_page(
    session: HubSession, visit: Visit, case_id: str, row: ConsentTerms, form: Form, done: str
) -> Response:
    """One consent with every element."""
    one = kept(session, row)
    live = one.sharing is not None and is_live(one.sharing, visit.now)
    sheet = consent_sheet(visit.desk.catalog, visit.hub, row, "en")
    values = {
        **_known(session, visit, case_id, form),
        "row": row,
        "one": one,
        "sheet": sheet,
        "status": status_of(one, visit),
        "live": live,
        "waits": one.consent is None and row.cancelled_at is None,
        "contacts": [
            (
                contact.id,
                f"{SENDS[contact.channel]} {address_words(contact.channel, contact.address)}",
            )
            for contact in contacts_for(session, row)
        ],
        "holders": [] if live else _holders(session, row),
        "done": done,
        "signer": SIGNERS.get(Signer(row.signer), "") if row.signer else "",
    }
    return visit.desk.page("consent.html", values, status=200 if form.ok else 422)


def _holders(session: HubSession, row: ConsentTerms) -> list[Holder]:
    """What holds something that the consent covered, now that it has ended."""
    found: dict[str, Holder] = {}
    for shared in session.exec(
        select(Disclosure)
        .where(Disclosure.consent_id == row.id, Disclosure.subject_kind != "")
        .order_by(col(Disclosure.id))
    ).all():
        version = session.get(PacketVersion, shared.subject_id)
        packet = session.get(Packet, version.packet_id if version else shared.subject_id)
        found[shared.subject_id] = Holder(shared.what, packet.id if packet else "")
    return list(found.values())


def form_page(session: HubSession, visit: Visit, case_id: str, form: Form) -> Response:
    """The form for one more consent."""
    values = {
        **_known(session, visit, case_id, form),
        "purposes": PURPOSES.items(),
        "events": EVENTS.items(),
        "statements": STATEMENTS.items(),
        "languages": LANGUAGES.items(),
    }
    return visit.desk.page("consent_form.html", values, status=200 if form.ok else 422)


def telling_page(session: HubSession, visit: Visit, case_id: str, form: Form) -> Response:
    """The form for something that is about to be told."""
    values = _known(session, visit, case_id, form)
    return visit.desk.page("consent_telling.html", values, status=200 if form.ok else 422)


def link_page(
    session: HubSession, visit: Visit, case_id: str, row: ConsentTerms, address: str
) -> Response:
    """The private link, to be handed over."""
    values = {**_known(session, visit, case_id, Form()), "row": row, "address": address}
    return visit.desk.page("consent_link.html", values)


def _known(session: HubSession, visit: Visit, case_id: str, form: Form) -> dict[str, object]:
    get_case(session, case_id)
    return {
        "visit": visit,
        "case_id": case_id,
        "url": f"/cases/{case_id}/consents",
        "who": participants(session, [case_id])[case_id],
        "form": form,
        "recipients": RECIPIENTS.items(),
        "kinds": marked(KIND_WORDS).items(),
        "media": MEDIA.items(),
        "signers": SIGNERS.items(),
        "agencies": [(agency.id, agency.name) for agency in agencies_of(session)],
    }
