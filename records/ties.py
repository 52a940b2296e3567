"""What ties a person to cases: it is their own, they stand beside the defendant, they defend."""

from enum import StrEnum

from sqlmodel import col, select

from domain.tracks import ENDED_STAGES
from records.database import HubSession
from records.tables import Case, Counsel, Defendant, Supporter


class CaseTie(StrEnum):
    """How a person belongs to a case."""

    COUNSEL = "counsel"
    FAMILY = "family"
    OWN = "own"


def open_ties_of(session: HubSession, person_id: str) -> dict[str, CaseTie]:
    """The open cases whose hearings a person may know, by id, and why they may.

    Family needs the defendant's agreement, and only while they are in the circle. Who is tied to
    a case in two ways is tied by the nearer one.
    """
    running = col(Case.stage).not_in(ENDED_STAGES)
    defends = (
        select(col(Case.id))
        .join(Counsel, col(Counsel.id) == Case.counsel_id)
        .where(Counsel.person_id == person_id, running)
    )
    stands_by = (
        select(col(Case.id))
        .join(Supporter, col(Supporter.case_id) == Case.id)
        .where(
            Supporter.person_id == person_id,
            col(Supporter.may_know_hearings).is_(True),
            col(Supporter.ended_at).is_(None),
            running,
        )
    )
    own = (
        select(col(Case.id))
        .join(Defendant, col(Defendant.id) == Case.defendant_id)
        .where(Defendant.person_id == person_id, running)
    )
    return {
        **dict.fromkeys(session.exec(defends).all(), CaseTie.COUNSEL),
        **dict.fromkeys(session.exec(stands_by).all(), CaseTie.FAMILY),
        **dict.fromkeys(session.exec(own).all(), CaseTie.OWN),
    }
