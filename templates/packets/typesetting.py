"""How every packet looks: page, styles, tables, page numbers. Used by the build scripts only.

Calibri, which Word has, and which LibreOffice replaces by Carlito of the same widths, so that
both break lines and pages alike. Letter size, black text, one quiet accent that survives a
black-and-white printer. Headings stay with what they head; rows are not cut; tables repeat
their header row on the next page and mark it for screen readers.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Inches, Pt, RGBColor

FONT = "Calibri"
ACCENT = "1F4E5F"
GREY = "595959"
RULE = "BFC8CC"
WASH = "EEF3F4"
WARNING = "9B1C1C"
TEXT_WIDTH = 6.5
"""Inches between the margins."""

_AFTER_SHADE = ("tabs", "spacing", "ind", "contextualSpacing", "jc", "outlineLvl", "rPr")
_FIXED_DATE = datetime(2026, 1, 1, tzinfo=UTC)


def new_document() -> Any:
    """An empty letter-size document with the house styles and no trace of its maker."""
    document = Document()
    for related in list(document.part.package.rels.values()):
        if related.reltype.endswith("/thumbnail"):
            del document.part.package.rels[related.rId]
    section = document.sections[0]
    section.page_width, section.page_height = Inches(8.5), Inches(11)
    section.left_margin = section.right_margin = Inches(1)
    section.top_margin, section.bottom_margin = Inches(1), Inches(0.9)
    section.header_distance = section.footer_distance = Inches(0.45)
    section.different_first_page_header_footer = True
    _styles(document)
    core = document.core_properties
    core.created = core.modified = _FIXED_DATE
    core.last_modified_by, core.comments, core.language = "", "", "en-US"
    return document


def _styles(document: Any) -> None:
    style(document, "Normal", size=11, after=7, line=1.15)
    style(document, "Title", size=28, bold=True, color=ACCENT, after=4, line=1.0, next_too=True)
    heading: dict[str, Any] = {"bold": True, "color": ACCENT, "next_too": True}
    style(document, "Heading 1", size=14, before=17, after=5, line=1.0, **heading)
    style(document, "Heading 2", size=11, before=5, after=2, **heading)
    style(document, "List Bullet", size=11, after=3, line=1.15)
    style(document, "Quote", size=11, after=3, line=1.2, next_too=True)
    style(document, "Quote source", size=9.5, color=GREY, after=10, line=1.1)
    style(document, "Picture", size=9.5, before=4, after=3, line=1.0)
    style(document, "Caption", size=9.5, color=GREY, after=8, line=1.1)
    style(document, "Kicker", size=10.5, bold=True, color=GREY, after=0, next_too=True)
    style(document, "Letterhead", size=11.5, bold=True, color=ACCENT, after=0, line=1.0)
    style(document, "Small", size=9, color=GREY, after=0, line=1.0)
    style(document, "Rule", size=3, after=10, line=1.0)
    style(document, "Draft mark", size=10.5, bold=True, color=WARNING, after=6, line=1.0)
    style(document, "Cell", size=10.5, after=0, line=1.1)
    style(document, "Label", size=10.5, bold=True, color=ACCENT, line=1.1)
    style(document, "Labelled", size=10.5, after=6, line=1.1, next_too=True)
    style(document, "Column head", size=9.5, bold=True, color=ACCENT, line=1.0, next_too=True)
    style(document, "Ask heading", size=11.5, bold=True, color=ACCENT, after=2, next_too=True)
    style(document, "Ask", size=11.5, after=0, line=1.2)
    _source_style(document)
    _layouts(document.styles)


def _source_style(document: Any) -> None:
    """Who told something, or what bears it out: a style for part of a paragraph."""
    made = document.styles.add_style("Source", WD_STYLE_TYPE.CHARACTER)
    made.font.size, made.font.italic = Pt(9.5), True
    made.font.color.rgb = RGBColor.from_string(GREY)


def _layouts(styles: Any) -> None:
    hanging = styles["Labelled"].paragraph_format
    hanging.left_indent, hanging.first_line_indent = Inches(1.3), Inches(-1.3)
    hanging.tab_stops.add_tab_stop(Inches(1.3))
    styles["Draft mark"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for name in ("Title", "Heading 1"):
        _drop(styles[name].element.get_or_add_pPr(), "w:pBdr")
    for name in ("Quote", "Quote source"):
        styles[name].paragraph_format.left_indent = Inches(0.3)
        _border(styles[name], f'<w:left w:val="single" w:sz="12" w:space="9" w:color="{RULE}"/>')
    styles["Caption"].paragraph_format.right_indent = Inches(0.1)
    for name in ("Ask heading", "Ask"):
        _box(styles[name])
    edge = f'<w:bottom w:val="single" w:sz="6" w:space="1" w:color="{RULE}"/>'
    _border(styles["Rule"], edge)


def _box(made: Any) -> None:
    """A wash of colour and a bar at the left; neighbours with the same box grow into one."""
    quiet = f'w:val="single" w:sz="4" w:space="7" w:color="{WASH}"'
    edges = f'''<w:top {quiet}/><w:left w:val="single" w:sz="24" w:space="10" w:color="{ACCENT}"/>
        <w:bottom {quiet}/><w:right {quiet}/>'''
    _border(made, edges)
    made.paragraph_format.right_indent = Pt(7)
    wash = f'<w:shd {{}} w:val="clear" w:color="auto" w:fill="{WASH}"/>'
    _put(made.element.get_or_add_pPr(), wash, *_AFTER_SHADE)


def style(
    document: Any,
    name: str,
    *,
    size: float,
    bold: bool = False,
    color: str = "000000",
    before: float = 0,
    after: float = 0,
    line: float = 1.1,
    next_too: bool = False,
) -> Any:
    """A paragraph style, made or changed. `next_too` keeps it on the page of what follows it."""
    known = {known.name for known in document.styles}
    styles = document.styles
    made = styles[name] if name in known else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    made.font.size, made.font.bold, made.font.italic = Pt(size), bold, False
    made.font.color.rgb = RGBColor.from_string(color)
    fonts = made.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.attrib.clear()
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), FONT)
    for leftover in ("w:spacing", "w:kern", "w:bCs", "w:szCs"):
        _drop(made.element.rPr, leftover)
    # Hebrew and Arabic names take their weight and size from settings of their own.
    made.font.cs_bold = bold
    _put(made.element.rPr, f'<w:szCs {{}} w:val="{round(size * 2)}"/>', "u", "lang")
    layout = made.paragraph_format
    layout.space_before, layout.space_after, layout.line_spacing = Pt(before), Pt(after), line
    layout.keep_with_next, layout.widow_control = next_too, True
    layout.keep_together = next_too
    return made


def tag(document: Any, words: str) -> None:
    """A paragraph that holds one tag, such as `if ties`; it is gone after rendering."""
    document.add_paragraph(f"{{%p {words} %}}")


def labelled(document: Any, label: str, text: str) -> None:
    """A label and its text side by side, kept on the page of what follows."""
    paragraph = document.add_paragraph(style="Labelled")
    name = paragraph.add_run(label)
    name.bold = True
    name.font.color.rgb = RGBColor.from_string(ACCENT)
    paragraph.add_run(f"\t{text}")


def table(document: Any, widths: Sequence[float], *, lines: bool = True) -> Any:
    """An empty table of these column widths (inches), with hairlines between its rows."""
    made = document.add_table(rows=0, cols=len(widths))
    made.autofit = False
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Inches(width)
    edge = f'w:val="single" w:sz="4" w:space="0" w:color="{RULE}"' if lines else 'w:val="nil"'
    borders = f"<w:tblBorders {{}}><w:bottom {edge}/><w:insideH {edge}/></w:tblBorders>"
    _put(made._tbl.tblPr, borders, "shd", "tblLayout", "tblCellMar", "tblLook")
    margins = "".join(
        f'<w:{side} w:w="{size}" w:type="dxa"/>'
        for side, size in (("top", 60), ("left", 0), ("bottom", 60), ("right", 140))
    )
    _put(made._tbl.tblPr, f"<w:tblCellMar {{}}>{margins}</w:tblCellMar>", "tblLook")
    return made


def row(
    made: Any, texts: Sequence[str], *, style_name: str = "Cell", bold_first: bool = False
) -> Any:
    """One more row, never cut by a page end."""
    added = made.add_row()
    added._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for index, (cell, text) in enumerate(zip(added.cells, texts, strict=True)):
        cell.width = made.columns[index].width
        cell.paragraphs[0].style = style_name
        cell.paragraphs[0].add_run(text).bold = True if bold_first and index == 0 else None
    return added


def header_row(made: Any, texts: Sequence[str]) -> None:
    """The row of column heads: repeated on each page, and read as such by screen readers."""
    added = row(made, texts, style_name="Column head")
    added._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def row_tag(made: Any, words: str) -> None:
    """A row that holds one tag, such as `for helper in helpers`; it is gone after rendering."""
    row(made, [f"{{%tr {words} %}}", *[""] * (len(made.columns) - 1)])


def page_numbers(paragraph: Any, left: str) -> None:
    """`left` at the left; at the right "Page X of Y", unless the pages are bound."""
    paragraph.style = "Small"
    for stop in list(paragraph.paragraph_format.tab_stops):
        stop.clear()
    paragraph.paragraph_format.tab_stops.add_tab_stop(Inches(TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run(f"{left}{{% if not bound %}}\tPage ")
    _field(paragraph, "PAGE")
    paragraph.add_run(" of ")
    _field(paragraph, "NUMPAGES")
    paragraph.add_run("{% endif %}")


def _field(paragraph: Any, instruction: str) -> None:
    for kind in ("begin", "", "separate", "1", "end"):
        run = paragraph.add_run()
        if kind == "1":
            run.text = kind
            continue
        name = "w:fldChar" if kind else "w:instrText"
        element = OxmlElement(name)
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = f" {instruction} "
        run._r.append(element)


def _border(made: Any, edges: str) -> None:
    borders = f"<w:pBdr {{}}>{edges}</w:pBdr>"
    _put(made.element.get_or_add_pPr(), borders, "shd", *_AFTER_SHADE)


def _put(parent: Any, markup: str, *successors: str) -> None:
    """Insert before any of `successors`: Word refuses properties that are out of its order."""
    element = parse_xml(markup.format(nsdecls("w")))
    parent.insert_element_before(element, *(f"w:{name}" for name in successors))


def _drop(parent: Any, name: str) -> None:
    for element in parent.findall(qn(name)):
        parent.remove(element)
