"""Builds the consent form: `python -m templates.consents.build`.

The placeholders are those of `activities.consent_forms`; the looks are those of the packets.
"""

from __future__ import annotations

import io
from typing import Any

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Inches, Pt

from activities.documents.docx_package import repack
from templates.consents import consent_template
from templates.packets import typesetting as set_

_WIDE = 4.3
"""Inches of the wider line of two."""
_ROOM = 4
"""Points above a line, for a hand to write in."""


def built() -> bytes:
    """The form as a .docx: the same bytes whenever the script is the same."""
    document = set_.new_document()
    core = document.core_properties
    core.title, core.author = "{{ title }}", "{{ hub }}"
    _margins(document)
    set_.style(document, "Title", size=21, bold=True, color=set_.ACCENT, after=4, next_too=True)
    document.add_paragraph("{{ title }}", "Title")
    document.add_paragraph("{{ intro }}")
    _parts(document)
    document.add_heading("{{ know }}", 1)
    set_.tag(document, "for statement in statements")
    document.add_paragraph("{{ statement }}", "List Bullet")
    set_.tag(document, "endfor")
    document.add_heading("{{ sign.title }}", 1)
    _signature(document, ("sign.sign", "sign.date"), ("sign.name", ""))
    document.add_paragraph("{{ sign.guardian }}", "Heading 2")
    _signature(document, ("sign.sign", "sign.date"), ("sign.name", "sign.authority"))
    packed = io.BytesIO()
    document.save(packed)
    return repack(packed.getvalue())


def _margins(document: Any) -> None:
    section = document.sections[0]
    section.different_first_page_header_footer = False
    section.top_margin, section.bottom_margin = Inches(0.8), Inches(0.7)
    section.header.paragraphs[0].text = "{{ hub }}{% if phone %} · {{ phone }}{% endif %}"
    section.header.paragraphs[0].style = "Letterhead"
    section.header.add_paragraph(style="Rule")
    foot = section.footer.paragraphs[0]
    set_.page_numbers(
        foot, "{{ sign.number }} {{ number }}{% if notice %} · {{ notice }}{% endif %}"
    )


def _parts(document: Any) -> None:
    table = set_.table(document, (1.7, set_.TEXT_WIDTH - 1.7))
    set_.row_tag(table, "for part in parts")
    filled = set_.row(table, ("{{ part.heading }}", "{{ part.text }}"))
    filled.cells[0].paragraphs[0].style = "Label"
    set_.row_tag(table, "endfor")


def _signature(document: Any, *lines: tuple[str, str]) -> None:
    """Lines to write on, each with its label below; they stay on one page with their heading."""
    table = set_.table(document, (_WIDE, set_.TEXT_WIDTH - _WIDE), lines=False)
    for pair in lines:
        room = set_.row(table, ("", ""))
        labels = set_.row(table, tuple(f"{{{{ {name} }}}}" if name else "" for name in pair))
        for cell, name in zip(room.cells, pair, strict=True):
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_before = Pt(_ROOM)
            paragraph.paragraph_format.keep_with_next = True
            if name:
                _underline(cell)
        for cell in labels.cells:
            cell.paragraphs[0].style = "Small"
            cell.paragraphs[0].paragraph_format.keep_with_next = pair != lines[-1]


def _underline(cell: Any) -> None:
    rule = f'<w:bottom w:val="single" w:sz="6" w:space="0" w:color="{set_.GREY}"/>'
    borders = f"<w:tcBorders {nsdecls('w')}>{rule}</w:tcBorders>"
    cell._tc.get_or_add_tcPr().append(parse_xml(borders))


def main() -> None:
    """Write the template beside this script."""
    consent_template().write_bytes(built())


if __name__ == "__main__":
    main()
