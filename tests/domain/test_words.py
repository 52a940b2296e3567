"""The words of messages: every combination fits, is complete, and can be understood."""

from __future__ import annotations

import re
import time
import unicodedata
from dataclasses import replace
from datetime import date, datetime
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.clean_facts import clean
from domain.message_steps import PLACEHOLDERS, SPOKEN, VARIANTS
from domain.message_values import FINDERS, phone_words
from domain.vocabulary import HearingKind
from domain.words import (
    BadTemplate,
    Catalog,
    HearingWords,
    MessageFacts,
    MissingFact,
    Rendered,
    SilentInCustody,
    UnknownLanguage,
    UnknownWords,
    best_language,
)
from tests.domain.said import CATALOG, FOLDER, STOP

COMBINATIONS = [
    (language, step, variant)
    for language, (step, variants) in product(CATALOG.languages, VARIANTS.items())
    for variant in variants
    if step in SPOKEN
]
"""What the circle is told; answers, letters and digests have tests of their own."""
LINK = "https://hub.example.org/f/k3J9x0aB2cD4eF6gH8iJ1kL3mN5oP7qR9sT0uV2w4xY"
GERSTEIN = "Richard E. Gerstein Justice Building, 1351 NW 12th St, Miami"

USUAL = MessageFacts(
    hub_name="Hope Hub",
    hub_phone="+13055550123",
    first_name="Ana",
    participant_first_name="Ben",
    hearing=HearingWords(datetime(2026, 12, 8, 9), "3A", "12 Oak St, Miami", "arraignment"),
    old_hearing=HearingWords(datetime(2026, 12, 1, 13, 30), "3A", "12 Oak St, Miami"),
    step_words="Visit the clinic",
    due=date(2026, 12, 11),
    link=LINK,
    counsel_phone="+13055550177",
)
LONG = replace(
    USUAL,
    hub_name="Healing and Justice Center of Miami",
    first_name="Maria de los Angeles",
    participant_first_name="Juan Bautista",
    hearing=HearingWords(datetime(2026, 9, 23, 10, 30), "Courtroom 4-1", GERSTEIN),
    old_hearing=HearingWords(datetime(2026, 9, 16, 10, 30), "Courtroom 2-10", GERSTEIN),
    step_words="First visit at Jessie Street Community Health Center",
)
ACCENTED = replace(LONG, first_name="María de los Ángeles", participant_first_name="Jesús Ramón")
SATURDAY = replace(
    ACCENTED,
    hearing=HearingWords(datetime(2026, 9, 26, 13), "Courtroom 4-1", GERSTEIN),
    due=date(2026, 9, 26),
)
ACCENTED_HUB = replace(
    USUAL, hub_name="Casa Corazón", first_name="María", participant_first_name="Andrés"
)


def render(
    language: str, step: str, variant: str, facts: MessageFacts = USUAL, channel: str = "sms"
) -> Rendered:
    """Render a variant by giving the facts that lead to it."""
    audience = variant.partition("_")[0]
    if variant.endswith("_no_date"):
        facts = replace(facts, hearing=None)
    if variant.endswith("_place") and facts.hearing and facts.old_hearing:
        old = replace(facts.old_hearing, local=facts.hearing.local, room="Courtroom 2-10")
        facts = replace(facts, old_hearing=old)
    rendered = CATALOG.render(
        step=step,
        audience=audience,
        detained="_detained" in variant,
        language=language,
        channel=channel,
        facts=facts,
    )
    assert rendered.template.startswith(f"{language}/{step}/{variant}/")
    return rendered


def all_texts(facts: MessageFacts) -> list[Rendered]:
    return [
        render(*combination, facts, channel)
        for combination in COMBINATIONS
        for channel in ("sms", "email")
    ]


def test_every_placeholder_that_is_allowed_is_also_filled() -> None:
    assert frozenset(FINDERS) == PLACEHOLDERS


