"""The page of a packet's exhibits: files come in, are refused one by one, and stand in order."""

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from html import unescape

import pytest
from httpx import Response
from pikepdf import Dictionary, Name, Pdf, String
from sqlmodel import select

from activities.documents.errors import StoreAway
from activities.documents.store import FolderStore
from domain.vocabulary import PacketState, Role
from records.courts import NewCourt, add_court
from records.exhibits import list_exhibits
from records.packets import PacketContent, request_packet
from records.tables import AuditEvent, Case, Exhibit, Hearing, Packet
from tests.activities.documents.exhibits import uploads
from tests.api.pages.office import NOW, OWN, Browser, Office, said
from tests.houses import ROSA, a_case, a_hearing

File = tuple[str, bytes]


@dataclass
class Scene:
    """A packet whose exhibits Rosa looks after."""

    office: Office
    browser: Browser
    case_id: str = ""
    packet_id: str = ""

    def __post_init__(self) -> None:
        records = self.office.house.records
        case = a_case(records, NOW)
        self.case_id = case.id
        with records.writing(self.office.hub_id) as session:
            packet = request_packet(
                session, case.id, "release", PacketContent(), ROSA, NOW, sections={}
            )
            self.packet_id = packet.id

    @property
    def url(self) -> str:
        """The page of the exhibits."""
        return f"/cases/{self.case_id}/packets/{self.packet_id}/exhibits"

    def send(self, *files: File, once: str = "", **fields: str) -> Response:
        """Send the form with these files."""
        answer: Response = self.browser.http.post(
            self.url,
            data={"once": once or self.once(), **fields},
            files=[("files", (name, content)) for name, content in files] or None,
            headers=OWN,
        )
        return answer

    def once(self) -> str:
        """What makes this form one form."""
        found = re.search(r'name="once" value="([^"]+)"', self.browser.get(self.url).text)
        assert found is not None
        return found[1]

    def rows(self) -> list[Exhibit]:
        """What is enclosed."""
        with self.office.house.records.reading(self.office.hub_id) as session:
            return list_exhibits(session, self.packet_id)

    def titles(self) -> list[str]:
        """What is enclosed, by title."""
        return [row.title for row in self.rows()]

    def end(self) -> None:
        """Counsel filed the packet."""
        with self.office.house.records.writing(self.office.hub_id) as session:
            packet = session.get_one(Packet, self.packet_id)
            packet.state = PacketState.FILED
            session.add(packet)


@pytest.fixture
def scene(office: Office, rosa: Browser) -> Scene:
    """An empty packet."""
    return Scene(office, rosa)


def three(scene: Scene) -> list[Exhibit]:
    """Three exhibits, A to C."""
    names = ("diploma.pdf", "lease.pdf", "pay_stub.pdf")
    answer = scene.send(*((name, uploads.pdf(text=name)) for name in names))
    assert answer.status_code == 303
    return scene.rows()


def test_several_files_come_in_at_once_under_their_names(scene: Scene) -> None:
    answer = scene.send(
        ("C:\\Users\\rosa\\certificate_of-completion.PDF", uploads.pdf(pages=2)),
        ("IMG_2041.HEIC", uploads.heic(exif=uploads.camera_notes())),
        ("letter from harbor.docx", uploads.docx()),
    )

    assert answer.status_code == 303
    assert answer.headers["location"] == f"{scene.url}?done=added"
    rows = scene.rows()
    assert [row.title for row in rows] == [
        "Certificate of completion",
        "Photograph",
        "Letter from harbor",
    ]
    assert [row.pages for row in rows] == [2, 1, 0]
    assert [row.kind for row in rows] == ["other", "photograph", "other"]
    assert rows[0].file_name == "certificate_of-completion.PDF"
    page = scene.browser.words(answer.headers["location"])
    for words in ("A Certificate of completion", "B Photograph", "C Letter from harbor"):
        assert words in page
    assert "The place where it was taken was removed from it." in page
    assert "3 exhibits" in page


def test_what_is_kept_is_clean_and_its_pages_are_made(scene: Scene) -> None:
    scene.send(("a.jpg", uploads.jpeg(exif=uploads.camera_notes())))

    (row,) = scene.rows()
    store = scene.office.house.store
    assert b"Example Phones" not in store.get(row.document_key)
    assert store.get(row.pdf_key).startswith(b"%PDF-")


def test_one_kind_can_be_said_for_all(scene: Scene) -> None:
    scene.send(("a.pdf", uploads.pdf()), ("b.jpg", uploads.jpeg()), kind="housing")

    assert {row.kind for row in scene.rows()} == {"housing"}


