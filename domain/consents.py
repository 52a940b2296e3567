"""Consents to share: what makes one valid, what it covers, and whether it holds at a moment.

One form serves two rules. Records of substance use treatment are shared under 42 CFR 2.31 (as
amended by 89 FR 12472, 2024); other health information under an authorization of 45 CFR
164.508(c). What is neither (court dates, school, work, housing) is shared under the same form,
and may be agreed to by word of mouth.

What somebody said to a counselor in a session is in no kind: such notes need a consent of their
own (42 CFR 2.31(b), 45 CFR 164.508(b)(3)), and Homeward neither keeps nor shares them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from domain.vocabulary import StepKind

PART2_NOTICE: Final = "42 CFR part 2 prohibits unauthorized use or disclosure of these records."
"""The statement of 42 CFR 2.32(a)(2), word for word: it goes with each disclosure of records of
substance use treatment that is made under a consent."""
ADULT_AT: Final = 18
"""Years; whoever is younger needs a guardian's signature, unless a law of the State says not."""


class ShareKind(StrEnum):
    """What may be shared: the closed list from which a person chooses."""

    COURT_DATES = "court_dates"
    PROGRESS = "progress"
    SUBSTANCE_USE = "substance_use"
    DRUG_SCREENS = "drug_screens"
    MENTAL_HEALTH = "mental_health"
    TREATMENT = "treatment"
    SCHOOL = "school"
    EMPLOYMENT = "employment"
    HOUSING = "housing"
    BENEFITS = "benefits"
    FAMILY = "family"
    COMMUNITY = "community"


PART2: Final = frozenset({ShareKind.SUBSTANCE_USE, ShareKind.DRUG_SCREENS})
"""What is treated as a record of 42 CFR part 2, whoever it came from."""
HEALTH: Final = PART2 | {ShareKind.MENTAL_HEALTH, ShareKind.TREATMENT}
"""What nobody outside the team reads without a consent in writing."""
PUBLIC: Final = frozenset({ShareKind.COURT_DATES})
"""What stands in the court's own calendar: anybody of any age may agree by word of mouth."""

STEP_COVERS: Final[Mapping[str, ShareKind]] = MappingProxyType(
    {
        StepKind.SUBSTANCE_USE_TREATMENT: ShareKind.SUBSTANCE_USE,
        StepKind.DRUG_SCREEN: ShareKind.DRUG_SCREENS,
        StepKind.MENTAL_HEALTH_CARE: ShareKind.MENTAL_HEALTH,
        StepKind.TRAUMA_INDIVIDUAL: ShareKind.MENTAL_HEALTH,
        StepKind.TRAUMA_GROUP: ShareKind.MENTAL_HEALTH,
        StepKind.ART_THERAPY: ShareKind.MENTAL_HEALTH,
        StepKind.EDUCATION: ShareKind.SCHOOL,
        StepKind.YOUTH_PROGRAMME: ShareKind.SCHOOL,
        StepKind.EMPLOYMENT: ShareKind.EMPLOYMENT,
        StepKind.EMPLOYMENT_VERIFICATION: ShareKind.EMPLOYMENT,
        StepKind.HOUSING: ShareKind.HOUSING,
        StepKind.HOME_VISIT: ShareKind.HOUSING,
        StepKind.FOOD: ShareKind.BENEFITS,
        StepKind.BENEFITS_DOCUMENTS: ShareKind.BENEFITS,
        StepKind.FAMILY_SUPPORT: ShareKind.FAMILY,
        StepKind.VICTIM_SURVIVOR_ADVOCACY: ShareKind.FAMILY,
        StepKind.MENTORING: ShareKind.COMMUNITY,
        StepKind.HEALING_CIRCLE: ShareKind.COMMUNITY,
        StepKind.CONFLICT_MEDIATION: ShareKind.COMMUNITY,
        StepKind.COMMUNITY_SERVICE: ShareKind.COMMUNITY,
        StepKind.RESTITUTION: ShareKind.COMMUNITY,
        StepKind.RESTORATIVE_CONFERENCE: ShareKind.COMMUNITY,
        StepKind.COURT_DATE: ShareKind.COURT_DATES,
    }
)
"""Which kind covers a step of a support plan; any other step is progress."""


