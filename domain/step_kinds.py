"""The kinds of plan steps in plain words, and which of them are health care.

Source of the list: the hubs' programmes (docs: support plans). A hub's own kinds live in the
records; whether a step is treatment is kept with the step, so that one question answers it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from domain.consents import HEALTH, kind_of_step
from domain.vocabulary import EvidenceKind, StepKind

STEP_KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        StepKind.APPOINTMENT: "Appointment",
        StepKind.HOUSING: "Housing",
        StepKind.FOOD: "Food",
        StepKind.EMPLOYMENT: "Work or job search",
        StepKind.EDUCATION: "School or training",
        StepKind.MENTAL_HEALTH_CARE: "Mental health care",
        StepKind.TRAUMA_INDIVIDUAL: "Trauma counselling, individual",
        StepKind.TRAUMA_GROUP: "Trauma counselling, group",
        StepKind.ART_THERAPY: "Art therapy",
        StepKind.SUBSTANCE_USE_TREATMENT: "Substance use treatment",
        StepKind.MENTORING: "Mentoring by a credible messenger",
        StepKind.HEALING_CIRCLE: "Healing circle",
        StepKind.CONFLICT_MEDIATION: "Conflict mediation",
        StepKind.FAMILY_SUPPORT: "Family support",
        StepKind.VICTIM_SURVIVOR_ADVOCACY: "Victim or survivor advocacy",
        StepKind.YOUTH_PROGRAMME: "Youth after-school programme",
        StepKind.COMMUNITY_SERVICE: "Community service",
        StepKind.RESTITUTION: "Restitution",
        StepKind.RESTORATIVE_CONFERENCE: "Restorative conference",
        StepKind.BENEFITS_DOCUMENTS: "Benefits and identity documents",
        StepKind.CHECK_IN: "Check-in",
        StepKind.COURT_DATE: "Court date",
        StepKind.DRUG_SCREEN: "Drug screen",
        StepKind.EMPLOYMENT_VERIFICATION: "Employment verification",
        StepKind.HOME_VISIT: "Home visit",
        StepKind.GUARDIAN_CONSENT: "Consent of a parent or guardian",
        StepKind.OTHER: "Something else",
    }
)

TREATMENT: Final = frozenset(kind for kind in StepKind if kind_of_step(kind) in HEALTH)
"""What nobody outside the team reads without a consent (42 CFR part 2, 45 CFR 164.508)."""

EVIDENCE_KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        EvidenceKind.ATTENDANCE_LETTER: "Attendance letter",
        EvidenceKind.ATTENDANCE: "Attendance record",
        EvidenceKind.CERTIFICATE: "Certificate",
        EvidenceKind.PAY_STUB: "Pay stub",
        EvidenceKind.LEASE: "Lease",
        EvidenceKind.LETTER: "Letter",
        EvidenceKind.ATTESTATION: "The provider’s word, by private link",
        EvidenceKind.CONTACT_LOG: "Contact log",
        EvidenceKind.CALL: "Call with the provider",
        EvidenceKind.PHOTO: "Photo or document that we saw",
        EvidenceKind.WORD: "Their own word",
        EvidenceKind.OTHER: "Something else",
    }
)
"""Kinds of evidence, in plain words."""
