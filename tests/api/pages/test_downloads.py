"""Downloads: a ticket for one person, one file, five minutes; every file is noted."""

import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.pages.tickets import BadTicket, Thing, dump, load, ticket_for
from api.version_files import Make, OneFile, attachment, piece_name, version_name
from domain.vocabulary import Role
from records.tables import PacketVersion
from tests.api.pages.office import NOW, Browser, Office, said
from tests.api.pages.packets import (
    Scene,
    a_letter,
    a_packet,
    an_exhibit,
    inside,
    pass_time,
)

PLAIN = re.compile(r'attachment; filename="[a-z0-9-]+\.(docx|pdf|zip|jpg|png|bin)"')


@pytest.fixture
def scene(office: Office) -> Scene:
    """A packet with one version."""
    scene = a_packet(office)
    scene.build()
    return scene


@pytest.fixture
def ana(scene: Scene) -> Browser:
    """Counsel, inside."""
    return inside(scene.office, scene.counsel_path())


def version(scene: Scene) -> PacketVersion:
    """The newest one."""
    return scene.newest()


def ticket(browser: Browser, page: str, what: str) -> str:
    """The address that a button leads to."""
    answer = browser.post(f"{page}/take", {"take": what})
    assert answer.status_code == 303, said(answer)
    address: str = answer.headers["location"]
    assert address.startswith("/download/")
    return address


def pressed(scene: Scene, browser: Browser, make: str = "pdf", page: str = "") -> str:
    return ticket(browser, page or scene.counsel_path(), f"version {version(scene).id} {make}")


@pytest.mark.parametrize(
    ("make", "name", "media_type"),
    [
        ("docx", "release-packet-v1.docx", "wordprocessingml.document"),
        ("pdf", "release-packet-v1.pdf", "application/pdf"),
        ("exhibits", "release-packet-v1-exhibits.zip", "application/zip"),
    ],
)
def test_counsel_takes_each_file_of_a_version(
    scene: Scene, ana: Browser, make: str, name: str, media_type: str
) -> None:
    answer = ana.get(pressed(scene, ana, make))
    row = version(scene)
    content = f"{make} 1 of {scene.packet_id}".encode()
    assert answer.content == content
    headers = answer.headers
    assert headers["content-disposition"] == f'attachment; filename="{name}"'
    assert headers["content-type"].endswith(media_type)
    assert headers["content-length"] == str(len(content))
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"
    digest = base64.b64encode(bytes.fromhex(getattr(row, f"{make}_sha256"))).decode()
    assert headers["repr-digest"] == f"sha-256=:{digest}:"
    [(actor, action, of)] = scene.taken()
    assert actor.startswith("counsel:")
    assert (action, of) == (f"took a packet as {make}", row.id)


def test_the_button_alone_and_head_are_no_download(scene: Scene, ana: Browser) -> None:
    address = pressed(scene, ana)
    head = ana.http.head(address)
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["content-length"] == str(version(scene).pdf_size)
    assert scene.taken() == []
    for expected in (1, 2):
        assert ana.get(address).status_code == 200
        assert len(scene.taken()) == expected


