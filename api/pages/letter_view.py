"""What a letter's writer sees: their own letter, in their own language, and nothing else."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from activities.documents.binding import LetterPage, letter_versions
from activities.letter_sheets import draft_page, letter_due, letter_page
from activities.notices import the_phrases
from activities.packet_inputs import gather
from api.pages import wording
from api.pages.browser_language import wished_language
from api.pages.desk import desk_of
from api.pages.forms import Form
from api.pages.people import Named, named, participants
from api.pages.private import PrivateVisit
from domain.court_time import wall_time
from domain.letter_cautions import cautions
from domain.letters import CONTACT, PROMPTS, Draft
from domain.message_values import phone_words
from domain.packets import ENDED_PACKETS
from domain.vocabulary import LetterState, LinkPurpose
from records.database import HubSession
from records.hubs import the_hub
from records.letter_writing import draft_of, has_unsent_changes
from records.letters import get_letter
from records.packets import get_packet
from records.private_links import find_link
from records.tables import Letter, Packet

LANGUAGES: Mapping[str, str] = {"en": "English", "es": "Español", "ht": "Kreyòl ayisyen"}
"""The languages of these pages, by their own names."""
FIELDS = (*PROMPTS, CONTACT)
_TWICE_ENDED = re.compile(r"\.\.(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Writing:
    """A writer at their letter.

    Attributes:
        who: the defendant. `writer`: the writer.
    """

    visit: PrivateVisit
    letter: Letter
    packet: Packet
    draft: Draft
    who: Named
    writer: Named

    @property
    def ended(self) -> bool:
        """Whether the packet takes no change any more."""
        return self.packet.state in ENDED_PACKETS

    @property
    def spoken(self) -> Mapping[str, str]:
        """The languages that the letter may be in: one of another language stays in it."""
        code = self.letter.language
        return {**LANGUAGES, code: LANGUAGES.get(code, wording.language(code))}

    def tell(self, name: str, /, **values: str) -> str:
        """A sentence of the page, with `name` and `full` of the defendant."""
        known = {"name": self.who.first, "full": self.who.full, **values}
        # "a.m." at the end of a sentence ends it, too.
        return _TWICE_ENDED.sub(".", self.visit.say(name, **known))

    def day(self, day: date) -> str:
        """ "Tuesday, December 8", in the writer's language."""
        words = self.visit.desk.catalog.everything[self.visit.language]
        return words.dates.named(day)

    def when(self, instant: datetime | None) -> dict[str, str]:
        """`day` and `at` of an instant (UTC), on the hub's clock."""
        if instant is None:
            return {"day": "", "at": ""}
        local = wall_time(instant, self.visit.hub.zone)
        words = self.visit.desk.catalog.everything[self.visit.language]
        return {"day": words.dates.named(local.date()), "at": words.dates.at(local.time())}

    def page(self, template: str, values: Mapping[str, Any], status: int = 200) -> Response:
        """A page of this letter."""
        known = {
            "tell": self.tell,
            "letter": self.letter,
            "draft": self.draft,
            "when": self.when,
            "unsent": has_unsent_changes(self.letter),
            "languages": LANGUAGES,
        }
        return self.visit.page(template, {**known, **values}, status)


def writing(visit: PrivateVisit, session: HubSession) -> Writing:
    """The letter of this link.

    Raises:
        NotFound: it is gone.
    """
    letter = get_letter(session, visit.link.letter_id or "")
    packet = get_packet(session, letter.packet_id)
    who = participants(session, [packet.case_id])[packet.case_id]
    writer = named(session, [letter.writer_id]) if letter.writer_id else {}
    nobody = Named("", "", "")
    return Writing(
        visit, letter, packet, draft_of(letter), who, writer.get(letter.writer_id or "", nobody)
    )


