"""A consent as a person reads it, on a phone or on paper: every element, in their language."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from activities.notices import the_phrases
from domain.consents import (
    ExpiryEvent,
    RecipientKind,
    ShareKind,
    SharePurpose,
    needs_notice,
)
from domain.court_time import wall_time
from domain.dates_in_words import DateWords
from domain.message_values import phone_words
from domain.phrases import Phrases
from domain.vocabulary import LinkPurpose
from domain.words import Catalog, best_language
from records.consent_drafts import CLASSES, PURPOSES, revoke_words
from records.tables import ConsentTerms, Hub


@dataclass(frozen=True, slots=True)
class Part:
    """One element: its heading, and what it says, in one line or several."""

    heading: str
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class ConsentSheet:
    """A consent in one language.

    Attributes:
        language: the one it is in.
        parts: the elements, in the order of 42 CFR 2.31(a).
        statements: what the person is told before they sign (42 CFR 2.31(a)(6) and (10), 45 CFR
            164.508(c)(2) and (4)).
    """

    language: str
    title: str
    parts: tuple[Part, ...]
    statements: tuple[str, ...]
    phrases: Phrases
    known: dict[str, str]
    dates: DateWords

    @property
    def digest(self) -> str:
        """Changes with what it says: whoever read another text has not read this one."""
        said = [[part.heading, *part.lines] for part in self.parts]
        return hashlib.sha256(json.dumps([said, self.statements]).encode()).hexdigest()[:16]

    def say(self, name: str, /, **more: str) -> str:
        """A text of the consent's words, in its language."""
        return self.phrases.say(self.language, name, **{**self.known, **more})

    def day(self, name: str, at: datetime, zone: str, /, **more: str) -> str:
        """A text with a day in it: that of an instant (UTC) on the clock of a zone."""
        day = wall_time(at, zone).date()
        return self.say(name, day=self.dates.named(day), year=str(day.year), **more)


def consent_sheet(
    catalog: Catalog, hub: Hub, row: ConsentTerms, language: str, *, paper: bool = False
) -> ConsentSheet:
    """A consent in a language, or in the hub's, where there are no words in that one; `paper` is
    how it is said where there is no button to press."""
    phrases = the_phrases(LinkPurpose.CONSENT)
    language = phrases.language(language, hub.default_language)
    known = {"hub": hub.name, "phone": phone_words(hub.phone)}
    words = catalog.everything[best_language(language, catalog.languages, hub.default_language)]
    bare = ConsentSheet(language, "", (), (), phrases, known, words.dates)
    return ConsentSheet(
        language,
        bare.say("title.paper"),
        tuple(_parts(bare, hub, row, paper=paper)),
        tuple(bare.say(name) for name in _statements(row, paper=paper)),
        phrases,
        known,
        words.dates,
    )


def _parts(sheet: ConsentSheet, hub: Hub, row: ConsentTerms, *, paper: bool) -> list[Part]:
    how = sheet.say("paper.how" if paper else "revoke.how")
    said = {
        "person": [row.person_name],
        "discloser": [row.discloser],
        "kinds": [sheet.say(f"kind.{kind}") for kind in ShareKind if kind in row.kinds],
        "limits": [row.limits],
        "recipient": [_recipient(sheet, row)],
        "purpose": [_purpose(sheet, row)],
        "until": [_until(sheet, hub, row)],
        "revoke": [how if row.revoke_how == revoke_words(hub) else row.revoke_how],
    }
    return [
        Part(sheet.say(f"part.{name}"), [line for line in lines if line])
        for name, lines in said.items()
        if any(lines)
    ]


def _recipient(sheet: ConsentSheet, row: ConsentTerms) -> str:
    kind = RecipientKind(row.recipient_kind)
    ours = row.recipient == CLASSES.get(kind)
    return sheet.say(f"recipient.{kind}") if ours else row.recipient


def _purpose(sheet: ConsentSheet, row: ConsentTerms) -> str:
    purpose = SharePurpose(row.purpose)
    ours = row.purpose_words in ("", PURPOSES[purpose])
    return sheet.say(f"purpose.{purpose}") if ours else row.purpose_words


def _until(sheet: ConsentSheet, hub: Hub, row: ConsentTerms) -> str:
    if row.expires_at is not None:
        # What ends at midnight ends with the day before.
        return sheet.day("until.day", row.expires_at - timedelta(seconds=1), hub.zone)
    match row.event:
        case ExpiryEvent.OTHER:
            return sheet.say("until.other", what=row.event_words)
        case ExpiryEvent.NONE:
            return sheet.say("until.none")
        case _:
            return sheet.say("until.case_end")


def _statements(row: ConsentTerms, *, paper: bool) -> list[str]:
    """The names of what is said, in order."""
    names = ["right_to_revoke", "no_condition", "redisclosure"]
    if row.purpose == SharePurpose.CARE:
        names.append("care")
    if needs_notice(ShareKind(kind) for kind in row.kinds):
        names.append("part2")
    if row.purpose == SharePurpose.COURT:
        names.append("court")
    said = [f"statement.{name}" for name in names]
    return [*said, "paper.copy" if paper else "statement.copy"]