def kind_of_step(step_kind: str, *, treatment: bool = False) -> ShareKind:
    """What a consent must name for a step of this kind to be shared under it; `treatment` says that
    a kind of a hub's own is about health."""
    found = STEP_COVERS.get(step_kind, ShareKind.PROGRESS)
    return ShareKind.TREATMENT if treatment and found not in HEALTH else found


class RecipientKind(StrEnum):
    """Whom a consent may name. There is no prosecutor among them: nothing goes there.

    COURT: the person's lawyer, and the court through the lawyer. CARE_TEAM: the class "my
    treating providers, health plans, third-party payers, and people helping to operate this
    program" of 42 CFR 2.31(a)(4)(i); everybody else is named.
    """

    COURT = "court"
    COUNSEL = "counsel"
    AGENCY = "agency"
    PROVIDER = "provider"
    CARE_TEAM = "care_team"
    SCHOOL = "school"
    EMPLOYER = "employer"
    FAMILY = "family"
    OTHER = "other"


class SharePurpose(StrEnum):
    """What it is shared for; one purpose for each consent.

    COURT: the person's own case; such a consent stands alone (42 CFR 2.31(d)). CARE: treatment,
    payment and health care operations, once for all of them (42 CFR 2.31(a)(5)(ii)). AT_REQUEST:
    the person asks for it and need not say why (45 CFR 164.508(c)(1)(iv)).
    """

    COURT = "court"
    CARE = "care"
    SUPPORT = "support"
    AT_REQUEST = "at_request"


class ExpiryEvent(StrEnum):
    """What ends a consent that has no date: the case is over, another event that is named, or,
    for CARE alone, nothing (42 CFR 2.31(a)(7))."""

    CASE_END = "case_end"
    OTHER = "other"
    NONE = "none"


class Medium(StrEnum):
    """How a consent was given. By word of mouth is enough for what is not about health."""

    PAPER = "paper"
    ELECTRONIC = "electronic"
    ORAL = "oral"


class Signer(StrEnum):
    """Who signed.

    SELF: the person. BOTH: a minor with a parent or guardian. MINOR: a minor alone, where a law
    of the State lets them (42 CFR 2.14(b)). REPRESENTATIVE: somebody who may act for a person who
    cannot (42 CFR 2.15, 45 CFR 164.502(g)).
    """

    SELF = "self"
    BOTH = "both"
    MINOR = "minor"
    REPRESENTATIVE = "representative"


class Statement(StrEnum):
    """What the person has to be told before they sign."""

    RIGHT_TO_REVOKE = "right_to_revoke"
    NO_CONDITION = "no_condition"
    REDISCLOSURE = "redisclosure"


OUR_STATEMENTS: Final = frozenset(Statement)
"""What Homeward's own form and page say."""


