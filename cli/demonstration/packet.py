"""Chapter one, its middle: a release packet through its people, from asking to filing.

Each step is what the hub's pages, a writer's page and counsel's page do in the records. A private
link is taken from the text or the e-mail that delivered it, and opens what it opens.
"""

import asyncio
from dataclasses import replace
from datetime import datetime

from activities.exhibit_uploads import take_exhibit
from activities.packet_inputs import gather
from cli.demonstration.expecting import LETTER, PACKET
from cli.demonstration.links import link_for
from cli.demonstration.packet_words import content, letter, pay_stub_title, sections
from cli.demonstration.pay_stub import pay_stub
from cli.demonstration.story import BAIL, Filing, Reading, Story
from cli.demonstration.world import NeverHappened
from domain.vocabulary import Channel, ExhibitKind, LinkPurpose, PacketKind, Verdict
from records.casework import Source
from records.circle import NewContact
from records.database import HubSession
from records.exhibits import add_exhibit
from records.letter_writing import open_letter, save_letter, send_letter
from records.letters import Writer, ask_for_letter
from records.packet_reviews import (
    approve,
    bound_hash,
    live_approval,
    mark_filed,
    newest_version,
    note_participant,
)
from records.packets import get_packet, request_packet
from records.private_links import open_link
from records.tables import PacketVersion, PrivateLink

PAY_STUB = "Her last full pay period."
_TEXT_ME = "Yes. Text me the link."
_THAT_IS_ME = "Yes. That is me."


async def the_packet(story: Story) -> None:
    """Asked for on a Monday, filed on Thursday, for a bail review on Friday."""
    await _ask(story)
    await _add_the_pay_stub(story)
    await _write_the_letter(story)
    await _read_it_to_her(story)
    await _approve_it(story)
    await _file_it(story)


async def _ask(story: Story) -> None:
    """The packet and a letter for it are asked for; the first version is built."""
    cast, days, world = story.cast, story.days, story.world
    await world.tell(
        days.packet_asked,
        f"{cast.advocate} asks for a release packet and writes down what {story.her}'s mother "
        "says, as she says it. Four days are left in place of three weeks, and every lead time "
        "shrinks in proportion.",
    )
    await world.act(
        days.packet_asked,
        f"{cast.writer.name}, {cast.job.their} at {cast.job.at}, will write to the judge: "
        f"“{_TEXT_ME}”",
        lambda session, now: _asked(story, session, now),
    )
    await world.built(story.packet_id, 1)


def _asked(story: Story, session: HubSession, now: datetime) -> None:
    cast, days = story.cast, story.days
    packet = request_packet(
        session,
        story.case_id,
        PacketKind.RELEASE,
        content(cast, story.people),
        story.advocate,
        now,
        hearing_id=story.hearings[BAIL],
        sections=sections(cast),
    )
    who = cast.writer
    phone = NewContact(Channel.SMS, who.phone, _TEXT_ME, how="by phone")
    writer = Writer(who.first_name, who.last_name, cast.job.their, who.language, (phone,))
    asked = ask_for_letter(session, packet.id, writer, story.advocate, now)
    story.papers |= {PACKET: packet.id, LETTER: asked.id}
    story.people[asked.writer_id or ""] = who.role
    story.chronicle.asks_for_letter(who.role, days.bail_review, days.packet_asked)


async def _add_the_pay_stub(story: Story) -> None:
    """A photograph of it is checked and stored as any upload is, and becomes an exhibit."""
    cast, days, world = story.cast, story.days, story.world
    picture = pay_stub(cast, days.arrest.date())
    taken = await asyncio.to_thread(take_exhibit, world.house.store, "IMG_2041.jpg", picture)
    exhibit = replace(
        taken, title=pay_stub_title(cast), kind=ExhibitKind.EMPLOYMENT, caption=PAY_STUB
    )

    def added(session: HubSession, now: datetime) -> None:
        add_exhibit(session, story.packet_id, exhibit, story.advocate, now)

    await world.act(
        days.pay_stub,
        f"{cast.mother.first_name} brings {story.her}'s last pay stub to the hub, and "
        f"{cast.advocate} photographs it. It becomes Exhibit A.",
        added,
    )
    await world.built(story.packet_id, 2)


