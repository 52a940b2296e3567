"""What the participant's reading pages show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.responses import Response

from activities.packet_inputs import gather
from api.pages.forms import Form
from api.pages.guard import see_other
from api.pages.packet_files import holds_letters
from api.pages.packet_text import Part, told
from api.pages.private import PrivateVisit
from domain.packets import ENDED_PACKETS
from domain.vocabulary import Reader, Verdict
from records.casework import NotFound
from records.database import HubSession
from records.packet_reviews import newest_version, reviews_of
from records.packets import get_packet
from records.reading_answers import (
    CHANGE,
    CHOICES,
    MORE,
    RIGHT,
    UNTOLD,
    PartAnswer,
    answers_at,
)
from records.tables import PacketVersion, PrivateLink

FOR_THE_HUB = {
    RIGHT: "This is right",
    CHANGE: "Something must change",
    UNTOLD: "Not to be told",
}
"""The answers as the hub and counsel read them."""
_OUR_OWN = frozenset({"reminders"})
"""What the hub says of itself is not for them to judge."""


@dataclass(frozen=True, slots=True)
class Review:
    """A packet as its participant reads it.

    Attributes:
        parts: what it says, in its order.
        answers: what was answered and still holds, by part.
        outdated: answers to parts that changed since.
        version_id: of the newest version.
        built: the newest version says what is shown here.
        pdf_id: the version whose PDF may be taken; "" for none.
        letters: others wrote letters, which are not shown here.
        more: what they wrote beside their answers, when they could not be sent.
        last: what they said of this text when they last sent their answers; None before that.
    """

    parts: Sequence[Part]
    answers: Mapping[str, PartAnswer]
    outdated: Mapping[str, PartAnswer]
    version_id: str
    built: bool
    pdf_id: str
    letters: bool
    more: str
    last: Verdict | None

    def part(self, key: str) -> Part:
        """One part.

        Raises:
            NotFound: the packet says nothing there.
        """
        found = next((part for part in self.parts if part.key == key), None)
        if found is None:
            raise NotFound("part")
        return found

    def after(self, key: str) -> str:
        """The next part that is not answered, from this one on; "" when all are."""
        keys = [part.key for part in self.parts]
        here = keys.index(key) + 1 if key in keys else 0
        open_parts = [one for one in keys[here:] + keys[:here] if one not in self.answers]
        return next((one for one in open_parts if one != key), "")

    @property
    def verdict(self) -> Verdict | None:
        """What the answers come to; None while there is too little to send."""
        if any(answer.choice != RIGHT for answer in self.answers.values()):
            return Verdict.CHANGES
        whole = bool(self.parts) and len(self.answers) == len(self.parts)
        return Verdict.AGREES if whole else None

    def in_words(self, more: str) -> str:
        """Everything that is not just "right", part by part, for the hub and counsel."""
        lines = [
            f"{part.heading}: {FOR_THE_HUB[answer.choice].lower()}."
            + (f" {answer.words}" if answer.words else "")
            for part in self.parts
            if (answer := self.answers.get(part.key)) and (answer.choice != RIGHT or answer.words)
        ]
        return "\n".join([*lines, more] if more else lines)


def read_review(session: HubSession, visit: PrivateVisit) -> Review | None:
    """The packet of a visit's link; None when there is nothing to read (any more)."""
    packet = get_packet(session, visit.link.packet_id or "")
    newest = newest_version(session, packet.id)
    if packet.state in ENDED_PACKETS or packet.cancelled_at is not None or newest is None:
        return None
    gathered = gather(session, packet, visit.now)
    parts = [part for part in told(gathered) if part.key not in _OUR_OWN]
    link = session.get_one(PrivateLink, visit.link.id)
    kept = answers_at(link)
    digests = {part.key: part.digest for part in parts}
    return Review(
        parts=parts,
        answers={k: a for k, a in kept.items() if digests.get(k) == a.digest},
        outdated={k: a for k, a in kept.items() if digests.get(k, a.digest) != a.digest},
        version_id=newest.id,
        built=newest.content_hash == gathered.content_hash,
        pdf_id=newest.id if newest.pdf_key and not holds_letters(newest) else "",
        letters=bool(gathered.letters),
        more=kept[MORE].words if MORE in kept else "",
        last=_last(session, packet.id, newest),
    )


def _last(session: HubSession, packet_id: str, newest: PacketVersion) -> Verdict | None:
    """What they said of this very text."""
    said = [row for row in reviews_of(session, packet_id) if row.said_by]
    theirs = [row for row in said if row.reader == Reader.PARTICIPANT and row.version_id]
    read = session.get(PacketVersion, theirs[-1].version_id or "") if theirs else None
    same = read is not None and read.content_hash == newest.content_hash
    return Verdict(theirs[-1].verdict) if same else None


def start_page(visit: PrivateVisit, review: Review) -> Response:
    """What this is, and every part with what was answered."""
    return visit.page("review.html", {"review": review, "next": review.after("")})


def part_page(visit: PrivateVisit, review: Review, key: str, form: Form) -> Response:
    """One part with the three answers; what was answered before is chosen."""
    part = review.part(key)
    before = review.answers.get(key) or review.outdated.get(key)
    if before is not None and not form.holds("seen"):
        form.put("words", before.words)
        # Of a text that changed, their words are kept, and they choose again.
        form.put("choice", before.choice if key in review.answers else "")
    values = {
        "part": part,
        "number": [one.key for one in review.parts].index(key) + 1,
        "count": len(review.parts),
        "changed": key in review.outdated,
        "choices": CHOICES,
        "form": form,
    }
    return visit.page("review_part.html", values, status=200 if form.ok else 422)


def send_page(visit: PrivateVisit, review: Review, form: Form) -> Response:
    """All answers before they are sent."""
    if not form.holds(MORE):
        form.put(MORE, review.more)
    values = {"review": review, "form": form, "next": review.after("")}
    return visit.page("review_send.html", values, status=200 if form.ok else 422)


def thanks_page(visit: PrivateVisit, review: Review) -> Response:
    """It is sent, and what comes next."""
    if review.last is None:
        return see_other(visit.path)
    change = review.last is Verdict.CHANGES
    return visit.page("review_thanks.html", {"what": "change" if change else "right"})


def wait_page(visit: PrivateVisit) -> Response:
    """The text is being made anew; nothing is lost."""
    return visit.page("review_wait.html", {}, status=409)


def over_page(visit: PrivateVisit, written: Sequence[str] = ()) -> Response:
    """There is nothing to read (any more). `written` is what they wrote until then."""
    return visit.page("review_over.html", {"written": written})
