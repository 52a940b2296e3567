"""What a directory calls a thing, and which step of a plan it is for."""

import pytest

from domain.folding import line_of_words, words_of
from domain.needs import KIND, NEEDS, need_name, needs_in


@pytest.mark.parametrize(
    ("said", "need"),
    [
        ("Emergency Shelter", "housing"),
        ("Asistencia para vivienda", "housing"),
        ("Homeless Drop In Centers", "housing"),
        ("Food Pantries", "food"),
        ("Job Finding Assistance", "employment"),
        ("GED/High School Equivalency", "education"),
        ("Outpatient Mental Health Care", "mental_health_care"),
        ("Post-Traumatic Stress (PTSD) group", "trauma_counselling"),
        ("Detoxification", "substance_use_treatment"),
        ("Credible messengers for young adults", "mentoring"),
        ("Crime Victim Support", "victim_advocacy"),
        ("After-School Care", "youth_programme"),
        ("SNAP application help", "benefits"),
    ],
)
def test_words_of_directories_lead_to_needs(said: str, need: str) -> None:
    assert need in needs_in([said])


@pytest.mark.parametrize("said", ["Bankruptcy Court", "Raincoats", "Parking permits", ""])
def test_other_words_do_not(said: str) -> None:
    assert needs_in([said]) == ()


def test_every_need_is_written_as_a_kind_and_has_a_name() -> None:
    assert all(KIND.fullmatch(kind) for kind in NEEDS)
    assert need_name("housing") == "Housing"
    assert need_name("ride_to_court") == "Ride to court"


def test_words_are_without_case_accents_and_punctuation() -> None:
    assert words_of("Café-Bar, ÉCOLE d'été") == ["cafe", "bar", "ecole", "d", "ete"]
    assert line_of_words("Kreyòl", "kreyol food") == " kreyol food "
    assert line_of_words("", "–") == ""
