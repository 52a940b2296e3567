"""A document that somebody adds to a packet: checked, cleaned, stored, and given a name."""

import re
from typing import Final

from activities.documents.exhibits import JPEG, check_upload
from activities.documents.store import DocumentStore
from domain.letters import tidy_line
from domain.vocabulary import ExhibitKind
from records.exhibits import MOST_TITLE, NewExhibit

MOST_FILE_NAME: Final = 200
_NAMELESS = re.compile(
    r"img|dsc[nf]?|pxl|mvimg|whatsapp image|imagen|image|photo|picture|foto|screenshot|scanned|scan"
    r"|document|doc|file|received|untitled|\bat\b|\b[ap]m\b|[\d\W_]",
    re.IGNORECASE,
)
"""What cameras, scanners and messengers call everything, with numbers and the time of day."""


def take_exhibit(store: DocumentStore, file_name: str, content: bytes) -> NewExhibit:
    """Check a file and store it, with its pages where they are known. Blocks: call it from a
    thread, and outside of a transaction.

    Args:
        file_name: as it was called on the sender's device; its ending means nothing.
        content: the whole file.

    Raises:
        UploadRefused: it cannot be used; says why and what to do.
        StoreError: it could not be stored.
    """
    checked = check_upload(content)
    stored = store.put(checked.content)
    pages = stored if checked.pdf is checked.content else None
    if pages is None and checked.pdf is not None:
        pages = store.put(checked.pdf)
    is_picture = checked.media_type == JPEG
    return NewExhibit(
        title=title_of(file_name) or ("Photograph" if is_picture else "Document"),
        document_key=stored.key,
        sha256=stored.sha256,
        size=stored.size,
        media_type=checked.media_type,
        kind=ExhibitKind.PHOTOGRAPH if is_picture else ExhibitKind.OTHER,
        file_name=_base_name(file_name)[:MOST_FILE_NAME],
        pdf_key=pages.key if pages else "",
        pages=checked.pages or 0,
        notes="\n".join(checked.notes),
    )


def title_of(file_name: str) -> str:
    """What a file's name says of it, "" for what a camera or a scanner calls everything."""
    stem = _base_name(file_name)
    if re.search(r"\.[A-Za-z0-9]{1,5}$", stem):
        stem = stem.rpartition(".")[0]
    words = tidy_line(re.sub(r"[_+]+|(?<=\w)-(?=\w)", " ", stem))[:MOST_TITLE].strip()
    if not _NAMELESS.sub("", words):
        return ""
    return words[:1].upper() + words[1:]


def _base_name(file_name: str) -> str:
    # Some browsers send the whole path.
    return tidy_line(file_name.replace("\\", "/").rpartition("/")[2])