def home(visit: PrivateVisit, session: HubSession) -> Response:
    """Where the writer stands: asked, begun, sent, declined, or too late."""
    here = writing(visit, session)
    if here.ended:
        return here.page("letter_ended.html", {"own": {}})
    due = letter_due(session, here.packet, here.letter)
    in_time = due is not None and due >= wall_time(visit.now, visit.hub.zone).date()
    templates = {LetterState.SENT: "letter_sent.html", LetterState.DECLINED: "letter_declined.html"}
    template = templates.get(LetterState(here.letter.state), "letter_home.html")
    return here.page(template, {"due": here.day(due) if due and in_time else ""})


def write_page(
    here: Writing,
    form: Form | None = None,
    *,
    saved: bool = False,
    others: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    """The prompts, with what is saved or, after a mistake, what was typed.

    Args:
        here: the letter.
        form: as it was sent; None shows what is saved.
        saved: it was saved just now.
        others: what was saved from somewhere else, by prompt.
        status: of the answer.
    """
    shown = form or Form(_typed(here))
    today = wall_time(here.visit.now, here.visit.hub.zone).date()
    at = here.letter.saved_at
    said = here.when(at)
    same_day = at is not None and wall_time(at, here.visit.hub.zone).date() == today
    note = here.tell("write.saved", **said) if same_day else here.tell("write.saved_day", **said)
    values = {
        "form": shown,
        "fields": FIELDS,
        "spoken": here.spoken,
        "note": note if at and form is None else "",
        "saved": saved,
        "others": others or {},
    }
    return here.page("letter_write.html", values, status)


def _typed(here: Writing) -> dict[str, str]:
    """The draft as its form carries it; a letter written whole stands in the longest field."""
    fields = {name: here.draft.answers.get(name, "") for name in FIELDS}
    if here.draft.whole:
        fields |= {**dict.fromkeys(PROMPTS, ""), "story": here.draft.whole}
    return {**fields, "language": here.letter.language, "revision": str(here.letter.revision)}


def read_page(
    here: Writing,
    session: HubSession,
    form: Form | None = None,
    *,
    changed: bool = False,
    status: int = 200,
) -> Response:
    """The letter as the judge will read it, what to look at again, and where to sign.

    Args:
        here: the letter.
        session: for the court and the judge.
        form: as it was sent, with its mistakes.
        changed: the letter changed after it was read.
        status: of the answer.
    """
    shown = form or Form()
    shown.put("revision", str(here.letter.revision))
    words = [] if here.draft.document else cautions(here.draft.body)
    values = {
        "form": shown,
        "sheet": None if here.draft.empty or here.draft.document else _sheet(here, session),
        "cautions": [(one.code, " · ".join(one.found)) for one in words],
        "changed": changed,
        "to_sign": here.letter.state != LetterState.SENT or has_unsent_changes(here.letter),
    }
    return here.page("letter_read.html", values, status)


def paper(here: Writing, session: HubSession) -> LetterPage:
    """The letter as it is set on paper: as it was signed, or as it would be."""
    packet = gather(session, here.packet, here.visit.now).packet
    if here.letter.state == LetterState.SENT and not has_unsent_changes(here.letter):
        return letter_page(packet, here.letter, here.writer.full or here.letter.signed_as)
    today = wall_time(here.visit.now, here.visit.hub.zone).date()
    return draft_page(packet, here.letter, here.writer.full, here.draft, today)


def _sheet(here: Writing, session: HubSession) -> Any:
    return letter_versions(paper(here, session))[0]


def lost_page(request: Request, token: str, own: Mapping[str, str]) -> Response:
    """The link was ended while somebody wrote: their words, to be copied. Nothing was saved."""
    desk, phrases = desk_of(request), the_phrases(LinkPurpose.LETTER)
    link = find_link(desk.records, token, LinkPurpose.LETTER)
    hub = None
    language = wished_language(request, phrases.everything)
    if link is not None:
        with desk.records.reading(link.hub_id) as session:
            hub = the_hub(session)
    known = {"hub": hub.name if hub else "", "phone": phone_words(hub.phone) if hub else ""}

    def say(name: str, /, **values: str) -> str:
        return phrases.say(language, name, **{**known, **values})

    values = {"language": language, "say": say, "own": own, **known}
    return desk.page("letter_lost.html", values, status=410 if hub else 404)
