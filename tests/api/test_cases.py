"""Cases over the API: opened, found, listed in parts, moved, read back."""

from sqlmodel import col, select

from domain.vocabulary import Role
from records.tables import AuditEvent, OutboxRow, StaffMember
from tests.api.programs import Installation, Program, a_case, a_hearing, deeds


def test_a_case_is_opened_and_its_workflow_is_told(api: Installation, rosa: Program) -> None:
    case = a_case(rosa, custody="released", docket_number="F26-1", language="es")
    assert case["stage"] == "arrested"
    assert case["custody"] == "released"
    assert case["docket_numbers"] == ["F26-1"]
    assert case["enrolled_at"] == "2026-12-02T15:00:00Z"
    with api.reading() as session:
        news = session.exec(select(OutboxRow).where(OutboxRow.subject_id == case["id"])).all()
    assert [row.revision for row in news] == [1]


def test_a_birth_date_goes_in_and_comes_out_for_few(api: Installation, rosa: Program) -> None:
    case = a_case(rosa, birth_date="2001-02-03", docket_name="JOHNSON, MARCUS D")
    path = f"/cases/{case['id']}/identity"
    for told in (str(case), rosa.get(f"/cases/{case['id']}").text, rosa.get("/cases").text):
        assert "2001" not in told
    assert rosa.get(path).status_code == 403
    changed = rosa.call("PATCH", path, json={"birth_date": "2001-02-04"})
    assert changed.json() == {"kept": ["birth_date"]}
    identity = api.program("supervisor").read(path)
    assert identity == {"docket_name": "JOHNSON, MARCUS D", "birth_date": "2001-02-04"}
    with api.reading() as session:
        events = session.exec(select(AuditEvent).where(AuditEvent.subject_id == case["id"])).all()
    assert deeds(events) == ["changed the identity", "read the identity"]


def test_cases_come_in_parts_until_next_is_null(rosa: Program) -> None:
    made = [a_case(rosa, jurisdiction="parts")["id"] for _ in range(5)]
    seen, path = [], f"/cases?limit=2&after={made[0]}"
    while path:
        part = rosa.read(path)
        assert len(part["items"]) <= 2
        seen += [item["id"] for item in part["items"]]
        path = part["next"]
    assert sorted(seen) == sorted(set(seen))
    later = [item for item in sorted(made) if item > made[0]]
    assert [item for item in seen if item in made] == later


def test_next_keeps_the_filters(rosa: Program) -> None:
    for _ in range(2):
        a_case(rosa, custody="warrant")
    part = rosa.read("/cases", custody="warrant", limit=1)
    assert "custody=warrant" in part["next"]
    assert rosa.read(part["next"])["items"][0]["custody"] == "warrant"


def test_cases_are_found_by_stage_custody_advocate_and_whether_they_are_closed(
    api: Installation, rosa: Program
) -> None:
    with api.writing() as session:
        staff = StaffMember(name="Rosa", sign_in="rosa", role=Role.ADVOCATE)
        session.add(staff)
        session.flush()
        staff_id = staff.id
    mine = a_case(rosa, advocate_id=staff_id)["id"]
    found = rosa.read("/cases", advocate_id=staff_id, custody="detained", stage="arrested")
    assert [item["id"] for item in found["items"]] == [mine]
    moves = f"/cases/{mine}/moves"
    supervisor = api.program("supervisor")
    supervisor.made(moves, {"track": "court", "to": "closed", "override_reason": "Sent away."})
    assert rosa.read("/cases", advocate_id=staff_id, closed=False)["items"] == []
    closed = rosa.read("/cases", advocate_id=staff_id, closed=True)["items"]
    assert closed[0]["may_move_to"]["court"] == ["sealed"]


def test_a_docket_number_is_found_in_any_spelling(rosa: Program) -> None:
    case = a_case(rosa)
    rosa.made(f"/cases/{case['id']}/dockets", {"number": "F26-00 77"})
    rosa.made(f"/cases/{case['id']}/dockets", {"number": "f26-0077"})
    assert len(rosa.read(f"/cases/{case['id']}/dockets")["items"]) == 1
    found = rosa.made("/case-searches", {"docket_number": "F260077"})
    assert [item["id"] for item in found["items"]] == [case["id"]]
    assert rosa.made("/case-searches", {"docket_number": "F26-99999"})["items"] == []


