"""A hub's own Word templates: checked and stored, previewed, and handed out as a starting point."""

from pathlib import Path

from activities.documents.docx_rendering import render_docx
from activities.documents.errors import TemplateError, TemplateRefused
from activities.documents.packet_context import packet_context
from activities.documents.packet_examples import complete_packet
from activities.documents.pdf_conversion import convert_to_pdf
from activities.documents.store import DocumentStore
from activities.documents.template_apart import judge_template
from activities.documents.template_judging import Judged, judge_here
from activities.packet_inputs import TemplateRef, built_in_template
from records.packet_templates import NewTemplate, check_kind
from records.tables import PacketTemplate

PREVIEW_SECONDS = 60.0
"""A person waits for a preview; the build of a real packet may take longer."""


def own_template(row: PacketTemplate) -> TemplateRef:
    """One of the hub's own, as packets refer to it."""
    return TemplateRef(row.kind, f"own-{row.number}-{row.sha256[:12]}", row.document_key)


def homewards_template(kind: str) -> TemplateRef:
    """The one that comes with Homeward.

    Raises:
        NoSuchKind: there is no such kind.
    """
    return TemplateRef(kind, built_in_template(kind)[1])


def take_template(
    store: DocumentStore, kind: str, content: bytes, note: str = ""
) -> tuple[NewTemplate, Judged]:
    """Check a template and store it. Blocks: call it from a thread, outside of a transaction.

    Raises:
        NoSuchTemplateKind: there is no such kind.
        TemplateRefused: it cannot be used; says why and what to do. Nothing was stored.
        StoreError: it could not be stored.
    """
    check_kind(kind)
    judged = judge_template(kind, content)
    stored = store.put(content)
    return NewTemplate(kind, stored.key, stored.sha256, stored.size, note), judged


def template_bytes(store: DocumentStore, template: TemplateRef) -> bytes:
    """The Word file of a template, the hub's or Homeward's.

    Raises:
        StoreError: it cannot be read.
        NoSuchKind: there is no such template.
    """
    if template.document_key:
        return store.get(template.document_key)
    return built_in_template(template.kind)[0]


def check_again(store: DocumentStore, template: TemplateRef) -> tuple[str, ...]:
    """What to know before a kept template is used. Homeward may have changed since it was checked.
    Blocks for a moment.

    Raises:
        TemplateRefused: it cannot be used any more; says why and what to do.
        StoreError: it cannot be read.
    """
    try:
        return judge_here(template.kind, template_bytes(store, template)).notes
    except TemplateError as error:
        raise TemplateRefused(str(error)) from error


def preview_docx(kind: str, template: bytes) -> bytes:
    """A checked template filled with a made-up packet. Blocks for a moment.

    Raises:
        TemplateError: it cannot be used after all.
    """
    return render_docx(template, packet_context(complete_packet(kind)))


async def preview_pdf(docx: bytes, profile_dir: Path, soffice: str = "") -> bytes:
    """The same as a PDF.

    Args:
        profile_dir: LibreOffice's, of this process alone.
        soffice: where LibreOffice is; "" to look for it.

    Raises:
        ConversionError: says what to install or to do; the Word file is there all the same.
    """
    return await convert_to_pdf(
        docx, profile_dir=profile_dir, timeout_s=PREVIEW_SECONDS, converter=soffice or None
    )
