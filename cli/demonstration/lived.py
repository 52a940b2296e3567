"""What really happened, read from the records and from the providers' own books."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from cli.demonstration.story import Story
from domain.court_time import wall_time, zone_of
from records.messages import attempts_of
from records.tables import Message


@dataclass(frozen=True, slots=True)
class Said:
    """One message as the records hold it.

    Attributes:
        at: when it was claimed, to the minute, on the court's wall, with its offset.
        about: the hearing, step or paper of the story; "" for none.
        tries: what came of each try, first to last.
        provider_id: the provider's own name for it.
    """

    at: datetime
    role: str
    language: str
    channel: str
    step: str
    text: str
    segments: int
    status: str
    about: str
    revision: int
    tries: tuple[str, ...]
    provider_id: str

    @property
    def left(self) -> bool:
        """Whether a provider has taken it."""
        return self.status in ("queued", "sending", "sent", "delivered")

    @property
    def wall(self) -> datetime:
        """The wall time, naive."""
        return self.at.replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class Files:
    """What the demo made besides messages; empty bytes where something is missing. The `draft_`
    files are of the version that counsel read, the others of the newest."""

    docx: bytes
    pdf: bytes
    pdf_problem: str
    calendar: bytes
    draft_docx: bytes = b""
    draft_pdf: bytes = b""


def all_said(story: Story) -> list[Said]:
    """Every message of the story, in an order that two runs share."""
    about = {id_: name for name, id_ in (story.hearings | story.steps | story.papers).items()}
    zone = zone_of(story.cast.zone)
    said = []
    world = story.world
    with world.house.records.reading(world.hub_id) as session:
        for row in session.exec(select(Message).order_by(col(Message.claimed_at))).all():
            wall = wall_time(row.claimed_at, story.cast.zone).replace(second=0, microsecond=0)
            said.append(
                Said(
                    at=wall.replace(tzinfo=zone, fold=row.claimed_at.astimezone(zone).fold),
                    role=story.people.get(row.person_id, "other"),
                    language=row.language,
                    channel=row.channel,
                    step=row.step,
                    text=row.body.strip(),
                    segments=row.segments if row.channel == "sms" else 0,
                    status=row.state,
                    about=about.get(row.subject_id, ""),
                    revision=row.subject_revision,
                    tries=tuple(attempt.outcome for attempt in attempts_of(session, row.id)),
                    provider_id=row.provider_id,
                )
            )
    return sorted(said, key=lambda one: (one.at, one.role, one.step, one.channel == "email"))
