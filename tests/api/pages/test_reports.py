"""Reports on a plan, on the hub's side: made, read, handed to counsel, taken; and by whom not."""

import io
import re
import shutil
from dataclasses import dataclass
from datetime import date

import docx
import pytest
from httpx import Response
from sqlmodel import select

from activities.documents.errors import ConversionError, StoreAway, StoreFull
from activities.plan_reporting import approve_report, get_report, report_link, send_back
from api.pages import report_counsel_pages
from domain.vocabulary import Channel, Role
from records.casework import NewCase, open_case
from records.circle import NewContact
from records.counsel import NewCounsel, set_counsel
from records.plans import NewStep, add_evidence, miss_step, note_answer, start_plan, steps_of
from records.private_links import path_of
from records.tables import HumanTask, PrivateLink, ProgressReport
from tests.api.pages.office import NOW, Browser, Office, said
from tests.houses import ROSA, a_case, a_hearing

MAIL = NewContact(Channel.EMAIL, "okafor@example.org", "Work address.", how="in person")


@dataclass
class Scene:
    """Marcus's plan: a room that was checked, work that was missed, and something still to come."""

    office: Office
    rosa: Browser
    case_id: str
    plan_id: str
    room: str
    work: str
    hearing_id: str

    @property
    def new(self) -> str:
        """Where reports of this plan are made."""
        return f"/cases/{self.case_id}/plans/{self.plan_id}/reports/new"

    def made(self, kind: str = "summary", **more: str) -> str:
        """A report; the address of its page."""
        answer = self.rosa.post(self.new, {"kind": kind, **more})
        assert answer.status_code == 303, said(answer)
        address: str = answer.headers["location"].partition("?")[0]
        return address

    def row(self, address: str) -> ProgressReport:
        """It, as the records have it."""
        with self.office.house.records.reading(self.office.hub_id) as session:
            return get_report(session, address.rpartition("/")[2])

    def rows(self) -> list[ProgressReport]:
        """Every report."""
        with self.office.house.records.reading(self.office.hub_id) as session:
            return list(session.exec(select(ProgressReport)).all())

    def counsel(self) -> None:
        """Miriam Okafor is named, with an address."""
        with self.office.house.records.writing(self.office.hub_id) as session:
            new = NewCounsel("Miriam", "Okafor", contacts=(MAIL,))
            set_counsel(session, self.case_id, new, ROSA, NOW)

    def approves(self, address: str) -> None:
        """Counsel approves what was handed over."""
        row, house = self.row(address), self.office.house
        with house.records.writing(self.office.hub_id) as session:
            seen, by = row.content_hash, "Miriam Okafor"
            approve_report(session, house.store, row.id, seen, by, ROSA, NOW)

    def checks(self, step_id: str) -> None:
        """Something more is shown and checked."""
        with self.office.house.records.writing(self.office.hub_id) as session:
            add_evidence(session, step_id, "pay_stub", "", ROSA, NOW, verified=True)


@pytest.fixture
def scene(office: Office) -> Scene:
    case = a_case(office.house.records, NOW)
    hearing = a_hearing(office.house.records, case, "2026-12-21 09:00", NOW)
    rosa = office.staff()
    steps = [
        NewStep("housing", "A room", date(2026, 12, 1)),
        NewStep("employment", "Work at the depot", date(2026, 11, 20), mandated=True),
        NewStep("food", "The pantry", date(2026, 12, 20)),
    ]
    with office.house.records.writing(office.hub_id) as session:
        plan = start_plan(session, case.id, steps, ROSA, NOW)
        ids = {step.title: step.id for step in steps_of(session, plan.id)}
        add_evidence(session, ids["A room"], "lease", "", ROSA, NOW, verified=True)
        miss_step(session, ids["Work at the depot"], NOW)
        note_answer(session, ids["Work at the depot"], "No bus came.", ROSA, NOW)
    room, work = ids["A room"], ids["Work at the depot"]
    return Scene(office, rosa, case.id, plan.id, room, work, hearing.id)


def file_words(answer: Response) -> str:
    """What a Word file says."""
    assert answer.status_code == 200
    document = docx.Document(io.BytesIO(answer.content))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    feet = (line for section in document.sections for line in section.footer.paragraphs)
    lines = (paragraph.text for paragraph in (*document.paragraphs, *feet))
    return "\n".join([*lines, *cells])


