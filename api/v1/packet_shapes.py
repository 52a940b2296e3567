"""Packets as the API takes and tells them."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema

from api.fields import MOST_TEXT, Day, Id, In, Instant, Line, Name, Out, Text, said_text
from api.version_files import Make, file_of
from domain.packet_sections import SECTIONS
from domain.vocabulary import PacketKind, Verdict
from records.database import HubSession
from records.packet_reviews import bound_hash
from records.packets import PacketContent, content_of
from records.passages import MOST_PASSAGES, Said, passages_of
from records.tables import Packet, PacketVersion

_WORDS = r"^[^\x00]*[^\x00\s][^\x00]*$"
Words = Annotated[
    str,
    StringConstraints(max_length=MOST_TEXT),
    AfterValidator(said_text),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": MOST_TEXT, "pattern": _WORDS}),
]
"""Text of several lines that says something."""
Lines = Annotated[list[Text], Field(max_length=50)]


class ParagraphIn(In):
    """One paragraph. `said_by` and `quote` keep whose words they are."""

    text: Text
    title: Line = Field("", description="What stands at its left: a year, a page of a report.")
    said_by: Line = ""
    quote: bool = False
    confirmed_by: Line = Field("", description="What bears it out: “Exhibit B”.")
    question: Line = Field("", description="Of the interview, that it answers.")

    def said(self) -> Said:
        """The same for the records."""
        return Said(
            self.text, self.title, self.said_by, self.quote, self.confirmed_by, self.question
        )


Sections = Annotated[
    dict[str, Annotated[list[ParagraphIn], Field(max_length=MOST_PASSAGES)]],
    Field(max_length=len(SECTIONS), description=f"By section: {', '.join(SECTIONS)}."),
]


class HelpIn(In):
    """What one supporter will do."""

    person_id: Id
    words: Line


class ContentIn(In):
    """What the packet says: the sections, and what stands around them."""

    ask: Text = Field("", description="What the court is asked to consider.")
    conditions: Lines = []
    transport: Text = ""
    judge: Line = ""
    prepared_by: Line = ""
    called: Line = Field("", description="How the packet calls them: Mr. Johnson.")
    helpers: Annotated[list[HelpIn], Field(max_length=50)] = []
    sections: Sections | None = Field(
        None,
        description="Left out: they stay as they are, or begin with what an earlier packet says. "
        "Given: a section that is not named is emptied.",
    )

    def content(self) -> PacketContent:
        """What stands around the sections, for the records."""
        return PacketContent(
            ask=self.ask,
            conditions=tuple(self.conditions),
            transport=self.transport,
            judge=self.judge,
            prepared_by=self.prepared_by,
            called=self.called,
            helpers={one.person_id: one.words for one in self.helpers},
        )

    def said(self) -> dict[str, list[Said]] | None:
        """The sections for the records; None when they stay."""
        if self.sections is None:
            return None
        return {key: [one.said() for one in told] for key, told in self.sections.items()}


class PacketIn(In):
    """A packet to ask for."""

    kind: PacketKind = PacketKind.RELEASE
    hearing_id: Id | None = Field(None, description="The next one, unless named.")
    content: ContentIn = Field(default_factory=lambda: ContentIn.model_validate({}))


class ParagraphOut(Out):
    """One paragraph of a section."""

    text: str
    title: str
    said_by: str
    quote: bool
    confirmed_by: str
    question: str


class ContentOut(Out):
    """What a packet says."""

    ask: str
    conditions: list[str]
    transport: str
    judge: str
    prepared_by: str
    called: str
    helpers: list[HelpIn]
    sections: dict[str, list[ParagraphOut]]


class PacketOut(Out):
    """A packet for one case."""

    id: Id
    case_id: Id
    hearing_id: Id | None
    kind: str
    state: str
    state_since: Instant | None
    cancelled_at: Instant | None
    delivered_at: Instant | None
    filed_on: Day | None
    replaces_id: Id | None
    requested_at: Instant
    revision: int
    approved: bool = Field(
        description="Counsel approved it, and nothing that it is made from has changed since."
    )
    content: ContentOut


class VersionOut(Out):
    """One version that was built, and what its files are."""

    id: Id
    packet_id: Id
    number: int
    template: str
    template_version: str
    built_at: Instant
    pages: int
    docx_size: int
    docx_sha256: str
    pdf_size: int
    pdf_sha256: str
    pdf_problem: str = Field(description="Why there is no PDF; empty when there is one.")
    exhibits_size: int
    exhibits_sha256: str
    changes: list[str] = Field(description="What changed since the version before.")
    draft: bool = Field(description="Its pages carry the draft mark.")
    bound_hash: str = Field(description="What an approval of this version is bound to.")
    makes: list[str] = Field(description="The files that it has: docx, pdf, exhibits.")


class ReviewOut(Out):
    """What a reader said of a version."""

    id: Id
    version_id: Id | None
    reader: str
    verdict: str
    words: str
    said_by: str
    said_at: Instant


class AnswerIn(In):
    """What the participant said of a version to an advocate."""

    version_id: Id
    verdict: Literal[Verdict.AGREES, Verdict.CHANGES]
    words: Text = ""
    said_by: Line = Field("", description="Whose words they are.")


class ReviewIn(In):
    """What counsel says of a version, short of approving it."""

    version_id: Id
    verdict: Literal[Verdict.SENDS_BACK, Verdict.COMMENTS]
    words: Words
    said_by: Line = Field("", description="Whose words they are.")


class ApprovalIn(In):
    """Counsel's word on the version that they read."""

    version_id: Id
    bound_hash: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] = Field(
        description="Of the version that was read."
    )
    signed_as: Name


class ApprovalOut(Out):
    """Counsel's word on one version."""

    id: Id
    version_id: Id
    approved_at: Instant
    bound_hash: str


class CounselSendIn(In):
    """Sends a packet to counsel."""

    unread_because: Line = Field(
        "", description="Why the participant has not read it, where they have not."
    )


class ReplaceIn(In):
    """What kind the packet is that comes in the place of this one."""

    kind: PacketKind


class FiledIn(In):
    """The day on which counsel filed it."""

    filed_on: Day


def packet_out(session: HubSession, packet: Packet, *, approved: bool) -> PacketOut:
    """A packet as the API tells it."""
    content = content_of(packet)
    around = ("ask", "conditions", "transport", "judge", "prepared_by", "called")
    told = {name: getattr(packet, name) for name in PacketOut.model_fields if hasattr(packet, name)}
    told["content"] = ContentOut(
        **{name: getattr(content, name) for name in around if name != "conditions"},
        conditions=list(content.conditions),
        helpers=[HelpIn(person_id=who, words=words) for who, words in content.helpers.items()],
        sections={
            key: [ParagraphOut.of(row) for row in rows]
            for key, rows in passages_of(session, packet).items()
        },
    )
    return PacketOut(**told, approved=approved)


def version_out(version: PacketVersion, kind: str) -> VersionOut:
    """A version as the API tells it."""
    names = [n for n in VersionOut.model_fields if hasattr(version, n) and n != "changes"]
    return VersionOut(
        **{name: getattr(version, name) for name in names},
        changes=[line for line in version.changes.split("\n") if line],
        draft=not version.approval_id,
        bound_hash=bound_hash(version),
        makes=[make for make in Make if file_of(version, kind, make) is not None],
    )