def test_no_language_lacks_anything() -> None:
    assert CATALOG.problems() == ()
    assert set(CATALOG.languages) == {"en", "es", "ht"}


@pytest.mark.parametrize(("language", "step", "variant"), COMBINATIONS)
def test_a_text_is_at_most_two_segments_and_says_who_sends_it_and_how_to_stop(
    language: str, step: str, variant: str
) -> None:
    bare = replace(LONG, link="", counsel_phone="")
    for facts in (USUAL, LONG, ACCENTED, SATURDAY, ACCENTED_HUB, bare):
        rendered = render(language, step, variant, facts)
        assert rendered.segments.segments <= 2, rendered.text
        assert rendered.text.startswith(f"{facts.hub_name}: ")
        assert "305-555-0123" in rendered.text
        assert STOP[language] in rendered.text
        assert rendered.subject == ""


def test_ordinary_texts_are_gsm_and_greet_by_name() -> None:
    for language, step, variant in COMBINATIONS:
        rendered = render(language, step, variant, LONG)
        assert rendered.segments.encoding == "GSM-7", rendered.segments.offending
        assert "Maria de los Angeles" in rendered.text


def test_a_text_about_a_hearing_says_day_time_and_place() -> None:
    for language, step, variant in COMBINATIONS:
        if step in {"post_miss", "plan_step", "plan_step_missed"} or variant.endswith("_no_date"):
            continue
        for facts, channel in product((USUAL, ACCENTED_HUB), ("sms", "email")):
            text = render(language, step, variant, facts, channel).text
            assert re.search(r"Tue\w*, Dec\w* 8|mar\w* 8 (de )?dic\w*|mad\w* 8 des\w*", text), text
            assert "9:00" in text
            assert "3A, 12 Oak St" in text or step == "cancelled"


def test_a_change_says_the_old_and_the_new_date() -> None:
    for language, variant in product(CATALOG.languages, ("defendant", "family", "family_detained")):
        text = render(language, "changed", variant).text
        assert "1:30" in text
        assert re.search(r"December 1\b|1 de diciembre|1ye desanm", text)
        assert text.index("1:30") < text.index("9:00")


def test_a_change_of_place_alone_says_that_the_time_stays() -> None:
    text = render("en", "changed", "defendant_place").text
    assert "Same time: Tuesday, December 8, at 9:00 AM." in text
    assert "Old: Courtroom 2-10, 12 Oak St, Miami. NEW: room 3A" in text


BANNED = re.compile(
    r"felon|misdemean|docket|case n|charge[sd]?\b|crime|crimin|guilty|jail|prison|inmate|offen[sc]e"
    r"|violat|fail|fault|delito|culpab|expediente|c[áa]rcel|prisi[óo]n|preso|akiz|\bchaj|krim|koupab"
    r"|pri[sz]on|nimewo (dosye|ka)\b|[{}\[\]]|\bNone\b|None\.",
    re.IGNORECASE,
)


@pytest.mark.parametrize("facts", [USUAL, LONG, ACCENTED], ids=["usual", "long", "accented"])
def test_nothing_reveals_threatens_shames_or_is_left_unfilled(facts: MessageFacts) -> None:
    for rendered in all_texts(facts):
        assert not BANNED.search(rendered.text), rendered.text
        assert not BANNED.search(rendered.subject)
        assert "  " not in rendered.text
        assert ".." not in rendered.text


def test_only_the_seven_day_message_to_the_defendant_names_the_consequence_and_only_once() -> None:
    for language, step, variant in COMBINATIONS:
        for facts, channel in product((USUAL, LONG, ACCENTED, ACCENTED_HUB), ("sms", "email")):
            said = re.findall("arrest|arete", render(language, step, variant, facts, channel).text)
            assert len(said) == ((step, variant) == ("before_7", "defendant"))


