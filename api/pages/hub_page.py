"""The hub itself: asked once, on the first run, and changed later by an administrator."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from api.pages import wording
from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.inbox_view import address_words
from api.pages.own_words import marked
from api.pages.session import SignedIn, Visit, is_set_up
from api.pages.text_cost import cost_of
from domain.court_time import CourtTimeError, zone_of
from domain.vocabulary import Channel
from records.hub_changes import MOST_TEXT_NAME, change_hub
from records.second_factors import staff_without_factor
from records.team import add_team_contact, remove_team_contact, team_contacts

router = APIRouter(route_class=PageRoute)

MOST_A_DAY = 1_000_000
DONE = {
    "hub": "Saved.",
    "sending": "Saved. What is planned follows it.",
    "team": "Added to the team.",
    "gone": "Removed from the team.",
    "packets": "Saved. Every open packet follows it.",
    "plans": "Saved. Every running plan follows it.",
    "signing": "Saved.",
}
MOST_LEAD_DAYS = 60
LEADS = marked(
    {
        "packet_letters_days": "Letters are asked for",
        "packet_draft_days": "The draft is ready to be read",
        "packet_counsel_days": "Counsel has it",
        "packet_lead_days": "It is approved and in counsel’s hands",
    }
)
"""The parts of a packet, with the days before the hearing at which a hub wants each."""
MOST_STEP_DAYS = 60
STEP_DAYS = {
    "step_notice_days": ("A reminder goes out", "days before a step is due", 0),
    "step_grace_days": ("It counts as missed", "days after it was due", 0),
    "rung_advocate": (
        "Their advocate is asked",
        "days after the question what got in the way",
        1,
    ),
    "rung_supervisor": ("A supervising advocate is asked", "days after that", 1),
    "rung_counsel": ("The team is asked to tell counsel", "days after that", 1),
    "referral_days": ("A provider is asked again about a referral", "working days later", 1),
    "contact_days": ("Somebody is to be in touch again", "days after the last contact", 0),
}
"""When a plan's steps are reminded of, and how a missed one climbs; the fewest days of each."""
RUNGS = ("rung_advocate", "rung_supervisor", "rung_counsel")
TEAM_WAYS = marked(
    {
        Channel.SMS: "Texts to a phone",
        Channel.VOICE: "Calls to a phone",
        Channel.EMAIL: "E-mail",
    }
)


@router.get("/hub")
def show_hub(visit: SignedIn, done: str = "") -> Response:
    """The forms, with what is known."""
    return _page(visit, _known(visit), done)


@router.post("/hub")
def save_hub(visit: SignedIn, form: Sent) -> Response:
    """Keep what was said."""
    changes = read_about(visit, form)
    if not form.ok:
        return _page(visit, form)
    with visit.writing() as session:
        change_hub(session, changes, visit.now)
        visit.note(session, "changed the hub", "hub", visit.hub.id)
    return see_other("/?done=hub" if visit.sees_cases else "/hub?done=hub")


def read_about(visit: Visit, form: Form) -> dict[str, str]:
    """What a form says of who the hub is, by column; mistakes are noted in the form."""
    name = form.line("name", "Enter the name of your hub, as families know it.", most=60)
    phone = form.address("phone", Channel.SMS)
    if not phone:
        form.refuse("phone", "Enter the phone number that people can call.")
    language = form.choice(
        "language", visit.desk.catalog.languages, "Choose the language of most families."
    )
    return {"name": name, "phone": phone, "zone": _zone(form), "default_language": language}


@router.post("/hub/sending")
def save_sending(visit: SignedIn, form: Sent) -> Response:
    """Keep how messages leave: under which name, how many a day, and to whom."""
    changes = {
        "text_name": form.line("text_name", most=MOST_TEXT_NAME),
        "trial": form.ticked("trial"),
        "daily_cap": _cap(form),
    }
    if not form.ok:
        return _page(visit, form)
    with visit.writing() as session:
        change_hub(session, changes, visit.now)
        visit.note(session, "changed how the hub sends", "hub", visit.hub.id)
    return see_other("/hub?done=sending#sending")


@router.post("/hub/signing")
def save_signing(visit: SignedIn, form: Sent) -> Response:
    """Keep whether everybody needs a second factor."""
    with visit.writing() as session:
        wanted = form.ticked("second_factor")
        change_hub(session, {"second_factor_required": wanted}, visit.now)
        asked = "asked for second factors" if wanted else "asked for second factors no more"
        visit.note(session, asked, "hub", visit.hub.id)
    return see_other("/hub?done=signing#signing")


@router.post("/hub/packets")
def save_packets(visit: SignedIn, form: Sent) -> Response:
    """Keep by when each part of a packet is wanted."""
    changes = {name: _days(form, name) for name in LEADS}
    days = list(changes.values())
    if form.ok and days != sorted(days, reverse=True):
        form.refuse(
            "packet_lead_days", "Each part comes after the one above: fewer days, or equal."
        )
    if not form.ok:
        return _page(visit, form)
    with visit.writing() as session:
        change_hub(session, changes, visit.now)
        visit.note(session, "changed when packets are wanted", "hub", visit.hub.id)
    return see_other("/hub?done=packets#packets")


