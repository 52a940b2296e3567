"""What a release packet says, as typed values: the packet for first appearance or bail review.

A packet is written by people: each text arrives as an advocate wrote it and counsel approved it.
Only what names the person, the court, the hearing, the hub and the ask is required; every other
part may be missing, and then its section is not there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
class Statement:
    """One paragraph, and what bears it out: "Pay stub of October 30, 2026, enclosed"."""

    text: str
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
class Approval:
    """Counsel's approval of this very version: without it every page says that it is a draft."""

    counsel: str
    on: date


@dataclass(frozen=True, slots=True)
class ReleasePacket:
    """A packet for first appearance or bail review, in the order in which a judge reads it.

    - `person`, `court`, `hearing`, `hub`: who, before whom, when, prepared by whom.
    - `prepared_on`, `version`: the day of this version, and its number, from 1.
    - `ask`: one paragraph: what the court is asked to consider.
    - `docket_numbers`: of each case before this court. `charges`: only if counsel wants them in.
    - `counsel`: once appointed or retained. `approval`: without it the packet is a draft.
    - `ties`, `residence`, `occupation`, `caregiving`: paragraphs about the community, the home,
      work or school, and those who depend on the person.
    - `helpers`: who will help the person appear. `conditions`: what is offered to the court.
    - `plan`: the support plan's steps, in order.
    - `reminders`, `transport`: how the hub reminds, and how the person gets to court.
    - `letters`: those enclosed. `prepared_by`: name and role of the author.
    """

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
    ties: Sequence[Statement] = ()
    residence: Sequence[Statement] = ()
    occupation: Sequence[Statement] = ()
    caregiving: Sequence[Statement] = ()
    helpers: Sequence[Helper] = ()
    conditions: Sequence[str] = ()
    plan: Sequence[SupportStep] = ()
    reminders: Sequence[str] = ()
    transport: str = ""
    letters: Sequence[EnclosedLetter] = ()
    prepared_by: str = ""