def test_a_report_is_made_on_the_plans_page_and_read_with_its_sources(scene: Scene) -> None:
    plan = f"/cases/{scene.case_id}/plans/{scene.plan_id}"
    assert f'action="{scene.new.removesuffix("/new")}/new"' in scene.rosa.get(plan).text
    address = scene.made(hearing=scene.hearing_id)
    words = scene.rosa.words(f"{address}?done=made")
    assert "Made. Read it, then ask counsel." in words
    assert "Summary of the support plan" in words
    assert "not shown to counsel yet" in words
    assert "version 1 · for the hearing of Mon 21 Dec" in words
    assert "A room: done" in words
    assert "Where each line comes from" in words
    assert "The pantry" in words
    assert f"/cases/{scene.case_id}/steps/{scene.room}" in scene.rosa.get(address).text
    for missed in ("Work at the depot", "No bus came"):
        assert missed not in words, "what was missed is for counsel alone"
    assert f'href="{address}"' in scene.rosa.get(plan).text
    audit = scene.office.audit()
    assert audit.count("made a report") == 1
    assert audit.count("read a report") == 2


def test_the_memo_says_what_was_missed_and_that_it_is_counsels_alone(scene: Scene) -> None:
    scene.counsel()
    address = scene.made("memo")
    words = scene.rosa.words(address)
    assert "For counsel’s eyes only." in words
    assert "Work at the depot" in words
    assert "No bus came." in words
    assert "Nobody outside the team sees it before" not in words
    assert scene.rosa.post(f"{address}/ask").status_code == 303
    scene.approves(address)
    assert "it may go to" not in scene.rosa.words(address), "not even when counsel has read it"


def test_a_newer_report_replaces_the_one_before_for_the_same_hearing(scene: Scene) -> None:
    first = scene.made(hearing=scene.hearing_id)
    other = scene.made()
    second = scene.made(hearing=scene.hearing_id)
    assert "replaced or taken back" in scene.rosa.words(first)
    assert "not shown to counsel yet" in scene.rosa.words(other)
    assert "version 3" in scene.rosa.words(second)
    page = scene.rosa.get(first).text
    assert f'action="{first}/ask"' not in page
    assert f'action="{first}/withdraw"' not in page
    assert scene.rosa.post(f"{first}/ask").status_code == 409


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("certificate", "A certificate is for a plan that was completed."),
        ("", "Choose which report to make."),
        ("accusation", "Choose which report to make."),
    ],
)
def test_what_cannot_be_said_is_refused_in_plain_words(scene: Scene, kind: str, words: str) -> None:
    answer = scene.rosa.post(scene.new, {"kind": kind})
    assert answer.status_code == 409
    assert words in said(answer)
    assert scene.rows() == []


def test_nothing_was_missed_is_no_memo(scene: Scene) -> None:
    with scene.office.house.records.writing(scene.office.hub_id) as session:
        new = [NewStep("food", "The pantry", date(2026, 12, 20))]
        plan = start_plan(session, scene.case_id, new, ROSA, NOW)
    url = f"/cases/{scene.case_id}/plans/{plan.id}/reports/new"
    answer = scene.rosa.post(url, {"kind": "memo"})
    assert answer.status_code == 409
    assert "Nothing was missed." in said(answer)
    letter = scene.rosa.post(url, {"kind": "letter"})
    assert letter.status_code == 409


def test_another_cases_hearing_is_no_occasion(scene: Scene) -> None:
    records = scene.office.house.records
    other = a_case(records, NOW, phone="+13055550112")
    hearing = a_hearing(records, other, "2026-12-22 09:00", NOW)
    answer = scene.rosa.post(scene.new, {"kind": "summary", "hearing": hearing.id})
    assert answer.status_code == 404
    assert scene.rows() == []


@pytest.mark.parametrize("error", [StoreFull(10, 5), StoreAway("away")])
def test_where_the_file_cannot_be_kept_nothing_is_made(
    scene: Scene, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: bytes) -> None:
        raise error

    store = scene.office.app.state.pages.store
    monkeypatch.setattr(type(store), "put", lambda _self, data: fails(data))
    answer = scene.rosa.post(scene.new, {"kind": "summary"})
    assert answer.status_code == 409
    assert "That was not done" in said(answer)
    assert scene.rows() == []
    assert "made a report" not in scene.office.audit()


