"""What was shown to someone outside the hub, to whom, and under which consent."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select

from records.agency_facts import DigestLine
from records.database import HubSession
from records.tables import Agency, Disclosure


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
    """
    recipient = session.get_one(Agency, agency_id).name
    known = _since(session, {line.consent_id for line in lines}, due)
    for consent_id in dict.fromkeys(line.consent_id for line in lines):
        told = [line for line in lines if line.consent_id == consent_id]
        row = known.get(consent_id) or Disclosure(
            person_id=told[0].person_id, consent_id=consent_id
        )
        row.recipient, row.what, row.disclosed_at = recipient, _what(told), now
        session.add(row)


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
