"""Builds the templates of plan reports: `python -m templates.reports.build`.

The looks are those of the packets; a certificate is a page that a family would frame.
"""

from __future__ import annotations

import io
from typing import Any

from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Inches, Pt

from activities.documents.docx_package import repack
from templates.packets import typesetting as set_
from templates.reports import report_template

_NUMBER = 0.5
"""Inches of the column of numbers."""


def report() -> bytes:
    """The summary, the letter and the memo as one .docx: the same bytes every time."""
    document = _begun()
    _letterhead(document)
    set_.tag(document, "if draft")
    document.add_paragraph("{{ draft }}", "Draft mark")
    set_.tag(document, "endif")
    document.add_paragraph("{{ title }}", "Title")
    table = set_.table(document, (1.3, set_.TEXT_WIDTH - 1.3), lines=False)
    set_.row_tag(table, "for fact in facts")
    filled = set_.row(table, ("{{ fact.label }}", "{{ fact.text }}"))
    filled.cells[0].paragraphs[0].style = "Label"
    set_.row_tag(table, "endfor")
    set_.tag(document, "for words in opening")
    opening = document.add_paragraph("{{ words }}")
    opening.paragraph_format.space_before = Pt(8)
    set_.tag(document, "endfor")
    set_.tag(document, "for part in parts")
    document.add_heading("{{ part.heading }}", 1)
    set_.tag(document, "for line in part.lines")
    bullet = document.add_paragraph("{{ line.text }}", "List Bullet")
    mark = bullet.add_run("{% if line.marks %} {{ line.marks }}{% endif %}")
    mark.font.size, mark.font.superscript = Pt(9), True
    set_.tag(document, "endfor")
    set_.tag(document, "endfor")
    set_.tag(document, "for words in closing")
    document.add_paragraph("{{ words }}").paragraph_format.space_before = Pt(12)
    set_.tag(document, "endfor")
    set_.tag(document, "if notice")
    document.add_paragraph("{{ notice }}", "Small")
    set_.tag(document, "endif")
    _origins(document)
    return _packed(document)


def certificate() -> bytes:
    """The certificate as a .docx: one page across, with a frame, also of a year's plan."""
    document = _begun()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Inches(11), Inches(8.5)
    _framed(section)
    set_.tag(document, "if draft")
    _middle(document.add_paragraph("{{ draft }}", "Draft mark"))
    set_.tag(document, "endif")
    _middle(document.add_paragraph("{{ hub }}", "Letterhead"), before=24)
    _middle(document.add_paragraph("{{ title }}", "Title"), before=12)
    _middle(document.add_paragraph("{{ given_to }}"), before=8)
    name = _middle(document.add_paragraph("{{ who }}", "Title"))
    name.runs[0].font.size = Pt(32)
    set_.tag(document, "for words in opening")
    _middle(document.add_paragraph("{{ words }}")).runs[0].font.size = Pt(13)
    set_.tag(document, "endfor")
    set_.tag(document, "for part in parts")
    set_.tag(document, "for line in part.lines")
    _middle(document.add_paragraph("{{ line.text }}", "Cell"))
    set_.tag(document, "endfor")
    set_.tag(document, "endfor")
    set_.tag(document, "for words in closing")
    _middle(document.add_paragraph("{{ words }}"), before=10)
    set_.tag(document, "endfor")
    set_.tag(document, "if notice")
    _middle(document.add_paragraph("{{ notice }}", "Small"))
    set_.tag(document, "endif")
    _middle(document.add_paragraph("_" * 36), before=20)
    _middle(document.add_paragraph("For {{ hub }}", "Small"))
    foot = section.footer.paragraphs[0]
    foot.text, foot.style = "{{ hub }}{% if phone %} · {{ phone }}{% endif %}", "Small"
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return _packed(document)


def _begun() -> Any:
    document = set_.new_document()
    core = document.core_properties
    core.title, core.author = "{{ title }}", "{{ hub }}"
    set_.style(document, "Title", size=22, bold=True, color=set_.ACCENT, after=6, next_too=True)
    section = document.sections[0]
    section.different_first_page_header_footer = False
    return document


def _letterhead(document: Any) -> None:
    section = document.sections[0]
    head = section.header.paragraphs[0]
    head.text, head.style = "{{ hub }}{% if phone %} · {{ phone }}{% endif %}", "Letterhead"
    section.header.add_paragraph(style="Rule")
    set_.page_numbers(section.footer.paragraphs[0], "{{ foot }}")


def _origins(document: Any) -> None:
    set_.tag(document, "if origins")
    document.add_heading("Where each line comes from", 1)
    table = set_.table(document, (_NUMBER, set_.TEXT_WIDTH - _NUMBER))
    set_.header_row(table, ("", "Shown by, and checked by"))
    set_.row_tag(table, "for origin in origins")
    set_.row(table, ("{{ origin.number }}", "{{ origin.words }}"))
    set_.row_tag(table, "endfor")
    set_.tag(document, "endif")


def _middle(paragraph: Any, *, before: float = 0) -> Any:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if before:
        paragraph.paragraph_format.space_before = Pt(before)
    return paragraph


def _framed(section: Any) -> None:
    """Two quiet lines around the page."""
    edge = f'w:val="double" w:sz="12" w:space="24" w:color="{set_.ACCENT}"'
    sides = "".join(f"<w:{side} {edge}/>" for side in ("top", "left", "bottom", "right"))
    borders = parse_xml(f'<w:pgBorders {nsdecls("w")} w:offsetFrom="page">{sides}</w:pgBorders>')
    section._sectPr.append(borders)
    for grid in section._sectPr.findall(borders.nsmap["w"].join(("{", "}cols"))):
        section._sectPr.remove(grid)
        section._sectPr.append(grid)


def _packed(document: Any) -> bytes:
    packed = io.BytesIO()
    document.save(packed)
    return repack(packed.getvalue())


def main() -> None:
    """Write the templates beside this script."""
    report_template().write_bytes(report())
    report_template(certificate=True).write_bytes(certificate())


if __name__ == "__main__":
    main()