class Lack(StrEnum):
    """An element that is missing, as a plain sentence."""

    NAME = "The consent does not name the person whose information is shared."
    DISCLOSER = "The consent does not say who may share the information."
    KINDS = "The consent does not say what may be shared."
    RECIPIENT = "The consent does not say with whom it may be shared."
    CLASS = (
        "A group such as “my treating providers” is enough only in a consent for treatment, "
        "payment and operations. Name the recipient."
    )
    PURPOSE = "The consent does not say what it is shared for."
    ALONE = (
        "A consent for the court stands alone: it names the lawyer and the court, and no other "
        "purpose. Make a second consent for anybody else."
    )
    REVOKE_HOW = "The consent does not say how the person can take it back."
    RIGHT_TO_REVOKE = "The consent does not say that the person may take it back."
    NO_CONDITION = "The consent does not say what happens if the person does not sign."
    REDISCLOSURE = "The consent does not say that a recipient might pass the information on."
    EXPIRY = "The consent does not say when it ends: a day, an event or a condition."
    ENDLESS = "Only a consent for treatment, payment and operations may have no end."
    EXPIRED = "The consent ended already. Its end must still be to come."
    HOW = "The consent does not say how it was given."
    WORDS = "The words in which the person agreed are missing."
    WRITING = "What is about health is shared only with a consent in writing."
    SIGNATURE = "The person's signature is missing."
    DATE = "The day on which it was signed is missing."
    LATER = "The day on which it was signed is still to come."
    GUARDIAN = (
        "The person is a minor: a parent or guardian signs too. If a law of your State lets the "
        "minor sign alone, name it."
    )
    GUARDIAN_SIGNATURE = "The signature of the parent, guardian or representative is missing."
    AUTHORITY = "The consent does not say why the person who signs for somebody else may do so."
    MINOR_LAW = "The law that lets a minor sign alone is not named."


class NoConsent(ValueError):
    """What was given is no valid consent; the message names each element that is missing."""

    def __init__(self, lacks: Iterable[Lack]) -> None:
        self.lacks = tuple(lacks)
        super().__init__(" ".join([*self.lacks, "Nothing was shared."]))


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody with whom something may be shared.

    Attributes:
        id: of the agency or provider in the records; "" for one that is known by name alone.
        name: by name, or by class for COURT and CARE_TEAM.
    """

    kind: RecipientKind
    name: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a consent says, before it is signed.

    Attributes:
        person: name of the person whose information it is (42 CFR 2.31(a)(1)).
        discloser: who may share it (42 CFR 2.31(a)(2), 45 CFR 164.508(c)(1)(ii)).
        kinds: what may be shared, each named (42 CFR 2.31(a)(3), 45 CFR 164.508(c)(1)(i)).
        limits: how much of it, in words: "attendance only, from March on"; "" for all of a kind.
        recipient: to whom (42 CFR 2.31(a)(4), 45 CFR 164.508(c)(1)(iii)).
        purpose, purpose_words: what for (42 CFR 2.31(a)(5), 45 CFR 164.508(c)(1)(iv)).
        revoke_how: how to take it back (42 CFR 2.31(a)(6), 45 CFR 164.508(c)(2)(i)).
        expires_at: when it ends (UTC); None where an event ends it (42 CFR 2.31(a)(7), 45 CFR
            164.508(c)(1)(v)).
        event, event_words: what ends it.
        statements: what the form says (42 CFR 2.31(a)(10), 45 CFR 164.508(c)(2)).
        language: of the form.
    """

    person: str
    discloser: str
    kinds: frozenset[ShareKind]
    recipient: Recipient | None
    purpose: SharePurpose | None
    limits: str = ""
    purpose_words: str = ""
    revoke_how: str = ""
    expires_at: datetime | None = None
    event: ExpiryEvent | None = None
    event_words: str = ""
    statements: frozenset[Statement] = frozenset()
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Signature:
    """How somebody agreed.

    Attributes:
        medium: how; None when nobody said.
        signed_as: the name under it (42 CFR 2.31(a)(8), 45 CFR 164.508(c)(1)(vi)).
        signed_on: the day, local to the hub (42 CFR 2.31(a)(9)).
        words: what was said, for a consent by word of mouth.
        signer: who signed.
        guardian_as, guardian_on: of a parent, guardian or representative.
        authority: why that person may sign (45 CFR 164.508(c)(1)(vi)).
        minor_law: the State's law under which a minor signs alone.
        how: in words, for the list: "in person", "by phone" …
    """

    medium: Medium | None
    signed_as: str = ""
    signed_on: date | None = None
    words: str = ""
    signer: Signer = Signer.SELF
    guardian_as: str = ""
    guardian_on: date | None = None
    authority: str = ""
    minor_law: str = ""
    how: str = ""


