"""What people need and plan steps are about, and how directories call it.

A directory's taxonomy is its own (AIRS, Open Eligibility, a county's); plan steps have few kinds.
The words below lead from the one to the other, so that a step finds its services. A hub may
correct what was found for a service; its own step kinds are kept as they are.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from domain.folding import words_of

KIND = re.compile(r"[a-z][a-z0-9_]{0,39}")
"""How the kind of a step is written."""


@dataclass(frozen=True, slots=True)
class Need:
    """One kind of step: what it is called, and the beginnings of words that mean it.

    Attributes:
        words: each a phrase whose words begin like this, in English, Spanish or Haitian Creole.
    """

    name: str
    words: tuple[str, ...]


NEEDS: Mapping[str, Need] = MappingProxyType(
    {
        "housing": Need(
            "Housing",
            ("housing", "shelter", "rent assist", "rental", "homeless", "eviction", "vivienda",
             "albergue", "lojman", "transitional living", "sober living"),
        ),
        "food": Need(
            "Food",
            ("food", "meal", "pantry", "grocer", "nutrition", "comida", "aliment", "manje"),
        ),
        "employment": Need(
            "Work or job search",
            ("employ", "job", "workforce", "career", "resume", "empleo", "trabajo", "travay"),
        ),
        "education": Need(
            "School or training",
            ("educat", "school", "ged", "literacy", "vocational", "training", "college", "tutor",
             "esol", "english class", "escuela", "educacion", "lekol"),
        ),
        "mental_health_care": Need(
            "Mental health care",
            ("mental health", "psychiatr", "psycholog", "counsel", "therap", "behavioral health",
             "depression", "anxiety", "salud mental", "sante mantal"),
        ),
        "trauma_counselling": Need(
            "Trauma counselling", ("trauma", "ptsd", "grief", "bereave", "art therap", "duelo")
        ),
        "substance_use_treatment": Need(
            "Substance use treatment",
            ("substance", "addict", "detox", "recovery", "alcohol", "drug treat", "drug abuse",
             "opioid", "methadone", "rehabilitation", "overdose", "adiccion", "drogas"),
        ),
        "mentoring": Need("Mentoring", ("mentor", "credible messenger", "peer support")),
        "healing_circle": Need("Healing circle", ("healing circle", "peace circle", "circulo")),
        "conflict_mediation": Need(
            "Conflict mediation",
            ("mediation", "conflict", "violence interrupt", "violence prevent", "dispute"),
        ),
        "family_support": Need(
            "Family support",
            ("family support", "parent", "child care", "childcare", "daycare", "head start",
             "family counsel", "visitation", "familia", "fanmi"),
        ),
        "victim_advocacy": Need(
            "Victim and survivor advocacy",
            ("victim", "survivor", "domestic violence", "sexual assault", "rape", "abuse shelter",
             "human traffick"),
        ),
        "youth_programme": Need(
            "Youth programme", ("youth", "after school", "afterschool", "teen", "jovenes", "summer")
        ),
        "community_service": Need(
            "Community service", ("community service", "volunteer", "voluntari")
        ),
        "restitution": Need("Restitution", ("restitution",)),
        "restorative_conference": Need(
            "Restorative conference", ("restorative", "family group conferenc")
        ),
        "benefits": Need(
            "Benefits and identity documents",
            ("benefit", "identification", "id card", "birth certificate", "snap", "medicaid",
             "food stamp", "social security", "ssi", "public assistance", "beneficio"),
        ),
        "drug_screen": Need("Drug screen", ("drug screen", "drug test", "urinalysis")),
    }
)  # fmt: skip
"""Kind of step → its need, in the order in which a form offers them."""


def need_name(kind: str) -> str:
    """What a need is called; a hub's own kind with spaces."""
    known = NEEDS.get(kind)
    return known.name if known else kind.replace("_", " ").capitalize()


def needs_in(texts: Iterable[str]) -> tuple[str, ...]:
    """The needs that some texts speak of, such as a service's name and its taxonomy terms."""
    lines = ["".join(f" {word}" for word in words_of(text)) for text in texts]
    return tuple(kind for kind, need in NEEDS.items() if any(_said(need, line) for line in lines))


def _said(need: Need, line: str) -> bool:
    return any(f" {words}" in line for words in need.words)


__all__ = ["KIND", "NEEDS", "Need", "need_name", "needs_in"]
