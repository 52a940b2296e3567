"""Word templates: which one each kind of packet is filled into, and a hub's own versions."""

import asyncio
from typing import Literal

from fastapi import APIRouter
from starlette.responses import Response

from activities.documents.errors import ConversionError, StoreError, TemplateRefused
from activities.documents.exhibits import DOCX, PDF
from activities.hub_templates import (
    check_again,
    homewards_template,
    own_template,
    preview_docx,
    preview_pdf,
    take_template,
    template_bytes,
)
from activities.packet_inputs import TemplateRef
from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.problems import FileGone, PageProblem
from api.pages.session import SignedIn, Visit
from api.pages.template_view import (
    LISTS,
    PLACES,
    KindView,
    kind_view,
    section_names,
)
from api.pages.uploads import Uploaded
from domain.vocabulary import PacketKind
from records.casework import NotFound
from records.packet_templates import (
    add_template,
    get_template,
    use_homewards,
    use_template,
)
from records.tables import PacketTemplate

router = APIRouter(route_class=PageRoute, prefix="/templates")

OWN = "homeward"
"""In addresses, in the place of a version: Homeward's own template."""
DONE = {
    "used": "It is in use. Open packets of this kind are being built anew.",
    "back": "Homeward’s own template is in use again. Your versions are kept.",
    "kept": "Checked and kept. It changes nothing until you use it.",
}


class NoPreview(PageProblem):
    """No PDF can be made here; `text` says what to install or to do."""

    status = 503
    title = "There is no PDF to show"
    link = ("/templates", "Go to the templates")

    def __init__(self, why: Exception) -> None:
        super().__init__()
        self.text = str(why)


@router.get("")
def show_kinds(visit: SignedIn) -> Response:
    """Every kind of packet, and what it is filled into."""
    with visit.reading() as session:
        kinds = [kind_view(session, visit, kind) for kind in PacketKind]
    return visit.desk.page("templates.html", {"visit": visit, "kinds": kinds})


@router.get("/{kind}")
def show_kind(visit: SignedIn, kind: PacketKind, done: str = "") -> Response:
    """One kind: the template in use, the hub's own versions, and the form for another."""
    return _kind_page(visit, kind, Form(), done)


@router.post("/{kind}")
def upload(visit: SignedIn, kind: PacketKind, sent: Uploaded) -> Response:
    """Check a template and keep it as the newest version; it is used only when somebody says so."""
    form = sent.form
    note = form.line("note")
    if not sent.files:
        form.refuse("file", "Choose a Word file (.docx) first.")
    if not form.ok:
        return _kind_page(visit, kind, form)
    try:
        new, _ = take_template(visit.desk.store, kind, sent.files[0].content, note)
    except TemplateRefused as error:
        form.refuse("file", f"It was not kept. {error}")
        return _kind_page(visit, kind, form)
    with visit.writing() as session:
        row = add_template(session, new, visit.source, visit.now)
        visit.note(session, "uploaded a template", "packet_template", row.id)
    return see_other(f"/templates/{kind}/{row.id}?done=kept")


@router.post("/{kind}/homeward")
def go_back(visit: SignedIn, kind: PacketKind, form: Sent) -> Response:
    """Use Homeward's own again."""
    with visit.writing() as session:
        use_homewards(session, kind, visit.now)
        visit.note(session, "went back to Homeward's template", "packet_kind", kind)
    return see_other(f"/templates/{kind}?done=back")


@router.get("/{kind}/{template_id}")
def show_version(visit: SignedIn, kind: PacketKind, template_id: str, done: str = "") -> Response:
    """One version: what to know before it is used, and how a packet looks in it."""
    with visit.reading() as session:
        row = get_template(session, template_id)
        if row.kind != kind:
            raise NotFound("template")
        view = kind_view(session, visit, kind)
    return _version_page(visit, view, row, done)


@router.post("/{kind}/{template_id}/use")
def use(visit: SignedIn, kind: PacketKind, template_id: str, form: Sent) -> Response:
    """Fill every packet of this kind into this version from now on."""
    with visit.reading() as session:
        row = get_template(session, template_id)
        if row.kind != kind:
            raise NotFound("template")
        view = kind_view(session, visit, kind)
    try:
        check_again(visit.desk.store, own_template(row))
    except TemplateRefused:
        return _version_page(visit, view, row, status=422)
    except StoreError:
        raise FileGone from None
    with visit.writing() as session:
        use_template(session, template_id, visit.now)
        visit.note(session, "uses a template", "packet_template", template_id)
    return see_other(f"/templates/{kind}?done=used")


@router.get("/{kind}/{template_id}/file")
def download(visit: SignedIn, kind: PacketKind, template_id: str) -> Response:
    """The Word file itself, the hub's or Homeward's: where an own one begins."""
    reference, name = _reference(visit, kind, template_id)
    return _file(_content(visit, reference), DOCX, f"{name}.docx")


@router.get("/{kind}/{template_id}/preview.{form}")
async def preview(
    visit: SignedIn, kind: PacketKind, template_id: str, form: Literal["docx", "pdf"]
) -> Response:
    """The template filled with a made-up packet."""
    reference, name = await asyncio.to_thread(_reference, visit, kind, template_id)
    template = await asyncio.to_thread(_content, visit, reference)
    docx = await asyncio.to_thread(preview_docx, kind, template)
    if form == "docx":
        return _file(docx, DOCX, f"{name}-preview.docx")
    settings = visit.desk.settings
    try:
        pdf = await preview_pdf(docx, settings.data / "soffice-web", settings.soffice)
    except ConversionError as error:
        raise NoPreview(error) from None
    return _file(pdf, PDF, f"{name}-preview.pdf")


def _reference(visit: Visit, kind: PacketKind, template_id: str) -> tuple[TemplateRef, str]:
    """A version of the hub's own or Homeward's, and what its file is called."""
    if template_id == OWN:
        return homewards_template(kind), f"{kind}-template"
    with visit.reading() as session:
        row = get_template(session, template_id)
        if row.kind != kind:
            raise NotFound("template")
    return own_template(row), f"{kind}-template-v{row.number}"


def _content(visit: Visit, reference: TemplateRef) -> bytes:
    try:
        return template_bytes(visit.desk.store, reference)
    except StoreError:
        raise FileGone from None


def _file(content: bytes, media_type: str, name: str) -> Response:
    return Response(
        content,
        media_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )


def _version_page(
    visit: Visit, kind: KindView, row: PacketTemplate, done: str = "", *, status: int = 200
) -> Response:
    notes: tuple[str, ...] = ()
    refused = ""
    try:
        notes = check_again(visit.desk.store, own_template(row))
    except TemplateRefused as error:
        refused = str(error)
    except StoreError:
        raise FileGone from None
    values = {
        "visit": visit,
        "kind": kind,
        "version": next(version for version in kind.versions if version.id == row.id),
        "notes": notes,
        "refused": refused,
        "done": DONE.get(done, ""),
    }
    return visit.desk.page("template_version.html", values, status=status)


def _kind_page(visit: Visit, kind: PacketKind, form: Form, done: str = "") -> Response:
    with visit.reading() as session:
        view = kind_view(session, visit, kind)
    values = {
        "visit": visit,
        "form": form,
        "kind": view,
        "sections": section_names(kind),
        "places": PLACES,
        "lists": LISTS,
        "done": DONE.get(done, ""),
    }
    return visit.desk.page("template_kind.html", values, status=200 if form.ok else 422)
