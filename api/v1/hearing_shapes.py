"""Hearings as the API tells and takes them: wall time, zone and the instant derived."""

from pydantic import Field

from api.fields import Id, In, Instant, Line, LocalTime, Out, Zone
from domain.vocabulary import Appearance, HearingKind
from records.hearings import Setting


class HearingOut(Out):
    """A hearing at its present revision."""

    id: Id
    case_id: Id
    court_id: Id | None
    kind: str
    status: str
    appearance: str | None
    local_time: LocalTime = Field(description="The time on the court's wall.")
    zone: str = Field(description="IANA zone of that wall.")
    starts_at: Instant = Field(description="The same as an instant, by today's zone rules.")
    room: str
    place: str
    minutes: int
    source: str
    revision: int
    announced_at: Instant


class SettingIn(In):
    """When and where: the court's wall time, its zone, room and address."""

    local_time: LocalTime
    zone: Zone
    room: Line = ""
    place: Line = ""

    def setting(self) -> Setting:
        """The same for the records."""
        return Setting(self.local_time, self.zone, self.room.strip(), self.place.strip())


class HearingIn(SettingIn):
    """A hearing to put on the calendar."""

    kind: HearingKind = HearingKind.OTHER
    court_id: Id | None = None


class OutcomeIn(In):
    """What a person saw or was told of a hearing. A miss is never inferred."""

    appearance: Appearance
    note: Line = Field("", description="No facts of the alleged offense here.")