def test_a_file_that_cannot_be_used_keeps_no_other_out(scene: Scene) -> None:
    answer = scene.send(
        ("good.pdf", uploads.pdf()),
        ("trap.pdf", uploads.pdf(with_script)),
        ("<b>movie</b>.mp4", b"\x00\x00\x00\x18ftypmp42" + bytes(50)),
    )

    assert answer.status_code == 422
    page = said(answer)
    assert "2 files were not added" in page
    assert "The other one was." in page
    assert "trap.pdf Not added: it runs a script" in page
    assert "print it to a new PDF, and add that." in page
    assert "<b>movie</b>.mp4 Not added: it is a video." in unescape(page)
    assert "<b>movie" not in answer.text
    assert scene.titles() == ["Good"]


def with_script(document: Pdf) -> None:
    """A script that runs when the PDF is opened."""
    document.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def test_no_file_is_said(scene: Scene) -> None:
    answer = scene.send()

    assert answer.status_code == 422
    assert "Choose one or more files first." in said(answer)


def test_a_form_that_is_sent_twice_adds_once(scene: Scene) -> None:
    once = scene.once()
    files = [("a.pdf", uploads.pdf()), ("b.jpg", uploads.jpeg())]

    first, second = (scene.send(*files, once=once) for _ in range(2))

    assert first.status_code == second.status_code == 303
    assert first.headers["location"] == second.headers["location"]
    assert scene.titles() == ["A", "B"]


def test_sent_twice_in_one_moment_it_adds_once(scene: Scene) -> None:
    once = scene.once()
    with ThreadPoolExecutor(2) as both:
        answers = list(
            both.map(lambda _: scene.send(("a.pdf", uploads.pdf()), once=once), range(2))
        )

    assert {answer.status_code for answer in answers} <= {303, 409}
    assert scene.titles() == ["A"]


def test_the_same_file_again_is_pointed_out(scene: Scene) -> None:
    scene.send(("a.pdf", uploads.pdf()))

    answer = scene.send(("the same.pdf", uploads.pdf()))

    assert answer.status_code == 422
    assert "The same file is in this packet already." in said(answer)
    assert scene.titles() == ["A"]


def test_an_exhibit_is_moved_and_the_letters_follow(scene: Scene) -> None:
    rows = three(scene)

    down = scene.browser.post(f"{scene.url}/{rows[0].id}/move", {"to": "down"})
    scene.browser.post(f"{scene.url}/{rows[2].id}/move", {"to": "up"})

    assert down.headers["location"].endswith(f"?done=moved#e-{rows[0].id}")
    assert scene.titles() == ["Lease", "Pay stub", "Diploma"]
    page = scene.browser.words(scene.url)
    assert "A Lease" in page
    assert "C Diploma" in page


def test_at_the_end_there_is_no_further(scene: Scene) -> None:
    rows = three(scene)

    for row, to in ((rows[0], "up"), (rows[2], "down"), (rows[1], "sideways")):
        answer = scene.browser.post(f"{scene.url}/{row.id}/move", {"to": to})
        assert answer.status_code == 303

    assert scene.titles() == ["Diploma", "Lease", "Pay stub"]


def test_what_was_taken_out_can_be_put_back(scene: Scene) -> None:
    rows = three(scene)

    answer = scene.browser.post(f"{scene.url}/{rows[1].id}/remove")

    assert scene.titles() == ["Diploma", "Pay stub"]
    page = scene.browser.words(answer.headers["location"])
    assert "Taken out. It is kept below." in page
    assert "Put Lease back" in page
    scene.browser.post(f"{scene.url}/{rows[1].id}/restore")
    assert scene.titles() == ["Diploma", "Lease", "Pay stub"]


def test_an_exhibit_is_described(scene: Scene) -> None:
    scene.send(("IMG_1.jpg", uploads.jpeg()))
    (row,) = scene.rows()
    fields = {
        "title": "At the bakery",
        "caption": "Marcus & Denise, <2025>",
        "kind": "employment",
        "in_body": "yes",
    }

    answer = scene.browser.post(f"{scene.url}/{row.id}", fields)

    assert answer.status_code == 303
    (row,) = scene.rows()
    assert (row.title, row.caption, row.kind, row.in_body) == (
        "At the bakery",
        "Marcus & Denise, <2025>",
        "employment",
        True,
    )
    page = scene.browser.get(scene.url)
    assert "shown in the packet itself" in said(page)
    assert "<2025>" not in page.text
    assert 'value="At the bakery"' in scene.browser.get(f"{scene.url}/{row.id}").text


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"title": "", "kind": "other"}, "Say what it is"),
        ({"title": "x", "kind": "gossip"}, "Choose what it shows."),
        ({"title": "x" * 300, "kind": "other"}, "200 characters"),
    ],
)
def test_a_description_that_lacks_something_is_asked_for_again(
    scene: Scene, fields: dict[str, str], why: str
) -> None:
    scene.send(("a.pdf", uploads.pdf()))
    (row,) = scene.rows()

    answer = scene.browser.post(f"{scene.url}/{row.id}", fields)

    assert answer.status_code == 422
    assert why in said(answer)
    assert scene.titles() == ["A"]


