"""What a file's name says of the document, and what it does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.exhibit_uploads import title_of
from records.exhibits import MOST_TITLE


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("certificate_of-completion.pdf", "Certificate of completion"),
        ("C:\\Users\\Rosa\\lease 2026.PDF", "Lease 2026"),
        ("/home/rosa/Pay+stub.jpeg", "Pay stub"),
        ("GED.pdf", "GED"),
        ("a.pdf", "A"),
        ("Scan of the lease.pdf", "Scan of the lease"),
        ("carta de la iglesia.docx", "Carta de la iglesia"),
        ("no ending", "No ending"),
        ("Dr. Lee's letter", "Dr. Lee's letter"),
        ("IMG_2041.HEIC", ""),
        ("PXL_20261102_143307.jpg", ""),
        ("DSC00012.JPG", ""),
        ("WhatsApp Image 2026-11-02 at 14.33.07.jpeg", ""),
        ("Screenshot 2026-11-02 at 2.33.07 PM.png", ""),
        ("scan0001.pdf", ""),
        ("Document (3).docx", ""),
        ("20261102_143307.jpg", ""),
        ("...pdf", ""),
        ("", ""),
    ],
)
def test_a_title_is_what_a_person_wrote(name: str, title: str) -> None:
    assert title_of(name) == title


@given(st.text(max_size=400))
def test_any_name_gives_one_short_line(name: str) -> None:
    title = title_of(name)

    assert len(title) <= MOST_TITLE
    assert not set(title) & set("\n\r\t\x00\u202e")
    assert title == title.strip()
