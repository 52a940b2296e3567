"""What Homeward writes to people: every kind of message, word for word, in every language.

The names, dates and places are made up, the hub's own name and phone are real: what is read here is
what people would get. Nothing is written and nothing leaves.
"""

from dataclasses import dataclass, replace

from fastapi import APIRouter
from starlette.responses import Response

from activities.message_previews import Preview, sample_preview
from api.pages import wording
from api.pages.guard import PageRoute
from api.pages.own_words import Words, marked
from api.pages.session import InHub, Visit
from domain.message_facts import MessageFacts
from domain.message_samples import SAMPLE, Reader, readers
from domain.message_steps import VARIANTS
from domain.vocabulary import Channel
from domain.words import WordsError
from records.casework import NotFound

router = APIRouter(route_class=PageRoute, prefix="/messages")

WAYS = marked({Channel.SMS: "Text", Channel.EMAIL: "E-mail", Channel.VOICE: "Call"})
AUDIENCES = marked(
    {
        "defendant": "to the person whose case it is",
        "family": "to family",
        "writer": "to whoever writes a letter",
        "teller": "to whoever tells about them",
        "reader": "to the person whose packet it is",
        "counsel": "to counsel",
        "provider": "to a provider",
        "participant": "to the person whose plan it is",
        "signer": "to whoever signs",
        "agency": "to an agency",
    }
)
CUSTODY, NO_DATE, NEW_PLACE = "while they are in custody", "no date yet", "only the place changed"
GROUPS = (
    ("Court dates", ("enrolled", "before_7", "before_3", "before_1", "morning", "changed")),
    ("When something changes or goes wrong", ("cancelled", "post_miss")),
    ("Support plans and referrals", ("plan_", "referral_", "first_meeting", "consent_", "report_")),
    ("Packets and letters", ("letter_", "interview_", "packet_", "counsel_")),
    ("Answers to what people write", ("ack_", "answer", "page_link")),
    ("Agencies", ("digest",)),
)
"""The kinds of messages by what they are about; each begins with one of these."""


@dataclass(frozen=True, slots=True)
class Said:
    """One text; `preview` is None where this is not said in that language by that way."""

    language: str
    code: str
    preview: Preview | None


@dataclass(frozen=True, slots=True)
class Variant:
    """What one kind of reader gets, in every language."""

    to: str
    said: tuple[Said, ...]


@router.get("")
def show_kinds(visit: InHub) -> Response:
    """Every kind of message, by what it is about."""
    groups = [
        (
            Words(title),
            [(step, wording.message_step(step)) for step in VARIANTS if step.startswith(begin)],
        )
        for title, begin in GROUPS
    ]
    return visit.desk.page("message_kinds.html", {"visit": visit, "groups": groups})


@router.get("/{step}")
def show_words(visit: InHub, step: str, way: str = Channel.SMS) -> Response:
    """One kind of message, to each of its readers, in each language, and what a text costs."""
    if step not in VARIANTS:
        raise NotFound("kind of message")
    channel = way if way in set(WAYS) else Channel.SMS
    facts = replace(SAMPLE, hub_name=_name(visit, channel), hub_phone=visit.hub.phone)
    values = {
        "visit": visit,
        "step": step,
        "title": wording.message_step(step),
        "way": channel,
        "ways": WAYS.items(),
        "variants": [_variant(visit, one, channel, facts) for one in readers(step)],
    }
    return visit.desk.page("message_words.html", values)


def _name(visit: Visit, channel: str) -> str:
    hub = visit.hub
    return hub.text_name or hub.name if channel == Channel.SMS else hub.name


def _variant(visit: Visit, reader: Reader, channel: str, facts: MessageFacts) -> Variant:
    catalog = visit.desk.catalog
    said = []
    for code in catalog.languages:
        try:
            preview = sample_preview(catalog, reader, code, channel, facts)
        except WordsError:
            preview = None  # some things are never said by a call
        said.append(Said(wording.language(code), code, preview))
    return Variant(_to(reader), tuple(said))


def _to(reader: Reader) -> str:
    parts = [AUDIENCES.get(reader.audience, "to anybody")]
    parts += [CUSTODY] if reader.detained else []
    parts += [NO_DATE] if reader.variant.endswith("_no_date") else []
    parts += [NEW_PLACE] if reader.variant.endswith("_place") else []
    return Words(", ".join(parts))