def test_a_subject_tells_neither_court_nor_names() -> None:
    for language, step, variant in COMBINATIONS:
        subject = render(language, step, variant, channel="email").subject
        assert "Hope Hub" in subject
        assert not re.search(
            r"court|corte|tribinal|hearing|audiencia|odyans|arraign|Ana|Ben", subject
        )


def syllables(word: str) -> int:
    word = re.sub(r"[^a-z]", "", word.lower())
    if len(word) <= 3:
        return 1
    word = re.sub(r"(?:[^laeiouy]es|[^td]ed|[^l]e)$", "x", word)
    return max(1, len(re.findall(r"[aeiouy]+", word)))


def grade(text: str) -> float:
    """Flesch-Kincaid grade (Kincaid and others, 1975), for English without addresses."""
    text = re.sub(r"https?://\S+|[AP]M\b|\n", " ", text.replace("\n\n", ". "))
    sentences = [part for part in re.split(r"[.?!]+", text) if re.search(r"[a-z]", part)]
    words = [word for word in re.findall(r"[A-Za-z0-9':-]+", text) if word != ":"]
    sounded = sum(map(syllables, words))
    return 0.39 * len(words) / len(sentences) + 11.8 * sounded / len(words) - 15.59


def test_the_measure_of_reading_grade_tells_easy_from_hard() -> None:
    assert grade("The cat sat on the mat. We go home now.") < 1
    assert grade("Jurisdictional considerations necessitate additional documentation.") > 12


@pytest.mark.parametrize(
    ("step", "variant"), [(step, variant) for step in sorted(SPOKEN) for variant in VARIANTS[step]]
)
def test_english_is_readable_at_grade_six(step: str, variant: str) -> None:
    for channel in ("sms", "email"):
        rendered = render("en", step, variant, channel=channel)
        assert grade(rendered.text) <= 6, rendered.text


def test_sentences_are_short_in_spanish() -> None:
    for language, step, variant in COMBINATIONS:
        if language != "es":
            continue
        text = render(language, step, variant).text.replace("a.m.", "am").replace("p.m.", "pm")
        sentences = [part.split() for part in re.split(r"[.?!]\s", text)]
        assert sum(map(len, sentences)) / len(sentences) <= 12, text


def test_a_name_with_an_accent_keeps_it_where_the_text_still_fits() -> None:
    rendered = render("es", "before_3", "defendant", replace(USUAL, first_name="María", link=""))
    assert "Hola María," in rendered.text
    assert rendered.segments.encoding == "UCS-2"
    assert rendered.segments.offending == () or "é" not in rendered.segments.offending


def test_an_accent_that_costs_too_much_leaves_the_name_out_and_never_respells_it() -> None:
    for combination in COMBINATIONS:
        text = render(*combination, ACCENTED).text
        assert "Maria" not in text
        assert "Jesus" not in text
        assert "Healing and Justice Center of Miami" in text


def test_a_text_that_cannot_fit_goes_out_whole_and_says_what_it_costs() -> None:
    facts = replace(ACCENTED, hub_name="Círculo de Sanación y Apoyo para las Familias de Miami")
    rendered = render("es", "before_1", "family", facts)
    assert rendered.segments.segments == 3
    assert set(rendered.segments.offending) >= {"í", "ó"}
    assert facts.hub_name in rendered.text
    assert "305-555-0123" in rendered.text


def test_today_and_tomorrow_are_said_only_when_they_are_true() -> None:
    assert "tomorrow, Tuesday" in render("en", "before_1", "defendant").text
    assert "mañana, martes" in render("es", "before_1", "defendant").text
    assert "today, Tuesday" in render("en", "morning", "family").text
    late = replace(USUAL, today=date(2026, 12, 8))
    assert "today, Tuesday" in render("en", "changed", "defendant", late).text
    for step in ("before_7", "before_3", "changed"):
        assert not re.search("today|tomorrow", render("en", step, "defendant").text)


