"""What a screen reader goes through: one structure, in order, that fits every page."""

from __future__ import annotations

from collections.abc import Iterator

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, NumberTree, Object, Pdf, Stream, String

from activities.documents.binding import BoundPart, bind
from activities.documents.binding.tags import _STANDARD
from tests.activities.documents.binding.pdfs import BODY, body, drawn, job, note, saved, scan
from tests.activities.documents.binding.reading import kids_of, opened, squeezed, tagged_reading

BOUND = bind(job()).pdf


def elements(root: Object) -> Iterator[Object]:
    for kid in kids_of(root):
        if isinstance(kid, Dictionary) and Name.S in kid:
            yield kid
            yield from elements(kid)


def assert_sound(pdf: Pdf) -> None:
    """Every piece of a page belongs to the element that names it, and every element is known."""
    root = pdf.Root.StructTreeRoot
    parents = dict(NumberTree(root.ParentTree).items())
    assert sorted(parents) == list(range(int(root.ParentTreeNextKey)))
    pages = {page.obj.objgen: page.obj for page in pdf.pages}
    named: set[tuple[tuple[int, int], int]] = set()
    for element in elements(root):
        assert str(element.S) in _STANDARD
        assert isinstance(element.P, Dictionary)
        for kid in kids_of(element):
            if isinstance(kid, int):
                page = pages[page_of(element).objgen]
                assert parents[int(page.StructParents)][kid].objgen == element.objgen
                named.add((page.objgen, kid))
            elif Name.MCID in kid:
                page = pages[kid.Pg.objgen]
                assert parents[int(page.StructParents)][int(kid.MCID)].objgen == element.objgen
                named.add((page.objgen, int(kid.MCID)))
            elif Name.Obj in kid:
                assert parents[int(kid.Obj.StructParent)].objgen == element.objgen
    marked = {(key, number) for key, page in pages.items() for number in pieces_on(page)}
    assert named == marked


def page_of(element: Object) -> Object:
    while Name.Pg not in element:
        element = element.P
    return element.Pg


def pieces_on(page: Object) -> set[int]:
    """The numbers of the marked pieces on a page that says it is tagged."""
    if Name.StructParents not in page:
        return set()
    return {
        int(instruction.operands[1].MCID)
        for instruction in pikepdf.parse_content_stream(page, "BDC")
        if isinstance(instruction.operands[1], Dictionary) and Name.MCID in instruction.operands[1]
    }


def test_the_tags_of_all_parts_fit_the_pages() -> None:
    assert_sound(opened(BOUND))


def test_a_screen_reader_reads_cover_contents_body_letters_and_slip_sheets_in_order() -> None:
    pdf = opened(BOUND)
    read = [(kind, squeezed(text)) for kind, text in tagged_reading(pdf) if text.strip()]
    whole = "".join(text for _, text in read)

    assert ("/H1", "MarcusJohnson") in read
    assert ("/H1", "Contents") in read
    assert ("/H1", "Tiestothecommunity") in read
    assert ("/H2", "Family") in read
    assert ("/H1", "ExhibitA") in read
    places = [
        whole.index(words)
        for words in (
            *("LibertyCity", "Contents", "FamilyPage1speaks.", "IraisedMarcus."),
            *("SoyelabuelodeMarcus.", "IamMarcus'sgrandfather.", "2,20252pages"),
            *("October20261pageIncolor.", "ExhibitCCertificate1page", "Foodsafety"),
        )
    ]
    assert places == sorted(places)


def test_each_part_is_named_and_says_its_language() -> None:
    pdf = opened(BOUND)
    parts = list(pdf.Root.StructTreeRoot.K.K)
    told = [(str(part.T), str(part.get(Name.Lang, ""))) for part in parts]

    assert told == [
        ("Cover", "en"),
        ("Contents", "en"),
        ("Release packet", "en"),
        ("Denise Johnson, mother", "en"),
        ("Ramón Ortega, grandfather", "es"),
        ("Exhibit A: Lease of March 2, 2025", "en"),
        ("Exhibit B: Pay stub", "en"),
        ("Exhibit C: Certificate", "en"),
        ("Exhibit C: Certificate", "en"),
    ]


