"""What came of a hub's work, as those who run it see it, and what leaves as a table."""

import csv
import io
from datetime import date, timedelta

import pytest

from domain.exposure import SentenceState, Term
from domain.vocabulary import Appearance, Role
from records.casework import NewCase, open_case
from records.exposure import NewExposure, NewReceived, write_exposure, write_received
from records.hearings import Setting, record_outcome, schedule_hearing
from records.tables import Case
from tests.api.pages.office import NOW, Browser, Office, said
from tests.houses import ROSA, ZONE, wall

DAY = timedelta(days=1)
TEN_YEARS = Term(3650)
CALC = ("Ana Ruiz", "The information, section 775.082.")


def decided(office: Office, count: int, *, faced: Term | None = TEN_YEARS) -> list[Case]:
    """So many people with a hearing that was held, and a case that was decided."""
    cases = []
    with office.house.records.writing(office.hub_id) as session:
        for number in range(count):
            case = open_case(session, NewCase("Marcus", f"Johnson {number}"), ROSA, NOW - 90 * DAY)
            setting = Setting(wall("2026-11-10 09:00"), ZONE)
            row = schedule_hearing(session, case.id, "arraignment", setting, ROSA, NOW - 60 * DAY)  # type: ignore[arg-type]
            came = Appearance.APPEARED if number else Appearance.FAILED_TO_APPEAR
            record_outcome(session, row.id, came, ROSA, NOW - DAY)
            if faced:
                write_exposure(session, case.id, NewExposure(faced, *CALC), ROSA, NOW)
            got = NewReceived(Term(365), SentenceState.SERVING, date(2026, 11, 3))
            write_received(session, case.id, got, ROSA, NOW)
            cases.append(case)
    return cases


@pytest.fixture
def keeper(office: Office) -> Browser:
    """A supervisor."""
    return office.staff(Role.SUPERVISOR)


def rows_of(browser: Browser, asked: str) -> dict[tuple[str, str], dict[str, str]]:
    """The table, by measure and month."""
    answer = browser.get(f"/outcomes.csv{asked}")
    assert answer.status_code == 200
    found = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    return {(row["measure"], row["month"]): row for row in found}


def test_each_measure_is_shown_with_what_it_counts(office: Office, keeper: Browser) -> None:
    decided(office, 6)
    decided(office, 1, faced=None)
    words = keeper.words("/outcomes")
    assert "from Thu 1 Jan 2026 to Wed 2 Dec 2026" in words
    assert "19,710 days About 54.0 years, in 6 decided cases." in words
    assert "Counsel confirmed what was faced in 0 of them." in words
    assert "does not claim that the work was the cause" in words
    assert "One more case was decided, and nobody has written down" in words
    assert "Hearings at which the person appeared 5 of 7 (71 %)" in words
    assert "Of the hearings that were held, those at which the person appeared." in words
    assert "Nov 2026 5 7 71 %" in words
    page = keeper.get("/outcomes").text
    # Reached and confirmed of nobody are figures, too; nothing of packets, plans or referrals is.
    assert page.count('role="img"') == 5
    assert "<script" not in page.split("<body>")[1]
    assert 'href="/outcomes"' in keeper.get("/cases").text


def test_what_could_tell_of_few_people_is_not_shown(office: Office, keeper: Browser) -> None:
    decided(office, 4)
    words = keeper.words("/outcomes")
    assert "Not shown: fewer than 5 people stand behind it." in words
    for number in ("13,140", "3 of 4", "75 %"):
        assert number not in words
    for row in rows_of(keeper, "").values():
        assert row["value"] in ("", "0", "0.0"), row
    decided(office, 1)
    assert "4 of 5 (80 %)" not in words
    assert "3 of 5 (60 %)" in keeper.words("/outcomes")


def test_those_who_faced_life_stand_apart(office: Office, keeper: Browser) -> None:
    decided(office, 5, faced=Term(life=True))
    words = keeper.words("/outcomes")
    assert "Of those who faced life: 4.9 lives , in 5 decided cases." in words
    assert "Life counts as 70 years (25,567 days)" in words
    assert "126,010 days" in words
    row = rows_of(keeper, "")[("life_saved", "")]
    assert (row["value"], row["of"]) == ("4.93", "5")


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("?period=month", "2026-12-01", "2026-12-02"),
        ("?period=quarter", "2026-10-01", "2026-12-02"),
        ("?period=year", "2026-01-01", "2026-12-02"),
        ("?period=nonsense", "2026-01-01", "2026-12-02"),
        ("?period=chosen&from=2026-11-01&to=2026-11-30", "2026-11-01", "2026-11-30"),
        ("?period=chosen&from=11/1/2026&to=11/30/2026", "2026-11-01", "2026-11-30"),
    ],
)
def test_the_period_is_what_was_asked_for(
    keeper: Browser, asked: str, first: str, last: str
) -> None:
    row = rows_of(keeper, asked)[("hearings_appeared", "")]
    assert (row["from"], row["to"]) == (first, last)
    name = keeper.get(f"/outcomes.csv{asked}").headers["content-disposition"]
    assert name == f'attachment; filename="outcomes-{first}-{last}.csv"'


