"""A template's source is taken apart into messages and put together again."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment

from api.pages.desk import FOLDER
from api.pages.segments import messages, places_of, translate

TEMPLATES = sorted(one.name for one in FOLDER.iterdir() if one.name.endswith(".html"))
pieces = st.lists(
    st.sampled_from(
        [
            *("one day", " ", "two", "· ", "{{ name }}", "{{ a | b }}", "<p>", "</p>", "<br>"),
            *("{% if x %}", "{% else %}", "{% endif %}", "<strong>", "</strong>", "<a href='/'>"),
            *("</a>", '<i title="see {{ name }}">', "</i>", "<div>", "</div>", "{# no #}"),
        ]
    ),
    max_size=14,
).map("".join)


def squeezed(text: str) -> str:
    return " ".join(text.split())


@given(pieces)
def test_saying_every_message_as_it_is_changes_nothing(source: str) -> None:
    assert squeezed(translate(source, lambda text: text)) == squeezed(source)


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_of_ours_stays_itself_in_its_own_language(template: str) -> None:
    source = (FOLDER / template).read_text(encoding="utf-8")
    assert squeezed(translate(source, lambda text: text)) == squeezed(source)


@given(pieces)
def test_a_message_never_holds_markup_or_an_expression(source: str) -> None:
    for text in messages(source):
        assert not re.search(r"\{[{%#]|<(?!/?[0-9]+>)", text)
        assert text == squeezed(text)


def test_tags_that_cross_each_other_stand_between_messages() -> None:
    source = "<p><i>One <b>two</i> three</b> four</p>"
    assert messages(source) == ["One", "two", "three", "four"]
    assert translate(source, str.upper) == "<p><i>ONE <b>TWO</i> THREE</b> FOUR</p>"


def test_a_message_is_a_run_of_inline_content_with_places() -> None:
    source = '<p class="soft">See <a href="/x">the {{ n }} cases</a> of {{ who }}.</p><p>Next</p>'
    assert messages(source) == ["See <1>the {1} cases</1> of {2}.", "Next"]


def test_places_may_change_their_order() -> None:
    source = '<p>{{ who }} has <a href="/x">{{ n }} cases</a></p>'
    said = translate(source, lambda text: "<1>{2} casos</1> de {1}")
    assert said == '<p><a href="/x">{{ n }} casos</a> de {{ who }}</p>'


def test_what_only_surrounds_a_message_is_not_part_of_it() -> None:
    assert messages('<p>{{ shape("disc") }} <span>Done</span></p>') == ["Done"]
    assert messages("<p>{{ name }}</p><p> · </p>") == []


def test_statements_end_a_message() -> None:
    assert messages("<p>A case{% if x %} is open{% endif %}.</p>") == ["A case", "is open"]


def test_what_is_read_aloud_is_a_message_too() -> None:
    source = '<nav aria-label="Main"><img alt="A map of {{ place }}"></nav>'
    assert messages(source) == ["Main", "A map of {1}"]
    assert 'alt="Mapa de {{ place }}"' in translate(source, lambda text: f"Mapa de {text[-3:]}")


def test_what_a_person_does_not_read_is_left_alone() -> None:
    source = '<input name="first_name" class="wide big"><svg><text>Hi</text></svg>{# Hi #}'
    assert messages(source) == []
    assert translate(source, str.upper) == source


def test_a_translated_template_renders_with_its_values() -> None:
    said = translate("<p>{{ n }} things need you</p>", lambda text: "Le necesitan {1} asuntos")
    environment = Environment(loader=DictLoader({"a": said}), autoescape=True)
    assert environment.get_template("a").render(n="<3") == "<p>Le necesitan &lt;3 asuntos</p>"


def test_the_places_of_a_text_are_counted_each() -> None:
    assert places_of("<1>{1}</1> {1}") == ["</1>", "<1>", "{1}", "{1}"]
