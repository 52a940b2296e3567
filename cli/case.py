"""`homeward case`: open a case, stand people beside it, put hearings on its calendar."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.table import Table
from sqlmodel import col, select

from activities.agendas import read_agenda
from cli.common import console, plain_errors, records_of, refuse, say_json
from domain.agenda import Subject, SubjectRef
from domain.court_time import CourtTimeError
from domain.tracks import Custody, MoveRefused, Track, UnknownStage
from domain.vocabulary import Appearance, Channel, HearingKind
from engine.settings import Settings
from records.addresses import BadAddress
from records.casework import NewCase, NotFound, Source, get_case, move_track, open_case
from records.circle import NewContact, NewSupporter, add_contact, enroll_supporter
from records.database import HubSession
from records.hearings import (
    HearingClosed,
    Setting,
    move_hearing,
    record_outcome,
    schedule_hearing,
    vacate_hearing,
)
from records.hubs import the_hub
from records.tables import Case, CaseEvent, Defendant, Hearing, Person

commands = typer.Typer(help="Open and follow cases.", no_args_is_help=True)
ME = Source("command line")

HubOption = Annotated[str, typer.Option("--hub", help="Which hub, where there are several.")]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON for programs.")]
_REFUSED = (
    NotFound,
    BadAddress,
    CourtTimeError,
    HearingClosed,
    MoveRefused,
    UnknownStage,
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(commands, name="case")


@contextmanager
def desk(hub: str, *also: type[Exception]) -> Iterator[HubSession]:
    """One transaction in the hub; what the rules refuse, `also` these, becomes one clear line."""
    refused: tuple[type[Exception], ...] = (*_REFUSED, *also)
    with records_of(Settings()) as records, plain_errors():
        try:
            with records.writing(records.sole_hub(hub)) as session:
                yield session
        except refused as error:
            refuse(str(error))


def _answer(as_json: bool, words: str, **values: Any) -> None:
    if as_json:
        say_json(values)
    else:
        console.print(f"{words} {values['id']}")


@commands.command("open")
def open_(
    first_name: Annotated[str, typer.Argument()],
    last_name: Annotated[str, typer.Argument()],
    docket: Annotated[str, typer.Option(help="Docket number, as the court writes it.")] = "",
    language: Annotated[str, typer.Option(help="en, es …")] = "en",
    phone: Annotated[str, typer.Option(help="Their phone, if they agreed to texts.")] = "",
    custody: Annotated[Custody, typer.Option()] = Custody.DETAINED,
    hub: HubOption = "",
    as_json: JsonOption = False,
) -> None:
    """Open a case at arrest."""
    with desk(hub) as session:
        now = datetime.now(UTC)
        new = NewCase(
            first_name, last_name, language=language, docket_number=docket, custody=custody
        )
        case = open_case(session, new, ME, now)
        if phone:
            person_id = session.get_one(Defendant, case.defendant_id).person_id
            agreed = NewContact(Channel.SMS, phone, "agreed, noted at the command line")
            add_contact(session, person_id, agreed, ME, now)
        case_id = case.id
    _answer(as_json, "Opened case", id=case_id)


@commands.command("support")
def support(
    case_id: Annotated[str, typer.Argument()],
    first_name: Annotated[str, typer.Argument()],
    last_name: Annotated[str, typer.Argument()],
    relationship: Annotated[str, typer.Option(help="mother, friend …")],
    phone: Annotated[str, typer.Option(help="Their phone, if they agreed to texts.")] = "",
    email: Annotated[str, typer.Option(help="Their e-mail, if they agreed to it.")] = "",
    language: Annotated[str, typer.Option(help="en, es …")] = "en",
    hub: HubOption = "",
    as_json: JsonOption = False,
) -> None:
    """Enroll family or a friend: they hear of every hearing."""
    words = "agreed, noted at the command line"
    contacts = [NewContact(Channel.SMS, phone, words)] if phone else []
    contacts += [NewContact(Channel.EMAIL, email, words)] if email else []
    with desk(hub) as session:
        new = NewSupporter(first_name, last_name, relationship, language, tuple(contacts))
        row = enroll_supporter(session, case_id, new, ME, datetime.now(UTC))
        supporter_id = row.id
    _answer(as_json, "Enrolled", id=supporter_id)


def _wall(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        refuse("Write the court's time like 2026-12-08T09:00 (as on the notice, no offset).")


@commands.command("hearing")
def hearing(
    case_id: Annotated[str, typer.Argument()],
    at: Annotated[str, typer.Argument(help="As on the notice: 2026-12-08T09:00")],
    kind: Annotated[HearingKind, typer.Option()] = HearingKind.OTHER,
    room: Annotated[str, typer.Option()] = "",
    place: Annotated[str, typer.Option(help="Address.")] = "",
    zone: Annotated[str, typer.Option(help="The court's zone; the hub's by default.")] = "",
    hub: HubOption = "",
    as_json: JsonOption = False,
) -> None:
    """Put a hearing on the calendar; whoever may know is told at once."""
    with desk(hub) as session:
        setting = Setting(_wall(at), zone or the_hub(session).zone, room, place)
        row = schedule_hearing(session, case_id, kind, setting, ME, datetime.now(UTC))
        hearing_id = row.id
    _answer(as_json, "Scheduled hearing", id=hearing_id)


@commands.command("move")
def move(
    hearing_id: Annotated[str, typer.Argument()],
    at: Annotated[str, typer.Argument(help="As on the notice: 2026-12-09T13:30")],
    room: Annotated[str | None, typer.Option()] = None,
    hub: HubOption = "",
    as_json: JsonOption = False,
) -> None:
    """Move a hearing; whoever was told the old date is told the new one."""
    with desk(hub) as session:
        row = session.get(Hearing, hearing_id)
        if row is None:
            raise NotFound("hearing")
        setting = Setting(_wall(at), row.zone, row.room if room is None else room, row.place)
        row = move_hearing(session, hearing_id, setting, ME, datetime.now(UTC))
        revision = row.revision
    _answer(as_json, "Moved hearing", id=hearing_id, revision=revision)


@commands.command("vacate")
def vacate(
    hearing_id: Annotated[str, typer.Argument()], hub: HubOption = "", as_json: JsonOption = False
) -> None:
    """Take a hearing off the calendar."""
    with desk(hub) as session:
        vacate_hearing(session, hearing_id, ME, datetime.now(UTC))
    _answer(as_json, "Vacated hearing", id=hearing_id)


@commands.command("outcome")
def outcome(
    hearing_id: Annotated[str, typer.Argument()],
    appearance: Annotated[Appearance, typer.Argument()],
    hub: HubOption = "",
    as_json: JsonOption = False,
) -> None:
    """Record what happened at a hearing."""
    with desk(hub) as session:
        record_outcome(session, hearing_id, appearance, ME, datetime.now(UTC))
    _answer(as_json, "Recorded", id=hearing_id)


@commands.command("stage")
def stage(
    case_id: Annotated[str, typer.Argument()],
    wanted: Annotated[str, typer.Argument(help="arraigned, released, closed …")],
    track: Annotated[Track, typer.Option()] = Track.COURT,
    reason: Annotated[str, typer.Option(help="A supervisor's reason to override.")] = "",
    hub: HubOption = "",
    as_json: JsonOption = False,
) -> None:
    """Move a case along a track: court, custody or alternative."""
    with desk(hub) as session:
        case = get_case(session, case_id)
        move_track(session, case, track, wanted, ME, datetime.now(UTC), override_reason=reason)
    _answer(as_json, f"{track}: {wanted}", id=case_id)


@commands.command("list")
def list_cases(hub: HubOption = "", as_json: JsonOption = False) -> None:
    """Every case of the hub."""
    with desk(hub) as session:
        rows = session.exec(
            select(Case, Person)
            .join(Defendant, col(Defendant.id) == Case.defendant_id)
            .join(Person, col(Person.id) == Defendant.person_id)
            .order_by(col(Case.id))
        ).all()
    if as_json:
        for case, _ in rows:
            say_json({"id": case.id, "stage": case.stage, "custody": case.custody})
        return
    table = Table("id", "name", "stage", "custody")
    for case, person in rows:
        table.add_row(case.id, f"{person.first_name} {person.last_name}", case.stage, case.custody)
    console.print(table)


@commands.command("show")
def show(
    case_id: Annotated[str, typer.Argument()], hub: HubOption = "", as_json: JsonOption = False
) -> None:
    """What happened in a case, and what comes next."""
    with desk(hub) as session:
        get_case(session, case_id)
        events = session.exec(
            select(CaseEvent)
            .where(CaseEvent.case_id == case_id)
            .order_by(col(CaseEvent.happened_at), col(CaseEvent.id))
        ).all()
        subject = SubjectRef(Subject.CASE, case_id, session.hub_id)
        agenda = read_agenda(session, subject, datetime.now(UTC))
    if as_json:
        say_json(
            {
                "id": case_id,
                "events": [{"at": e.happened_at, "track": e.track, "kind": e.kind} for e in events],
                "next": [{"due": i.due, "act": i.act, "step": i.step} for i in agenda.items],
            }
        )
        return
    for event in events:
        console.print(f"{event.happened_at:%a %d %b %Y %H:%M}  {event.track}: {event.kind}")
    if not agenda.items:
        console.print("Nothing is due.")
    for item in agenda.items:
        console.print(f"next, {item.due:%a %d %b %Y %H:%M} UTC: {item.act} {item.step}")