async def _write_the_letter(story: Story) -> None:
    """The writer has been reminded once, opens the link, answers the prompts, and signs."""
    cast, days, world = story.cast, story.days, story.world
    await world.until(days.letter_came)
    link = link_for(world, cast.writer, LinkPurpose.LETTER)

    def written(session: HubSession, now: datetime) -> None:
        source, letter_id = _visitor(link), link.letter_id or ""
        open_link(session, link.id, now)
        open_letter(session, letter_id, source, now)
        saved = save_letter(session, letter_id, letter(cast), source, now)
        send_letter(session, letter_id, cast.writer.name, source, now, seen_revision=saved.revision)
        story.chronicle.letter_comes(cast.writer.role, days.letter_came)

    await world.act(
        days.letter_came,
        f"{cast.writer.first_name} opens the link, answers four questions on a phone, reads the "
        "letter as the judge will, and signs it.",
        written,
    )
    await world.built(story.packet_id, 3)


async def _read_it_to_her(story: Story) -> None:
    """She is held and gets no link: the advocate reads it to her and notes what she says."""
    cast, days, world = story.cast, story.days, story.world
    newest = world.read(lambda session: _newest(session, story.packet_id))

    def agreed(session: HubSession, now: datetime) -> None:
        note_participant(
            session,
            story.packet_id,
            newest.id,
            Verdict.AGREES,
            _THAT_IS_ME,
            cast.defendant.name,
            story.advocate,
            now,
        )
        story.chronicle.goes_to_counsel(days.packet_read)

    await world.act(
        days.packet_read,
        f"{cast.advocate} reads version {newest.number} to {story.her} in the jail's visiting "
        f"room. “{_THAT_IS_ME}” It goes to counsel.",
        agreed,
    )


async def _approve_it(story: Story) -> None:
    """Counsel approves what the page showed; the version without the draft mark follows."""
    cast, days, world = story.cast, story.days, story.world
    await world.until(days.packet_approved)
    link = link_for(world, cast.counsel, LinkPurpose.COUNSEL)
    shown = world.read(lambda session: _newest(session, link.packet_id or ""))
    story.reading = Reading(shown.id, bound_hash(shown))

    def approved(session: HubSession, now: datetime) -> None:
        open_link(session, link.id, now)
        packet = get_packet(session, link.packet_id or "")
        approve(
            session,
            packet.id,
            shown.id,
            seen_hash=bound_hash(shown),
            current_hash=gather(session, packet, now).content_hash,
            signed_as=cast.counsel.name,
            source=_visitor(link),
            now=now,
        )
        story.chronicle.is_approved(days.packet_approved)

    await world.act(
        days.packet_approved,
        f"{cast.counsel.name} opens the link, reads version {shown.number}, and approves it, and "
        "nothing but it, by typing her name.",
        approved,
    )
    await world.built(story.packet_id, shown.number + 1)


async def _file_it(story: Story) -> None:
    """Counsel files it and says so behind the link. Homeward files nothing."""
    cast, days, world = story.cast, story.days, story.world
    link = link_for(world, cast.counsel, LinkPurpose.COUNSEL)
    final = world.read(lambda session: _newest(session, story.packet_id))

    def filed(session: HubSession, now: datetime) -> None:
        packet = get_packet(session, link.packet_id or "")
        approval = live_approval(session, packet.id)
        now_made_of = gather(session, packet, now).content_hash
        story.filing = Filing(approval.id if approval else "", now_made_of, final.id)
        mark_filed(session, packet.id, days.packet_filed.date(), _visitor(link), now)

    await world.act(
        days.packet_filed,
        f"{cast.counsel.name} files version {final.number} with the court and notes it behind her "
        "link. Homeward itself files nothing.",
        filed,
    )


def _newest(session: HubSession, packet_id: str) -> PacketVersion:
    newest = newest_version(session, packet_id)
    if newest is None:
        raise NeverHappened("A version of the packet")
    return newest


def _visitor(link: PrivateLink) -> Source:
    """Who does what is done behind a link, as the pages note it (api/pages/private.py)."""
    return Source(f"{link.purpose}:{link.person_id}", "link")
