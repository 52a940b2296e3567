"""Staff hand over the address of somebody's family page: shown when asked for, and written down."""

import re

import pytest
from httpx import Response
from sqlmodel import select

from domain.tracks import Track
from domain.vocabulary import Role
from records.access import feed_of
from records.casework import get_case, move_track
from records.circle import end_supporter
from records.family_links import family_link
from records.private_links import path_of
from records.tables import Defendant, PrivateLink, Supporter
from tests.api.pages.office import NOW, Browser, Office, said
from tests.houses import ROSA, a_case, a_hearing, a_mother


class Scene:
    """Marcus and his mother Denise, with a hearing ahead; Rosa looks after the case."""

    def __init__(self, office: Office, rosa: Browser) -> None:
        self.office, self.rosa, self.records = office, rosa, office.house.records
        self.case = a_case(self.records, NOW)
        self.mother = a_mother(self.records, self.case, NOW)
        a_hearing(self.records, self.case, "2026-12-08 09:00", NOW)

    def url(self, person_id: str = "", case_id: str = "") -> str:
        return f"/cases/{case_id or self.case.id}/people/{person_id or self.mother}/page"

    def links(self) -> list[PrivateLink]:
        with self.records.reading(self.office.hub_id) as session:
            return list(session.exec(select(PrivateLink)).all())

    def may_not_know(self) -> None:
        with self.records.writing(self.office.hub_id) as session:
            row = session.exec(select(Supporter)).one()
            row.may_know_hearings = False
            session.add(row)


def address_in(answer: Response) -> str:
    """The path of the address that a page shows."""
    assert answer.status_code == 200, said(answer)
    found = re.search(r'id="address" value="[^"/]*//[^"/]+(/f/[^"]+)" readonly', answer.text)
    assert found, answer.text
    return found[1]


@pytest.fixture
def scene(office: Office, rosa: Browser) -> Scene:
    return Scene(office, rosa)


def test_the_address_is_shown_when_asked_for_opens_their_page_and_is_written_down(
    scene: Scene,
) -> None:
    assert "Their page" in scene.rosa.words(f"/cases/{scene.case.id}")
    assert scene.links() == []  # looking makes none
    answer = scene.rosa.post(scene.url())
    assert "Denise Johnson" in said(answer)
    assert "That it was shown to you is written down." in said(answer)
    page = scene.office.browser().words(address_in(answer))
    assert "December 8" in page
    assert scene.office.audit()[-1] == "showed a family page's address"


def test_asked_for_again_it_is_the_same_that_a_message_names(scene: Scene) -> None:
    with scene.records.writing(scene.office.hub_id) as session:
        sent = path_of(family_link(session, scene.mother, scene.case.id, NOW))
    first, second = (address_in(scene.rosa.post(scene.url())) for _ in range(2))
    assert first == second == sent
    assert scene.office.audit().count("showed a family page's address") == 2


def test_a_new_address_ends_the_old_one_and_its_calendar_and_no_other(scene: Scene) -> None:
    old = address_in(scene.rosa.post(scene.url()))
    visitor = scene.office.browser()
    assert visitor.post(f"{old}/calendar").status_code == 303
    found = re.search(r'href="webcal://[^/]+/calendar/([\w-]{30,})\.ics"', visitor.get(old).text)
    assert found
    assert feed_of(scene.records, found[1]) is not None
    with scene.records.writing(scene.office.hub_id) as session:
        case = get_case(session, scene.case.id)
        son = session.get_one(Defendant, case.defendant_id).person_id
    his = address_in(scene.rosa.post(scene.url(son)))
    answer = scene.rosa.post(f"{scene.url()}/new")
    assert "The old address opens nothing any more." in said(answer)
    new = address_in(answer)
    assert new != old
    assert visitor.get(old).status_code in (404, 410)
    assert visitor.get(new).status_code == visitor.get(his).status_code == 200
    assert feed_of(scene.records, found[1]) is None
    assert scene.office.audit()[-1] == "ended a family page's address and showed a new one"


def test_whoever_may_not_hear_of_dates_has_no_page(scene: Scene) -> None:
    shown = address_in(scene.rosa.post(scene.url()))
    scene.may_not_know()
    assert f'action="{scene.url()}"' not in scene.rosa.get(f"/cases/{scene.case.id}").text
    before = len(scene.links())
    for url in (scene.url(), f"{scene.url()}/new"):
        answer = scene.rosa.post(url)
        assert answer.status_code == 409
        assert "There is no page for them" in said(answer)
        assert shown not in answer.text
    assert len(scene.links()) == before


def test_a_closed_case_has_no_pages(scene: Scene) -> None:
    with scene.records.writing(scene.office.hub_id) as session:
        case = get_case(session, scene.case.id)
        over = {"override_reason": "told by the clerk"}
        move_track(session, case, Track.COURT, "closed", ROSA, NOW, **over)
    assert "Their page" not in scene.rosa.words(f"/cases/{scene.case.id}")
    assert scene.rosa.post(scene.url()).status_code == 409
    assert scene.links() == []


def test_whoever_left_the_circle_or_belongs_to_another_case_is_not_found(scene: Scene) -> None:
    other = a_case(scene.records, NOW, phone="+13055550133")
    assert scene.rosa.post(scene.url(case_id=other.id)).status_code == 404
    with scene.records.writing(scene.office.hub_id) as session:
        end_supporter(session, session.exec(select(Supporter.id)).one(), ROSA, NOW)
    assert scene.rosa.post(scene.url()).status_code == 404
    assert scene.links() == []


def test_another_hub_finds_nobody_and_whoever_sees_no_cases_is_refused(scene: Scene) -> None:
    stranger = scene.office.staff(hub_id=scene.office.other_hub(), name="eve")
    for url in (scene.url(), f"{scene.url()}/new"):
        assert stranger.post(url).status_code == 404
        assert scene.office.staff(Role.COUNSEL, name="ana").post(url).status_code == 403
    assert scene.links() == []


def test_of_somebody_in_custody_it_says_that_others_may_have_the_phone(
    office: Office, rosa: Browser
) -> None:
    case = a_case(office.house.records, NOW, custody="detained")
    page = rosa.get(f"/cases/{case.id}").text
    found = re.search(r'action="(/cases/[^"]+/page)"', page)
    assert found
    assert "in custody, and others may have the phone" in said(rosa.post(found[1]))
