"""Every text to every reader in every language, with names and places that are hard on it."""

import re
from dataclasses import replace
from itertools import product

import pytest

from domain.message_samples import LONG_SAMPLES, SAMPLE, Reader
from domain.message_steps import LINKED, SPOKEN, VARIANTS, forms_of
from domain.segments import is_gsm
from tests.domain.said import CATALOG, LANGUAGES, READERS, STOP, reader_of, said, sources
from tests.domain.test_words import BANNED, grade

PLAIN = ("long", "no names", "no place")
"""Samples in which every letter is in the GSM alphabet."""
WITHOUT_A_STOP = frozenset({"ack_stop", "ack_wrong_number", "answer"})
"""They end it, or are an advocate's own words; where names take the room, `ack_which` is bare."""
EVERY = [(language, reader) for language, reader in product(LANGUAGES, READERS)]
IDS = [f"{language}-{reader.step}-{reader.variant}" for language, reader in EVERY]


def channels(reader: Reader) -> tuple[str, ...]:
    """How a step is told."""
    return ("sms", "email", "voice") if reader.step in SPOKEN else ("sms", "email")


@pytest.mark.parametrize(("language", "reader"), EVERY, ids=IDS)
def test_a_text_fits_two_segments_with_long_names(language: str, reader: Reader) -> None:
    for name, facts in LONG_SAMPLES.items():
        rendered = said(language, reader, "sms", facts)
        linked = reader.step in LINKED and not is_gsm(facts.hub_name)
        # An address of 75 letters beside a hub with an accent is the one thing that cannot fit.
        assert rendered.segments.segments <= 2 + linked, (name, rendered.text)


@pytest.mark.parametrize(("language", "reader"), EVERY, ids=IDS)
def test_a_text_begins_with_its_sender_and_says_whom_to_call_and_how_to_stop(
    language: str, reader: Reader
) -> None:
    for name, facts in LONG_SAMPLES.items():
        text = said(language, reader, "sms", facts).text
        assert text.startswith(f"{facts.hub_name}: "), (name, text)
        if reader.step != "answer":
            assert "305-555-0123" in text, (name, text)
        stops = re.search(rf"\b{STOP[language]}\b", text) is not None
        if reader.step != "ack_which":
            assert stops == (reader.step not in WITHOUT_A_STOP), (name, text)


def test_no_text_is_dear_without_a_name_that_makes_it_so() -> None:
    for (language, reader), sample in product(EVERY, PLAIN):
        rendered = said(language, reader, "sms", LONG_SAMPLES[sample])
        assert rendered.segments.encoding == "GSM-7", (rendered.text, rendered.segments.offending)


def test_nothing_reveals_threatens_or_is_left_unfilled() -> None:
    for language, reader in EVERY:
        for channel, facts in product(channels(reader), (SAMPLE, *LONG_SAMPLES.values())):
            rendered = said(language, reader, channel, facts)
            found = BANNED.search(rendered.text) or BANNED.search(rendered.subject)
            assert found is None, (found, rendered.text)


def test_no_text_lacks_a_blank_or_has_one_too_many() -> None:
    for language, reader in EVERY:
        for channel, facts in product(channels(reader), (SAMPLE, *LONG_SAMPLES.values())):
            text = said(language, reader, channel, facts).text
            assert not re.search(r" {2}|\.\.| [.,?!]|[,;?!](?! |\n|$)", text), text


def test_english_is_readable_at_grade_six_in_every_form() -> None:
    for reader in READERS:
        for channel in channels(reader):
            if reader.step != "digest":
                text = said("en", reader, channel).text
                assert grade(text) <= 6, (grade(text), text)


def test_a_digest_without_its_list_is_readable_at_grade_six() -> None:
    text = said("en", reader_of("digest"), "email").text
    plain = "\n".join(line for line in text.splitlines() if "December" not in line)
    assert grade(plain) <= 6


def test_a_subject_names_the_sender_and_nobody_else() -> None:
    for language, reader in EVERY:
        subject = said(language, reader, "email").subject
        assert "Liberty City Hub" in subject
        assert not re.search(r"court|corte|tribinal|hearing|audiencia|Marcus|Denise", subject)


def test_a_text_in_one_language_has_no_word_of_another() -> None:
    own = {
        "en": r"\b(court|hearing|call|reply|we|you)\b",
        "es": r"\b(corte|audiencia|llame|responda|usted|gracias|citas?)\b",
        "ht": r"\b(tribinal|odyans|rele|reponn|nou|mèsi|dat)\b",
    }
    for language, reader in EVERY:
        if reader.step == "answer":
            continue
        for channel in channels(reader):
            text = said(language, reader, channel).text.replace("Court", "").lower()
            for other, words in own.items():
                assert bool(re.search(words, text)) == (other == language), (other, text)


def test_every_form_that_a_step_must_have_is_asked_for() -> None:
    for step, variants in VARIANTS.items():
        for variant, form in product(variants, forms_of(step)):
            files = sources("en")
            head, table, rest = files[f"{step}.toml"].partition(f"[{variant}]")
            files[f"{step}.toml"] = (
                head
                + table
                + re.sub(rf'^{form} = ("""(?s:.)*?"""|.*)$', "", rest, count=1, flags=re.M)
            )
            gaps = CATALOG.from_sources({"en": files}).problems()
            assert f"en/{step}.toml [{variant}] {form}" in gaps


def test_a_language_that_cannot_be_spoken_is_not_complete() -> None:
    files = sources("ht")
    files["language.toml"] = files["language.toml"].partition("[voice]")[0]
    unfinished = CATALOG.from_sources({"en": sources("en"), "ht": files})
    assert unfinished.languages == ("en",)
    assert unfinished.problems() == ("ht/language.toml [voice]",)


def test_an_accented_hub_costs_parts_of_the_shortest_form_and_never_its_accent() -> None:
    facts = replace(LONG_SAMPLES["long"], hub_name="Corazón de Hialeah", link="")
    rendered = said("en", reader_of("before_1", "family"), "sms", facts)
    assert rendered.template == "en/before_1/family/bare"
    assert rendered.segments.segments == 2
    assert rendered.text == (
        "Corazón de Hialeah: Juan Bautista has court tomorrow Wed, Sep 23, 10:30 AM, "
        "Courtroom 4-1, 1351 NW 12th St. 305-555-0123. STOP to end."
    )
    longer = replace(facts, hub_name="Corazón de la Pequeña Habana")
    rendered = said("en", reader_of("before_1", "family"), "sms", longer)
    assert rendered.segments.segments == 2
    assert rendered.text == (
        "Corazón de la Pequeña Habana: Juan Bautista has court tomorrow Wed, Sep 23, 10:30 AM, "
        "1351 NW 12th St. 305-555-0123. STOP to end."
    )
