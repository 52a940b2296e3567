"""`homeward agency`: shelters and agencies, what they may know, and their weekly digest."""

from datetime import UTC, datetime, time
from enum import StrEnum
from typing import Annotated

import typer
from rich.table import Table

from activities.digesting import DigestPreview, preview_digest
from cli.case import ME, HubOption, JsonOption, desk
from cli.common import console, refuse, say_json
from domain.consents import NoConsent
from domain.court_time import wall_time
from domain.vocabulary import Channel, ShareScope
from domain.words import Catalog, WordsError
from engine.building import WORDS
from records.agencies import (
    AgencyEnded,
    NewAgency,
    add_agency,
    agencies_of,
    end_agency,
    running_agency,
)
from records.agency_shares import Agreement, end_share, share_case, shares_of
from records.circle import NewContact
from records.hubs import the_hub

commands = typer.Typer(
    help="Shelters and agencies: one digest a week, with what each may know.",
    no_args_is_help=True,
)


class Day(StrEnum):
    """The days of the week, in order."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


DAYS = tuple(Day)
AgencyId = Annotated[str, typer.Argument(help="Id of the agency; `homeward agency list`.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(commands, name="agency")


def _said(as_json: bool, words: str, **values: object) -> None:
    if as_json:
        say_json(values)
    else:
        console.print(f"{words} {values['id']}")


def _clock(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        refuse("Write the time of day like 09:00.")


@commands.command("add")
def add(
    name: Annotated[str, typer.Argument(help="As people know it.")],
    reader: Annotated[str, typer.Argument(help="First name of the person who reads the digest.")],
    kind: Annotated[str, typer.Option(help="shelter, reentry program …")] = "",
    email: Annotated[str, typer.Option(help="Their e-mail, if they agreed to it.")] = "",
    phone: Annotated[str, typer.Option(help="Their phone, if they agreed to texts.")] = "",
    language: Annotated[str, typer.Option(help="en, es …")] = "en",
    on: Annotated[Day, typer.Option(help="The day on which it leaves.")] = Day.MONDAY,
    at: Annotated[str, typer.Option(help="When, on the hub's wall: 09:00")] = "09:00",
    hub: HubOption = "",
    as_json: JsonOption = False,
) -> None:
    """Take a shelter or agency in. It is told nothing until a case is shared with it."""
    words = "agreed, noted at the command line"
    contacts = [NewContact(Channel.SMS, phone, words)] if phone else []
    contacts += [NewContact(Channel.EMAIL, email, words)] if email else []
    with desk(hub) as session:
        new = NewAgency(
            name,
            reader,
            kind=kind,
            language=language,
            contacts=tuple(contacts),
            weekday=DAYS.index(on),
            at=_clock(at),
        )
        agency_id = add_agency(session, new, ME, datetime.now(UTC)).id
    _said(as_json, "Added agency", id=agency_id)


@commands.command("list")
def list_agencies(hub: HubOption = "", as_json: JsonOption = False) -> None:
    """Agencies that get a digest, and how many cases each is told of."""
    with desk(hub) as session:
        rows = [(agency, len(shares_of(session, agency.id))) for agency in agencies_of(session)]
    if as_json:
        for agency, shared in rows:
            say_json(
                {
                    "id": agency.id,
                    "name": agency.name,
                    "weekday": agency.weekday,
                    "at": f"{agency.at:%H:%M}",
                    "shared": shared,
                }
            )
        return
    if not rows:
        console.print("No agency yet; `homeward agency add` takes one in.")
        return
    table = Table("id", "name", "digest", "cases")
    for agency, shared in rows:
        leaves = f"{DAYS[agency.weekday].capitalize()} {agency.at:%H:%M}"
        table.add_row(agency.id, agency.name, leaves, str(shared))
    console.print(table)


@commands.command("share")
def share(
    agency_id: AgencyId,
    case_id: Annotated[str, typer.Argument()],
    consent: Annotated[str, typer.Option(help="What the defendant agreed to, in their words.")],
    how: Annotated[str, typer.Option(help="How they agreed: in person, on paper …")],
    what: Annotated[ShareScope, typer.Option(help="Day and time, or the place too.")] = (
        ShareScope.PLACE
    ),
    given_by: Annotated[str, typer.Option(help="Who agreed, if not the defendant.")] = "self",
    hub: HubOption = "",
    as_json: JsonOption = False,
) -> None:
    """Let an agency know of a case's court dates, with the defendant's consent."""
    with desk(hub, AgencyEnded, NoConsent) as session:
        agreement = Agreement(consent, how, given_by)
        agency = running_agency(session, agency_id)
        made = share_case(session, agency, case_id, what, agreement, ME, datetime.now(UTC))
        share_id = made.id
    _said(as_json, "Shared", id=share_id)


@commands.command("unshare")
def unshare(
    agency_id: AgencyId,
    case_id: Annotated[str, typer.Argument()],
    how: Annotated[str, typer.Option(help="How the consent was taken back, if it was.")] = "",
    words: Annotated[str, typer.Option(help="In which words it was taken back.")] = "",
    hub: HubOption = "",
    as_json: JsonOption = False,
) -> None:
    """From now on the agency is told nothing of this case."""
    with desk(hub) as session:
        found = [one for one in shares_of(session, agency_id) if one.case_id == case_id]
        if not found:
            refuse("This case is not shared with this agency.")
        share_id = found[0].id
        end_share(session, share_id, ME, datetime.now(UTC), how=how, words=words)
    _said(as_json, "Not shared any more:", id=share_id)


@commands.command("end")
def end(agency_id: AgencyId, hub: HubOption = "", as_json: JsonOption = False) -> None:
    """The agency gets no digest any more, and nothing is shared with it."""
    with desk(hub) as session:
        end_agency(session, agency_id, ME, datetime.now(UTC))
    _said(as_json, "Ended agency", id=agency_id)


@commands.command("preview")
def preview(agency_id: AgencyId, hub: HubOption = "", as_json: JsonOption = False) -> None:
    """What the digest would say now, as its reader would see it. Nothing is sent."""
    with desk(hub, WordsError) as session:
        shown = preview_digest(session, Catalog.load(WORDS), agency_id, datetime.now(UTC))
        zone = the_hub(session).zone
    if as_json:
        _as_json(agency_id, shown)
        return
    if shown.words is None:
        console.print("There is nothing to tell in the next eight days; no digest leaves.")
    else:
        console.print(shown.words.text.strip(), markup=False)
        if shown.channel is Channel.SMS:
            console.print(f"\n{shown.words.segments} segments")
    if shown.leaves_at is not None:
        leaves = wall_time(shown.leaves_at, zone)
        console.print(f"The next one leaves {leaves:%A %d %b %Y %H:%M}.")


def _as_json(agency_id: str, shown: DigestPreview) -> None:
    words = shown.words
    say_json(
        {
            "id": agency_id,
            "leaves_at": shown.leaves_at,
            "channel": shown.channel,
            "text": words.text if words else None,
            "segments": words.segments if words else 0,
            "dates": len(shown.lines),
        }
    )
