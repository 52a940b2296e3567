"""Which words fit: the language, the step's template and its variant."""

from __future__ import annotations

import re
from collections.abc import Collection

from domain.message_facts import MessageFacts, SilentInCustody, UnknownLanguage
from domain.message_steps import VARIANTS


def template_of(step: str) -> str:
    """The step whose words are used: a hub that reminds 14 days before says what 7 days say."""
    match = re.fullmatch(r"before_(\d+)", step)
    if match is None:
        return step
    days = int(match[1])
    for fewest, borrowed in ((5, "before_7"), (2, "before_3"), (1, "before_1")):
        if days >= fewest:
            return borrowed
    return "morning"


def variant_of(step: str, audience: str, *, detained: bool, facts: MessageFacts) -> str:
    """Which of a step's texts fits: by audience, by custody and by what is known.

    A step that is written for one kind of reader only, such as an acknowledgement, takes no
    notice of either.

    Raises:
        SilentInCustody: a detained defendant is not written to, nor is the family about steps
            that custody suspends.
    """
    variants = VARIANTS.get(step, ())
    if len(variants) == 1:
        return variants[0]
    variant = str(audience)
    if detained:
        variant = f"{audience}_detained"
        if variant not in variants:
            raise SilentInCustody(step, audience)
    if step == "enrolled" and facts.hearing is None:
        return f"{variant}_no_date"
    old, new = facts.old_hearing, facts.hearing
    if step == "changed" and old is not None and new is not None and old.local == new.local:
        return f"{variant}_place"
    return variant


def best_language(wanted: str, available: Collection[str], default: str) -> str:
    """The language to write in: the wanted one, the hub's default, English, or any there is.

    "es-MX" and "ES_mx" are served by "es" where there is nothing closer.

    Raises:
        UnknownLanguage: nothing is available.
    """
    by_tag = {code.lower().replace("_", "-"): code for code in sorted(available)}
    for tag in (wanted, default, "en"):
        tag = tag.strip().lower().replace("_", "-")
        for candidate in (tag, tag.partition("-")[0]):
            if candidate in by_tag:
                return by_tag[candidate]
    if not by_tag:
        raise UnknownLanguage(wanted, ())
    return next(iter(by_tag.values()))
