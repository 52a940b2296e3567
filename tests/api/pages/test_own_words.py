"""Our own words are told from what people wrote, and only they are translated."""

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment

from api.pages import dates
from api.pages.own_words import Phrases, Words, marked, own, values_of
from api.pages.translating import build, catalog

SPANISH = Phrases(
    {
        "May": "mayo",
        "Yes": "Sí",
        "hearing": "audiencia",
        "trial": "juicio",
        "in {days#} days": "en {days} días",
        "{person} joined the circle": "{person} entró en el círculo",
        "{kind!} set for {when!}": "{kind}: el {when}",
        "{what!} to {person} by {how!}": "{what} a {person} por {how}",
        "packet to read": "informe para leer",
        "text": "texto",
    }
)


def rendered(template: str, **values: object) -> str:
    like = Environment(loader=DictLoader({"a": template}), autoescape=True)
    said = build(lambda text: f"«{text}»", SPANISH, like)
    return said.get_template("a").render(**values)


def test_a_person_called_may_and_a_note_that_says_yes_stay() -> None:
    assert rendered("{{ name }}: {{ note }}", name="May", note="Yes") == "May: Yes"
    assert rendered("{{ name }}: {{ note }}", name=Words("May"), note=Words("Yes")) == "mayo: Sí"


@given(st.text(max_size=40))
def test_what_somebody_typed_is_never_translated(typed: str) -> None:
    plain = Environment(loader=DictLoader({"a": "{{ x }}"}), autoescape=True)
    assert rendered("{{ x }}", x=typed) == plain.get_template("a").render(x=typed)


def test_a_name_within_a_sentence_of_ours_stays() -> None:
    assert SPANISH.say("May joined the circle") == "May entró en el círculo"
    assert SPANISH.say("Trial set for in 6 days") == "Juicio: el en 6 días"


def test_what_nobody_reads_of_a_field_is_the_same_in_every_language() -> None:
    field = (
        '{% macro line(name, label, type="text") %}<label for="{{ name }}">{{ label }}</label>'
        '<input name="{{ name }}" type="{{ type }}" title="{{ label }}">{% endmacro %}'
    )
    said = rendered(field + '{{ line("hearing", "Yes") }}')
    assert said == ('<label for="hearing">Sí</label><input name="hearing" type="text" title="Sí">')


def test_a_name_that_is_put_together_stays_in_an_attribute_and_is_said_elsewhere() -> None:
    template = '{% set at = prefix ~ "trial" %}<i id="{{ at }}">{{ at }}</i>'
    assert rendered(template, prefix="own ") == '<i id="own trial">own juicio</i>'


def test_a_value_that_must_be_ours_and_is_not_leaves_the_sentence_alone() -> None:
    assert SPANISH.say("Something new set for in 6 days") == "Something new set for in 6 days"


def test_a_word_between_two_values_may_be_in_a_value_too() -> None:
    assert SPANISH.say("Packet to read to Ana by text") == "Informe para leer a Ana por texto"


def test_what_stands_for_an_unknown_name_is_ours() -> None:
    said = Phrases({"someone": "alguien", "{person} wrote back": "{person} respondió"})
    assert said.say("someone wrote back") == "alguien respondió"


def test_numbers_are_numbers() -> None:
    assert SPANISH.say("in 6 days") == "en 6 días"
    assert SPANISH.say("in many days") == "in many days"


def test_a_word_that_begins_a_line_is_the_same_word() -> None:
    assert SPANISH.say("Hearing") == "Audiencia"


def test_a_mark_changes_no_text() -> None:
    table = marked({"yes": "Yes"})
    assert table["yes"] == "Yes"
    assert type(table["yes"]) is Words
    assert type(own(lambda: "Yes")()) is Words


def test_a_field_s_label_in_a_template_is_ours_and_still_compares() -> None:
    macro = "{% macro line(label) %}<b>{{ label }}</b>{% endmacro %}"
    assert rendered(macro + '{{ line("hearing") }}') == "<b>audiencia</b>"
    assert rendered('{% set place = "Yes" %}{% if place == "Yes" %}{{ place }}{% endif %}') == "Sí"
    assert rendered('{{ "hearing" if n == 1 else "trial" }}', n=1) == "audiencia"


def test_what_is_put_together_is_one_sentence_or_words_beside_each_other() -> None:
    assert rendered('{{ who ~ " joined the circle" }}', who="Yes") == "Yes entró en el círculo"
    assert rendered('{{ "hearing" ~ ": " ~ who }}', who="May") == "audiencia: May"


def test_words_are_said_before_they_are_joined_or_made_small() -> None:
    assert rendered('{{ all | join(", ") }}', all=[Words("Yes"), "Yes"]) == "Sí, Yes"
    assert rendered("{{ one | lower }}", one=Words("Trial")) == "juicio"


def test_what_is_escaped_in_english_is_escaped_in_spanish() -> None:
    assert rendered("{{ x }}", x=Words("<b> joined the circle")) == (
        "&lt;b&gt; entró en el círculo"
    )


def test_the_values_of_a_sentence_have_names() -> None:
    assert values_of("{kind!} set for {when!} in {days#}") == {"kind", "when", "days"}


def test_dates_are_said_as_in_spanish() -> None:
    spanish = Phrases(catalog("es").words)
    day = date(2026, 12, 8)
    assert spanish.say(dates.long_day(day)) == "martes 8 de diciembre de 2026"
    assert spanish.say(dates.day_words(day)) == "mar 8 dic 2026"
    assert spanish.say(dates.when_words(datetime(2026, 12, 8, 9, 5))) == "mar 8 dic 2026, 9:05"
    assert spanish.say(dates.away(day, date(2026, 12, 2))) == "en 6 días"
    assert spanish.say(dates.away(date(2026, 12, 1), day)) == "hace 7 días"


@given(st.dates(), st.integers(-400, 400))
def test_every_date_is_known_in_spanish(day: date, days: int) -> None:
    spanish = Phrases(catalog("es").words)
    for english in (dates.day_words(day), dates.long_day(day)):
        assert spanish.known(english) is not None
    assert spanish.known(dates.away(date(2026, 12, 1) + timedelta(days), date(2026, 12, 1)))