def lacks_of_terms(terms: Terms, now: datetime) -> tuple[Lack, ...]:
    """What is missing in the terms at `now` (UTC), in the order of the regulation."""
    return tuple(dict.fromkeys(_of_terms(terms, now)))


def _of_terms(terms: Terms, now: datetime) -> Iterator[Lack]:
    if not terms.person.strip():
        yield Lack.NAME
    if not terms.discloser.strip():
        yield Lack.DISCLOSER
    if not terms.kinds:
        yield Lack.KINDS
    yield from _of_recipient(terms)
    if not terms.revoke_how.strip():
        yield Lack.REVOKE_HOW
    yield from _of_end(terms, now)
    for statement in Statement:
        if statement not in terms.statements:
            yield Lack[statement.name]


def _of_recipient(terms: Terms) -> Iterator[Lack]:
    to, purpose = terms.recipient, terms.purpose
    if to is None or not (to.name.strip() or to.id):
        yield Lack.RECIPIENT
    if purpose is None:
        yield Lack.PURPOSE
    if to is None or purpose is None:
        return
    if to.kind is RecipientKind.CARE_TEAM and purpose is not SharePurpose.CARE:
        yield Lack.CLASS
    # 42 CFR 2.31(d): a consent for use in a proceeding is combined with nothing else.
    if (to.kind is RecipientKind.COURT) != (purpose is SharePurpose.COURT):
        yield Lack.ALONE


def _of_end(terms: Terms, now: datetime) -> Iterator[Lack]:
    if terms.expires_at is not None:
        if terms.expires_at <= now:
            yield Lack.EXPIRED
        return
    match terms.event:
        case None:
            yield Lack.EXPIRY
        case ExpiryEvent.OTHER if not terms.event_words.strip():
            yield Lack.EXPIRY
        case ExpiryEvent.NONE if terms.purpose is not SharePurpose.CARE:
            yield Lack.ENDLESS


def lacks_of_signature(
    terms: Terms, given: Signature, born: date | None, today: date
) -> tuple[Lack, ...]:
    """What is missing in the way it was agreed to.

    Args:
        terms: what was agreed to.
        given: how.
        born: the person's birth date; None when it is not known, and then they count as grown up
            unless the signature says otherwise.
        today: local to the hub.
    """
    return tuple(dict.fromkeys(_of_signature(terms, given, born, today)))


def _of_signature(terms: Terms, given: Signature, born: date | None, today: date) -> Iterator[Lack]:
    if given.medium is None:
        yield Lack.HOW
    if given.medium is Medium.ORAL:
        if terms.kinds & HEALTH:
            yield Lack.WRITING
        if not given.words.strip():
            yield Lack.WORDS
    needs_own = given.signer is not Signer.REPRESENTATIVE
    if needs_own and not given.signed_as.strip():
        yield Lack.SIGNATURE
    if needs_own:
        yield from _of_day(given.signed_on, today)
    yield from _of_guardian(terms, given, born, today)


def _of_day(day: date | None, today: date) -> Iterator[Lack]:
    if day is None:
        yield Lack.DATE
    elif day > today:
        yield Lack.LATER


def _of_guardian(terms: Terms, given: Signature, born: date | None, today: date) -> Iterator[Lack]:
    signed_on = given.signed_on or today
    is_young = born is not None and is_minor(born, signed_on)
    if given.signer is Signer.SELF and is_young and not terms.kinds <= PUBLIC:
        yield Lack.GUARDIAN
    if given.signer is Signer.MINOR and not given.minor_law.strip():
        yield Lack.MINOR_LAW
    if given.signer in (Signer.BOTH, Signer.REPRESENTATIVE):
        if not given.guardian_as.strip():
            yield Lack.GUARDIAN_SIGNATURE
        if not given.authority.strip():
            yield Lack.AUTHORITY
        yield from _of_day(given.guardian_on, today)


