"""A letter that somebody sends as files: checked, joined to one document, and stored."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import pikepdf

from activities.documents.errors import UploadRefused
from activities.documents.exhibits import MOST_BYTES, PDF, CheckedUpload, check_upload
from activities.documents.store import DocumentStore
from domain.letters import MOST_NAME, Attached, tidy_line

MOST_FILES = 12
"""Files of one letter: photographs of its pages."""


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as it was sent: `name` as it was called on the sender's device."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class TakenLetter:
    """A stored letter, and what its check noted in English."""

    document: Attached
    notes: tuple[str, ...] = ()


def take_letter(store: DocumentStore, files: Sequence[SentFile]) -> TakenLetter:
    """Check the files of a letter and store them as one document. Blocks: call it from a thread.

    Several photographs and PDFs become one PDF, in the order in which they were sent.

    Raises:
        UploadRefused: one of them cannot be used (the check's own codes), none was sent ("empty"),
            too many were ("many"), or a Word file came with others ("mixed").
        StoreFull: there is no room; nothing half-written remains.
    """
    if not files:
        raise UploadRefused("empty", "no file was chosen", "Choose the letter, then send it.")
    if len(files) > MOST_FILES:
        raise UploadRefused(
            "many", "too many files were sent at once", f"Send {MOST_FILES} or fewer."
        )
    checked = [check_upload(file.content) for file in files]
    notes = tuple(dict.fromkeys(note for one in checked for note in one.notes))
    whole = checked[0] if len(checked) == 1 else _joined(checked)
    stored = store.put(whole.content)
    pages = stored if whole.pdf == whole.content else store.put(whole.pdf) if whole.pdf else None
    document = Attached(
        key=stored.key,
        name=_name(files),
        media_type=whole.media_type,
        sha256=stored.sha256,
        size=stored.size,
        pdf_key=pages.key if pages else "",
        pages=whole.pages or 0,
    )
    return TakenLetter(document, notes)


def _joined(parts: Sequence[CheckedUpload]) -> CheckedUpload:
    """One PDF of several uploads."""
    joined = pikepdf.new()
    for part in parts:
        if part.pdf is None:
            raise UploadRefused(
                "mixed", "a Word file came together with others", "Send the Word file alone."
            )
        with pikepdf.open(io.BytesIO(part.pdf)) as pages:
            joined.pages.extend(pages.pages)
    out = io.BytesIO()
    joined.save(out, deterministic_id=True)
    content = out.getvalue()
    if len(content) > MOST_BYTES:
        raise UploadRefused(
            "too_large", "together the files are too large", "Send fewer pages, or smaller photos."
        )
    return CheckedUpload(PDF, content, len(joined.pages), content)


def _name(files: Sequence[SentFile]) -> str:
    """What the letter is called: its first file, and how many came with it."""
    # Some browsers send the whole path.
    first = tidy_line(files[0].name.replace("\\", "/").rpartition("/")[2])[: MOST_NAME - 10]
    return f"{first} + {len(files) - 1}" if len(files) > 1 else first