def test_counsel_is_asked_once_and_somebody_must_be_there_to_be_asked(scene: Scene) -> None:
    address = scene.made()
    alone = scene.rosa.post(f"{address}/ask")
    assert alone.status_code == 409
    assert "Name counsel on the case" in said(alone)
    assert "make it again" in said(alone)
    assert scene.row(address).state == "draft"
    scene.counsel()
    assert scene.rosa.post(f"{address}/ask").status_code == 409, "it does not say who counsel is"
    address = scene.made()
    for _ in range(2):
        asked = scene.rosa.post(f"{address}/ask")
        assert asked.headers["location"] == f"{address}?done=asked"
    words = scene.rosa.words(f"{address}?done=asked")
    assert "Counsel is written to." in words
    assert "waits for counsel" in words
    assert "Nobody outside the team sees it before counsel has approved it." in words
    assert f'action="{address}/ask"' not in scene.rosa.get(address).text


def test_an_approval_is_shown_and_ends_when_more_was_checked(scene: Scene) -> None:
    scene.counsel()
    address = scene.made("letter")
    scene.rosa.post(f"{address}/ask")
    scene.approves(address)
    words = scene.rosa.words(address)
    assert "approved" in words
    assert "Miriam Okafor" in words
    assert "Counsel has approved it: it may go to Marcus" in words
    scene.checks(scene.work)
    later = scene.rosa.words(address)
    assert "changed since: make it again" in later
    assert "it may go to" not in later
    assert scene.rosa.post(f"{address}/ask").status_code == 409
    assert scene.rosa.post(scene.new, {"kind": "letter"}).status_code == 303


def test_what_changed_since_it_was_made_is_not_handed_over(scene: Scene) -> None:
    scene.counsel()
    address = scene.made("letter")
    scene.checks(scene.work)
    assert f'action="{address}/ask"' not in scene.rosa.get(address).text
    refused = scene.rosa.post(f"{address}/ask")
    assert refused.status_code == 409
    assert "has changed since this report was made" in said(refused)
    assert scene.row(address).state == "draft"


def test_counsels_words_stand_on_the_page_and_it_can_be_asked_again(scene: Scene) -> None:
    scene.counsel()
    address = scene.made()
    scene.rosa.post(f"{address}/ask")
    with scene.office.house.records.writing(scene.office.hub_id) as session:
        send_back(session, scene.row(address).id, "Leave out <b>the pantry</b>.", ROSA, NOW)
    page = scene.rosa.get(address)
    assert "sent back by counsel" in said(page)
    assert "Leave out <b>the pantry</b>." in said(page) or "&lt;b&gt;" in page.text
    assert "<b>the pantry</b>" not in page.text
    assert "Counsel wants the report of Marcus changed" in scene.rosa.words("/")
    assert scene.rosa.post(f"{address}/ask").status_code == 303
    assert scene.row(address).comment == ""


def test_taking_it_back_closes_counsels_page_and_what_was_asked_of_us(scene: Scene) -> None:
    scene.counsel()
    address = scene.made()
    scene.rosa.post(f"{address}/ask")
    with scene.office.house.records.writing(scene.office.hub_id) as session:
        path = path_of(report_link(session, get_report(session, scene.row(address).id), NOW))
    visitor = scene.office.browser()
    assert visitor.post(path).status_code == 303
    assert "A room" in visitor.get(path).text
    for _ in range(2):
        assert scene.rosa.post(f"{address}/withdraw").headers["location"] == address
    assert "replaced or taken back" in scene.rosa.words(address)
    assert visitor.get(path).status_code == 410
    with scene.office.house.records.reading(scene.office.hub_id) as session:
        links = session.exec(select(PrivateLink)).all()
        tasks = session.exec(select(HumanTask).where(HumanTask.subject_id != "")).all()
    assert all(link.revoked_at is not None for link in links if link.report_id)
    assert all(task.closed_at is not None for task in tasks)


