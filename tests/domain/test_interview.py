"""The interview: every section of every kind is asked about, in every language, in plain words, and
nothing that is asked could be used against the person."""

import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files

import pytest

import templates
from domain.interview import (
    QUESTIONS,
    WORDS,
    Question,
    asked_of_family,
    family_sections,
    question_of,
    rank,
    takes_many,
)
from domain.packet_sections import OF_KIND, SECTIONS, sections_of
from domain.phrases import Phrases
from domain.vocabulary import PacketKind

FOLDER = files(templates) / "links" / WORDS
PHRASES = Phrases.load(FOLDER)
LANGUAGES = ("en", "es", "ht")
HELP = ("ask", "why", "example")
EVERY = [question for questions in QUESTIONS.values() for question in questions]
ADVOCATES_OWN = (
    *("health", "circumstances", "needs", "acceptance", "corrections"),
    *("compliance", "cause", "cure", "insight"),
)
"""Sections that need a consent, counsel's eye, or somebody who is there."""
COULD_HURT = {
    "en": r"arrest|offen[cs]e|crime|guilt|charge|police|victim|weapon|\bgun|gang|drug|immigra"
    r"|visa\b|green card|citizen|that day|probation officer|prior",
    "es": r"arrest|delito|crimen|culpa|cargos|polic|víctima|arma|pandilla|droga|migra|visa\b"
    r"|ciudadan|ese día|antecedentes",
    "ht": r"arestasyon|arete|krim|koupab|akize|akizasyon|polis|viktim|zam\b|gang|dwòg|imigra|viza"
    r"|sitwayen|jou sa a",
}


def said(language: str, question: Question, part: str) -> str:
    """A text of a question, about Marcus."""
    return PHRASES.say(language, f"{question.words}.{part}", who="Marcus")


def sentences(text: str) -> list[list[str]]:
    """The sentences of a text, as words."""
    found = [re.findall(r"[\w'’-]+", part) for part in re.split(r"[.!?:;]+(?:\s|$)|¿|¡", text)]
    return [words for words in found if words]


def family_texts(language: str) -> Iterator[str]:
    """Whatever the family's pages say and ask."""
    for name in PHRASES.names("telling") + PHRASES.names("door"):
        values = {"who": "Marcus", "teller": "Ana", "hub": "Our hub", "phone": "(305) 555-0100"}
        yield PHRASES.say(language, name, told="2", all="8", number="1", **values)
    for question in EVERY:
        if question.family:
            yield from (said(language, question, part) for part in HELP)


@pytest.mark.parametrize("kind", PacketKind)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_section_of_every_kind_has_questions_with_help(
    kind: PacketKind, language: str
) -> None:
    for section in sections_of(kind):
        questions = QUESTIONS[section.key]
        assert 2 <= len(questions) <= 6, section.key
        assert PHRASES.say(language, f"section.{section.key}", who="Marcus")
        for question in questions:
            for part in HELP:
                assert said(language, question, part).strip(), question
    assert family_sections(kind), "there is something to ask of family for every kind"


def test_no_section_is_without_questions_and_no_question_without_a_section() -> None:
    assert set(QUESTIONS) == set(SECTIONS) == {key for keys in OF_KIND.values() for key in keys}
    named = {name.rpartition(".")[0] for name in PHRASES.names("question")}
    assert named == {question.words for question in EVERY}
    for questions in QUESTIONS.values():
        assert len({question.key for question in questions}) == len(questions)


def test_the_languages_are_three_and_nothing_is_left_in_english() -> None:
    assert set(PHRASES.everything) == set(LANGUAGES)
    for question in EVERY:
        for part in HELP:
            texts = {said(language, question, part) for language in LANGUAGES}
            assert len(texts) == len(LANGUAGES), question


def test_a_question_is_a_question_and_names_its_person_by_name_alone() -> None:
    for language in LANGUAGES:
        for question in EVERY:
            ask = said(language, question, "ask")
            assert "?" in ask, ask
            assert (language != "es") or ask.count("¿") == ask.count("?"), ask
            assert not re.search(r"\b(he|she|his|her|him)\b", ask), ask


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_asked_that_could_be_used_against_the_person(language: str) -> None:
    for question in EVERY:
        ask = said(language, question, "ask")
        assert not re.search(COULD_HURT[language], ask, re.IGNORECASE), ask


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("the day of the arrest", "not the place")),
        ("es", ("el día del arresto", "no es el lugar")),
        ("ht", ("jou arestasyon an", "Se pa isit la")),
    ],
)
def test_the_pages_say_what_not_to_write(language: str, words: tuple[str, ...]) -> None:
    caution = PHRASES.say(language, "telling.caution", who="Marcus")
    for part in words:
        assert part in caution


def test_what_needs_a_consent_or_counsel_is_never_on_the_familys_page() -> None:
    for section in ADVOCATES_OWN:
        assert asked_of_family(section) == (), section
    for question in EVERY:
        if not question.family:
            continue
        asked = said("en", question, "ask") + said("en", question, "why")
        assert not re.search(r"consent|counsel|treatment|therapy|diagnos", asked), question


@pytest.mark.parametrize(
    ("language", "most", "usual"), [("en", 16, 8), ("es", 18, 9), ("ht", 20, 10)]
)
def test_family_is_spoken_to_in_short_sentences(language: str, most: int, usual: int) -> None:
    lengths = []
    for text in family_texts(language):
        for words in sentences(text):
            assert len(words) <= most, " ".join(words)
            lengths.append(len(words))
    assert sum(lengths) / len(lengths) <= usual


def test_english_can_be_read_in_sixth_grade() -> None:
    """Flesch-Kincaid over the family's pages, with syllables counted by their vowels."""
    texts = list(family_texts("en"))
    spoken = [words for text in texts for words in sentences(text)]
    count = sum(len(words) for words in spoken)
    syllables = sum(_syllables(word) for words in spoken for word in words)
    grade = 0.39 * count / len(spoken) + 11.8 * syllables / count - 15.59
    assert grade <= 6, grade


def _syllables(word: str) -> int:
    bare = re.sub(r"(?<=[^aeiouy])e$|es$|ed$", "", word.lower())
    return max(1, len(re.findall(r"[aeiouy]+", bare)))


def test_titled_sections_take_one_answer_after_another() -> None:
    for section in SECTIONS.values():
        many = {question.many for question in QUESTIONS[section.key]}
        assert many == {section.titled}, section.key
        if section.titled:
            for language in LANGUAGES:
                assert PHRASES.say(language, f"title.{section.key}")


def test_questions_are_found_by_their_names() -> None:
    first = QUESTIONS["residence"][0]
    assert question_of("residence", first.key) == first
    assert question_of("residence", "") is None
    assert rank("residence", first.key) == 0
    assert rank("residence", "") == len(QUESTIONS["residence"])
    assert takes_many("residence", "")
    assert takes_many("timeline", "years")
    assert not takes_many("residence", first.key)


@pytest.mark.parametrize("language", LANGUAGES)
def test_files_hold_no_stray_marks(language: str) -> None:
    source = (FOLDER / f"{language}.toml").read_text("utf-8")
    tomllib.loads(source)
    assert "  " not in source
    assert "..." not in source
    assert "\u00a0" not in source