def test_a_lease_is_not_offered_as_a_photograph(scene: Scene) -> None:
    scene.send(("a.pdf", uploads.pdf()))
    (row,) = scene.rows()

    assert "in the packet itself" not in scene.browser.words(f"{scene.url}/{row.id}")
    fields = {"title": "A", "kind": "other", "in_body": "yes"}
    assert scene.browser.post(f"{scene.url}/{row.id}", fields).status_code == 409
    assert not scene.rows()[0].in_body


def test_a_download_is_saved_by_the_browser_and_noted(scene: Scene) -> None:
    scene.send(("Marcus Johnson diploma.pdf", uploads.pdf()))
    (row,) = scene.rows()

    answer = scene.browser.get(f"{scene.url}/{row.id}/file")

    assert answer.status_code == 200
    assert answer.content == scene.office.house.store.get(row.document_key)
    assert answer.headers["content-disposition"] == 'attachment; filename="exhibit.pdf"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    with scene.office.house.records.reading(scene.office.hub_id) as session:
        noted = session.exec(select(AuditEvent).where(AuditEvent.subject_id == row.id)).all()
    assert [event.action for event in noted] == ["took an exhibit"]


def test_a_file_that_is_gone_says_so(scene: Scene) -> None:
    scene.send(("a.pdf", uploads.pdf()))
    (row,) = scene.rows()
    scene.office.house.store.delete(row.document_key)

    assert scene.browser.get(f"{scene.url}/{row.id}/file").status_code == 410


def test_a_store_that_is_away_loses_nothing_and_says_whom_to_tell(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise StoreAway("does not answer. Try again in a moment.")

    monkeypatch.setattr(FolderStore, "put", away)

    answer = scene.send(("a.pdf", uploads.pdf()))

    assert answer.status_code == 503
    assert "homeward doctor" in said(answer)
    assert scene.titles() == []


def test_a_packet_that_was_filed_is_shown_and_not_changed(scene: Scene) -> None:
    rows = three(scene)
    once = scene.once()
    scene.end()

    page = scene.browser.words(scene.url)
    assert "Diploma" in page
    assert "Add files" not in page
    assert scene.send(("x.pdf", uploads.pdf(text="x")), once=once).status_code == 409
    assert scene.browser.post(f"{scene.url}/{rows[0].id}/remove").status_code == 409
    assert scene.titles() == ["Diploma", "Lease", "Pay stub"]


def test_exhibits_that_no_court_would_take_are_pointed_out(scene: Scene) -> None:
    records, hub_id = scene.office.house.records, scene.office.hub_id
    three(scene)
    with records.reading(hub_id) as session:
        case = session.get_one(Case, scene.case_id)
    hearing = a_hearing(records, case, "2026-12-29 09:00", NOW)
    with records.writing(hub_id) as session:
        new = NewCourt("Cook County", "America/Chicago", filing_limit_mb=15)
        known = session.get_one(Hearing, hearing.id)
        known.court_id = add_court(session, new).id
        session.add(known)
    assert "takes filings" not in scene.browser.words(scene.url)
    with records.writing(hub_id) as session:
        for row in list_exhibits(session, scene.packet_id):
            row.size = 6_000_000
            session.add(row)

    assert "The court takes filings of up to 15 MB" in scene.browser.words(scene.url)


@pytest.mark.parametrize("part", ["", "/move", "/remove", "/restore", "/file"])
def test_another_packets_exhibit_is_not_found_here(
    scene: Scene, office: Office, rosa: Browser, part: str
) -> None:
    other = Scene(office, rosa)
    other.send(("a.pdf", uploads.pdf()))
    (row,) = other.rows()
    address = f"{scene.url}/{row.id}{part}"

    answer = rosa.get(address) if part in ("", "/file") else rosa.post(address)

    assert answer.status_code == 404
    assert other.titles() == ["A"]


def test_whoever_may_see_no_case_sees_no_exhibit(scene: Scene, office: Office) -> None:
    admin = office.staff(Role.HUB_ADMIN)

    assert admin.get(scene.url).status_code == 403


def test_a_form_from_elsewhere_adds_nothing(scene: Scene) -> None:
    answer = scene.browser.http.post(
        scene.url,
        data={"once": "x"},
        files=[("files", ("a.pdf", uploads.pdf()))],
        headers={"Sec-Fetch-Site": "cross-site"},
    )

    assert answer.status_code == 403
    assert scene.titles() == []


def test_more_files_than_a_form_takes_are_refused_whole(scene: Scene) -> None:
    files: Sequence[File] = [(f"{n}.pdf", b"%PDF-") for n in range(21)]

    answer = scene.send(*files)

    assert answer.status_code == 413
    assert "Nothing was saved" in said(answer)
