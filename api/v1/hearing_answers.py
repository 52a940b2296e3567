"""Who said what about coming to a hearing."""

from api import problems
from api.desk import AtDesk
from api.door import guarded_router
from api.fields import Id, Instant, Out
from api.problems import documented
from api.v1.hearings import HearingId
from records.correspondents import correspondents
from records.hearing_answers import newest_answers
from records.hearings import get_hearing

router = guarded_router("hearings")


class HearingAnswerOut(Out):
    """The newest word of one person."""

    person_id: Id
    first_name: str
    last_name: str
    said: str
    said_at: Instant
    reply_id: Id | None


class HearingAnswers(Out):
    """What was said about a hearing as it stands."""

    hearing_id: Id
    hearing_revision: int
    items: list[HearingAnswerOut]


@router.get(
    "/hearings/{hearing_id}/answers",
    summary="Who said what about coming",
    responses=documented(problems.NOT_FOUND),
)
def list_hearing_answers(desk: AtDesk, hearing_id: HearingId) -> HearingAnswers:
    """The newest word of each person: `coming`, `cannot` or `ride`. What was said about an
    earlier date of this hearing does not count."""
    with desk.reading() as session:
        hearing = get_hearing(session, hearing_id)
        answers = newest_answers(session, hearing)
        people = correspondents(session, answers.keys())
        return HearingAnswers(
            hearing_id=hearing.id,
            hearing_revision=hearing.revision,
            items=[
                HearingAnswerOut(
                    person_id=person,
                    first_name=people[person].first_name,
                    last_name=people[person].last_name,
                    said=answer.said,
                    said_at=answer.said_at,
                    reply_id=answer.reply_id,
                )
                for person, answer in answers.items()
            ],
        )