@pytest.mark.parametrize(
    ("at", "english", "spanish"),
    [
        (datetime(2026, 12, 8, 0, 5), "at 12:05 AM", "a las 12:05 a.m."),
        (datetime(2026, 12, 8, 12), "at 12:00 noon", "a las 12:00 p.m."),
        (datetime(2026, 12, 8, 12, 30), "at 12:30 PM", "a las 12:30 p.m."),
        (datetime(2026, 12, 8, 13), "at 1:00 PM", "a la 1:00 p.m."),
    ],
)
def test_times_of_day(at: datetime, english: str, spanish: str) -> None:
    facts = replace(USUAL, link="", hearing=HearingWords(at, "3A", "12 Oak St"))
    assert f"December 8, {english}. Where" in render("en", "before_3", "defendant", facts).text
    assert f"diciembre, {spanish} Lugar" in render("es", "before_3", "defendant", facts).text


@given(st.dates(date(2026, 1, 1), date(2030, 12, 31)))
def test_every_day_has_its_weekday_and_month(day: date) -> None:
    english = CATALOG.everything["en"].dates
    assert english.named(day) == f"{day:%A, %B} {day.day}"
    assert english.named(day, short=True) == f"{day:%a, %b} {day.day}"
    weekdays = ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"]
    assert CATALOG.everything["es"].dates.named(day).startswith(f"{weekdays[day.weekday()]} ")


def test_a_hubs_own_number_of_days_borrows_the_nearest_words() -> None:
    for step, borrowed in (
        ("before_14", "before_7"),
        ("before_4", "before_3"),
        ("before_2", "before_3"),
        ("before_0", "morning"),
    ):
        rendered = CATALOG.render(
            step=step,
            audience="defendant",
            detained=False,
            language="en",
            channel="sms",
            facts=USUAL,
        )
        assert rendered.text == render("en", borrowed, "defendant").text


def test_the_defendant_is_not_written_to_while_detained() -> None:
    for step in SPOKEN:
        with pytest.raises(SilentInCustody):
            CATALOG.render(
                step=step,
                audience="defendant",
                detained=True,
                language="en",
                channel="sms",
                facts=USUAL,
            )


def test_the_family_of_a_detained_person_is_invited_and_not_asked_to_bring_anyone() -> None:
    text = render("en", "before_3", "family_detained").text
    assert "has a hearing" in text
    assert "You can be there." in text


def test_a_kind_that_would_shame_is_a_court_date() -> None:
    hearing = USUAL.hearing
    assert hearing is not None
    for kind in HearingKind:
        facts = replace(USUAL, hearing=replace(hearing, kind=kind))
        text = render("en", "before_7", "defendant", facts, "email").text
        assert "sentenc" not in text
        assert "bail" not in text
        assert "parole" not in text
    facts = replace(USUAL, hearing=replace(hearing, kind=HearingKind.PROBATION_VIOLATION))
    assert "Your court date is" in render("en", "before_7", "defendant", facts, "email").text
    assert "Your arraignment is" in render("en", "before_7", "defendant", USUAL, "email").text


def test_the_first_message_shows_the_private_page() -> None:
    for language, variant in product(CATALOG.languages, ("defendant", "family", "family_detained")):
        assert LINK in render(language, "enrolled", variant).text


def test_counsels_number_is_told_on_the_way_back() -> None:
    assert "305-555-0177" in render("en", "post_miss", "defendant").text
    assert (
        "Lawyer"
        not in render("en", "post_miss", "defendant", replace(USUAL, counsel_phone="")).text
    )


@pytest.mark.parametrize("fact", ["hub_name", "hub_phone", "hearing"])
def test_a_missing_fact_is_named_and_nothing_is_sent(fact: str) -> None:
    facts = replace(USUAL, **{fact: None if fact == "hearing" else " "})  # type: ignore[arg-type]
    with pytest.raises(MissingFact, match=fact):
        CATALOG.render(
            step="before_1",
            audience="family",
            detained=False,
            language="en",
            channel="sms",
            facts=facts,
        )


