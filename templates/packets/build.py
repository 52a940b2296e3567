"""Builds the packet templates: `python -m templates.packets.build`.

The words and their order are here, the looks in `typesetting.py`. The placeholders are those of
`activities.documents.packet_context`. A section whose list is empty leaves nothing behind.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from docx.shared import Pt, RGBColor

from activities.documents.docx_package import repack
from templates.packets import typesetting as set_

DRAFT_MARK = "DRAFT – ATTORNEY WORK PRODUCT"


def release() -> bytes:
    """The packet for first appearance and bail review."""
    document = set_.new_document()
    document.core_properties.title = "{{ title }}"
    document.core_properties.author = "{{ hub.name }}"
    document.core_properties.subject = "{{ hearing.kind }}"
    _margins_of_every_page(document)
    _cover(document)
    _ask(document)
    _statements(document, "Ties to the community", "ties")
    _statements(document, "Home", "residence")
    _statements(document, "Work and school", "occupation")
    _statements(document, "Those who depend on {{ person.called }}", "caregiving")
    _helpers(document)
    _conditions(document)
    _plan(document)
    _getting_to_court(document)
    _letters(document)
    _review(document)
    packed = io.BytesIO()
    document.save(packed)
    return repack(packed.getvalue())


def _margins_of_every_page(document: Any) -> None:
    section = document.sections[0]
    first, later = section.first_page_header, section.header
    for header in (first, later):
        header.paragraphs[0].text = "{%p if draft %}"
        header.add_paragraph(DRAFT_MARK, "Draft mark")
        header.add_paragraph("{%p endif %}")
    first.add_paragraph("{{ hub.name }}", "Letterhead")
    set_.tag(first, "if hub.contact")
    first.add_paragraph("{{ hub.contact }}", "Small")
    set_.tag(first, "endif")
    later.add_paragraph("{{ title }}", "Small")
    for header in (first, later):
        set_.rule(header)
    for footer in (section.first_page_footer, section.footer):
        set_.page_numbers(footer.paragraphs[0], "{{ hub.name }} · {{ prepared.on }}")


def _cover(document: Any) -> None:
    document.add_paragraph("Release packet for {{ hearing.kind }}", "Kicker")
    document.add_paragraph("{{ person.name }}", "Title")
    facts = set_.table(document, (1.3, set_.TEXT_WIDTH - 1.3))
    for label, guard, value in (
        ("Court", "", "{{ court.name }}{% if court.address %}\n{{ court.address }}{% endif %}"),
        ("Judge", "court.judge", "{{ court.judge }}"),
        ("Hearing", "", "{{ hearing.date }}{% if hearing.time %}, {{ hearing.time }}{% endif %}"),
        ("Courtroom", "court.room", "{{ court.room }}"),
        ("Docket", "docket_numbers", "{{ docket_numbers }}"),
        ("Charges", "charges", "{{ charges|join('; ') }}"),
        (
            "Counsel",
            "counsel.name",
            "{{ counsel.name }}{% if counsel.office %}, {{ counsel.office }}{% endif %}"
            "{% if counsel.contact %}\n{{ counsel.contact }}{% endif %}",
        ),
    ):
        if guard:
            set_.row_tag(facts, f"if {guard}")
        cells = set_.row(facts, (label, value)).cells
        cells[0].paragraphs[0].style = "Label"
        if guard:
            set_.row_tag(facts, "endif")


def _ask(document: Any) -> None:
    document.add_paragraph(style="Small").paragraph_format.space_after = 0
    heading = document.add_paragraph("What we ask the court to consider", "Ask heading")
    set_.boxed(heading)
    body = document.add_paragraph("{{ ask }}", "Ask")
    set_.boxed(body)


def _statements(document: Any, heading: str, key: str) -> None:
    set_.tag(document, f"if sections.{key}")
    document.add_heading(heading, 1)
    set_.tag(document, f"for said in sections.{key}")
    paragraph = document.add_paragraph("{{ said.text }}{% if said.confirmed_by %}")
    source = paragraph.add_run("\nConfirmed by: {{ said.confirmed_by }}")
    source.italic = True
    source.font.size = Pt(9.5)
    source.font.color.rgb = RGBColor.from_string(set_.GREY)
    paragraph.add_run("{% endif %}")
    set_.tag(document, "endfor")
    set_.tag(document, "endif")


def _helpers(document: Any) -> None:
    set_.tag(document, "if helpers")
    document.add_heading("Who will help {{ person.called }} come to court", 1)
    made = set_.table(document, (1.75, 1.45, set_.TEXT_WIDTH - 3.2))
    set_.header_row(made, ("Name", "Relationship", "What they will do"))
    set_.row_tag(made, "for who in helpers")
    set_.row(
        made, ("{{ who.name }}", "{{ who.relationship }}", "{{ who.will_do }}"), bold_first=True
    )
    set_.row_tag(made, "endfor")
    set_.tag(document, "endif")


def _conditions(document: Any) -> None:
    set_.tag(document, "if conditions")
    document.add_heading("Conditions offered", 1)
    set_.tag(document, "for condition in conditions")
    document.add_paragraph("{{ condition }}", "List Bullet")
    set_.tag(document, "endfor")
    set_.tag(document, "endif")


def _plan(document: Any) -> None:
    set_.tag(document, "if plan")
    document.add_heading("Support plan", 1)
    made = set_.table(document, (2.35, 1.75, 1.25, set_.TEXT_WIDTH - 5.35))
    set_.header_row(made, ("Step", "With", "When", "Status"))
    set_.row_tag(made, "for step in plan")
    cells = ("{{ step.step }}", "{{ step.provider }}", "{{ step.when }}", "{{ step.status }}")
    set_.row(made, cells, bold_first=True)
    set_.row_tag(made, "endfor")
    set_.tag(document, "endif")


def _getting_to_court(document: Any) -> None:
    set_.tag(document, "if reminders or transport")
    document.add_heading("Getting to court", 1)
    set_.tag(document, "if transport")
    document.add_paragraph("{{ transport }}")
    set_.tag(document, "endif")
    set_.tag(document, "for reminder in reminders")
    document.add_paragraph("{{ reminder }}", "List Bullet")
    set_.tag(document, "endfor")
    set_.tag(document, "endif")


def _letters(document: Any) -> None:
    set_.tag(document, "if letters")
    document.add_heading("Letters enclosed", 1)
    set_.tag(document, "for letter in letters")
    paragraph = document.add_paragraph(style="List Bullet")
    paragraph.add_run("{{ letter.writer }}").bold = True
    paragraph.add_run(
        "{% if letter.relationship %}, {{ letter.relationship }}{% endif %}"
        "{% if letter.pages %} ({{ letter.pages }}){% endif %}"
    )
    set_.tag(document, "endfor")
    set_.tag(document, "endif")


def _review(document: Any) -> None:
    review = "{% if draft %}for review{% else %}reviewed{% endif %} by counsel"
    document.add_heading(f"Prepared by the hub, {review}", 1)
    by = "{% if prepared.by %}{{ prepared.by }}, {% endif %}{{ hub.name }}"
    set_.labelled(
        document,
        "Prepared",
        f"{by}, {{{{ prepared.on }}}} (version\N{NO-BREAK SPACE}{{{{ version }}}})",
    )
    set_.tag(document, "if not draft")
    set_.labelled(document, "Approved", "{{ approval.by }}, counsel, {{ approval.on }}")
    set_.tag(document, "else")
    signature = "Not yet. Counsel: ______________________  Date: ____________"
    set_.labelled(document, "Approved", signature)
    set_.tag(document, "endif")
    document.add_paragraph("{{ hub.about }}", "Small")


def main() -> None:
    """Write every template beside this script."""
    (Path(__file__).parent / "release.docx").write_bytes(release())


if __name__ == "__main__":
    main()
