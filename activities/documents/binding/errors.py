"""What can go wrong while binding. The tree's root is in `activities.documents.errors`."""

from __future__ import annotations

from activities.documents.errors import DocumentError


class PartUnreadable(DocumentError):
    """A part is not a PDF with pages, asks for a password, or is broken. `where` names it by its
    place ("Exhibit B"), never by its title."""

    def __init__(self, where: str) -> None:
        self.where = where
        super().__init__(
            f"{where} cannot be bound: it is not a PDF that can be read without a password. "
            "Open it, print it to a new PDF, upload that one and build the packet again."
        )
