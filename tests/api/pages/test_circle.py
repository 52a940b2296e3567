"""The circle: people join with their agreement, and leave when they like."""

from sqlmodel import select

from records.tables import ContactPoint, Counsel, HumanTask, Supporter
from tests.api.pages.office import NOW, Browser, Office, said
from tests.houses import a_case, a_hearing, a_mother

DENISE = {
    "first_name": "Denise",
    "last_name": "Johnson",
    "relationship": "mother",
    "language": "es",
    "phone": "305-555-0111",
    "email": "Denise@Example.org",
    "agreed": "yes",
    "may_know": "yes",
}


def test_somebody_who_joins_is_told_of_the_next_date_at_once(office: Office, rosa: Browser) -> None:
    case = a_case(office.house.records, NOW, phone="")
    a_hearing(office.house.records, case, "2026-12-08 09:00", NOW)
    answer = rosa.post(f"/cases/{case.id}/supporters/new", DENISE)
    assert answer.headers["location"] == f"/cases/{case.id}?done=enrolled"
    office.live()
    assert "Hola Denise" in rosa.words("/outbox")
    page = rosa.words(f"/cases/{case.id}")
    assert "Denise Johnson mother · Spanish Text: 305-555-0111 E-mail: denise@example.org" in page


def test_without_the_participants_agreement_they_hear_of_no_date(
    office: Office, rosa: Browser
) -> None:
    case = a_case(office.house.records, NOW, phone="")
    a_hearing(office.house.records, case, "2026-12-08 09:00", NOW)
    rosa.post(f"/cases/{case.id}/supporters/new", {**DENISE, "may_know": ""})
    office.live()
    assert "No message was written yet" in rosa.words("/outbox")


def test_a_form_with_a_mistake_keeps_everything(office: Office, rosa: Browser) -> None:
    case = a_case(office.house.records, NOW)
    answer = rosa.post(f"/cases/{case.id}/supporters/new", {**DENISE, "email": "denise"})
    assert answer.status_code == 422
    assert 'value="305-555-0111"' in answer.text
    assert "write it like name@example.org" in said(answer)


def test_sent_twice_somebody_joins_once(office: Office, rosa: Browser) -> None:
    case = a_case(office.house.records, NOW)
    for _ in range(2):
        rosa.post(f"/cases/{case.id}/supporters/new", {**DENISE, "once": "opened once"})
    with office.house.records.reading(office.hub_id) as session:
        assert len(session.exec(select(Supporter)).all()) == 1


def test_whoever_leaves_gets_nothing_more(office: Office, rosa: Browser) -> None:
    case = a_case(office.house.records, NOW, phone="")
    a_mother(office.house.records, case, NOW)
    with office.house.records.reading(office.hub_id) as session:
        supporter = session.exec(select(Supporter)).one()
    url = f"/cases/{case.id}/supporters/{supporter.id}/leave"
    assert rosa.post(url).status_code == 303
    a_hearing(office.house.records, case, "2026-12-08 09:00", NOW)
    office.live()
    assert "No message was written yet" in rosa.words("/outbox")
    page = rosa.words(f"/cases/{case.id}")
    assert "Denise left the circle" in page
    assert "Denise Johnson mother" not in page
    other = a_case(office.house.records, NOW, phone="+13055550120")
    assert rosa.post(f"/cases/{other.id}/supporters/{supporter.id}/leave").status_code == 404


def test_a_new_address_ends_the_search_for_one(office: Office, rosa: Browser) -> None:
    case = a_case(office.house.records, NOW, phone="")
    office.live()
    with office.house.records.reading(office.hub_id) as session:
        task = session.exec(select(HumanTask)).one()
    url = f"/cases/{case.id}/people/{task.person_id}/contact"
    assert url in rosa.get("/").text
    assert "How can Marcus Johnson be reached?" in rosa.words(url)
    empty = rosa.post(url, {})
    assert "Enter a phone number or an e-mail address" in said(empty)
    unasked = rosa.post(url, {"phone": "305-555-0110"})
    assert unasked.status_code == 422
    assert rosa.post(url, {"phone": "305-555-0110", "agreed": "yes"}).status_code == 303
    assert "Nobody is waiting for you" in rosa.words("/")
    with office.house.records.reading(office.hub_id) as session:
        assert session.exec(select(ContactPoint)).one().address == "+13055550110"


def test_only_people_of_the_case_get_an_address_there(office: Office, rosa: Browser) -> None:
    case = a_case(office.house.records, NOW)
    other = a_case(office.house.records, NOW, phone="+13055550120")
    mother = a_mother(office.house.records, other, NOW)
    answer = rosa.post(
        f"/cases/{case.id}/people/{mother}/contact", {"phone": "305-555-0130", "agreed": "yes"}
    )
    assert answer.status_code == 404


TORRES = {
    "first_name": "Elena",
    "last_name": "Torres",
    "kind": "appointed",
    "office": "Public Defender",
    "email": "torres@example.org",
    "how": "by phone",
}


def test_counsel_is_named_once_and_chosen_for_the_next_case(office: Office, rosa: Browser) -> None:
    first, second = a_case(office.house.records, NOW), a_case(office.house.records, NOW)
    assert "Nobody is named yet" in rosa.words(f"/cases/{first.id}")
    rosa.post(f"/cases/{first.id}/counsel", TORRES)
    page = rosa.words(f"/cases/{first.id}")
    assert "Elena Torres Appointed · Public Defender" in page
    assert "torres@example.org" in page
    form = rosa.get(f"/cases/{second.id}/counsel").text
    assert "Elena Torres · Public Defender" in form
    with office.house.records.reading(office.hub_id) as session:
        counsel = session.exec(select(Counsel)).one()
    rosa.post(f"/cases/{second.id}/counsel", {"known": counsel.id})
    assert "Elena Torres" in rosa.words(f"/cases/{second.id}")


def test_counsel_without_a_name_is_refused_and_nothing_typed_is_lost(
    office: Office, rosa: Browser
) -> None:
    case = a_case(office.house.records, NOW)
    answer = rosa.post(f"/cases/{case.id}/counsel", {**TORRES, "first_name": ""})
    assert answer.status_code == 422
    assert "Enter their first name." in said(answer)
    assert 'value="torres@example.org"' in answer.text
