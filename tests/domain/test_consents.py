"""Consents as plain values: each element, whom one covers, and that nothing is covered without."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.consents import (
    HEALTH,
    KIND_WORDS,
    OUR_STATEMENTS,
    PART2_NOTICE,
    STEP_COVERS,
    ExpiryEvent,
    Lack,
    Medium,
    NoConsent,
    Recipient,
    RecipientKind,
    ShareKind,
    SharePurpose,
    Sharing,
    Signature,
    Signer,
    Statement,
    Terms,
    basis_for,
    covers,
    is_live,
    is_minor,
    kind_of_step,
    kinds_in_words,
    lacks_of_signature,
    lacks_of_terms,
    needs_notice,
)
from domain.step_kinds import TREATMENT
from domain.vocabulary import StepKind

NOW = datetime(2026, 12, 2, 15, tzinfo=UTC)
TODAY = date(2026, 12, 2)
COURT = Recipient(RecipientKind.COURT, "My lawyer, and the court through my lawyer")
TERMS = Terms(
    person="Marcus Johnson",
    discloser="Liberty City Defense",
    kinds=frozenset({ShareKind.SUBSTANCE_USE}),
    recipient=COURT,
    purpose=SharePurpose.COURT,
    revoke_how="Tell the hub, in any way.",
    expires_at=NOW + timedelta(days=90),
    statements=OUR_STATEMENTS,
)
SIGNED = Signature(Medium.PAPER, "Marcus Johnson", TODAY)


def test_a_whole_consent_lacks_nothing() -> None:
    assert lacks_of_terms(TERMS, NOW) == ()
    assert lacks_of_signature(TERMS, SIGNED, date(1990, 1, 1), TODAY) == ()


@pytest.mark.parametrize(
    ("changed", "lack"),
    [
        ({"person": " "}, Lack.NAME),
        ({"discloser": ""}, Lack.DISCLOSER),
        ({"kinds": frozenset()}, Lack.KINDS),
        ({"recipient": None}, Lack.RECIPIENT),
        ({"recipient": Recipient(RecipientKind.COURT, " ")}, Lack.RECIPIENT),
        ({"purpose": None}, Lack.PURPOSE),
        ({"purpose": SharePurpose.CARE}, Lack.ALONE),
        ({"recipient": Recipient(RecipientKind.AGENCY, "A shelter")}, Lack.ALONE),
        (
            {
                "recipient": Recipient(RecipientKind.CARE_TEAM, "My treating providers"),
                "purpose": SharePurpose.SUPPORT,
            },
            Lack.CLASS,
        ),
        ({"revoke_how": ""}, Lack.REVOKE_HOW),
        ({"expires_at": None}, Lack.EXPIRY),
        ({"expires_at": None, "event": ExpiryEvent.OTHER, "event_words": " "}, Lack.EXPIRY),
        ({"expires_at": None, "event": ExpiryEvent.NONE}, Lack.ENDLESS),
        ({"expires_at": NOW}, Lack.EXPIRED),
        *(
            ({"statements": OUR_STATEMENTS - {statement}}, Lack[statement.name])
            for statement in Statement
        ),
    ],
)
def test_each_element_that_is_missing_is_named(changed: dict[str, Any], lack: Lack) -> None:
    assert lacks_of_terms(replace(TERMS, **changed), NOW) == (lack,)


@pytest.mark.parametrize(
    ("given_", "lack"),
    [
        (replace(SIGNED, medium=None), Lack.HOW),
        (replace(SIGNED, signed_as=" "), Lack.SIGNATURE),
        (replace(SIGNED, signed_on=None), Lack.DATE),
        (replace(SIGNED, signed_on=TODAY + timedelta(days=1)), Lack.LATER),
        (replace(SIGNED, medium=Medium.ORAL, words="Yes."), Lack.WRITING),
        (replace(SIGNED, signer=Signer.MINOR), Lack.MINOR_LAW),
        (
            replace(SIGNED, signer=Signer.BOTH, guardian_on=TODAY, authority="mother"),
            Lack.GUARDIAN_SIGNATURE,
        ),
        (
            replace(SIGNED, signer=Signer.REPRESENTATIVE, guardian_as="A", guardian_on=TODAY),
            Lack.AUTHORITY,
        ),
        (
            replace(SIGNED, signer=Signer.BOTH, guardian_as="Denise", authority="mother"),
            Lack.DATE,
        ),
    ],
)
def test_a_signature_that_is_not_whole_is_refused(given_: Signature, lack: Lack) -> None:
    assert lacks_of_signature(TERMS, given_, None, TODAY) == (lack,)


def test_a_minor_needs_a_guardian_or_a_law_that_lets_them_sign_alone() -> None:
    born = date(2010, 12, 3)
    assert lacks_of_signature(TERMS, SIGNED, born, TODAY) == (Lack.GUARDIAN,)
    both = replace(
        SIGNED, signer=Signer.BOTH, guardian_as="Denise", guardian_on=TODAY, authority="mother"
    )
    assert lacks_of_signature(TERMS, both, born, TODAY) == ()
    alone = replace(SIGNED, signer=Signer.MINOR, minor_law="Fla. Stat. 397.501(7)")
    assert lacks_of_signature(TERMS, alone, born, TODAY) == ()
    dates = replace(TERMS, kinds=frozenset({ShareKind.COURT_DATES}))
    assert lacks_of_signature(dates, SIGNED, born, TODAY) == ()


def test_an_eighteenth_birthday_makes_an_adult() -> None:
    assert is_minor(date(2008, 12, 3), date(2026, 12, 2))
    assert not is_minor(date(2008, 12, 3), date(2026, 12, 3))
    assert not is_minor(date(2008, 2, 29), date(2026, 3, 1))


def test_by_word_of_mouth_is_enough_for_what_is_not_about_health() -> None:
    dates = replace(TERMS, kinds=frozenset({ShareKind.HOUSING}))
    spoken = Signature(Medium.ORAL, "Marcus", TODAY, words="Yes, tell them.")
    assert lacks_of_signature(dates, spoken, None, TODAY) == ()
    assert lacks_of_signature(dates, replace(spoken, words=""), None, TODAY) == (Lack.WORDS,)


def test_one_consent_for_treatment_payment_and_operations_may_have_no_end() -> None:
    whole = replace(
        TERMS,
        recipient=Recipient(RecipientKind.CARE_TEAM, "my treating providers"),
        purpose=SharePurpose.CARE,
        expires_at=None,
        event=ExpiryEvent.NONE,
    )
    assert lacks_of_terms(whole, NOW) == ()


def test_a_refusal_says_in_plain_sentences_all_that_is_missing() -> None:
    error = NoConsent([Lack.NAME, Lack.EXPIRY])
    assert error.lacks == (Lack.NAME, Lack.EXPIRY)
    assert "does not name the person" in str(error)
    assert "does not say when it ends" in str(error)
    assert str(error).endswith("Nothing was shared.")


def test_steps_of_care_are_covered_by_kinds_of_care_and_nothing_else_is_health() -> None:
    assert kind_of_step("substance_use_treatment") is ShareKind.SUBSTANCE_USE
    assert kind_of_step("something of a hub's own") is ShareKind.PROGRESS
    assert kind_of_step("sweat lodge", treatment=True) is ShareKind.TREATMENT
    assert kind_of_step("drug_screen", treatment=True) is ShareKind.DRUG_SCREENS
    assert set(STEP_COVERS) < set(StepKind)
    care = {"mental_health_care", "trauma_individual", "trauma_group", "art_therapy"}
    assert {"drug_screen", "substance_use_treatment"} | care == TREATMENT
    assert needs_notice({ShareKind.DRUG_SCREENS})
    assert not needs_notice(HEALTH - {ShareKind.SUBSTANCE_USE, ShareKind.DRUG_SCREENS})
    assert set(KIND_WORDS) == set(ShareKind)
    assert kinds_in_words([ShareKind.SCHOOL, ShareKind.DRUG_SCREENS]) == (
        "drug screens, school and training"
    )


def test_the_notice_is_the_regulations_own_sentence() -> None:
    assert PART2_NOTICE == (
        "42 CFR part 2 prohibits unauthorized use or disclosure of these records."
    )


def test_a_consent_for_the_court_covers_the_lawyer_and_not_the_other_way_round() -> None:
    counsel = Recipient(RecipientKind.COUNSEL, "Elena Torres", "c1")
    for_court = a_sharing(recipient=COURT)
    assert covers(for_court, counsel, ShareKind.SUBSTANCE_USE)
    for_counsel = a_sharing(recipient=counsel)
    assert not covers(for_counsel, COURT, ShareKind.SUBSTANCE_USE)
    assert covers(for_counsel, counsel, ShareKind.SUBSTANCE_USE)


def test_names_are_compared_as_people_write_them_and_ids_before_names() -> None:
    clinic = Recipient(RecipientKind.PROVIDER, "Northside  Clinic")
    one = a_sharing(recipient=clinic)
    assert covers(one, replace(clinic, name="northside clinic "), ShareKind.SUBSTANCE_USE)
    assert not covers(one, replace(clinic, id="p1"), ShareKind.SUBSTANCE_USE)
    assert not covers(one, replace(clinic, name=""), ShareKind.SUBSTANCE_USE)
    assert not covers(one, clinic, ShareKind.DRUG_SCREENS)


def a_sharing(**more: Any) -> Sharing:
    """A consent that holds."""
    known: dict[str, Any] = {
        "id": "s1",
        "person_id": "p1",
        "kinds": frozenset({ShareKind.SUBSTANCE_USE}),
        "recipient": COURT,
        "purpose": SharePurpose.COURT,
        "given_at": NOW,
    }
    return Sharing(**{**known, **more})


HOURS = st.integers(-48, 48).map(lambda hours: NOW + timedelta(hours=hours))
RECIPIENTS = st.builds(
    Recipient,
    st.sampled_from(RecipientKind),
    st.sampled_from(["", "Clinic", "clinic ", "Shelter"]),
    st.sampled_from(["", "a1", "a2"]),
)
SHARINGS = st.builds(
    Sharing,
    id=st.sampled_from(["s1", "s2", "s3"]),
    person_id=st.just("p1"),
    kinds=st.frozensets(st.sampled_from(ShareKind), max_size=3),
    recipient=RECIPIENTS,
    purpose=st.sampled_from(SharePurpose),
    given_at=HOURS,
    expires_at=st.none() | HOURS,
    revoked_at=st.none() | HOURS,
    event_at=st.none() | HOURS,
    case_over=st.booleans(),
)


@given(st.lists(SHARINGS, max_size=6), RECIPIENTS, st.sampled_from(ShareKind), HOURS)
def test_nothing_is_covered_at_a_moment_when_no_live_consent_covers_it(
    consents: list[Sharing], to: Recipient, kind: ShareKind, now: datetime
) -> None:
    found = basis_for(consents, to, kind, now)
    if found is None:
        assert not any(is_live(one, now) and covers(one, to, kind) for one in consents)
        return
    assert kind in found.kinds
    assert found.given_at <= now
    assert not found.case_over
    for end in (found.expires_at, found.revoked_at, found.event_at):
        assert end is None or now < end


@given(SHARINGS, HOURS, HOURS)
def test_what_was_taken_back_never_holds_again(
    one: Sharing, revoked: datetime, later: datetime
) -> None:
    taken_back = replace(one, revoked_at=revoked)
    assert not is_live(taken_back, max(revoked, later))
