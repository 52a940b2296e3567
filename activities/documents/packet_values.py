"""What a mitigation packet says, as typed values, whatever kind it is.

A packet is written by people: each text arrives as an advocate wrote it and counsel approved it.
Only what names the person, the court, the hearing, the hub and the ask is required; every other
part may be missing, and then its section is not there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time


@dataclass(frozen=True, slots=True)
class Person:
    """The defendant. `name` as on the docket; `called` as the packet goes on: "Mr. Johnson"."""

    name: str
    called: str = ""


@dataclass(frozen=True, slots=True)
class CourtRoom:
    """`court` by its full name, with `judge` ("Hon. A. Rivera"), `room` and `address` if known."""

    court: str
    judge: str = ""
    room: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Hearing:
    """`kind` in the court's word ("bail review"); `day` and `at` on the clock of the court.

    Without a `day` the packet says that the date is still to be set.
    """

    kind: str
    day: date | None
    at: time | None = None


@dataclass(frozen=True, slots=True)
class CounselOfRecord:
    """Who speaks for the defendant, with an office and the ways to reach it."""

    name: str
    office: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class HubLetterhead:
    """The hub that prepared the packet; `about` is one sentence for a judge who meets it first."""

    name: str
    phone: str = ""
    email: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph of a section.

    `title`: what stands at its left in a timeline or a table of corrections: "2019", "Page 4".
    `said_by`: whose words they are, for a `quote`: "Denise Johnson, mother". `confirmed_by`: what
    bears it out: "Pay stub of October 30, 2026, Exhibit B".
    """

    text: str
    title: str = ""
    said_by: str = ""
    quote: bool = False
    confirmed_by: str = ""


@dataclass(frozen=True, slots=True)
class Helper:
    """Someone who will help the person appear, by name and `relationship`, with what they do."""

    name: str
    relationship: str
    will_do: str


@dataclass(frozen=True, slots=True)
class SupportStep:
    """A step of the support plan: `when` and `status` in plain words ("intake booked")."""

    step: str
    provider: str = ""
    when: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class EnclosedLetter:
    """A letter that comes with the packet; `pages` when counted."""

    writer: str
    relationship: str = ""
    pages: int | None = None


@dataclass(frozen=True, slots=True)
class EnclosedExhibit:
    """An exhibit that comes with the packet: `label` "A", its `title`, `pages` when counted."""

    label: str
    title: str
    pages: int | None = None


@dataclass(frozen=True, slots=True)
class Photograph:
    """A photograph in the packet's own pages: `jpeg` upright, with nothing hidden in it; `caption`
    says who and what is seen, and serves as its description for screen readers."""

    jpeg: bytes
    caption: str


@dataclass(frozen=True, slots=True)
class Approval:
    """Counsel's approval of this very version: without it every page says that it is a draft."""

    counsel: str
    on: date


@dataclass(frozen=True, slots=True)
class MitigationPacket:
    """A packet of any kind, in the order in which a judge reads it.

    - `kind`: which template and which sections (`domain.packet_sections`).
    - `person`, `court`, `hearing`, `hub`: who, before whom, when, prepared by whom.
    - `prepared_on`, `version`: the day of this version, and its number, from 1.
    - `ask`: one paragraph: what the court is asked to consider.
    - `docket_numbers`: of each case before this court. `charges`: only if counsel wants them in.
    - `counsel`: once appointed or retained. `approval`: without it the packet is a draft.
    - `sections`: passages by section key; a section without any leaves nothing behind.
    - `helpers`: who will help the person appear. `conditions`: what is offered to the court.
    - `plan`: the support plan's steps, in order.
    - `reminders`, `transport`: how the hub reminds, and how the person gets to court.
    - `photographs`: for the packet's own pages. `letters`, `exhibits`: those enclosed.
    - `prepared_by`: name and role of the author.
    """

    kind: str
    person: Person
    court: CourtRoom
    hearing: Hearing
    hub: HubLetterhead
    prepared_on: date
    ask: str
    version: int = 1
    docket_numbers: Sequence[str] = ()
    charges: Sequence[str] = ()
    counsel: CounselOfRecord | None = None
    approval: Approval | None = None
    sections: Mapping[str, Sequence[Passage]] = field(default_factory=dict)
    helpers: Sequence[Helper] = ()
    conditions: Sequence[str] = ()
    plan: Sequence[SupportStep] = ()
    reminders: Sequence[str] = ()
    transport: str = ""
    photographs: Sequence[Photograph] = ()
    letters: Sequence[EnclosedLetter] = ()
    exhibits: Sequence[EnclosedExhibit] = ()
    prepared_by: str = ""