def test_unknown_names_and_places_are_worded_around() -> None:
    facts = replace(
        USUAL,
        first_name="",
        participant_first_name="",
        hearing=HearingWords(datetime(2026, 12, 8, 9)),
    )
    text = render("en", "before_7", "family", facts).text
    assert "Hello, your loved one has court" in text
    assert "Where: call us to ask." in text


def test_a_bare_room_number_becomes_a_room_and_a_named_room_stays() -> None:
    for room, said in (("3A", "room 3A"), ("N45", "room N45"), ("Courtroom D", "Courtroom D")):
        facts = replace(USUAL, hearing=HearingWords(datetime(2026, 12, 8, 9), room, "12 Oak St"))
        assert f"Where: {said}, 12 Oak St." in render("en", "before_3", "family", facts).text


def test_a_short_place_is_the_street_and_not_the_number_of_a_court() -> None:
    hearing = HearingWords(
        datetime(2026, 12, 8, 9), "4-1", "11th Circuit Justice Building and Annex, 1351 NW 12th St"
    )
    facts = replace(LONG, hearing=hearing)
    assert "room 4-1, 1351 NW 12th St." in render("en", "before_7", "defendant", facts).text


@given(st.text(), st.text(), st.text())
def test_any_fact_stays_on_its_line_and_braces_stay_braces(
    first: str, room: str, address: str
) -> None:
    facts = replace(
        USUAL,
        first_name=first,
        hearing=HearingWords(datetime(2026, 12, 8, 9), room, "{hub} " + address),
    )
    text = render("en", "before_3", "defendant", facts).text
    assert "\n" not in text
    assert "\r" not in text
    subject = render("en", "before_3", "defendant", replace(USUAL, hub_name=f"A{first}"), "email")
    assert len(subject.subject.splitlines()) == 1


@given(st.text())
def test_cleaning_keeps_every_letter(text: str) -> None:
    letters = [c for c in unicodedata.normalize("NFC", text) if c.isalpha()]
    assert [c for c in clean(text) if c.isalpha()] == letters
    assert clean(clean(text)) == clean(text)


def test_a_decomposed_accent_costs_no_more_than_a_composed_one() -> None:
    facts = replace(USUAL, first_name="Andre\u0301s")
    assert render("es", "before_3", "defendant", facts).segments.encoding == "GSM-7"


def test_phone_numbers_are_shown_as_people_write_them() -> None:
    assert phone_words("+13055550123") == "305-555-0123"
    assert phone_words("(305) 555-0123") == "(305) 555-0123"
    assert phone_words("+50925550123") == "+50925550123"


def test_the_version_follows_the_source_of_a_step_and_of_its_language() -> None:
    sources = {
        "en": {file.name: file.read_text("utf-8") for file in (FOLDER / "en").glob("*.toml")}
    }
    before = Catalog.from_sources(sources)
    assert before.version("en", "before_14") == before.version("en", "before_7")
    assert len(before.version("en", "before_7")) == 12
    sources["en"]["before_7.toml"] = sources["en"]["before_7.toml"].replace("Plan now", "Plan")
    after = Catalog.from_sources(sources)
    assert after.version("en", "before_7") != before.version("en", "before_7")
    assert after.version("en", "before_3") == before.version("en", "before_3")
    sources["en"]["language.toml"] += "\n# spelled anew\n"
    assert Catalog.from_sources(sources).version("en", "before_3") != before.version(
        "en", "before_3"
    )


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "{place}",
            "{charge}",
            r"en/before_7.toml \[defendant\] sms: unknown placeholder {charge}",
        ),
        ("{place}", "{place.room}", "unknown placeholder"),
        ("{place}", "{place!r}", "without a format"),
        ("{place}", "{place", "brace"),
        ("[defendant]", "[stranger]", "unknown entry 'stranger'"),
        ("sms =", "text =", "unknown entry 'text'"),
        ("sms =", "sms = 3 #", "needs a text 'sms'"),
        ("[defendant]", "[defendant", "not valid TOML"),
    ],
)
def test_a_bad_template_is_refused_with_file_and_name(old: str, new: str, told: str) -> None:
    sources = {"en": {f.name: f.read_text("utf-8") for f in (FOLDER / "en").glob("*.toml")}}
    sources["en"]["before_7.toml"] = sources["en"]["before_7.toml"].replace(old, new, 1)
    with pytest.raises(BadTemplate, match=told):
        Catalog.from_sources(sources)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("hours = 12", "hours = 13"),
        ('"Monday", ', ""),
        ('[[0, "AM"]', '[[1, "AM"]'),
        ("hello =", "hallo ="),
        ('at = "at {clock}"', ""),
        ("other =", "another ="),
        ("[email]", "[e-mail]"),
    ],
)
def test_a_language_with_a_hole_in_its_tables_is_refused(old: str, new: str) -> None:
    common = (FOLDER / "en" / "language.toml").read_text("utf-8")
    assert old in common
    with pytest.raises(BadTemplate, match=r"en/language\.toml"):
        Catalog.from_sources({"en": {"language.toml": common.replace(old, new, 1)}})


