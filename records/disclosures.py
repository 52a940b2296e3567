"""The log of disclosures: what was shown to whom, when, how, and under which consent.

Nothing leaves before its line is written, in the transaction in which it is found that a live
consent covers it: `disclose` asks and writes in one step. The log answers for 42 CFR 2.25 and
45 CFR 164.528: for each disclosure its date, who received it, what, and for which purpose.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import col, select

from domain.consents import (
    Recipient,
    RecipientKind,
    ShareKind,
    SharePurpose,
    Sharing,
    basis_for,
    is_live,
    kinds_in_words,
    needs_notice,
)
from domain.court_time import wall_time
from records.agency_facts import DigestLine
from records.casework import Source
from records.consents import sharing_of, signed_of
from records.database import HubSession
from records.hubs import the_hub
from records.tables import Agency, Consent, ConsentTerms, Disclosure

DIGEST_HOW: Final = "weekly digest"
COLUMNS: Final = (
    "when",
    "time zone",
    "to whom",
    "kind of recipient",
    "what was shared",
    "kinds",
    "purpose",
    "how",
    "42 CFR 2.32 notice",
    "consent",
    "consent given",
    "shared by",
)
"""Of the accounting as CSV."""


class NotConsented(ValueError):
    """No live consent covers this; nothing was shared."""

    def __init__(self, kinds: Iterable[ShareKind]) -> None:
        self.kinds = frozenset(kinds)
        super().__init__(
            f"No consent that holds now lets this recipient know of: {kinds_in_words(self.kinds)}. "
            "Nothing was shared."
        )


@dataclass(frozen=True, slots=True)
class Telling:
    """Something that is about to be shown to somebody outside the hub.

    Attributes:
        person_id: whose information it is.
        what: in words, as the log keeps it.
        how: the way it goes: "private link", "download", "e-mail", "by phone" …
        subject_kind, subject_id: the document that holds it.
    """

    person_id: str
    to: Recipient
    kinds: frozenset[ShareKind]
    what: str
    how: str
    case_id: str | None = None
    subject_kind: str = ""
    subject_id: str = ""


def disclose(
    session: HubSession, telling: Telling, source: Source, now: datetime
) -> list[Disclosure]:
    """Write down that something is shared, if it may be; only then may it leave.

    The consents are held until the transaction ends: one that is taken back in the same moment
    was taken back before, and nothing is shared, or is taken back after. One line for each
    consent; where 42 CFR part 2 applies, the line says that its notice goes along
    (`domain.consents.PART2_NOTICE`).

    Raises:
        NotConsented: nothing was written; a kind has no live consent.
    """
    consents = signed_of(session, telling.person_id, held=True)
    basis = {kind: basis_for(consents, telling.to, kind, now) for kind in telling.kinds}
    missing = [kind for kind, one in basis.items() if one is None]
    if missing or not telling.kinds:
        raise NotConsented(missing)
    used = {one.id: one for one in basis.values() if one is not None}
    return [
        _line(
            session,
            telling,
            one,
            {k for k, b in basis.items() if b and b.id == one.id},
            source,
            now,
        )
        for one in used.values()
    ]


def _line(
    session: HubSession,
    telling: Telling,
    under: Sharing,
    kinds: set[ShareKind],
    source: Source,
    now: datetime,
) -> Disclosure:
    row = Disclosure(
        person_id=telling.person_id,
        consent_id=under.id,
        case_id=telling.case_id,
        recipient=telling.to.name or under.recipient.name,
        recipient_kind=telling.to.kind,
        recipient_id=telling.to.id,
        what=telling.what,
        kinds=sorted(kinds),
        purpose=under.purpose,
        how=telling.how,
        disclosed_by=source.actor,
        subject_kind=telling.subject_kind,
        subject_id=telling.subject_id,
        notice=needs_notice(kinds),
        disclosed_at=now,
    )
    session.add(row)
    session.flush()
    return row


def note_digest(
    session: HubSession, agency_id: str, due: datetime, lines: Sequence[DigestLine], now: datetime
) -> None:
    """Note each case that a digest tells an agency of, in the transaction that claims it.

    One row for each case and digest, however many ways it takes to arrive: what a later try
    says replaces what an earlier one said. What an earlier try may have told stays noted.

    Args:
        session: of the hub.
        agency_id: the recipient.
        due: when this digest was due (UTC).
        lines: what it tells.
        now: UTC.

    Raises:
        NotConsented: a consent was taken back in this very moment; the digest is written anew.
    """
    agency = session.get_one(Agency, agency_id)
    known = _since(session, {line.consent_id for line in lines}, due)
    for consent_id in dict.fromkeys(line.consent_id for line in lines):
        _hold(session, consent_id, now)
        told = [line for line in lines if line.consent_id == consent_id]
        row = known.get(consent_id) or Disclosure(
            person_id=told[0].person_id, consent_id=consent_id
        )
        row.recipient, row.what, row.disclosed_at = agency.name, _what(told), now
        row.recipient_kind, row.recipient_id = RecipientKind.AGENCY, agency.id
        row.case_id, row.kinds = told[0].case_id, [ShareKind.COURT_DATES]
        row.purpose, row.how = SharePurpose.SUPPORT, DIGEST_HOW
        row.disclosed_by = "homeward"
        session.add(row)


def _hold(session: HubSession, consent_id: str, now: datetime) -> None:
    """Keep a consent from being taken back until this transaction ends."""
    row, consent = session.get_one(ConsentTerms, consent_id), session.get_one(Consent, consent_id)
    session.lock(row)
    session.lock(consent)
    if not is_live(sharing_of(session, row, consent), now):
        raise NotConsented({ShareKind.COURT_DATES})


def _since(session: HubSession, consent_ids: set[str], due: datetime) -> dict[str, Disclosure]:
    rows = session.exec(
        select(Disclosure).where(
            col(Disclosure.consent_id).in_(consent_ids), col(Disclosure.disclosed_at) >= due
        )
    ).all()
    return {row.consent_id: row for row in rows if row.consent_id}


def _what(lines: Sequence[DigestLine]) -> str:
    """ "first name; court 2026-12-08 09:00, room and address"."""
    dates = (
        f"court {line.local:%Y-%m-%d %H:%M}" + (", room and address" if _has_place(line) else "")
        for line in lines
    )
    return "; ".join(("first name", *dates))


def _has_place(line: DigestLine) -> bool:
    return bool(line.room or line.place)


def disclosures_of(session: HubSession, person_id: str) -> list[Disclosure]:
    """All that was shared of a person, the newest first."""
    return list(
        session.exec(
            select(Disclosure)
            .where(Disclosure.person_id == person_id)
            .order_by(col(Disclosure.disclosed_at).desc(), col(Disclosure.id).desc())
        ).all()
    )


def accounting_csv(session: HubSession, person_id: str) -> str:
    """The accounting of disclosures of a person, as CSV (RFC 4180), the newest first.

    Times are on the hub's clock. A cell that a spreadsheet would take for a formula begins with an
    apostrophe.
    """
    zone = the_hub(session).zone
    given = {
        consent.id: consent
        for consent in session.exec(select(Consent).where(Consent.person_id == person_id)).all()
    }
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in disclosures_of(session, person_id):
        writer.writerow(map(_cell, _account(row, given.get(row.consent_id or ""), zone)))
    return out.getvalue()


def _account(row: Disclosure, under: Consent | None, zone: str) -> tuple[str, ...]:
    return (
        f"{wall_time(row.disclosed_at, zone):%Y-%m-%d %H:%M}",
        zone,
        row.recipient,
        row.recipient_kind,
        row.what,
        kinds_in_words(ShareKind(kind) for kind in row.kinds),
        row.purpose,
        row.how,
        "yes" if row.notice else "",
        row.consent_id or "",
        f"{wall_time(under.given_at, zone):%Y-%m-%d}" if under else "",
        row.disclosed_by,
    )


def _cell(text: str) -> str:
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