def test_a_move_that_the_table_does_not_know_names_those_that_it_does(rosa: Program) -> None:
    case = a_case(rosa)
    answer = rosa.post(f"/cases/{case['id']}/moves", {"track": "court", "to": "sentenced"})
    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:homeward:problem:move-refused"
    assert answer.json()["allowed"] == case["may_move_to"]["court"]
    assert rosa.read(f"/cases/{case['id']}")["stage"] == "arrested"


def test_every_move_is_in_the_history_newest_first(api: Installation, rosa: Program) -> None:
    case = a_case(rosa)
    path = f"/cases/{case['id']}"
    rosa.made(f"{path}/moves", {"track": "court", "to": "first_appearance", "note": "At noon."})
    api.program("supervisor").made(
        f"{path}/moves",
        {"track": "court", "to": "trial", "override_reason": "The clerk skipped a step."},
    )
    events = rosa.read(f"{path}/events")["items"]
    assert [(e["origin"], e["result"]) for e in events] == [
        ("first_appearance", "trial"),
        ("arrested", "first_appearance"),
        ("", "arrested"),
    ]
    assert events[0]["override_reason"] == "The clerk skipped a step."
    assert events[1]["note"] == "At noon."
    assert {e["recorded_by"] for e in events} == {"a supervisor's program", "a advocate's program"}


def test_the_next_hearing_stands_on_the_case(rosa: Program) -> None:
    case = a_case(rosa)
    a_hearing(rosa, case, local_time="2026-12-20T09:00")
    first = a_hearing(rosa, case, local_time="2026-12-15T09:00")
    gone = a_hearing(rosa, case, local_time="2026-12-10T09:00")
    rosa.made(f"/hearings/{gone['id']}/vacate")
    assert rosa.read(f"/cases/{case['id']}")["next_hearing"]["id"] == first["id"]


def test_what_is_coming_is_told_in_words(rosa: Program) -> None:
    case = a_case(rosa, custody="released")
    hearing = a_hearing(rosa, case)
    contact = {"channel": "sms", "address": "305-555-0144", "consent_words": "Yes."}
    rosa.made(f"/cases/{case['id']}/supporters", {"first_name": "Denise", "contacts": [contact]})
    coming = rosa.read(f"/agenda/{case['id']}")
    words = [item["words"] for item in coming["items"]]
    assert "sms to Denise: tell about the date" in words
    assert [word for word in words if "before" in word] == [
        "sms to Denise: remind 7 days before",
        "sms to Denise: remind 3 days before",
        "sms to Denise: remind 1 day before",
    ]
    assert words[-1] == "task: ask what happened"
    first = next(item for item in coming["items"] if item["step"] == "before_7")
    assert first["due"] == "2026-12-08T15:00:00Z"
    assert first["hearing_id"] == hearing["id"]
    assert [item["due"] for item in coming["items"]] == sorted(
        item["due"] for item in coming["items"]
    )


def test_a_closed_case_has_nothing_coming(api: Installation, rosa: Program) -> None:
    case = a_case(rosa)
    a_hearing(rosa, case)
    moves = {"track": "court", "to": "closed", "override_reason": "Dismissed on the spot."}
    api.program("supervisor").made(f"/cases/{case['id']}/moves", moves)
    coming = rosa.read(f"/agenda/{case['id']}")
    assert coming["ended"] is True
    assert coming["items"] == []


def test_counsel_writes_charges_and_nobody_else_sees_them_in_a_list_of_cases(
    api: Installation, rosa: Program
) -> None:
    case = a_case(rosa)
    counsel = api.program("counsel")
    charge = counsel.made(
        f"/cases/{case['id']}/charges",
        {"statute": "812.014(2)", "words": "Grand theft", "charge_class": "felony"},
    )
    counsel.call("PATCH", f"/charges/{charge['id']}", json={"state": "dropped"})
    listed = rosa.read(f"/cases/{case['id']}/charges")["items"]
    assert [(c["statute"], c["state"]) for c in listed] == [("812.014(2)", "dropped")]
    for path in ("/cases", f"/cases/{case['id']}", f"/cases/{case['id']}/events"):
        assert "theft" not in rosa.get(path).text
    with api.reading() as session:
        last = session.exec(select(OutboxRow).order_by(col(OutboxRow.seq).desc())).first()
    assert last is not None
