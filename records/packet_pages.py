"""The pages that were made of an uploaded exhibit or letter, noted so that they are made once."""

from records.database import HubSession
from records.tables import Exhibit, Letter


def note_pages(
    session: HubSession,
    table: type[Exhibit] | type[Letter],
    row_id: str,
    document_key: str,
    pdf_key: str,
    pages: int,
) -> None:
    """Note the pages of a document, unless another one has taken its place meanwhile.

    Args:
        document_key: of the document that they were made from.
        pdf_key: where they are in the store.
    """
    row: Exhibit | Letter | None = (
        session.get(Exhibit, row_id) if table is Exhibit else session.get(Letter, row_id)
    )
    if row is not None and row.document_key == document_key:
        row.pdf_key, row.pages = pdf_key, pages
        session.add(row)