def test_a_translation_is_marked_as_english_within_a_spanish_letter() -> None:
    pdf = opened(BOUND)
    letter = pdf.Root.StructTreeRoot.K.K[4]
    on_page = {
        number: {
            str(one.get(Name.Lang, "")) for one in elements(letter) if one.get(Name.Pg) == page
        }
        for number, page in ((7, pdf.pages[6].obj), (8, pdf.pages[7].obj))
    }

    assert str(letter.Lang) == "es"
    assert on_page[8] == {"en"}
    assert "" in on_page[7]


def test_exhibits_without_tags_stay_untagged() -> None:
    pdf = opened(BOUND)

    assert [n for n, page in enumerate(pdf.pages, 1) if Name.StructParents not in page.obj] == [
        *(10, 11),
        13,
    ]


def test_a_smaller_drawn_exhibit_keeps_its_tags() -> None:
    exhibit = BoundPart("Certificate", BODY, label="A")

    pdf = opened(bind(job(letters=(), exhibits=[exhibit])).pdf)

    assert_sound(pdf)
    assert b" cm " in pdf.pages[-1].obj.Contents[0].read_bytes()
    assert [kind for kind, text in tagged_reading(pdf) if "Home" in text][-1] == "/H1"


# --- tags that strangers made


def tagged(pdf: Pdf, *kids: object, roles: dict[str, object] | None = None) -> Pdf:
    """Gives a document this structure."""
    root = pdf.make_indirect(
        Dictionary(Type=Name.StructTreeRoot, K=Array(list(kids)), RoleMap=Dictionary(roles or {}))
    )
    pdf.Root.StructTreeRoot = root
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    return pdf


def element(pdf: Pdf, kind: str, **keys: object) -> Object:
    made = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name(kind)))
    for key, value in keys.items():
        made[f"/{key}"] = value
    return made


PIECE = b"/P <</MCID 0>> BDC BT /F1 12 Tf 72 700 Td (Dear Judge) Tj ET EMC"


def bound_with(pdf: Pdf) -> Pdf:
    part = BoundPart("Strange", saved(pdf), label="A")
    return opened(bind(job(letters=(), exhibits=[part])).pdf)


def last_part(pdf: Pdf) -> Object:
    return pdf.Root.StructTreeRoot.K.K[-1]


def test_style_names_become_the_types_that_they_stand_for() -> None:
    source = opened(drawn(PIECE, StructParents=0))
    page = source.pages[0].obj
    kids = [
        element(source, kind, Pg=page, K=number)
        for number, kind in enumerate(["/Standard", "/Kicker", "/Loop", "/Unknown", "/Title"])
    ]
    roles = {"/Standard": Name.P, "/Kicker": Name.Standard, "/Loop": Name.Loop}
    content = b"".join(PIECE.replace(b"MCID 0", b"MCID %d" % n) for n in range(5))
    source.pages[0].obj.Contents = source.make_stream(content)

    pdf = bound_with(tagged(source, *kids, roles=dict(roles)))

    assert_sound(pdf)
    assert [str(one.S) for one in elements(last_part(pdf))] == [
        *("/P", "/P", "/NonStruct", "/NonStruct", "/P")
    ]


def test_what_hangs_on_an_element_does_not_come_along() -> None:
    source = opened(drawn(PIECE, StructParents=0))
    page = source.pages[0]
    action = Dictionary(S=Name.URI, URI=String("https://example.org/secret"))
    link = note(source, page, "/Link", A=action)
    attached = Dictionary(Type=Name.Filespec, F=String("secret.exe"))
    paragraph = element(
        source,
        "/P",
        Pg=page.obj,
        AF=Array([source.make_indirect(attached)]),
        Alt=String("A letter"),
        K=Array([0, Dictionary(Type=Name.OBJR, Obj=link)]),
    )

    pdf = bound_with(tagged(source, paragraph))

    assert_sound(pdf)
    kept = next(elements(last_part(pdf)))
    assert str(kept.Alt) == "A letter"
    assert Name.AF not in kept
    assert [int(kid) for kid in kept.K] == [0]
    assert b"secret" not in b"".join(
        one.unparse(resolved=True) for one in pdf.objects if isinstance(one, Dictionary)
    )


