"""Templates and words that mean harm, each by name; run as a script it prints what became of each.

`python -m tests.activities.documents.hostile`
"""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part

from activities.documents import (
    DocumentError,
    Passage,
    check_template,
    complete_packet,
    full_packet,
    packet_context,
    render_docx,
    sparse_packet,
)
from activities.documents.docx_package import pack
from templates.packets import packet_template
from tests.activities.documents.words import docx_of, parts, saved, with_part

KIND = "sentencing"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MICROSOFT = "http://schemas.microsoft.com/office"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@dataclass(frozen=True, slots=True)
class Attack:
    """A template that means harm, and what its refusal must say."""

    name: str
    template: Callable[[], bytes]
    says: str


def _tags(name: str, tags: str, says: str) -> Attack:
    return Attack(name, lambda: docx_of(tags), says)


def _markup(name: str, body: str, says: str) -> Attack:
    return Attack(name, lambda: _with_body(body), says)


def _with_body(body: str) -> bytes:
    markup = (
        f'<w:document xmlns:w="{_W}" xmlns:r="{_OFFICE}" xmlns:v="urn:schemas-microsoft-com:vml" '
        'xmlns:o="urn:schemas-microsoft-com:office:office" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        f"<w:body>{body}<w:sectPr/></w:body></w:document>"
    )
    return with_part(docx_of(""), "word/document.xml", markup.encode())


def _field(*pieces: str) -> str:
    """A Word field whose code is cut into runs; `{` and `}` begin and end fields inside it."""
    marks = {"{": "begin", "|": "separate", "}": "end"}
    runs = "".join(
        f'<w:r><w:fldChar w:fldCharType="{marks[piece]}"/></w:r>'
        if piece in marks
        else f"<w:r><w:instrText>{piece}</w:instrText></w:r>"
        for piece in pieces
    )
    return f"<w:p>{runs}</w:p>"


def _related(kind: str, target: str = "", *, name: str = "word/thing.bin") -> bytes:
    """A document with a tie of this kind: to `target` outside, or to a part of its own."""
    document = Document()
    document.add_paragraph("{{ person.name }}")
    if target:
        document.part.relate_to(target, kind, is_external=True)
    else:
        package = document.part.package
        part = Part(PackURI(f"/{name}"), "application/octet-stream", b"MZ\x90\x00", package)
        document.part.relate_to(part, kind)
    return saved(document)


def _renamed(old: bytes, new: bytes) -> bytes:
    docx = docx_of("{{ person.name }}")
    types = parts(docx)["[Content_Types].xml"].replace(old, new)
    return with_part(docx, "[Content_Types].xml", types)


def _zip(entries: Mapping[str, bytes]) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**parts(docx_of("x")), **entries}.items():
            archive.writestr(name, content)
    return output.getvalue()


def _declared(declaration: str, encoding: str = "utf-8") -> bytes:
    markup = (
        f'<?xml version="1.0" encoding="{encoding}"?>{declaration}<w:document xmlns:w="{_W}">'
        "<w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>"
    )
    return with_part(docx_of(""), "word/document.xml", markup.encode(encoding))


def _main_part_elsewhere() -> bytes:
    docx = docx_of("{{ person.name }}")
    rels = parts(docx)["_rels/.rels"].replace(b"word/document.xml", b"word/media/a.png")
    hidden = with_part(docx, "word/media/a.png", parts(docx)["word/document.xml"])
    return with_part(hidden, "_rels/.rels", rels)


_LAUGHS = '<!DOCTYPE d [<!ENTITY x "ha">' + "".join(
    f'<!ENTITY x{n} "{("&x" + str(n - 1) + ";") * 10 if n else "&x;" * 10}">' for n in range(9)
)
_CELL = "<w:tbl><w:tblPr/><w:tblGrid/><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>"
_ALL_MEMBERS = "{% for a in plan %}{% for b in plan %}{% for c in letters %}"
_ENDS = "{% endfor %}{% endfor %}{% endfor %}"