def test_nothing_leaves_that_could_not_be_noted(
    scene: Scene, ana: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = pressed(scene, ana)

    def broken(*_: object) -> None:
        raise RuntimeError("no audit")

    monkeypatch.setattr("api.pages.downloading._note", broken)
    answer = ana.get(address)
    assert answer.status_code == 500
    assert b"pdf 1 of" not in answer.content


def test_a_ticket_lasts_five_minutes_and_says_how_to_get_another(
    scene: Scene, ana: Browser
) -> None:
    address = pressed(scene, ana)
    pass_time(scene.office, minutes=4, seconds=59)
    assert ana.get(address).status_code == 200
    pass_time(scene.office, seconds=1)
    answer = ana.get(address)
    assert answer.status_code == 410
    assert "press the button again" in said(answer)
    assert len(scene.taken()) == 1
    assert ana.get(pressed(scene, ana)).status_code == 200


def test_a_ticket_is_of_no_use_to_anybody_else(scene: Scene, ana: Browser) -> None:
    address = pressed(scene, ana)
    other = a_packet(scene.office, phone="+13055550120")
    other.build()
    strangers = [
        scene.office.browser(),
        scene.office.staff(),
        inside(scene.office, scene.participant_path()),
        inside(scene.office, other.counsel_path()),
    ]
    for stranger in strangers:
        answer = stranger.get(address)
        assert answer.status_code == 403
        assert "belongs to another visit" in said(answer)
    assert scene.taken() == []


def test_the_cookie_of_another_ticket_does_not_open_this_one(scene: Scene, ana: Browser) -> None:
    other = a_packet(scene.office, phone="+13055550120")
    other.build()
    ben = inside(scene.office, other.counsel_path())
    ticket(ben, other.counsel_path(), f"version {version(other).id} pdf")
    mark = next(c.value for c in ben.http.cookies.jar if c.name == "taking")
    answer = ben.http.get(pressed(scene, ana), headers={"Cookie": f"taking={mark}"})
    assert answer.status_code == 403


def test_a_revoked_link_ends_its_tickets(scene: Scene, ana: Browser, office: Office) -> None:
    address = pressed(scene, ana)
    answer = office.staff().post(f"{scene.url}/link")
    assert answer.headers["location"] == f"{scene.url}?done=link"
    assert ana.get(address).status_code == 403
    assert scene.taken() == []


def test_a_ticket_that_was_altered_opens_nothing(scene: Scene, ana: Browser) -> None:
    address = pressed(scene, ana)
    for changed in (
        address.replace(".pdf.", ".docx."),
        address[:-1] + ("0" if address[-1] != "0" else "1"),
        "/download/x",
        "/download/....",
        "/download/%C3%A9",
    ):
        answer = ana.get(changed)
        assert answer.status_code == 404
        assert "no such download" in said(answer)
    assert scene.taken() == []


def test_a_file_that_was_built_anew_needs_a_new_ticket(scene: Scene, ana: Browser) -> None:
    address = pressed(scene, ana)
    with scene.office.house.records.writing(scene.office.hub_id) as session:
        row = session.get_one(PacketVersion, version(scene).id)
        row.pdf_key = scene.office.house.store.put(b"another").key
        session.add(row)
    answer = ana.get(address)
    assert answer.status_code == 410
    assert "has been replaced" in said(answer)


def test_the_hub_takes_the_same_way(scene: Scene, rosa: Browser) -> None:
    address = pressed(scene, rosa, "docx", scene.url)
    assert rosa.get(address).content == f"docx 1 of {scene.packet_id}".encode()
    [(actor, action, _)] = scene.taken()
    assert not actor.startswith("counsel")
    assert action == "took a packet as docx"
    colleague = scene.office.staff(Role.SUPERVISOR, name="sam")
    assert colleague.get(address).status_code == 403
    rosa.post("/sign-out")
    assert rosa.get(address).status_code == 403
    assert len(scene.taken()) == 1


def test_the_old_address_of_a_version_leads_to_a_ticket(scene: Scene, rosa: Browser) -> None:
    old = f"/cases/{scene.case_id}/packets/{version(scene).id}/pdf"
    answer = rosa.get(rosa.get(old).headers["location"])
    assert answer.content == f"pdf 1 of {scene.packet_id}".encode()
    other = a_packet(scene.office, phone="+13055550120")
    wrong = f"/cases/{other.case_id}/packets/{version(scene).id}/pdf"
    assert rosa.get(wrong).status_code == 404
    stranger = scene.office.staff(hub_id=scene.office.other_hub())
    assert stranger.get(old).status_code == 404


def test_a_file_that_is_gone_is_told_as_gone(scene: Scene, ana: Browser, rosa: Browser) -> None:
    for browser, page in ((ana, scene.counsel_path()), (rosa, scene.url)):
        address = pressed(scene, browser, "pdf", page)
        scene.office.house.store.delete(version(scene).pdf_key)
        answer = browser.get(address)
        assert answer.status_code == 410
    assert scene.taken() == []


def test_single_letters_and_exhibits_leave_without_the_name_that_they_came_with(
    scene: Scene, ana: Browser
) -> None:
    evil = 'mother of Marcus"\r\nX-Evil: yes; ../../etc/passwd.html'
    exhibit = an_exhibit(scene, title=evil, file_name=evil)
    answer = ana.get(ticket(ana, scene.counsel_path(), f"exhibit {exhibit.id} uploaded"))
    assert answer.headers["content-disposition"] == 'attachment; filename="exhibit-a.pdf"'
    assert "x-evil" not in answer.headers
    assert answer.content == f"exhibit {evil}".encode()
    letter = a_letter(scene)
    asked = ana.post(f"{scene.counsel_path()}/take", {"take": f"letter {letter.id} uploaded"})
    assert asked.status_code == 404, "it was written here; there is no upload"
    assert [action for _, action, _ in scene.taken()] == ["took an exhibit"]


@pytest.mark.parametrize("take", ["", "version", "version x", "staff 1 pdf", "version {id} exe"])
def test_what_no_button_asks_for_is_not_found(scene: Scene, ana: Browser, take: str) -> None:
    sent = {"take": take.format(id=version(scene).id)}
    assert ana.post(f"{scene.counsel_path()}/take", sent).status_code == 404


def test_the_participant_takes_the_pdf_only_while_it_holds_nobody_elses_letter(
    scene: Scene,
) -> None:
    path = scene.participant_path()
    marcus = inside(scene.office, path)
    assert marcus.get(pressed(scene, marcus, "pdf", path)).status_code == 200
    for make in ("docx", "exhibits"):
        sent = marcus.post(f"{path}/take", {"take": f"version {version(scene).id} {make}"})
        assert sent.headers["location"] == path
    a_letter(scene)
    scene.build()
    sent = marcus.post(f"{path}/take", {"take": f"version {version(scene).id} pdf"})
    assert sent.headers["location"] == path
    assert len(scene.taken()) == 1


@given(st.text(), st.integers(), st.sampled_from(Make))
def test_no_kind_whatever_it_is_called_gets_into_a_header(
    kind: str, number: int, make: Make
) -> None:
    name = version_name(kind, abs(number), make)
    _attached(name)
    _attached(piece_name(kind, kind, kind))


def _attached(name: str) -> None:
    file = OneFile("k", "", 0, "text/html", name)
    answer = attachment(file, b"<script>")
    assert PLAIN.fullmatch(answer.headers["content-disposition"]), name
    assert answer.headers["content-type"] == "application/octet-stream"


@given(st.text(max_size=300))
def test_no_made_up_text_is_a_ticket(office_keys: None, text: str) -> None:
    with pytest.raises(BadTicket):
        load(text)


@pytest.fixture(scope="module")
def office_keys(opened: Office) -> None:
    """The keys of an installation."""
    opened.empty()


def test_a_ticket_survives_its_address(office_keys: None) -> None:
    made = ticket_for(Thing.VERSION, "a" * 32, "pdf", "link-1", "key", NOW)
    assert load(dump(made)) == made
    assert made.link_id == "1"