def test_today_is_the_hubs_own(office: Office, keeper: Browser) -> None:
    office.clock.at = NOW.replace(day=1, hour=4)
    # It is the evening of the last day of November in New York.
    assert "to Mon 30 Nov 2026" in keeper.words("/outcomes?period=month")


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ("from=2026-11-30&to=2026-11-01", "The last day is before the first one."),
        ("from=2026-11-01&to=2026-12-03", "The last day is still to come."),
        ("from=&to=2026-11-01", "Choose the first day."),
        ("from=2026-11-01", "Choose the last day."),
        ("from=2020-01-01&to=2026-11-01", "at most 36 months"),
        ("from=2026-02-30&to=2026-11-01", "This is not a date"),
        ("from=x%22%3E%3Cb%3E&to=2026-11-01", "This is not a date"),
        ("from=0001-01-01&to=9999-12-31", "still to come"),
    ],
)
def test_days_that_are_not_right_are_told_and_stay_in_the_form(
    office: Office, keeper: Browser, asked: str, why: str
) -> None:
    decided(office, 6)
    answer = keeper.get(f"/outcomes?period=chosen&{asked}")
    assert answer.status_code == 422
    assert why in said(answer)
    assert "<details open>" in answer.text
    assert "<b>" not in answer.text
    if "to=2026-11-01" in asked:
        assert 'value="2026-11-01"' in answer.text
    assert "Time saved" not in said(answer)
    table = keeper.get(f"/outcomes.csv?period=chosen&{asked}")
    assert table.status_code == 303
    again = keeper.get(table.headers["location"])
    assert again.status_code == 422
    assert why in said(again)


def test_a_hub_that_begins_is_told_where_figures_come_from(keeper: Browser) -> None:
    words = keeper.words("/outcomes")
    assert "Nothing to count yet" in words
    assert "record what happened at each hearing" in words
    assert 'role="img"' not in keeper.get("/outcomes").text


def test_an_administrator_reads_numbers_and_no_name(office: Office) -> None:
    cases = decided(office, 6)
    admin = office.staff(Role.HUB_ADMIN)
    office.staff()
    answer = admin.get("/outcomes")
    table = admin.get("/outcomes.csv")
    assert "5 of 6 (83 %)" in said(answer)
    for text in (answer.text, table.text):
        for personal in ("Marcus", "Johnson", "Ana Ruiz", "775.082", *(case.id for case in cases)):
            assert personal not in text
    assert 'href="/outcomes"' in admin.get("/hub").text
    assert office.audit()[-1] == "took the hub's outcomes"


@pytest.mark.parametrize("role", [Role.ADVOCATE, Role.COUNSEL])
def test_others_see_no_outcomes(office: Office, role: Role) -> None:
    browser = office.staff(role)
    assert browser.get("/outcomes").status_code == 403
    assert browser.get("/outcomes.csv").status_code == 403
    if role is Role.ADVOCATE:
        assert 'href="/outcomes"' not in browser.get("/cases").text


def test_no_hub_sees_anothers(office: Office) -> None:
    decided(office, 6)
    stranger = office.staff(Role.SUPERVISOR, hub_id=office.other_hub())
    assert "Nothing to count yet" in stranger.words("/outcomes")
    assert rows_of(stranger, "")[("hearings_appeared", "")]["of"] == "0"


def test_the_table_is_what_the_page_shows(office: Office, keeper: Browser) -> None:
    decided(office, 6)
    rows = rows_of(keeper, "?period=quarter")
    assert rows[("time_saved", "")]["value"] == str(6 * (3650 - 365))
    assert rows[("time_saved", "2026-11")]["of"] == "6"
    assert rows[("time_saved", "2026-10")]["value"] == "0"
    assert rows[("people_appeared", "2026-11")]["percent"] == "83"


def test_three_years_are_drawn_without_a_name_for_every_month(
    office: Office, keeper: Browser
) -> None:
    decided(office, 6)
    page = keeper.get("/outcomes?period=chosen&from=2024-01-01&to=2026-11-30").text
    drawing = page.split('id="hearings_appeared-name"')[1].split("</svg>")[0]
    assert drawing.count(">Jan<") == 3
    assert ">Feb<" not in drawing
    assert drawing.count('class="year"') == 3


def test_it_is_said_in_spanish(office: Office, keeper: Browser) -> None:
    decided(office, 6)
    keeper.post("/me/language", {"language": "es"})
    words = keeper.words("/outcomes")
    assert "Tiempo ahorrado" in words
    assert "Esto no afirma que el trabajo fuera la causa." in words
    assert "Audiencias a las que la persona compareció 5 de 6 (83 %)" in words
    page = keeper.get("/outcomes").text
    assert ">ene<" in page
    assert "5 de 6 en todos estos meses." in page
    for english in ("Hearings", "appeared", "None yet", "This year", "in all of these"):
        assert english not in words