ATTACKS: tuple[Attack, ...] = (
    # Out of the language, into Python.
    _tags("class of a text", "{{ ask.__class__ }}", "private name"),
    _tags("class by key", "{{ ask['__class__'] }}", "does not have"),
    _tags("subclasses", "{{ ''.__class__.__mro__[1].__subclasses__() }}", "the call"),
    _tags("attr filter", "{{ ask|attr('__class__') }}", "filter 'attr'"),
    _tags("map filter", "{{ letters|map(attribute='__class__')|join }}", "filter 'map'"),
    _tags("format method", "{{ '{0.__class__}'.format(ask) }}", "the call"),
    _tags("format string", "{{ '%c' % 65 }}", "'mod'"),
    _tags("globals by cycler", "{{ cycler.__init__.__globals__.os.popen('id') }}", "the call"),
    _tags("lipsum", "{{ lipsum.__globals__ }}", "private name"),
    _tags("self", "{{ self._TemplateReference__context }}", "private name"),
    _tags("import", "{% import 'os' as os %}", "'import'"),
    _tags("include", "{% include '/etc/passwd' %}", "'include'"),
    _tags("extends", "{% extends '/etc/passwd' %}", "'extends'"),
    _tags("set", "{% set a = ask %}", "'assign'"),
    _tags("macro", "{% macro m() %}x{% endmacro %}", "'macro'"),
    _tags("call block", "{% call x() %}{% endcall %}", "'callblock'"),
    _tags("filter block", "{% filter safe %}x{% endfilter %}", "'filterblock'"),
    _tags("safe filter", "{{ ask|safe }}", "filter 'safe'"),
    _tags("loop's inside", "{% for l in letters %}{{ loop.__init__ }}{% endfor %}", "private name"),
    _tags("recursive loop", "{% for l in letters recursive %}{{ loop(l) }}{% endfor %}", "for"),
    _tags("method of a list", "{{ letters.append(1) }}", "the call"),
    _tags("items of a mapping", "{{ person.items() }}", "the call"),
    _tags("bytes of a picture", "{{ photographs[0].picture.jpeg }}", "photographs.0.picture.jpeg"),
    _tags("picture as text", "{{ photographs[0].picture|upper }}", "picture inside"),
    _tags("picture joined", "{{ photographs[0].picture ~ 'x' }}", "picture inside"),
    _tags("a whole mapping", "{{ person }}", "where a text belongs"),
    _tags("a misspelt name", "{{ persn.name }}", "'persn'"),
    _tags("hidden in a false branch", "{% if 1 == 2 %}{{ ask.strip() }}{% endif %}", "the call"),
    # Too much of everything.
    _tags("power", "{{ 9 ** 9 ** 9 }}", "'pow'"),
    _tags("product", "{{ 'x' * 10 ** 10 }}", "'mul'"),
    _tags("padding", "{{ ask|center(10000000000) }}", "filter 'center'"),
    _tags("loops in loops", _ALL_MEMBERS + "{{ ask }}" * 400 + _ENDS, "larger than"),
    _tags("four loops deep", "{% for a in plan %}" * 4 + "{% endfor %}" * 4, "too many loops"),
    _tags("nine thousand tags", "{{ ask }}" * 9_000, "2000 tags"),
    _tags("brackets", "{{ " + "(" * 4_000 + "ask" + ")" * 4_000 + " }}", "inside each other"),
    _tags("conditions", "{% if draft %}" * 300 + "{% endif %}" * 300, "inside each other"),
    _tags("open tags", "{% if draft " * 900, "comes"),
    Attack("a whole book", lambda: docx_of("word " * 500_000), "far longer"),
    # Macros and other things that run.
    Attack(
        "docm", lambda: _renamed(b"document.main+xml", b"document.macroEnabled.main+xml"), "mac"
    ),
    Attack("dotx", lambda: _renamed(b"document.main+xml", b"template.main+xml"), "dotx"),
    Attack("macros", lambda: with_part(docx_of("x"), "word/vbaProject.bin", b"\xd0"), "macros"),
    Attack(
        "macros under another name",
        lambda: _related(f"{_MICROSOFT}/2006/relationships/vbaProject", name="word/a.dat"),
        "macros",
    ),
    Attack("ActiveX", lambda: _related(f"{_OFFICE}/control"), "ActiveX"),
    Attack("ribbon", lambda: _related(f"{_MICROSOFT}/2006/relationships/ui/extensibility"), "ribb"),
    Attack("add-in", lambda: _related(f"{_MICROSOFT}/2011/relationships/webextension"), "add-in"),
    Attack("a program", lambda: _related(f"{_OFFICE}/image", name="word/run.exe"), "'run.exe'"),
    # Other files inside.
    Attack("OLE object", lambda: _related(RELATIONSHIP_TYPE.OLE_OBJECT), "OLE"),
    Attack("embedded workbook", lambda: _related(RELATIONSHIP_TYPE.PACKAGE), "embedded file"),
    _markup("OLE by markup", '<w:p><o:OLEObject r:id="x"/></w:p>', "OLE"),
    Attack("altChunk", lambda: _related(f"{_OFFICE}/aFChunk", name="word/a.html"), "altChunk"),
    _markup("altChunk by markup", '<w:altChunk r:id="rId9"/>', "altChunk"),
    Attack("subdocument", lambda: _related(f"{_OFFICE}/subDocument"), "subdocument"),
    Attack("video", lambda: _related(f"{_OFFICE}/video"), "video"),
    # Things kept elsewhere.
    Attack(
        "linked picture", lambda: _related(f"{_OFFICE}/image", "http://x.example.org/a"), "image"
    ),
    Attack(
        "linked template",
        lambda: _related(f"{_OFFICE}/attachedTemplate", "file:///c:/a.dotm"),
        "attachedTemplate",
    ),
    Attack("linked frame", lambda: _related(f"{_OFFICE}/frame", "http://x.example.org"), "frame"),
    Attack("file link", lambda: _related(f"{_OFFICE}/hyperlink", "file:///etc/passwd"), "a link"),
    Attack("UNC link", lambda: _related(f"{_OFFICE}/hyperlink", r"\\host\share"), "a link"),
    _markup("r:link", '<w:p><a:blip r:link="rId5"/></w:p>', "image"),
    _markup("VML address", '<w:p><v:imagedata src="http://x.example.org/a"/></w:p>', "elsewhere"),
    _markup("INCLUDETEXT", _field("{", "INCLUDETEXT /etc/passwd", "}"), "INCLUDETEXT"),
    _markup("INCLUDEPICTURE", _field("{", "INCL", "UDEPICTURE http://x", "}"), "INCLUDEPICTURE"),
    _markup("DDE", _field("{", "DDE cmd /c calc", "}"), "DDE"),
    _markup("DDEAUTO", _field("{", " ddeauto c:\\\\cmd.exe", "}"), "DDEAUTO"),
    _markup("LINK", _field("{", "LINK Excel.Sheet a.xls", "}"), "LINK"),
    _markup("DATABASE", _field("{", 'DATABASE \\c "DSN=x"', "}"), "DATABASE"),
    _markup("MACROBUTTON", _field("{", "MACROBUTTON run click", "}"), "MACROBUTTON"),
    _markup("MERGEFIELD", _field("{", "MERGEFIELD Name", "|", "}"), "MERGEFIELD"),
    _markup("a name computed", _field("{", "{", "QUOTE 68 68 69", "}", " x", "}"), "'\\?'"),
    _markup("a field in a field", _field("{", "IF ", "{", "DDE x", "}", " = 1", "}"), "DDE"),
    _markup("fldSimple", '<w:p><w:fldSimple w:instr="INCLUDETEXT x"/></w:p>', "INCLUDETEXT"),
    _markup("no end", _field("{", "INCLUDETEXT x"), "INCLUDETEXT"),
    _markup("file by click", _field("{", 'HYPERLINK "file:///etc/passwd"', "}"), "a link"),
    Attack(
        "mail merge",
        lambda: with_part(
            docx_of("x"),
            "word/settings.xml",
            f'<w:settings xmlns:w="{_W}"><w:mailMerge/></w:settings>'.encode(),
        ),
        "mail merge",
    ),
    # XML and zip.
    Attack("XXE", lambda: _declared('<!DOCTYPE d [<!ENTITY x SYSTEM "/etc/passwd">]>'), "entities"),
    Attack("XXE in UTF-16", lambda: _declared('<!DOCTYPE d [<!ENTITY x "y">]>', "utf-16"), "entit"),
    Attack("a billion laughs", lambda: _declared(_LAUGHS + "]>"), "entities"),
    Attack("zip bomb", lambda: _zip({"word/a.xml": b" " * 30_000_000}), "far larger"),
    Attack("bomb as picture", lambda: _zip({"word/media/a.png": b"<" * 30_000_000}), "far larger"),
    Attack("many parts", lambda: _zip({f"word/{n}.xml": b"" for n in range(2_100)}), "far larger"),
    Attack("path out", lambda: _zip({"../../etc/cron.d/x": b"x"}), "impossible name"),
    Attack("twin parts", lambda: _zip({"WORD/Document.xml": b"<x/>"}), "one name"),
    Attack("text elsewhere", _main_part_elsewhere, "not where Word keeps it"),
    Attack("torn table", lambda: _with_body(_CELL.format("{% if draft %}") + "{% endif %}"), "tag"),
    _markup("tracked changes", "<w:p><w:del><w:r/></w:del></w:p>", "tracked changes"),
    Attack(
        "tags in comments",
        lambda: with_part(docx_of("x"), "word/comments.xml", b"<c>{{ ask.x }}</c>"),
        "comments",
    ),
    Attack("no Word file at all", lambda: b"%PDF-1.7", "not a .docx"),
    Attack("old Word", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "password"),
    Attack(
        "empty parts", lambda: pack({"[Content_Types].xml": b"", "word/document.xml": b""}), "."
    ),
)