def is_minor(born: date, on: date) -> bool:
    """Whether somebody born on a day is under eighteen on another (local dates)."""
    years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return years < ADULT_AT


@dataclass(frozen=True, slots=True)
class Sharing:
    """A signed consent, as it stands.

    Attributes:
        given_at: from when it holds (UTC).
        expires_at: from when it does not (UTC).
        revoked_at: when it was taken back (UTC).
        event_at: when the event that ends it happened (UTC).
        case_over: it ends with the case, and the case is over.
    """

    id: str
    person_id: str
    kinds: frozenset[ShareKind]
    recipient: Recipient
    purpose: SharePurpose
    given_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    event_at: datetime | None = None
    case_over: bool = False


def is_live(one: Sharing, now: datetime) -> bool:
    """Whether a consent holds at `now` (UTC).

    Nothing is shared under one that has expired or is known to be revoked (42 CFR 2.31(c), 45 CFR
    164.508(b)(2)).
    """
    ends = [at for at in (one.expires_at, one.revoked_at, one.event_at) if at is not None]
    return not one.case_over and one.given_at <= now and all(now < end for end in ends)


def covers(one: Sharing, to: Recipient, kind: ShareKind) -> bool:
    """Whether a consent names this recipient and this kind."""
    return kind in one.kinds and is_same(one.recipient, to)


def is_same(named: Recipient, to: Recipient) -> bool:
    """Whether a recipient is the one that a consent names.

    The court is reached through the lawyer, so a consent for the court covers the lawyer; one for
    the lawyer does not cover the court.
    """
    if named.kind is RecipientKind.COURT:
        return to.kind in (RecipientKind.COURT, RecipientKind.COUNSEL)
    if named.kind is RecipientKind.CARE_TEAM:
        return to.kind in (RecipientKind.CARE_TEAM, RecipientKind.PROVIDER)
    if named.kind is not to.kind:
        return False
    if named.id or to.id:
        return named.id == to.id
    return bool(_plain(named.name)) and _plain(named.name) == _plain(to.name)


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def basis_for(
    consents: Iterable[Sharing], to: Recipient, kind: ShareKind, now: datetime
) -> Sharing | None:
    """The consent under which a kind may go to a recipient at `now` (UTC): the newest that
    holds; None when there is none, and then it may not."""
    found = [one for one in consents if is_live(one, now) and covers(one, to, kind)]
    return max(found, key=lambda one: (one.given_at, one.id), default=None)


def needs_notice(kinds: Iterable[ShareKind]) -> bool:
    """Whether the notice of 42 CFR 2.32 goes along."""
    return not PART2.isdisjoint(kinds)


KIND_WORDS: Final[Mapping[ShareKind, str]] = MappingProxyType(
    {
        ShareKind.COURT_DATES: "court dates",
        ShareKind.PROGRESS: "a summary of progress in the plan",
        ShareKind.SUBSTANCE_USE: "substance use treatment",
        ShareKind.DRUG_SCREENS: "drug screens",
        ShareKind.MENTAL_HEALTH: "mental health care",
        ShareKind.TREATMENT: "other medical treatment",
        ShareKind.SCHOOL: "school and training",
        ShareKind.EMPLOYMENT: "work",
        ShareKind.HOUSING: "housing",
        ShareKind.BENEFITS: "benefits, food and identity documents",
        ShareKind.FAMILY: "family support",
        ShareKind.COMMUNITY: "mentoring, circles and community service",
    }
)
"""The kinds in English, as a log and a list name them."""


def kinds_in_words(kinds: Iterable[ShareKind]) -> str:
    """ "mental health care, drug screens", in the order of the closed list."""
    wanted = set(kinds)
    return ", ".join(words for kind, words in KIND_WORDS.items() if kind in wanted)
