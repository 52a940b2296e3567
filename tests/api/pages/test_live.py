"""Pages that stay up to date: a mark of what was shown, and the page anew only where it changed."""

import pytest
from httpx import Response

from api.pages.event_words import KINDS
from api.pages.timeline_sorts import SORTS, Sort, kinds_of, sort_of
from domain.vocabulary import Role
from records.circle import NewSupporter, enroll_supporter
from records.hearings import Setting, move_hearing
from tests.api.pages.office import NOW, Browser, Office, said
from tests.houses import ROSA, a_case, a_hearing, a_mother, wall


def again(browser: Browser, address: str, mark: str) -> Response:
    """As the page's script asks for it."""
    answer: Response = browser.http.get(address, headers={"If-None-Match": mark})
    return answer


@pytest.mark.parametrize("show", ["", "?show=messages", "?past=all"])
def test_a_page_without_news_is_a_few_bytes_and_nobody_read_it(
    office: Office, rosa: Browser, show: str
) -> None:
    case = a_case(office.house.records, NOW)
    a_mother(office.house.records, case, NOW)
    address = f"/cases/{case.id}{show}"
    page = rosa.get(address)
    mark = page.headers["etag"]
    assert f"data-live='{mark}'" in page.text
    assert office.audit() == ["read a case"]
    same = again(rosa, address, mark)
    assert same.status_code == 304
    assert same.content == b""
    assert same.headers["cache-control"] == "no-store"
    assert office.audit() == ["read a case"]


def test_news_is_shown_and_that_it_was_read_is_kept(office: Office, rosa: Browser) -> None:
    case = a_case(office.house.records, NOW)
    hearing = a_hearing(office.house.records, case, "2026-12-08 09:00", NOW)
    mark = rosa.get(f"/cases/{case.id}").headers["etag"]
    with office.house.records.writing(office.hub_id) as session:
        move_hearing(
            session, hearing.id, Setting(wall("2026-12-09 13:30"), hearing.zone), ROSA, NOW
        )
    answer = again(rosa, f"/cases/{case.id}", mark)
    assert answer.status_code == 200
    assert answer.headers["etag"] != mark
    assert "moved from Tue 8 Dec 2026, 9:00 to Wed 9 Dec 2026, 13:30" in said(answer)
    assert office.audit().count("read a case") == 2


def test_whoever_may_read_no_more_gets_no_news_and_no_word_that_there_is_none(
    office: Office, rosa: Browser
) -> None:
    case = a_case(office.house.records, NOW)
    mark = rosa.get(f"/cases/{case.id}").headers["etag"]
    stranger = office.staff(hub_id=office.other_hub(), name="other")
    assert again(stranger, f"/cases/{case.id}", mark).status_code == 404
    counsel = office.staff(Role.COUNSEL, name="ana")
    assert again(counsel, f"/cases/{case.id}", mark).status_code == 403
    rosa.post("/sign-out")
    assert again(rosa, f"/cases/{case.id}", mark).status_code in {303, 401}


def test_today_has_news_too(office: Office, rosa: Browser) -> None:
    case = a_case(office.house.records, NOW)
    mark = rosa.get("/").headers["etag"]
    assert again(rosa, "/", mark).status_code == 304
    a_hearing(office.house.records, case, "2026-12-04 09:00", NOW)
    assert again(rosa, "/", mark).status_code == 200


def test_a_word_that_somebody_wrote_is_not_taken_for_the_marks_place(
    office: Office, rosa: Browser
) -> None:
    case = a_case(office.house.records, NOW)
    new = NewSupporter('data-live="mark"', "", "friend")
    with office.house.records.writing(office.hub_id) as session:
        enroll_supporter(session, case.id, new, ROSA, NOW)
    page = rosa.get(f"/cases/{case.id}")
    assert page.text.count(f"data-live='{page.headers['etag']}'") == 1
    assert "data-live=&#34;mark&#34;" in page.text


def test_only_what_is_kept_up_to_date_runs_the_script(office: Office, rosa: Browser) -> None:
    case = a_case(office.house.records, NOW)
    for path, runs in {f"/cases/{case.id}": True, "/": True, "/cases": False}.items():
        answer = rosa.get(path)
        assert ("script-src 'self'" in answer.headers["content-security-policy"]) is runs, path
        assert ('src="/live.js' in answer.text) is runs, path
    assert "immutable" in rosa.get("/live.js").headers["cache-control"]


def test_the_past_is_shown_by_its_sort(office: Office, rosa: Browser) -> None:
    case = a_case(office.house.records, NOW)
    a_mother(office.house.records, case, NOW)
    a_hearing(office.house.records, case, "2026-12-08 09:00", NOW)
    office.live()
    whole = rosa.words(f"/cases/{case.id}")
    assert "Denise joined the circle" in whole
    assert "Arraignment set for" in whole
    hearings = rosa.words(f"/cases/{case.id}?show=hearings")
    assert "Arraignment set for" in hearings
    assert "joined the circle" not in hearings
    messages = rosa.get(f"/cases/{case.id}?show=messages").text
    assert "Arraignment set for" not in messages
    assert "<summary>Read it</summary>" in messages
    assert "Nothing of this kind yet" in rosa.words(f"/cases/{case.id}?show=plan")
    assert "Denise joined the circle" in rosa.words(f"/cases/{case.id}?show=nonsense")


def test_every_kind_of_event_about_a_packet_a_plan_or_a_hearing_is_found_by_its_sort() -> None:
    alone = {"opened", "handed_over", "enrolled", "left", "agency_told", "agency_not_told"}
    alone |= {"named", "answered"}
    alone |= {"consent_link_sent", "consent_given", "consent_ended", "identity_changed"}
    found: set[str] = set()
    for sort in SORTS:
        found |= kinds_of(sort)
    assert KINDS - found == alone
    assert found <= KINDS
    assert kinds_of(Sort.PACKET).isdisjoint(kinds_of(Sort.PLAN) | kinds_of(Sort.HEARINGS))
    assert sort_of("plan") is Sort.PLAN
    assert sort_of("") is Sort.ALL
