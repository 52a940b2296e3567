"""`homeward inbox`, `homeward answer`, `homeward unreachable`: what people write back."""

from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from cli.case import HubOption, JsonOption, desk
from cli.common import console, refuse, say_json
from domain.status_words import closed_words
from records.answering import MOST_WORDS, CannotAnswer, contact_to_answer, write_answer
from records.casework import Source
from records.conversations import (
    Conversation,
    conversations_of,
    conversations_page,
    get_reply,
    newest_reply,
)
from records.correspondents import Correspondent
from records.listing_queries import Window
from records.reply_tasks import answered
from records.unreachable import Unreached, unreached, unreached_page

ME = Source("command line")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(help="Show what people wrote back and waits for one of us.")(inbox)
    app.command(help="Answer what somebody wrote, in your own words.")(answer)
    app.command(help="Show whom messages do not reach, and why.")(unreachable)


def inbox(
    every: Annotated[bool, typer.Option("--all", help="What waits for nobody, too.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many at most.")] = 200,
    hub: HubOption = "",
    as_json: JsonOption = False,
) -> None:
    """Conversations, newest words first."""
    with desk(hub) as session:
        page = conversations_page(session, Window(limit), waiting=None if every else True)
        found = conversations_of(session, page.rows)
    if as_json:
        for one in found:
            say_json(_as_json(one))
        return
    if not found:
        console.print("Nobody waits for an answer.")
        return
    for one in found:
        wants = ", ".join(kind.replace("_", " ") for kind in one.wants)
        head = f"{one.last.received_at:%Y-%m-%d %H:%M} UTC  {_who(one)}  {wants}"
        _say(head.rstrip(), style="bold")
        _say(f"  {one.last.body}")
        _say(f"  reply {one.last.id}", style="dim")


def _say(words: str, style: str = "") -> None:
    """Print what somebody wrote: whatever would move the cursor or turn the writing is left out."""
    plain = "".join(letter if letter.isprintable() else " " for letter in words)
    console.print(plain, style=style, markup=False)


def _who(one: Conversation) -> str:
    return " or ".join(map(_named, one.people)) or f"{one.last.address} (not known)"


def _named(who: Correspondent) -> str:
    relations = [f"{s.relation} of {s.participant}" for s in who.standings if s.relation]
    return ", ".join([who.name, *relations])


def _as_json(one: Conversation) -> dict[str, Any]:
    return {
        "id": one.last.id,
        "at": one.last.received_at.isoformat(),
        "address": one.last.address,
        "from": [
            {"person_id": who.person_id, "case_ids": [s.case_id for s in who.standings]}
            for who in one.people
        ],
        "waits_for": list(one.wants),
        "text": one.last.body,
    }


def answer(
    reply_id: Annotated[str, typer.Argument(help="As `homeward inbox` shows it.")],
    words: Annotated[str, typer.Argument(help="The hub's name is put before them.")],
    hub: HubOption = "",
    as_json: JsonOption = False,
) -> None:
    """Write an answer down; the case's workflow sends it."""
    words = words.strip()
    if not words or len(words) > MOST_WORDS or "\x00" in words:
        refuse(f"Write an answer of 1 to {MOST_WORDS} characters.")
    with desk(hub) as session:
        now = datetime.now(UTC)
        reply = newest_reply(session, get_reply(session, reply_id))
        try:
            row = write_answer(session, contact_to_answer(session, reply), words, ME, now)
        except CannotAnswer as error:
            refuse(str(error))
        answered(session, reply, ME.actor, "Answered.", now)
        answer_id = row.id
    if as_json:
        say_json({"id": answer_id})
    else:
        console.print(
            "Written. It leaves at once to whoever wrote within the hour, else outside of the "
            "hub's quiet hours."
        )


def unreachable(
    nobody_left: Annotated[
        bool, typer.Option("--nobody-left", help="Only those whom no way is left to reach.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many at most.")] = 1000,
    hub: HubOption = "",
    as_json: JsonOption = False,
) -> None:
    """People of open circles with a closed way, or with none at all."""
    with desk(hub) as session:
        page = unreached_page(session, Window(limit), nobody_left=nobody_left)
        found = unreached(session, page.rows)
    if as_json:
        for one in found:
            say_json(_unreached_as_json(one))
        return
    if not found:
        console.print("Messages have a way to everybody.")
        return
    for one in found:
        left = "another way is open" if one.reachable else "no way is left: tell them yourself"
        _say(f"{_named(one.who)}  {left}", style="bold")
        for way in one.closed:
            _say(f"  {way.channel} {way.address}: {closed_words(way.why, way.channel)}")
        if not one.closed:
            _say("  no phone, no e-mail address")


def _unreached_as_json(one: Unreached) -> dict[str, Any]:
    return {
        "person_id": one.who.person_id,
        "case_ids": [standing.case_id for standing in one.who.standings],
        "reachable": one.reachable,
        "closed": [
            {
                "contact_id": way.contact_id,
                "channel": way.channel,
                "why": way.why,
                "words": closed_words(way.why, way.channel),
                "since": way.since.isoformat() if way.since else None,
            }
            for way in one.closed
        ],
    }
