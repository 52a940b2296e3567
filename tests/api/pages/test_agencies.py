"""Agencies on the pages: added, told what was agreed, and nothing once that is taken back."""

from sqlmodel import select

from domain.vocabulary import Role
from records.tables import Agency, AgencyShare, Consent
from tests.api.pages.office import NOW, Browser, Office, said
from tests.houses import a_case, a_hearing, a_share, a_shelter, utc

SHELTER = {
    "name": "Riverside Shelter",
    "kind": "shelter",
    "first_name": "Gloria",
    "last_name": "Reyes",
    "language": "en",
    "email": "Desk@Example.org",
    "agreed": "yes",
    "weekday": "0",
    "at": "9:00",
}
AGREED = {"what": "place", "words": "Yes, tell the shelter.", "how": "in person", "q": "marcus"}
MONDAY = utc("2026-12-07 14:00")


def the_agency(office: Office) -> str:
    """The id of the only agency."""
    with office.house.records.reading(office.hub_id) as session:
        return session.exec(select(Agency.id)).one()


def test_a_shelter_is_added_told_on_monday_what_was_agreed_and_shown_before(
    office: Office, rosa: Browser
) -> None:
    records = office.house.records
    case = a_case(records, NOW)
    a_hearing(records, case, "2026-12-09 09:00", NOW)
    assert "Add the first agency" in rosa.words("/agencies")
    answer = rosa.post("/agencies/new", SHELTER)
    url = f"/agencies/{the_agency(office)}"
    assert answer.headers["location"] == f"{url}?done=added"
    assert "Nothing: nobody who is shared has court" in rosa.words(url)
    assert "E-mail: desk@example.org" in rosa.words(url)

    assert "Marcus Johnson" in rosa.words(f"{url}/share?q=marc")
    shared = rosa.post(f"{url}/share", {**AGREED, "case": case.id})
    assert shared.headers["location"] == f"{url}?done=shared"
    page = rosa.words(url)
    assert "Mondays at 9:00. The next digest leaves Mon 7 Dec 2026, 9:00." in page
    assert "1351 NW 12th St" in page
    assert "Agreed Wed 2 Dec 2026, in person" in page
    assert "1 person shared" in rosa.words("/agencies")
    office.live(MONDAY)
    outbox = rosa.words("/outbox")
    assert "Weekly digest" in outbox
    assert "1351 NW 12th St" in outbox


def test_stop_sharing_keeps_how_and_in_which_words(office: Office, rosa: Browser) -> None:
    records = office.house.records
    case, shelter = a_case(records, NOW), a_shelter(records, NOW)
    a_hearing(records, case, "2026-12-09 09:00", NOW)
    share = a_share(records, shelter, case, NOW)
    url = f"/agencies/{shelter.id}"
    ended = rosa.post(f"{url}/shares/{share.id}/end", {"how": "by phone", "words": "Not any more."})
    assert ended.headers["location"] == f"{url}?done=unshared#shared"
    assert "Nobody yet" in rosa.words(url)
    with records.reading(office.hub_id) as session:
        consent = session.get_one(Consent, share.consent_id)
        assert (consent.withdrawn_how, consent.withdrawn_words) == ("by phone", "Not any more.")
    office.live(MONDAY)
    assert "Weekly digest" not in rosa.words("/outbox")
    assert "An agency hears of no more court dates" in rosa.words(f"/cases/{case.id}")


def test_a_share_without_a_consent_is_refused_and_keeps_what_was_typed(
    office: Office, rosa: Browser
) -> None:
    records = office.house.records
    case, shelter = a_case(records, NOW), a_shelter(records, NOW)
    url = f"/agencies/{shelter.id}/share"
    for missing, why in (
        ({"words": ""}, "Write down what they agreed to."),
        ({"how": ""}, "Say how they agreed."),
        ({"what": "everything"}, "Choose how much the agency may know."),
        ({"case": "0" * 32}, "Choose the person."),
        ({"until": "12/1/2026"}, "Choose a day that is still to come"),
    ):
        answer = rosa.post(url, {**AGREED, "case": case.id, **missing})
        assert (answer.status_code, why in said(answer)) == (422, True), why
    with records.reading(office.hub_id) as session:
        assert session.exec(select(AgencyShare)).all() == []
    kept = rosa.post(url, {**AGREED, "case": case.id, "until": "2026-12-31"})
    assert kept.status_code == 303
    assert "until Thu 31 Dec 2026" in rosa.words(f"/agencies/{shelter.id}")


def test_people_who_are_held_are_marked_and_not_told(office: Office, rosa: Browser) -> None:
    records = office.house.records
    case, shelter = a_case(records, NOW, custody="detained"), a_shelter(records, NOW)
    a_hearing(records, case, "2026-12-09 09:00", NOW)
    a_share(records, shelter, case, NOW)
    page = rosa.words(f"/agencies/{shelter.id}")
    assert "in custody: not told" in page
    assert "Nothing: nobody who is shared has court" in page


def test_a_change_a_contact_and_the_end(office: Office, rosa: Browser) -> None:
    shelter = a_shelter(office.house.records, NOW, email="")
    url = f"/agencies/{shelter.id}"
    assert "one of us is asked to call" in rosa.words(url)
    assert 'value="Gloria"' in rosa.get(f"{url}/edit").text
    wrong = rosa.post(f"{url}/edit", {**SHELTER, "weekday": "9", "at": "late"})
    assert wrong.status_code == 422
    rosa.post(f"{url}/edit", {**SHELTER, "first_name": "Ana", "weekday": "4", "at": "1:30 pm"})
    assert "Fridays at 13:30" in rosa.words(url)
    assert rosa.post(f"{url}/contact", {"phone": "305-555-0121"}).status_code == 422
    rosa.post(f"{url}/contact", {"phone": "305-555-0121", "agreed": "yes"})
    assert "Text: 305-555-0121" in rosa.words(url)
    assert rosa.post(f"{url}/end").headers["location"] == "/agencies?done=ended"
    assert "gets no digest any more" in rosa.words(url)
    for path in ("share", "edit", "contact"):
        assert rosa.get(f"{url}/{path}").status_code == 409


def test_a_digest_that_reaches_nobody_is_a_task_that_leads_to_what_to_tell(
    office: Office, rosa: Browser
) -> None:
    records = office.house.records
    case, shelter = a_case(records, NOW), a_shelter(records, NOW, email="")
    a_hearing(records, case, "2026-12-09 09:00", NOW)
    a_share(records, shelter, case, NOW)
    office.live(MONDAY)
    today = rosa.get("/")
    assert "No message reached Gloria" in said(today)
    assert f"/agencies/{shelter.id}" in today.text


def test_agencies_are_for_those_who_see_cases_in_their_own_hub(office: Office) -> None:
    shelter = a_shelter(office.house.records, NOW)
    url = f"/agencies/{shelter.id}"
    stranger = office.staff(hub_id=office.other_hub())
    for path in ("", "/edit", "/contact", "/share"):
        assert stranger.get(f"{url}{path}").status_code == 404, path
    assert stranger.post(f"{url}/end").status_code == 404
    assert "Riverside" not in said(stranger.get("/agencies"))
    assert office.staff(Role.COUNSEL, name="ruiz").get("/agencies").status_code == 403


def test_sent_twice_an_agency_is_added_once(office: Office, rosa: Browser) -> None:
    for _ in range(2):
        rosa.post("/agencies/new", {**SHELTER, "once": "opened once"})
    assert the_agency(office)