def test_an_unknown_step_file_or_a_folder_without_language_is_refused(tmp_path: Path) -> None:
    common = (FOLDER / "en" / "language.toml").read_text("utf-8")
    with pytest.raises(BadTemplate, match="no such step"):
        Catalog.from_sources({"en": {"language.toml": common, "before_9.toml": ""}})
    with pytest.raises(BadTemplate, match="missing"):
        Catalog.from_sources({"en": {}})
    with pytest.raises(BadTemplate, match="no language"):
        Catalog.load(tmp_path)


def test_a_new_language_is_a_new_folder_and_is_not_offered_before_it_is_complete() -> None:
    sources = {
        language: {f.name: f.read_text("utf-8") for f in (FOLDER / language).glob("*.toml")}
        for language in ("en", "es")
    }
    sources["xx"] = {**sources["en"]}
    assert Catalog.from_sources(sources).languages == ("en", "es", "xx")
    sources["xx"]["morning.toml"] = sources["xx"]["morning.toml"].partition("[family]")[0]
    unfinished = Catalog.from_sources(sources)
    assert unfinished.languages == ("en", "es")
    assert "xx/morning.toml [family] sms" in unfinished.problems()
    with pytest.raises(UnknownWords):
        unfinished.render(
            step="morning",
            audience="family",
            detained=False,
            language="xx",
            channel="sms",
            facts=USUAL,
        )


def test_unknown_languages_and_steps_are_refused() -> None:
    with pytest.raises(UnknownLanguage, match="fr"):
        render("fr", "before_7", "family")
    with pytest.raises(UnknownWords, match="lunch"):
        render("en", "lunch", "family")
    with pytest.raises(UnknownWords, match="judge"):
        render("en", "before_7", "judge")


@pytest.mark.parametrize(
    ("wanted", "default", "best"),
    [
        ("es", "en", "es"),
        ("es-MX", "en", "es"),
        ("ES_mx", "en", "es"),
        ("ht", "es", "es"),
        ("ht", "fr", "en"),
        ("", "", "en"),
    ],
)
def test_the_best_language_is_wanted_then_default_then_english(
    wanted: str, default: str, best: str
) -> None:
    assert best_language(wanted, ("en", "es"), default) == best


def test_any_language_is_better_than_none() -> None:
    assert best_language("fr", ("ht",), "es") == "ht"
    with pytest.raises(UnknownLanguage):
        best_language("en", (), "en")


def test_words_are_found_fast_enough_for_a_whole_city() -> None:
    began = time.process_time()
    for index in range(600):
        render(*COMBINATIONS[index % len(COMBINATIONS)], (USUAL, LONG, ACCENTED)[index % 3])
    assert 600 / (time.process_time() - began) >= 500
