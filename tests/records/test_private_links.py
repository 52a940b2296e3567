"""Private links: found by their hash, ended at once, and a visit belongs to one link."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.vocabulary import LinkPurpose
from records.casework import NotFound
from records.database import Records
from records.packets import PacketContent, request_packet
from records.private_links import (
    PATHS,
    VISIT,
    LinkFor,
    find_link,
    is_live,
    live_link,
    make_link,
    open_link,
    path_of,
    revoke_links,
    visit_holds,
    visit_mark,
)
from records.tables import PrivateLink
from tests.houses import ROSA, a_case, utc

NOW = utc("2026-05-01 14:00")
END = NOW + timedelta(days=90)


@pytest.fixture
def wanted(records: Records, hub: str) -> LinkFor:
    """What a link may be for."""
    case = a_case(records, NOW)
    with records.writing(hub) as session:
        packet = request_packet(session, case.id, "release", PacketContent(), ROSA, NOW)
        return LinkFor(LinkPurpose.REVIEW, packet_id=packet.id)


def a_link(records: Records, hub: str, wanted: LinkFor, end: datetime = END) -> PrivateLink:
    """The link."""
    with records.writing(hub) as session:
        return make_link(session, wanted, end)


def test_a_link_is_made_once_and_found_by_its_token_for_its_purpose_alone(
    records: Records, hub: str, wanted: LinkFor
) -> None:
    link = a_link(records, hub, wanted)
    assert a_link(records, hub, wanted).token == link.token
    assert path_of(link) == f"/read/{link.token}"
    found = find_link(records, link.token, LinkPurpose.REVIEW)
    assert found is not None
    assert found.id == link.id
    assert found.hub_id == hub
    for purpose in set(LinkPurpose) - {LinkPurpose.REVIEW}:
        assert find_link(records, link.token, purpose) is None


def test_the_token_does_not_stand_in_the_database(
    records: Records, hub: str, wanted: LinkFor
) -> None:
    link = a_link(records, hub, wanted)
    with records.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM private_link").all()
    assert link.token not in str(rows)


def test_a_link_that_is_made_again_later_lasts_longer_and_never_shorter(
    records: Records, hub: str, wanted: LinkFor
) -> None:
    a_link(records, hub, wanted)
    later = END + timedelta(days=5)
    assert a_link(records, hub, wanted, later).expires_at == later
    assert a_link(records, hub, wanted, NOW).expires_at == later


def test_a_link_ends_when_it_expires_and_when_it_is_revoked(
    records: Records, hub: str, wanted: LinkFor
) -> None:
    link = a_link(records, hub, wanted)
    assert is_live(link, END - timedelta(seconds=1))
    assert not is_live(link, END)
    mark = visit_mark(link, NOW)
    assert visit_holds(link, mark, NOW)
    with records.writing(hub) as session:
        revoke_links(session, wanted, NOW)
    ended = find_link(records, link.token, LinkPurpose.REVIEW)
    assert ended is not None
    assert not visit_holds(ended, mark, NOW)
    with records.reading(hub) as session:
        assert live_link(session, wanted) is None
    assert a_link(records, hub, wanted).token != link.token


def test_a_visit_belongs_to_its_link_and_lasts_half_a_day(
    records: Records, hub: str, wanted: LinkFor
) -> None:
    link = a_link(records, hub, wanted)
    other = a_link(records, hub, LinkFor(LinkPurpose.COUNSEL, packet_id=wanted.packet_id))
    mark = visit_mark(link, NOW)
    assert visit_holds(link, mark, NOW + VISIT - timedelta(seconds=1))
    assert not visit_holds(link, mark, NOW + VISIT)
    assert not visit_holds(other, mark, NOW)
    assert not visit_holds(link, visit_mark(other, NOW), NOW)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mark=st.text(max_size=80))
@pytest.mark.usefixtures("records")
def test_no_made_up_cookie_is_a_visit(mark: str) -> None:
    link = PrivateLink(id="a" * 32, purpose="review", token_hash="h", token="t", expires_at=END)
    assert not visit_holds(link, mark, NOW)
    assert not visit_holds(link, f"{link.id}.{int(NOW.timestamp())}.{mark}", NOW)


def test_opening_is_noted_the_first_time_and_the_last(
    records: Records, hub: str, wanted: LinkFor
) -> None:
    link = a_link(records, hub, wanted)
    later = NOW + timedelta(days=1)
    with records.writing(hub) as session:
        open_link(session, link.id, NOW)
        opened = open_link(session, link.id, later)
        assert (opened.opened_at, opened.last_opened_at) == (NOW, later)
        with pytest.raises(NotFound):
            open_link(session, "0" * 32, NOW)


def test_every_purpose_has_an_address_of_its_own() -> None:
    assert set(PATHS) == set(LinkPurpose)
    assert len(set(PATHS.values())) == len(PATHS)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(token=st.text(max_size=200))
def test_no_made_up_token_finds_anything(records: Records, token: str) -> None:
    assert find_link(records, token, LinkPurpose.LETTER) is None
