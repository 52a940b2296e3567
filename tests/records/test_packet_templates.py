"""A hub's own Word templates: versions that are kept, one in use, and packets that follow it."""

from datetime import timedelta

import pytest

from activities.packet_inputs import gather, template_in_use
from records.casework import NotFound
from records.database import HubSession, Records
from records.packet_reviews import cancel_packet
from records.packet_templates import (
    NewTemplate,
    NoSuchTemplateKind,
    add_template,
    get_template,
    open_packets,
    template_in_use_of,
    templates_of,
    use_homewards,
    use_template,
)
from records.packets import PacketContent, get_packet, request_packet
from tests.houses import ROSA, a_case, utc

NOW = utc("2026-05-01 14:00")
LATER = NOW + timedelta(hours=1)


def a_template(session: HubSession, name: str = "one", kind: str = "release") -> str:
    """A template that was checked and stored; its id."""
    new = NewTemplate(kind, f"key-{name}", f"{name:0<64}", 40_000, "Our letterhead.")
    return add_template(session, new, ROSA, NOW).id


def a_packet(records: Records, hub: str, kind: str = "release") -> str:
    """A packet in the making."""
    case = a_case(records, NOW)
    with records.writing(hub) as session:
        return request_packet(session, case.id, kind, PacketContent(), ROSA, NOW).id


def revision(records: Records, hub: str, packet_id: str) -> int:
    with records.reading(hub) as session:
        return get_packet(session, packet_id).revision


def test_versions_are_numbered_by_kind_and_none_is_used_by_itself(
    records: Records, hub: str
) -> None:
    with records.writing(hub) as session:
        a_template(session, "one")
        a_template(session, "two")
        a_template(session, "one", "progress")
    with records.reading(hub) as session:
        assert [row.number for row in templates_of(session, "release")] == [2, 1]
        assert [row.number for row in templates_of(session, "progress")] == [1]
        assert template_in_use_of(session, "release") is None
        assert template_in_use(session, "release").document_key == ""
        assert templates_of(session, "release")[0].note == "Our letterhead."


def test_the_same_file_once_more_is_the_version_that_it_is(records: Records, hub: str) -> None:
    with records.writing(hub) as session:
        first = a_template(session)
        assert a_template(session) == first
        assert len(templates_of(session, "release")) == 1


def test_using_a_version_tells_every_open_packet_of_its_kind(records: Records, hub: str) -> None:
    release, other = a_packet(records, hub), a_packet(records, hub, "progress")
    cancelled = a_packet(records, hub)
    with records.writing(hub) as session:
        cancel_packet(session, cancelled, ROSA, NOW)
        before = gather(session, get_packet(session, release), NOW).content_hash
    revisions = [revision(records, hub, one) for one in (release, other, cancelled)]
    with records.writing(hub) as session:
        template = a_template(session)
    assert revision(records, hub, release) == revisions[0]

    with records.writing(hub) as session:
        use_template(session, template, LATER)
    with records.reading(hub) as session:
        used = template_in_use(session, "release")
        after = gather(session, get_packet(session, release), NOW).content_hash
        assert [packet.id for packet in open_packets(session, "release")] == [release]
    assert (used.document_key, used.version) == ("key-one", "own-1-one000000000")
    assert after != before
    told = [revision(records, hub, one) for one in (release, other, cancelled)]
    assert told == [revisions[0] + 1, revisions[1], revisions[2]]


def test_an_earlier_version_and_homewards_own_can_be_used_again(records: Records, hub: str) -> None:
    packet = a_packet(records, hub)
    with records.writing(hub) as session:
        first, second = a_template(session, "one"), a_template(session, "two")
        for template in (first, second, first):
            use_template(session, template, LATER)
            assert [row.id for row in templates_of(session, "release") if row.in_use] == [template]
        revised = get_packet(session, packet).revision
        use_template(session, first, LATER)
        assert get_packet(session, packet).revision == revised
        use_homewards(session, "release", LATER)
        assert template_in_use_of(session, "release") is None
        assert get_packet(session, packet).revision == revised + 1
        use_homewards(session, "release", LATER)
        assert get_packet(session, packet).revision == revised + 1
        assert len(templates_of(session, "release")) == 2


def test_another_hubs_template_does_not_exist(records: Records, hub: str, other: str) -> None:
    with records.writing(other) as session:
        theirs = a_template(session)
    with records.writing(hub) as session:
        for step in (get_template, lambda s, t: use_template(s, t, NOW)):
            with pytest.raises(NotFound):
                step(session, theirs)


def test_a_kind_that_is_none_is_refused_with_those_there_are(records: Records, hub: str) -> None:
    with records.writing(hub) as session:
        for step in (
            lambda: a_template(session, kind="nonsense"),
            lambda: use_homewards(session, "nonsense", NOW),
        ):
            with pytest.raises(NoSuchTemplateKind, match="release, diversion"):
                step()
