"""What people tell: prose with its quotes and sources, a life in dates, corrections, photographs.

Each piece leaves nothing behind when there is nothing to show.
"""

from __future__ import annotations

from typing import Any

from templates.packets import typesetting as set_

_WHOSE = (
    "{% if said.said_by %}\N{EM DASH} {{ said.said_by }}{% endif %}"
    "{% if said.said_by and said.source %} · {% endif %}{{ said.source }}"
)


def prose(document: Any, heading: str, key: str) -> None:
    """A section of paragraphs. Quotes stand apart with whose words they are; what bears a
    passage out stands below it."""
    set_.tag(document, f"if sections.{key}")
    document.add_heading(heading, 1)
    set_.tag(document, f"for said in sections.{key}")
    set_.tag(document, "if said.title")
    document.add_heading("{{ said.title }}", 2)
    set_.tag(document, "endif")
    set_.tag(document, "for words in said.paragraphs")
    set_.tag(document, "if said.quote")
    document.add_paragraph("“{{ words }}{% if loop.last %}”{% endif %}", "Quote")
    set_.tag(document, "else")
    paragraph = document.add_paragraph("{{ words }}{% if loop.last and said.source %}")
    paragraph.add_run("\n{{ said.source }}", "Source")
    paragraph.add_run("{% endif %}")
    set_.tag(document, "endif")
    set_.tag(document, "endfor")
    set_.tag(document, "if said.quote and (said.said_by or said.source)")
    document.add_paragraph(_WHOSE, "Quote source")
    set_.tag(document, "endif")
    set_.tag(document, "endfor")
    set_.tag(document, "endif")


def timeline(document: Any, heading: str, key: str) -> None:
    """A life in dates: years at the left, what happened at the right."""
    set_.tag(document, f"if sections.{key}")
    document.add_heading(heading, 1)
    made = set_.table(document, (1.15, set_.TEXT_WIDTH - 1.15))
    set_.header_row(made, ("When", "What happened"))
    set_.row_tag(made, f"for said in sections.{key}")
    when, what = set_.row(made, ("{{ said.title }}", "")).cells
    when.paragraphs[0].style = "Label"
    told = what.paragraphs[0]
    told.add_run("{% if said.quote %}“{{ said.text }}”{% else %}{{ said.text }}{% endif %}")
    told.add_run("{% if said.source or (said.quote and said.said_by) %}")
    told.add_run(
        "\n{% if said.quote and said.said_by %}\N{EM DASH} {{ said.said_by }}"
        "{% if said.source %} · {% endif %}{% endif %}{{ said.source }}",
        "Source",
    )
    told.add_run("{% endif %}")
    set_.row_tag(made, "endfor")
    set_.tag(document, "endif")


def corrections(document: Any, heading: str) -> None:
    """What the report says beside what is right; where nobody wrote down what it says, what is
    right alone."""
    set_.tag(document, "if corrections.rows")
    document.add_heading(heading, 1)
    set_.tag(document, "if corrections.report_quoted")
    _corrections(document, quoted=True)
    set_.tag(document, "else")
    _corrections(document, quoted=False)
    set_.tag(document, "endif")
    set_.tag(document, "endif")


def _corrections(document: Any, *, quoted: bool) -> None:
    where, rest = 1.15, set_.TEXT_WIDTH - 1.15
    says = (0.45 * rest,) if quoted else ()
    made = set_.table(document, (where, *says, rest - sum(says)))
    set_.header_row(
        made, ("In the report", *(("What the report says",) if quoted else ()), "What is right")
    )
    set_.row_tag(made, "for row in corrections.rows")
    quote = ("{% if row.says %}“{{ row.says }}”{% else %}\N{EM DASH}{% endif %}",) if quoted else ()
    cells = set_.row(made, ("{{ row.where }}", *quote, "{{ row.right }}{% if row.source %}")).cells
    cells[0].paragraphs[0].style = "Label"
    right = cells[-1].paragraphs[0]
    right.add_run("\n{{ row.source }}", "Source")
    right.add_run("{% endif %}")
    set_.row_tag(made, "endfor")


def photographs(document: Any, heading: str) -> None:
    """Two side by side, each with its caption; where their number is odd, the first stands alone
    and large."""
    set_.tag(document, "if photographs")
    document.add_heading(heading, 1)
    set_.tag(document, "if photograph_lead.picture")
    lead = document.add_paragraph()
    # In a table this would make LibreOffice keep the whole grid on one page.
    lead.paragraph_format.keep_with_next = True
    _photograph(lead, document.add_paragraph(), "photograph_lead")
    set_.tag(document, "endif")
    set_.tag(document, "if photograph_pairs")
    half = set_.TEXT_WIDTH / 2
    made = set_.table(document, (half, half), lines=False)
    set_.row_tag(made, "for pair in photograph_pairs")
    for cell, side in zip(set_.row(made, ("", "")).cells, ("left", "right"), strict=True):
        _photograph(cell.paragraphs[0], cell.add_paragraph(), f"pair.{side}")
    set_.row_tag(made, "endfor")
    set_.tag(document, "endif")
    set_.tag(document, "endif")


def _photograph(above: Any, below: Any, name: str) -> None:
    above.style, below.style = "Picture", "Caption"
    above.add_run(f"{{{{ {name}.picture }}}}")
    below.add_run(f"{{{{ {name}.caption }}}}")
