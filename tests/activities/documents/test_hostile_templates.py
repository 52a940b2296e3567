"""Hostile templates are refused with the reason; hostile words print as written, or cleaned."""

from __future__ import annotations

import re

import pytest

from activities.documents.template_language import clean_text
from domain.vocabulary import PacketKind
from tests.activities.documents.hostile import ATTACKS, WORDS, Attack, become_of, packet_saying
from tests.activities.documents.words import all_text, opened

SECONDS = 10.0
"""Far more than any refusal takes, on a machine that has other work."""


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_a_hostile_template_is_refused_with_its_reason(attack: Attack) -> None:
    said, seconds = become_of(attack)

    assert re.search(attack.says, said), said
    assert said != "LET THROUGH"
    assert "<w:" not in said
    assert seconds < SECONDS


def test_the_attacks_have_names_of_their_own() -> None:
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)


@pytest.mark.parametrize("name", WORDS)
def test_hostile_words_print_as_they_are_written(name: str) -> None:
    words = WORDS[name]
    document = opened(packet_saying(words))

    printed = clean_text(words).strip()
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[1] == printed
    assert f"“{printed}”" in texts
    assert f"— {printed} · Confirmed by: {printed}" in texts
    assert document.core_properties.title == f"Sentencing mitigation packet: {printed}"[:255]


@pytest.mark.parametrize("kind", PacketKind)
def test_no_kind_lets_a_placeholder_in_by_its_data(kind: PacketKind) -> None:
    docx = packet_saying("{{ hub.about }}{% if draft %}secret{% endif %}", kind)

    assert "secret" in all_text(docx)
    assert "{{ hub.about }}{% if draft %}secret{% endif %}" in [
        paragraph.text for paragraph in opened(docx).paragraphs
    ]


def test_cleaning_changes_the_last_five_words_alone() -> None:
    changed = [name for name, words in WORDS.items() if clean_text(words) != words]

    assert changed == list(WORDS)[-5:]