@router.post("/hub/plans")
def save_plans(visit: SignedIn, form: Sent) -> Response:
    """Keep when steps are reminded of, and how long each rung after a missed one waits."""
    days = {
        name: _days(form, name, MOST_STEP_DAYS, least) for name, (_, _, least) in STEP_DAYS.items()
    }
    if not form.ok:
        return _page(visit, form)
    changes = {
        "step_notice_days": days["step_notice_days"],
        "step_grace_days": days["step_grace_days"],
        "step_rung_days": [days[name] for name in RUNGS],
        "referral_days": days["referral_days"],
        "contact_days": days["contact_days"],
    }
    with visit.writing() as session:
        change_hub(session, changes, visit.now)
        visit.note(session, "changed how plans are followed", "hub", visit.hub.id)
    return see_other("/hub?done=plans#plans")


@router.post("/hub/team")
def add_to_team(visit: SignedIn, form: Sent) -> Response:
    """One more phone or mailbox of the team; naming one again changes its label alone."""
    channel = form.choice("team_channel", TEAM_WAYS, "Choose what goes there.")
    label = form.line("team_label", "Say whose it is.", most=60)
    address = form.address("team_address", Channel(channel or Channel.SMS))
    if not address:
        form.refuse("team_address", "Enter a phone number or an e-mail address.")
    if not form.ok:
        return _page(visit, form)
    with visit.writing() as session:
        contact = add_team_contact(session, channel, address, label)
        visit.note(session, "named a team contact", "team_contact", contact.id)
    return see_other("/hub?done=team#team")


@router.post("/hub/team/{contact_id}/remove")
def remove_from_team(visit: SignedIn, contact_id: str, form: Sent) -> Response:
    """It gets nothing more while the hub is in trial."""
    with visit.writing() as session:
        remove_team_contact(session, contact_id)
        visit.note(session, "removed a team contact", "team_contact", contact_id)
    return see_other("/hub?done=gone#team")


def _zone(form: Form) -> str:
    zone = form.line("zone", "Choose the time zone of your courts.")
    try:
        zone_of(zone)
    except CourtTimeError:
        form.refuse("zone", "Choose a time zone from the list.")
    return zone


def _cap(form: Form) -> int:
    typed = form.line("daily_cap", "Enter how many messages may leave in a day; 0 for no limit.")
    if not typed.isascii() or not typed.isdecimal() or int(typed[:9]) > MOST_A_DAY:
        form.refuse("daily_cap", "Write a whole number, e.g. 500; 0 for no limit.")
        return 0
    return int(typed[:9])


def _days(form: Form, name: str, most: int = MOST_LEAD_DAYS, least: int = 0) -> int:
    typed = form.line(name, "Enter how many days.", most=4)
    if not typed.isascii() or not typed.isdecimal() or not least <= int(typed) <= most:
        form.refuse(name, f"Write a whole number of days, from {least} to {most}.")
        return least
    return int(typed)


def _known(visit: Visit) -> Form:
    hub = visit.hub
    return Form(
        {
            "name": hub.name if is_set_up(hub) else "",
            "phone": wording.phone_words(hub.phone),
            "zone": hub.zone,
            "language": hub.default_language,
            "text_name": hub.text_name,
            "trial": "yes" if hub.trial else "",
            "daily_cap": str(hub.daily_cap),
            "second_factor": "yes" if hub.second_factor_required else "",
            **{name: str(getattr(hub, name)) for name in LEADS},
            "step_notice_days": str(hub.step_notice_days),
            "step_grace_days": str(hub.step_grace_days),
            "referral_days": str(hub.referral_days),
            "contact_days": str(hub.contact_days),
            **{name: str(day) for name, day in zip(RUNGS, hub.step_rung_days, strict=True)},
        }
    )


@dataclass(frozen=True, slots=True)
class TeamLine:
    """A phone or mailbox of the team, as the page shows it."""

    id: str
    label: str
    way: str
    address: str


def _team(visit: Visit) -> list[TeamLine]:
    with visit.reading() as session:
        return [
            TeamLine(
                row.id,
                row.label,
                wording.channel(row.channel),
                address_words(row.channel, row.address),
            )
            for row in team_contacts(session)
        ]


def _without_factor(visit: Visit) -> dict[str, object]:
    """How many of the hub's people sign in by password alone, and whether this visitor does."""
    with visit.reading() as session:
        without = staff_without_factor(session)
    words = {0: "Everybody has one.", 1: "One person has none yet."}
    return {
        "without_factor": words.get(len(without), f"{len(without)} people have none yet."),
        "own_factor_missing": visit.caller.id in without,
    }


def _page(visit: Visit, form: Form, done: str = "") -> Response:
    """The page; the forms that were not sent show what is known."""
    known = _known(visit)
    name = visit.hub.text_name or visit.hub.name
    values = {
        "visit": visit,
        "form": form,
        "hub_form": form if form.holds("zone") else known,
        "sending_form": form if form.holds("daily_cap") else known,
        "signing_form": known,
        **_without_factor(visit),
        "packets_form": form if form.holds("packet_lead_days") else known,
        "leads": list(LEADS.items()),
        "plans_form": form if form.holds("step_grace_days") else known,
        "step_days": list(STEP_DAYS.items()),
        "team_form": form if form.holds("team_address") else Form({"team_channel": Channel.SMS}),
        "first": not is_set_up(visit.hub),
        "done": DONE.get(done, ""),
        "languages": [(code, wording.language(code)) for code in visit.desk.catalog.languages],
        "team": _team(visit),
        "team_ways": list(TEAM_WAYS.items()),
        "cost": cost_of(visit.desk.catalog, name, visit.hub.phone),
    }
    return visit.desk.page("hub.html", values, status=200 if form.ok else 422)
