"""Whose counsel somebody is: the one rule of which cases counsel who signs in may open.

It is asked anew for each page, of who defends now: whoever was replaced sees nothing any more, from
that transaction on. What counsel writes down is theirs (`CounselNote`); the hub's team reads what
they let it read.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select

from domain.tracks import ENDED_STAGES
from domain.vocabulary import Role
from records.access import make_feed
from records.casework import NotFound
from records.database import HubSession
from records.tables import Case, Counsel, CounselNote, FeedToken, StaffMember


class NotCounsel(ValueError):
    """This account is no counsel's, or that of another counsel already."""


def counsel_of_staff(session: HubSession, staff_id: str) -> Counsel | None:
    """Which counsel signs in with this account; None while nobody has said so."""
    return session.exec(select(Counsel).where(Counsel.staff_id == staff_id)).first()


def connect(session: HubSession, counsel_id: str, staff_id: str) -> Counsel:
    """Let an account be that of one counsel of this hub; the one it was before is let go.

    Raises:
        NotFound: no such counsel or account.
        NotCounsel: the account has another role, or that counsel has an account.
    """
    counsel, member = session.get(Counsel, counsel_id), session.get(StaffMember, staff_id)
    if counsel is None or member is None:
        raise NotFound("counsel")
    if member.role != Role.COUNSEL or counsel.staff_id not in (None, staff_id):
        raise NotCounsel
    disconnect(session, staff_id)
    session.flush()
    counsel.staff_id = staff_id
    session.add(counsel)
    return counsel


def disconnect(session: HubSession, staff_id: str) -> None:
    """The account is no counsel's any more, and opens no case."""
    counsel = counsel_of_staff(session, staff_id)
    if counsel is not None:
        counsel.staff_id = None
        session.add(counsel)


def clients_of(session: HubSession, staff_id: str) -> Sequence[Case]:
    """The cases in which the counsel of this account defends now, open ones first."""
    rows = session.exec(
        select(Case)
        .join(Counsel, col(Counsel.id) == Case.counsel_id)
        .where(Counsel.staff_id == staff_id)
        .order_by(col(Case.enrolled_at).desc(), col(Case.id))
    ).all()
    return sorted(rows, key=lambda case: case.stage in ENDED_STAGES)


def client_case(session: HubSession, staff_id: str, case_id: str) -> Case:
    """A case of one's own.

    Raises:
        NotFound: it is not there, or somebody else defends in it.
    """
    counsel = counsel_of_staff(session, staff_id)
    case = session.get(Case, case_id) if counsel else None
    if counsel is None or case is None or case.counsel_id != counsel.id:
        raise NotFound("case")
    return case


def own_notes(session: HubSession, staff_id: str, case_id: str) -> Sequence[CounselNote]:
    """What one wrote down about a client, the newest first.

    Raises:
        NotFound: no client of theirs.
    """
    case = client_case(session, staff_id, case_id)
    return session.exec(
        select(CounselNote)
        .where(CounselNote.case_id == case.id, CounselNote.counsel_id == case.counsel_id)
        .order_by(col(CounselNote.written_at).desc(), col(CounselNote.id).desc())
    ).all()


def shared_notes(session: HubSession, case: Case) -> Sequence[CounselNote]:
    """What the counsel who defends now lets the team read, the newest first."""
    if case.counsel_id is None:
        return ()
    return session.exec(
        select(CounselNote)
        .where(
            CounselNote.case_id == case.id,
            CounselNote.counsel_id == case.counsel_id,
            col(CounselNote.shared_at).is_not(None),
        )
        .order_by(col(CounselNote.written_at).desc(), col(CounselNote.id).desc())
    ).all()


def write_note(
    session: HubSession, staff_id: str, case_id: str, body: str, now: datetime, *, shared: bool
) -> CounselNote:
    """Write something down about a client.

    Raises:
        NotFound: no client of theirs.
    """
    case = client_case(session, staff_id, case_id)
    note = CounselNote(
        case_id=case.id,
        counsel_id=case.counsel_id or "",
        body=body,
        written_at=now,
        shared_at=now if shared else None,
    )
    session.add(note)
    session.flush()
    return note


def share_note(
    session: HubSession, staff_id: str, case_id: str, note_id: str, now: datetime, *, shared: bool
) -> None:
    """Let the team read a note, or not any more.

    Raises:
        NotFound: no such note about a client of theirs.
    """
    note = _own_note(session, staff_id, case_id, note_id)
    note.shared_at = (note.shared_at or now) if shared else None
    session.add(note)


def drop_note(session: HubSession, staff_id: str, case_id: str, note_id: str) -> None:
    """Throw a note away, for good.

    Raises:
        NotFound: no such note about a client of theirs.
    """
    session.delete(_own_note(session, staff_id, case_id, note_id))


def open_calendar(session: HubSession, staff_id: str, now: datetime) -> str:
    """A new calendar address with the clients' court dates; the one before ends.

    Returns:
        Its secret part, which is nowhere else.

    Raises:
        NotFound: the account is no counsel's.
    """
    counsel = counsel_of_staff(session, staff_id)
    if counsel is None:
        raise NotFound("counsel")
    end_calendar(session, staff_id, now)
    _, secret = make_feed(session, person_id=counsel.person_id)
    return secret


def end_calendar(session: HubSession, staff_id: str, now: datetime) -> None:
    """The calendar address shows nothing any more."""
    for feed in _feeds(session, staff_id):
        feed.revoked_at = now
        session.add(feed)


def has_calendar(session: HubSession, staff_id: str) -> bool:
    """Whether there is an address that shows the clients' court dates."""
    return bool(_feeds(session, staff_id))


def _feeds(session: HubSession, staff_id: str) -> Sequence[FeedToken]:
    counsel = counsel_of_staff(session, staff_id)
    if counsel is None:
        return ()
    return session.exec(
        select(FeedToken).where(
            FeedToken.person_id == counsel.person_id, col(FeedToken.revoked_at).is_(None)
        )
    ).all()


def _own_note(session: HubSession, staff_id: str, case_id: str, note_id: str) -> CounselNote:
    case = client_case(session, staff_id, case_id)
    note = session.get(CounselNote, note_id)
    if note is None or (note.case_id, note.counsel_id) != (case.id, case.counsel_id):
        raise NotFound("note")
    return note
