"""Pages of Word templates: upload, know what it lacks, see it filled, use it, go back."""

import re
import shutil

import pytest
from httpx import Response

from activities.documents import preflight
from activities.packet_inputs import template_in_use
from api.pages.template_pages import DONE
from domain.vocabulary import Role
from records.packets import PacketContent, get_packet, request_packet
from tests.activities.documents.words import all_text, docx_of
from tests.api.pages.office import NOW, OWN, Browser, Office, said
from tests.houses import ROSA, a_case

OURS = docx_of("Our own look: {{ person.name }}", "{{ ask }}{% if draft %}DRAFT{% endif %}")


@pytest.fixture
def pat(office: Office) -> Browser:
    """Pat, who supervises."""
    return office.staff(Role.SUPERVISOR, name="pat")


def sent(
    browser: Browser, content: bytes = OURS, kind: str = "release", note: str = ""
) -> Response:
    """The upload form of a kind, sent."""
    answer: Response = browser.http.post(
        f"/templates/{kind}",
        data={"note": note},
        files={"file": ("ours.docx", content)},
        headers=OWN,
    )
    return answer


def kept(browser: Browser, kind: str = "release", note: str = "") -> str:
    """The page of a version that was kept."""
    location: str = sent(browser, kind=kind, note=note).headers["location"]
    return location.partition("?")[0]


def test_every_kind_is_listed_with_what_it_is_filled_into(pat: Browser) -> None:
    page = pat.words("/templates")

    for title in ("Release packet", "Social biography", "Sentencing mitigation packet"):
        assert f"{title} Homeward’s own" in page


def test_a_template_is_kept_looked_at_used_and_left(office: Office, pat: Browser) -> None:
    packet = a_packet(office)
    page = kept(pat, note="Our new letterhead.")
    shown = pat.words(f"{page}?done=kept")
    assert DONE["kept"] in shown
    assert "Release packet, version 1 Our new letterhead." in shown
    assert "would be left out: Ties to the community" in shown
    assert "One packet in the making will be built anew" in shown
    before = revision(office, packet)

    answer = pat.post(f"{page}/use")
    assert answer.headers["location"] == "/templates/release?done=used"
    assert revision(office, packet) == before + 1
    with office.house.records.reading(office.hub_id) as session:
        assert template_in_use(session, "release").version.startswith("own-1-")
    shown = pat.words("/templates/release?done=used")
    assert "Your version 1: Our new letterhead." in shown
    assert "This version is in use." in pat.words(page)

    assert pat.post("/templates/release/homeward").status_code == 303
    assert revision(office, packet) == before + 2
    assert "Homeward’s own." in pat.words("/templates/release?done=back")
    assert office.audit() == [
        *("uploaded a template", "uses a template", "went back to Homeward's template")
    ]


def a_packet(office: Office) -> str:
    case = a_case(office.house.records, NOW)
    with office.house.records.writing(office.hub_id) as session:
        return request_packet(session, case.id, "release", PacketContent(), ROSA, NOW).id


def revision(office: Office, packet_id: str) -> int:
    with office.house.records.reading(office.hub_id) as session:
        return get_packet(session, packet_id).revision


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\xd0\xcf\x11\xe0 old", "old .doc file"),
        (docx_of("{{ person.nmae }}"), "'person.nmae', which this kind of packet does not have"),
        (docx_of("{{ ask.upper() }}"), "the call 'upper()'"),
    ],
)
def test_what_cannot_be_used_is_not_kept_and_the_page_says_why(
    pat: Browser, content: bytes, why: str
) -> None:
    answer = sent(pat, content, note="Ours & theirs")

    assert answer.status_code == 422
    assert "It was not kept." in said(answer)
    assert why in said(answer)
    assert 'value="Ours &amp; theirs"' in answer.text
    assert "None yet." in said(answer)


def test_without_a_file_the_page_asks_for_one(pat: Browser) -> None:
    answer = pat.post("/templates/release", {"note": "x"})

    assert answer.status_code == 422
    assert "Choose a Word file" in said(answer)


@pytest.mark.parametrize("which", ["homeward", "own"])
def test_files_are_taken_as_attachments_under_plain_names(pat: Browser, which: str) -> None:
    version = "homeward" if which == "homeward" else kept(pat).rpartition("/")[2]
    name = "release-template" if which == "homeward" else "release-template-v1"

    file = pat.get(f"/templates/release/{version}/file")
    assert file.headers["content-disposition"] == f'attachment; filename="{name}.docx"'
    assert file.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert "{{ person.name }}" in all_text(file.content)
    filled = pat.get(f"/templates/release/{version}/preview.docx")
    assert filled.headers["content-disposition"] == f'attachment; filename="{name}-preview.docx"'
    assert "Marcus Johnson" in all_text(filled.content)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_the_preview_is_a_pdf_where_libreoffice_is(pat: Browser) -> None:
    assert preflight(pat.get("/templates/progress/homeward/preview.pdf").content).pages > 1


def test_without_libreoffice_the_page_says_what_to_install(
    pat: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOMEWARD_SOFFICE", "/nowhere/soffice")

    answer = pat.get("/templates/release/homeward/preview.pdf")

    assert answer.status_code == 503
    assert "apt-get install libreoffice-writer-nogui" in said(answer)


def test_a_version_belongs_to_its_kind_and_its_hub(office: Office, pat: Browser) -> None:
    version = kept(pat).rpartition("/")[2]
    stranger = office.staff(Role.SUPERVISOR, hub_id=office.other_hub(), name="sam")

    assert pat.get(f"/templates/progress/{version}").status_code == 404
    assert pat.post(f"/templates/progress/{version}/use").status_code == 404
    assert pat.get("/templates/nonsense").status_code == 404
    for address in (version, f"{version}/file", f"{version}/preview.docx"):
        assert stranger.get(f"/templates/release/{address}").status_code == 404
    assert stranger.post(f"/templates/release/{version}/use").status_code == 404


@pytest.mark.parametrize("role", [Role.ADVOCATE, Role.COUNSEL])
def test_others_keep_no_templates_and_see_no_way_to_them(office: Office, role: Role) -> None:
    browser = office.staff(role, name="lee")

    assert browser.get("/templates").status_code == 403
    assert sent(browser).status_code == 403
    assert "/templates" not in browser.get("/templates").text


def test_a_form_of_another_site_changes_nothing(office: Office, pat: Browser) -> None:
    page = kept(pat)

    answer = pat.post(f"{page}/use", headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
    with office.house.records.reading(office.hub_id) as session:
        assert template_in_use(session, "release").document_key == ""


def test_the_page_tells_what_may_stand_in_a_template(pat: Browser) -> None:
    page = pat.words("/templates/sentencing")

    for name in ("{{ person.name }}", "sections.corrections", "{%p for letter in letters %}"):
        assert name in page
    assert not re.search("sections.ties", page)
