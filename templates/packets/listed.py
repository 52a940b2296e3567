"""What a packet lists: who helps, what is offered, the plan, the way to court, what is enclosed.

Each list leaves nothing behind when it is empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from templates.packets import typesetting as set_


def helpers(document: Any, heading: str) -> None:
    """Names, who they are, and what each will do."""
    _listing(
        document,
        heading,
        "who in helpers",
        ("Name", "Relationship", "What they will do"),
        ("{{ who.name }}", "{{ who.relationship }}", "{{ who.will_do }}"),
        (1.75, 1.45),
    )


def plan(document: Any, heading: str) -> None:
    """The support plan's steps, in their order."""
    _listing(
        document,
        heading,
        "step in plan",
        ("Step", "With", "When", "Status"),
        ("{{ step.step }}", "{{ step.provider }}", "{{ step.when }}", "{{ step.status }}"),
        (2.2, 1.7, 1.5),
    )


def letters(document: Any) -> None:
    """The letters that follow, in the order in which they are bound."""
    _listing(
        document,
        "Letters enclosed",
        "letter in letters",
        ("Letter of", "Who they are", "Pages"),
        ("{{ letter.writer }}", "{{ letter.relationship }}", "{{ letter.pages }}"),
        (2.35, 3.15),
    )


def exhibits(document: Any) -> None:
    """The exhibits that follow, by their labels."""
    _listing(
        document,
        "Exhibits enclosed",
        "exhibit in exhibits",
        ("Exhibit", "What it is", "Pages"),
        ("{{ exhibit.label }}", "{{ exhibit.title }}", "{{ exhibit.pages }}"),
        (0.8, 4.7),
    )


def conditions(document: Any, heading: str) -> None:
    """What is offered to the court, as bullets."""
    set_.tag(document, "if conditions")
    document.add_heading(heading, 1)
    set_.tag(document, "for condition in conditions")
    document.add_paragraph("{{ condition }}", "List Bullet")
    set_.tag(document, "endfor")
    set_.tag(document, "endif")


def getting_to_court(document: Any) -> None:
    """The ride, and how the hub reminds."""
    set_.tag(document, "if reminders or transport")
    document.add_heading("Getting to court", 1)
    set_.tag(document, "if transport")
    document.add_paragraph("{{ transport }}")
    set_.tag(document, "endif")
    set_.tag(document, "for reminder in reminders")
    document.add_paragraph("{{ reminder }}", "List Bullet")
    set_.tag(document, "endfor")
    set_.tag(document, "endif")


def _listing(
    document: Any,
    heading: str,
    loop: str,
    heads: Sequence[str],
    cells: Sequence[str],
    widths: Sequence[float],
) -> None:
    """A table under its heading, one row for each of a list; the last column takes what is left."""
    set_.tag(document, f"if {loop.rpartition(' ')[2]}")
    document.add_heading(heading, 1)
    made = set_.table(document, (*widths, set_.TEXT_WIDTH - sum(widths)))
    set_.header_row(made, heads)
    set_.row_tag(made, f"for {loop}")
    set_.row(made, cells, bold_first=True)
    set_.row_tag(made, "endfor")
    set_.tag(document, "endif")