WORDS: Mapping[str, str] = {
    "placeholder": "{{ counsel.name }}",
    "statement": "{% for x in y %}{% endif %}",
    "comment": "{# gone? #}",
    "docxtpl's escapes": "{_{ x }_} {_% x %_}",
    "row tag": "{%tr endfor %}",
    "markup": "</w:t></w:r></w:p><w:p><w:r><w:t>",
    "ampersand": "Smith & Sons <smith@example.org>",
    "entity": "&lt;b&gt; &#65; &xxe;",
    "quotes": 'D\'Angelo "Dee" O’Neil',
    "right to left": "محمد عبد الرحمن بن سعيد",
    "Hebrew in English": "Sarah כהן-לוי of Miami",
    "emoji": "Zoë 🙂 ❤️ 👩‍👩‍👧 🇭🇹",
    "underscores": "snake_case __class__",
    "percent": "100 % {sure}",
    "Chinese": "陳大文",
    "100 kB": "Wolfeschlegelsteinhausenbergerdorff & " * 2_700,
    "NUL": "Mar\x00cus",
    "lone surrogate": "Mar\ud800cus",
    "controls": "Mar\x07\x1bcus",
    "direction override": "Marcus\u202enosnhoJ",
    "not a character": "Mar\ufffecus",
}
"""Words that people may have, or may try. The last five are cleaned, all others stay."""