def test_two_parts_with_the_same_names_of_cells_are_kept_apart() -> None:
    pdfs = []
    for _ in range(2):
        source = opened(drawn(PIECE, StructParents=0))
        head = element(source, "/TH", Pg=source.pages[0].obj, K=0, ID=String("cell"))
        attributes = Dictionary(O=Name.Table, Headers=Array([String("cell")]))
        cell = element(source, "/TD", A=attributes)
        row = element(source, "/TR", K=Array([head, cell]))
        pdfs.append(saved(tagged(source, element(source, "/Table", K=row))))
    parts = [BoundPart("Table", made, label=label) for made, label in zip(pdfs, "AB", strict=True)]

    pdf = opened(bind(job(letters=(), exhibits=parts)).pdf)

    assert_sound(pdf)
    names = [bytes(name) for name in list(pdf.Root.StructTreeRoot.IDTree.Names)[::2]]
    assert len(set(names)) == 2
    for part in (pdf.Root.StructTreeRoot.K.K[-3], last_part(pdf)):
        _, _, head, cell = elements(part)
        assert bytes(cell.A.Headers[0]) == bytes(head.ID)


@pytest.mark.parametrize(
    "kids",
    [
        [None],
        [7],
        [Dictionary(S=Name.P, K=-1)],
        [Dictionary(S=Name.P, K=10**9)],
        [Dictionary(S=Name.P, K=String("?"))],
        [Dictionary(S=Name.P, K=Dictionary(MCID=String("?")))],
        [Dictionary(S=String("P"))],
        [Dictionary(S=Name.P, K=Dictionary(S=Name.Span, Pg=Name.Nowhere, K=0))],
        [Dictionary(S=Name.P, A=Array([1, Dictionary(Headers=Name.None_)]), ID=Name.No)],
    ],
)
def test_a_strange_structure_neither_breaks_the_binding_nor_the_tags(kids: list[object]) -> None:
    source = opened(drawn(PIECE, StructParents=0))

    pdf = bound_with(tagged(source, *kids))

    assert len(list(elements(pdf.Root.StructTreeRoot))) > 20


def test_an_element_within_itself_is_taken_once() -> None:
    source = opened(drawn(PIECE, StructParents=0))
    outer = element(source, "/Div", Pg=source.pages[0].obj)
    inner = element(source, "/P", K=Array([0, outer]))
    outer.K = Array([inner, inner, outer])

    pdf = bound_with(tagged(source, outer))

    assert_sound(pdf)
    assert [str(one.S) for one in elements(last_part(pdf))] == ["/Div", "/P"]


def test_a_structure_as_deep_as_a_well_is_taken_whole() -> None:
    source = opened(drawn(PIECE, StructParents=0))
    top = element(source, "/P", Pg=source.pages[0].obj, K=0)
    for _ in range(2_000):
        top = element(source, "/Div", K=top)

    pdf = bound_with(tagged(source, top))

    depth, at = 0, last_part(pdf)
    while isinstance(at.get(Name.K), Array) and isinstance(at.K[0], Dictionary):
        depth, at = depth + 1, at.K[0]
    assert depth == 2_001


def test_pieces_of_a_form_belong_to_the_form() -> None:
    source = opened(drawn(b"/Fm Do"))
    form = source.make_stream(
        PIECE, Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 612, 792], StructParents=0
    )
    page = source.pages[0].obj
    form.Resources = Dictionary(Font=page.Resources.Font)
    page.Resources.XObject = Dictionary(Fm=form)
    piece = Dictionary(Type=Name.MCR, Pg=page, Stm=form, MCID=0)

    pdf = bound_with(tagged(source, element(source, "/P", Pg=page, K=piece)))

    kept = next(elements(last_part(pdf)))
    stream = kept.K[0].Stm
    assert isinstance(stream, Stream)
    parents = NumberTree(pdf.Root.StructTreeRoot.ParentTree)
    assert parents[int(stream.StructParents)][0].objgen == kept.objgen
    assert stream.objgen == pdf.pages[-1].obj.Resources.XObject.Fm.objgen


def test_a_document_that_only_says_it_is_tagged_adds_nothing() -> None:
    source = opened(scan())
    source.Root.MarkInfo = Dictionary(Marked=True)
    source.pages[0].obj.StructParents = 4

    pdf = bound_with(source)

    assert str(last_part(pdf).T).startswith("Exhibit A")
    assert "Exhibit A" in "".join(text for _, text in tagged_reading(pdf))
    assert Name.StructParents not in pdf.pages[-1].obj


def test_headings_of_the_body_keep_their_levels() -> None:
    pdf = opened(bind(job(body=body([(1, "Ties"), (2, "Family"), (3, "Sister")]))).pdf)
    kinds = {squeezed(text): kind for kind, text in tagged_reading(pdf)}

    assert (kinds["Ties"], kinds["Family"], kinds["Sister"]) == ("/H1", "/H2", "/H3")