def test_the_word_file_is_a_draft_until_counsel_approves_it(scene: Scene) -> None:
    scene.counsel()
    address = scene.made("letter")
    answer = scene.rosa.get(f"{address}/report.docx")
    assert answer.headers["content-disposition"] == 'attachment; filename="report.docx"'
    assert answer.headers["cache-control"] == "no-store"
    draft = file_words(answer)
    assert "A room" in draft
    assert "DRAFT" in draft
    for missed in ("Work at the depot", "No bus came"):
        assert missed not in draft
    scene.rosa.post(f"{address}/ask")
    assert "DRAFT" in file_words(scene.rosa.get(f"{address}/report.docx"))
    scene.approves(address)
    approved = file_words(scene.rosa.get(f"{address}/report.docx"))
    assert "DRAFT" not in approved
    assert "Miriam Okafor on December 2, 2026" in approved
    scene.checks(scene.work)
    stale = file_words(scene.rosa.get(f"{address}/report.docx"))
    assert "DRAFT" in stale, "the approval holds no more, and the file says so"
    assert scene.office.audit().count("took a report") == 4


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_the_pdf_is_of_the_same_file(scene: Scene) -> None:
    answer = scene.rosa.get(f"{scene.made()}/report.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert scene.office.audit()[-1] == "took a report"


def test_without_libreoffice_the_word_file_is_offered(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object) -> bytes:
        raise ConversionError("LibreOffice does not answer.")

    monkeypatch.setattr(report_counsel_pages, "report_pdf", fails)
    answer = scene.rosa.get(f"{scene.made()}/report.pdf")
    assert answer.status_code == 503
    assert "The Word file is as good." in said(answer)


@pytest.mark.parametrize("make", ["exe", "doc", "docx.html", "PDF"])
def test_there_is_no_other_file(scene: Scene, make: str) -> None:
    assert scene.rosa.get(f"{scene.made()}/report.{make}").status_code == 404
    assert "took a report" not in scene.office.audit()


def every_way(scene: Scene, case_id: str, address: str) -> list[tuple[str, str]]:
    """Method and address of all that can be done, as of this case."""
    there = f"/cases/{case_id}/reports/{address.rpartition('/')[2]}"
    return [
        ("GET", there),
        ("GET", f"{there}/report.docx"),
        ("GET", f"{there}/report.pdf"),
        ("POST", f"{there}/ask"),
        ("POST", f"{there}/withdraw"),
        ("POST", f"/cases/{case_id}/plans/{scene.plan_id}/reports/new"),
    ]


def tries(browser: Browser, method: str, address: str) -> Response:
    """One of them."""
    return browser.get(address) if method == "GET" else browser.post(address, {"kind": "summary"})


def stands_untouched(scene: Scene, address: str) -> bool:
    """Nothing was made, asked, taken back, read or taken."""
    [row] = scene.rows()
    seen = {"read a report", "took a report"} & set(scene.office.audit())
    return (row.id, row.state, row.ended_at) == (scene.row(address).id, "draft", None) and not seen


@pytest.mark.parametrize("role", [Role.COUNSEL, Role.HUB_ADMIN])
def test_whoever_sees_no_cases_is_refused(scene: Scene, role: Role) -> None:
    scene.counsel()
    address = scene.made()
    other = scene.office.staff(role, name="other")
    for method, way in every_way(scene, scene.case_id, address):
        answer = tries(other, method, way)
        assert answer.status_code == 403, way
        assert "A room" not in answer.text
    assert stands_untouched(scene, address)


def test_another_hub_finds_nothing(scene: Scene) -> None:
    scene.counsel()
    address = scene.made()
    stranger = scene.office.staff(Role.SUPERVISOR, hub_id=scene.office.other_hub(), name="zoe")
    for method, way in every_way(scene, scene.case_id, address):
        answer = tries(stranger, method, way)
        assert answer.status_code == 404, way
        assert "A room" not in answer.text
    assert stands_untouched(scene, address)


def test_a_report_is_reached_through_its_own_case_only(scene: Scene) -> None:
    scene.counsel()
    address = scene.made()
    with scene.office.house.records.writing(scene.office.hub_id) as session:
        other = open_case(session, NewCase("Dana", "Cole"), ROSA, NOW)
    for method, way in every_way(scene, other.id, address):
        answer = tries(scene.rosa, method, way)
        assert answer.status_code == 404, way
        assert "A room" not in answer.text
    assert stands_untouched(scene, address)


def test_nobody_who_is_signed_out_reads_it(scene: Scene) -> None:
    address = scene.made()
    visitor = scene.office.browser()
    for method, way in every_way(scene, scene.case_id, address):
        answer = tries(visitor, method, way)
        assert answer.status_code in (303, 401), way
        assert not re.search(r"A room|Marcus", answer.text)
    assert stands_untouched(scene, address)