def become_of(attack: Attack) -> tuple[str, float]:
    """What the check says of an attack, and the seconds that it took."""
    template, began = attack.template(), time.perf_counter()
    try:
        check_template(
            template, packet_context(complete_packet(KIND)), packet_context(sparse_packet(KIND))
        )
        return "LET THROUGH", time.perf_counter() - began
    except DocumentError as error:
        return str(error), time.perf_counter() - began


def packet_saying(words: str, kind: str = KIND) -> bytes:
    """A packet in which somebody put `words` wherever they could; very long ones here and there."""
    packet = full_packet(kind)
    said = Passage(words, words, words, confirmed_by=words)
    quoted = replace(said, quote=True)
    if len(words) > 10_000:
        named = replace(
            packet, person=replace(packet.person, name=words), sections={"who": [quoted]}
        )
        return render_docx(packet_template(kind), packet_context(named))
    hostile = replace(
        packet,
        person=replace(packet.person, name=words, called=words),
        ask=words,
        prepared_by=words,
        sections={key: [said, quoted, said] for key in packet.sections},
        helpers=[replace(helper, name=words, will_do=words) for helper in packet.helpers],
        conditions=[words],
        letters=[replace(letter, writer=words) for letter in packet.letters],
        exhibits=[replace(exhibit, title=words) for exhibit in packet.exhibits],
        photographs=[replace(photograph, caption=words) for photograph in packet.photographs],
    )
    return render_docx(packet_template(kind), packet_context(hostile))


def main() -> None:
    """Print the table of attacks."""
    for attack in ATTACKS:
        said, seconds = become_of(attack)
        reason = said.removeprefix("This file cannot be used as a Word document: ")
        print(f"{attack.name:28} {seconds * 1000:6.0f} ms  {' '.join(reason.split())[:96]}")


if __name__ == "__main__":
    main()
