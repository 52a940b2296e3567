"""The first page of every packet, what stands on every page, and counsel's block at the end."""

from __future__ import annotations

from typing import Any

from templates.packets import typesetting as set_

DRAFT_MARK = "DRAFT – ATTORNEY WORK PRODUCT"


def begin(kicker: str, ask_heading: str) -> Any:
    """A new document with its headers, footers, first page and the ask.

    `kicker` stands above the name, `ask_heading` above what the court is asked.
    """
    document = set_.new_document()
    core = document.core_properties
    core.title, core.author, core.subject = "{{ title }}", "{{ hub.name }}", "{{ hearing.title }}"
    _margins_of_every_page(document)
    document.add_paragraph(kicker, "Kicker")
    document.add_paragraph("{{ person.name }}", "Title")
    _facts(document)
    document.add_paragraph(style="Small")
    document.add_paragraph(ask_heading, "Ask heading")
    document.add_paragraph("{{ ask }}", "Ask")
    return document


def end(document: Any) -> None:
    """Who prepared it, and counsel's approval: a line to sign until it is given."""
    review = "{% if draft %}for review{% else %}reviewed{% endif %} by counsel"
    document.add_heading(f"Prepared by the hub, {review}", 1)
    by = "{% if prepared.by %}{{ prepared.by }}, {% endif %}{{ hub.name }}"
    version = "(version\N{NO-BREAK SPACE}{{ version }})"
    set_.labelled(document, "Prepared", f"{by}, {{{{ prepared.on }}}} {version}")
    set_.tag(document, "if not draft")
    set_.labelled(document, "Approved", "{{ approval.by }}, counsel, {{ approval.on }}")
    set_.tag(document, "else")
    signature = "Not yet. Counsel: ______________________  Date: ____________"
    set_.labelled(document, "Approved", signature)
    set_.tag(document, "endif")
    set_.tag(document, "if hub.about")
    document.add_paragraph("{{ hub.about }}", "Small")
    set_.tag(document, "endif")


def _margins_of_every_page(document: Any) -> None:
    section = document.sections[0]
    first, later = section.first_page_header, section.header
    for header in (first, later):
        # A bound packet is marked and numbered as a whole.
        header.paragraphs[0].text = "{%p if draft and not bound %}"
        header.add_paragraph(DRAFT_MARK, "Draft mark")
        header.add_paragraph("{%p endif %}")
    first.add_paragraph("{{ hub.name }}", "Letterhead")
    set_.tag(first, "if hub.contact")
    first.add_paragraph("{{ hub.contact }}", "Small")
    set_.tag(first, "endif")
    later.add_paragraph("{{ title }}", "Small")
    for header in (first, later):
        header.add_paragraph(style="Rule")
    for footer in (section.first_page_footer, section.footer):
        set_.page_numbers(footer.paragraphs[0], "{{ hub.name }} · {{ prepared.on }}")


def _facts(document: Any) -> None:
    facts = set_.table(document, (1.3, set_.TEXT_WIDTH - 1.3))
    for label, guard, value in (
        ("Court", "", "{{ court.name }}{% if court.address %}\n{{ court.address }}{% endif %}"),
        ("Judge", "court.judge", "{{ court.judge }}"),
        (
            "Hearing",
            "",
            "{{ hearing.title }}\n{{ hearing.date }}"
            "{% if hearing.time %}, {{ hearing.time }}{% endif %}",
        ),
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
        set_.row(facts, (label, value)).cells[0].paragraphs[0].style = "Label"
        if guard:
            set_.row_tag(facts, "endif")
