"""One structure for screen readers out of those of many documents.

Each part's tags become a Part of the whole, in the order of the pages. The elements are the
parts' own; what only hangs on them is left behind (attached files, links that are gone), style
names become the standard types that they stand for (ISO 32000-1, 14.8.4), and the tree by which a
reader finds the element of a piece of a page (14.7.4.4) is made anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, Stream, String

_STANDARD = (
    *("/Document", "/Part", "/Art", "/Sect", "/Div", "/BlockQuote", "/Caption", "/TOC", "/TOCI"),
    *("/Index", "/NonStruct", "/Private", "/P", "/H", "/H1", "/H2", "/H3", "/H4", "/H5", "/H6"),
    *("/L", "/LI", "/Lbl", "/LBody", "/Table", "/TR", "/TH", "/TD", "/THead", "/TBody", "/TFoot"),
    *("/Span", "/Quote", "/Note", "/Reference", "/BibEntry", "/Code", "/Link", "/Annot", "/Ruby"),
    *("/RB", "/RT", "/RP", "/Warichu", "/WT", "/WP", "/Figure", "/Formula", "/Form"),
)
# Types of PDF 2.0 by their nearest kin of PDF 1.7.
_NEWER = {
    "/Title": "/P",
    "/Em": "/Span",
    "/Strong": "/Span",
    "/Sub": "/Span",
    "/Aside": "/Div",
    "/FENote": "/Note",
    "/DocumentFragment": "/Part",
}
_KEPT = frozenset({"/Type", "/S", "/P", "/K", "/Pg", "/A", "/T", "/Lang", "/Alt", "/E", "/ID"}) | {
    "/ActualText"
}
_LONGEST_CHAIN = 10
_MOST_PIECES = 100_000


class TagTree:
    """Gathers the tags of the parts, and writes them as the structure of the bound document."""

    def __init__(self, bound: Pdf) -> None:
        self._bound = bound
        self._parts: list[Object] = []
        self._parents: list[Object] = []
        self._ids: dict[bytes, Object] = {}

    def add(self, source: Pdf, pages: Sequence[Page], title: str) -> bool:
        """Take in the tags of `source`, whose pages are already in the bound document as `pages`.

        Without usable tags nothing is added, the pages no longer say that they have some, and the
        answer is False.
        """
        for page in pages:
            if Name.StructParents in page.obj:
                del page.obj[Name.StructParents]
        root = source.Root.get(Name.StructTreeRoot)
        if not (_says_tagged(source) and isinstance(root, Dictionary) and Name.K in root):
            return False
        # Pages are in the bound document already, so what points to them still does.
        copied = self._bound.copy_foreign(source.make_indirect(root))
        part = self._new_part(title, source.Root.get(Name.Lang))
        walk = _Walk(self._bound, pages, _roles(root), b"%d." % len(self._parts))
        walk.take_all(copied, part)
        self._parents.extend(walk.parents(first_key=len(self._parents)))
        self._ids |= walk.ids
        return True

    def write(self) -> None:
        """Make what was gathered the structure of the bound document."""
        if not self._parts:
            return
        bound = self._bound
        document = bound.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name.Document, K=Array(self._parts))
        )
        for part in self._parts:
            part[Name.P] = document
        numbered = [entry for pair in enumerate(self._parents) for entry in pair]
        root = Dictionary(
            Type=Name.StructTreeRoot,
            K=document,
            ParentTree=bound.make_indirect(Dictionary(Nums=Array(numbered))),
            ParentTreeNextKey=len(self._parents),
        )
        if self._ids:
            named = [entry for pair in sorted(self._ids.items()) for entry in pair]
            root[Name.IDTree] = bound.make_indirect(Dictionary(Names=Array(named)))
        document[Name.P] = bound.make_indirect(root)
        bound.Root[Name.StructTreeRoot] = document[Name.P]
        bound.Root[Name.MarkInfo] = Dictionary(Marked=True)

    def _new_part(self, title: str, language: Object | None) -> Object:
        part = Dictionary(Type=Name.StructElem, S=Name.Part, T=String(title))
        if isinstance(language, String):
            part[Name.Lang] = language
        self._parts.append(self._bound.make_indirect(part))
        return self._parts[-1]


class _Walk:
    """One pass over the elements of one part: cleans each and notes which piece is whose."""

    def __init__(
        self, bound: Pdf, pages: Sequence[Page], roles: Mapping[str, str], id_prefix: bytes
    ) -> None:
        self._bound = bound
        self._roles = roles
        self._id_prefix = id_prefix
        self._pages = {page.obj.objgen: page.obj for page in pages}
        self._notes = {note.objgen for page in pages for note in page.obj.get(Name.Annots, [])}
        self._seen: set[tuple[int, int]] = set()
        self._waiting: list[tuple[Object, Object, Object | None]] = []
        self._pieces: dict[tuple[int, int], tuple[Object, dict[int, Object]]] = {}
        self._things: list[tuple[Object, Object]] = []
        self.ids: dict[bytes, Object] = {}

    def take_all(self, root: Object, part: Object) -> None:
        """Hang the elements under `root` below `part`, and clean all of them."""
        self._take_kids(root, part, part, None)
        while self._waiting:
            element, parent, page = self._waiting.pop()
            page = self._pages.get(_objgen(element.get(Name.Pg)), page)
            self._clean(element, parent, page)
            self._take_kids(element, element, element, page)

    def parents(self, first_key: int) -> Iterator[Object]:
        """The entries of the parent tree from `first_key` on; what they are for is told its key."""
        key = first_key
        for owner, pieces in self._pieces.values():
            owner[Name.StructParents] = key
            row = [pieces.get(number) for number in range(max(pieces) + 1)]
            yield self._bound.make_indirect(Array(row))
            key += 1
        for thing, element in self._things:
            thing[Name.StructParent] = key
            yield element
            key += 1

    def _take_kids(
        self, source: Object, element: Object, parent: Object, page: Object | None
    ) -> None:
        kids = source.get(Name.K)
        listed = list(kids) if isinstance(kids, Array) else [] if kids is None else [kids]
        kept = [taken for kid in listed if (taken := self._taken(kid, element, page)) is not None]
        if kept:
            element[Name.K] = Array(kept)
        elif Name.K in element:
            del element[Name.K]

    def _taken(self, kid: object, element: Object, page: Object | None) -> object | None:
        """A kid as it stays, or None: a piece of a page, a thing on it, or an element."""
        if isinstance(kid, int):
            return kid if self._note_piece(page, kid, element) else None
        if not isinstance(kid, Dictionary):
            return None
        on_page = self._pages.get(_objgen(kid.get(Name.Pg)), page)
        if Name.MCID in kid:
            stream = kid.get(Name.Stm)
            owner = stream if isinstance(stream, Stream) else on_page
            return kid if self._note_piece(owner, kid[Name.MCID], element) else None
        if Name.Obj in kid:
            return kid if self._note_thing(kid[Name.Obj], element) else None
        if Name.S not in kid or kid.objgen in self._seen:
            return None
        whole = self._bound.make_indirect(kid)
        self._seen.add(whole.objgen)
        self._waiting.append((whole, element, page))
        return whole

    def _note_piece(self, owner: Object | None, number: object, element: Object) -> bool:
        if owner is None or not isinstance(number, int) or not 0 <= number < _MOST_PIECES:
            return False
        _, pieces = self._pieces.setdefault(owner.objgen, (owner, {}))
        pieces[number] = element
        return True

    def _note_thing(self, thing: Object, element: Object) -> bool:
        if not (isinstance(thing, Stream) or _objgen(thing) in self._notes):
            return False
        self._things.append((thing, element))
        return True

    def _clean(self, element: Object, parent: Object, page: Object | None) -> None:
        for key in set(element.keys()) - _KEPT:
            del element[key]
        element[Name.S] = Name(self._roles.get(str(element[Name.S]), "/NonStruct"))
        element[Name.P] = parent
        if Name.Pg in element and page is not None:
            element[Name.Pg] = page
        if isinstance(name := element.get(Name.ID), String):
            element[Name.ID] = self._renamed(name)
            self.ids[bytes(element[Name.ID])] = element
        for attributes in _dictionaries(element.get(Name.A)):
            headers = attributes.get(Name.Headers)
            if isinstance(headers, Array):
                renamed = [self._renamed(one) for one in headers if isinstance(one, String)]
                attributes[Name.Headers] = Array(renamed)

    def _renamed(self, name: Object) -> Object:
        """Two parts may use one name for different elements."""
        return String(self._id_prefix + bytes(name))


def _says_tagged(source: Pdf) -> bool:
    marked = source.Root.get(Name.MarkInfo)
    return isinstance(marked, Dictionary) and bool(marked.get(Name.Marked, False))


def _roles(root: Object) -> dict[str, str]:
    """Every type that the part may use, with the standard type that it stands for."""
    own = root.get(Name.RoleMap)
    mapped = {key: str(kind) for key, kind in own.items()} if isinstance(own, Dictionary) else {}
    roles = {kind: kind for kind in _STANDARD} | _NEWER
    for name in mapped.keys() - roles.keys():
        kind = name
        for _ in range(_LONGEST_CHAIN):
            kind = mapped.get(kind, kind)
            if kind in roles:
                roles[name] = roles[kind]
                break
    # The bound document is the one document; a part of it is a section.
    return {name: "/Sect" if kind == "/Document" else kind for name, kind in roles.items()}


def _dictionaries(attributes: Object | None) -> list[Object]:
    listed = attributes if isinstance(attributes, Array) else [attributes]
    return [one for one in listed if isinstance(one, Dictionary)]


def _objgen(thing: object) -> tuple[int, int]:
    return thing.objgen if isinstance(thing, Object) else (0, 0)
