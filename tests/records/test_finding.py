"""Finding cases: by name, docket and phone, in one hub, as the records stand now."""

from domain.tracks import CourtStage, Track
from records.casework import NewCase, get_case, move_track, open_case
from records.database import Records
from records.finding import MOST_FOUND, find_cases
from records.hubs import make_hub
from records.tables import Defendant, Person
from tests.houses import ROSA, a_case, a_mother, utc

NOW = utc("2026-12-10 17:00")


def found(records: Records, hub: str, typed: str) -> list[tuple[str, str]]:
    """Ids of cases, and through whom."""
    with records.reading(hub) as session:
        return [(one.case_id, one.through) for one in find_cases(session, typed)]


def named(records: Records, hub: str, first: str, last: str) -> str:
    with records.writing(hub) as session:
        return open_case(session, NewCase(first, last), ROSA, NOW).id


def test_a_changed_name_is_found_and_the_old_one_is_not(records: Records, hub: str) -> None:
    case = a_case(records, NOW)
    assert found(records, hub, "johnson") == [(case.id, "")]
    with records.writing(hub) as session:
        person_id = session.get_one(Defendant, case.defendant_id).person_id
        person = session.get_one(Person, person_id)
        person.last_name = "Baptiste"
        session.add(person)
    assert found(records, hub, "johnson") == []
    assert found(records, hub, "batiste") == [(case.id, "")]


def test_the_person_comes_before_their_circle_and_open_before_closed(
    records: Records, hub: str
) -> None:
    first = a_case(records, NOW)
    a_mother(records, first, NOW)
    denise = named(records, hub, "Denise", "Cole")
    over = named(records, hub, "Denise", "Cole")
    with records.writing(hub) as session:
        case = get_case(session, over)
        move_track(session, case, Track.COURT, CourtStage.CLOSED, ROSA, NOW, override_reason="x")
    shown = found(records, hub, "denise")
    assert set(shown[:2]) == {(first.id, "Denise Johnson, mother"), (denise, "")}
    assert shown[2:] == [(over, "")]
    assert found(records, hub, "cole denise") == [(denise, ""), (over, "")]


def test_another_hub_finds_nothing(records: Records, hub: str) -> None:
    case = a_case(records, NOW, docket="F26-1")
    other = make_hub(records, name="Other", slug="other").id
    for typed in ("marcus", "F26-1", "3055550110"):
        assert found(records, hub, typed) == [(case.id, "")]
        assert found(records, other, typed) == []


def test_nothing_typed_and_odd_things_find_nothing(records: Records, hub: str) -> None:
    a_case(records, NOW)
    for typed in ("", "   ", "%", "\u202e", "1" * 80, "'; drop table case"):
        assert found(records, hub, typed) == []


def test_a_long_list_is_cut_to_the_best(records: Records, hub: str) -> None:
    for number in range(MOST_FOUND + 5):
        named(records, hub, "Ana", f"Number{number}")
    assert len(found(records, hub, "ana")) == MOST_FOUND
