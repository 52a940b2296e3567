"""The field's own words as closed lists: what a value may be, and nothing else."""

from __future__ import annotations

from enum import StrEnum


class HearingKind(StrEnum):
    """What a court date is for. None of these reveals a charge."""

    FIRST_APPEARANCE = "first_appearance"
    ARRAIGNMENT = "arraignment"
    BAIL_REVIEW = "bail_review"
    PROBABLE_CAUSE = "probable_cause"
    PRELIMINARY = "preliminary"
    STATUS = "status"
    PRETRIAL = "pretrial"
    MOTION = "motion"
    PLEA = "plea"
    TRIAL = "trial"
    SENTENCING = "sentencing"
    REVIEW = "review"
    PROBATION_VIOLATION = "probation_violation"
    RESENTENCING = "resentencing"
    PAROLE = "parole"
    OTHER = "other"


class HearingStatus(StrEnum):
    """A hearing is scheduled (and may be moved, by revision), vacated, or held."""

    SCHEDULED = "scheduled"
    VACATED = "vacated"
    HELD = "held"


class Appearance(StrEnum):
    """What became of the defendant at a held hearing; always confirmed by a person."""

    APPEARED = "appeared"
    FAILED_TO_APPEAR = "failed_to_appear"
    EXCUSED = "excused"
    NOT_BROUGHT = "not_brought"


class Audience(StrEnum):
    """Whom a message speaks to."""

    DEFENDANT = "defendant"
    FAMILY = "family"
    AGENCY = "agency"
    PROVIDER = "provider"


class Channel(StrEnum):
    """How a message travels, in the order in which the ladder tries them."""

    SMS = "sms"
    VOICE = "voice"
    EMAIL = "email"


LADDER: dict[str, int] = {Channel.SMS: 0, Channel.VOICE: 1, Channel.EMAIL: 2}
"""The order of the rungs; after the last one comes a person."""


class MessageState(StrEnum):
    """The fate of a message.

    CLAIMED: one worker has the right to send it, and it may be on its way.
    QUEUED to DELIVERED: the provider has it; a later word never goes backwards.
    UNDELIVERED, FAILED: it did not arrive. WITHDRAWN: it became pointless before it left.
    """

    CLAIMED = "claimed"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


LEFT: frozenset[MessageState] = frozenset(
    {
        MessageState.CLAIMED,
        MessageState.QUEUED,
        MessageState.SENDING,
        MessageState.SENT,
        MessageState.DELIVERED,
    }
)
"""The message went out, or may have."""


class Role(StrEnum):
    """What a signed-in person or a token may do."""

    HUB_ADMIN = "hub_admin"
    SUPERVISOR = "supervisor"
    ADVOCATE = "advocate"
    COUNSEL = "counsel"


class PlanState(StrEnum):
    """The life of a support plan."""

    PENDING = "pending"
    DENIED = "denied"
    REFUSED = "refused"
    IN_PROGRESS = "in_progress"
    DISCHARGED_SUCCESSFUL = "discharged_successful"
    DISCHARGED_UNSUCCESSFUL = "discharged_unsuccessful"
    DISCHARGED_OTHER = "discharged_other"


class StepState(StrEnum):
    """The life of one step of a support plan, and of each occurrence of one that repeats.

    DUE is read off the calendar and never stored: an active step whose reminder may go out.
    ESCALATED: missed, and the hub's supervising advocate has been asked to help.
    """

    PROPOSED = "proposed"
    ACTIVE = "active"
    DUE = "due"
    EVIDENCED = "evidenced"
    VERIFIED = "verified"
    MISSED = "missed"
    EXCUSED = "excused"
    CURED = "cured"
    ESCALATED = "escalated"
    CANCELLED = "cancelled"


class StepOwner(StrEnum):
    """Who is to do a step."""

    PERSON = "person"
    MENTOR = "mentor"
    ADVOCATE = "advocate"
    PROVIDER = "provider"


class StepKind(StrEnum):
    """What a step is about; a hub adds kinds of its own (records/step_kinds.py)."""

    APPOINTMENT = "appointment"
    HOUSING = "housing"
    FOOD = "food"
    EMPLOYMENT = "employment"
    EDUCATION = "education"
    MENTAL_HEALTH_CARE = "mental_health_care"
    TRAUMA_INDIVIDUAL = "trauma_individual"
    TRAUMA_GROUP = "trauma_group"
    ART_THERAPY = "art_therapy"
    SUBSTANCE_USE_TREATMENT = "substance_use_treatment"
    MENTORING = "mentoring"
    HEALING_CIRCLE = "healing_circle"
    CONFLICT_MEDIATION = "conflict_mediation"
    FAMILY_SUPPORT = "family_support"
    VICTIM_SURVIVOR_ADVOCACY = "victim_survivor_advocacy"
    YOUTH_PROGRAMME = "youth_programme"
    COMMUNITY_SERVICE = "community_service"
    RESTITUTION = "restitution"
    RESTORATIVE_CONFERENCE = "restorative_conference"
    BENEFITS_DOCUMENTS = "benefits_documents"
    CHECK_IN = "check_in"
    COURT_DATE = "court_date"
    DRUG_SCREEN = "drug_screen"
    EMPLOYMENT_VERIFICATION = "employment_verification"
    HOME_VISIT = "home_visit"
    GUARDIAN_CONSENT = "guardian_consent"
    OTHER = "other"


class EvidenceKind(StrEnum):
    """What shows that a step was done."""

    ATTENDANCE_LETTER = "attendance_letter"
    ATTENDANCE = "attendance"
    CERTIFICATE = "certificate"
    PAY_STUB = "pay_stub"
    LEASE = "lease"
    LETTER = "letter"
    ATTESTATION = "attestation"
    CONTACT_LOG = "contact_log"
    CALL = "call"
    PHOTO = "photo"
    WORD = "word"
    OTHER = "other"


class ReferralState(StrEnum):
    """The life of a referral: states of the FHIR Task (https://hl7.org/fhir/task.html)."""

    DRAFT = "draft"
    REQUESTED = "requested"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    IN_PROGRESS = "in-progress"
    ON_HOLD = "on-hold"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    ENTERED_IN_ERROR = "entered-in-error"


class Declined(StrEnum):
    """Why a provider cannot take somebody."""

    FULL = "full"
    NOT_ELIGIBLE = "not_eligible"
    WRONG_SERVICE = "wrong_service"
    TOO_FAR = "too_far"
    LANGUAGE = "language"
    NOT_REACHED = "not_reached"
    OTHER = "other"


class PacketState(StrEnum):
    """The life of a mitigation packet."""

    COLLECTING = "collecting"
    DRAFTING = "drafting"
    PARTICIPANT_REVIEW = "participant_review"
    COUNSEL_REVIEW = "counsel_review"
    APPROVED = "approved"
    DELIVERED = "delivered"
    FILED = "filed"
    SUPERSEDED = "superseded"


class ShareScope(StrEnum):
    """How much of a court date an agency may know: day and time, or room and address too."""

    DATE = "date"
    PLACE = "place"


class PacketKind(StrEnum):
    """What a packet is for; each has a Word template and sections of its own."""

    RELEASE = "release"
    DIVERSION = "diversion"
    BIOGRAPHY = "biography"
    SENTENCING = "sentencing"
    VIOLATION = "violation"
    RESENTENCING = "resentencing"
    PROGRESS = "progress"


class LetterState(StrEnum):
    """The life of a letter of support.

    ASKED: the writer has a link. OPENED: they pressed its button. STARTED: something is saved.
    SENT: signed and handed to counsel. DECLINED: they would rather not. WITHDRAWN: the hub or the
    writer took it back.
    """

    ASKED = "asked"
    OPENED = "opened"
    STARTED = "started"
    SENT = "sent"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class ExhibitKind(StrEnum):
    """What a document shows."""

    PHOTOGRAPH = "photograph"
    CERTIFICATE = "certificate"
    EMPLOYMENT = "employment"
    HOUSING = "housing"
    SCHOOL = "school"
    TREATMENT = "treatment"
    ACCEPTANCE = "acceptance"
    RECORD = "record"
    OTHER = "other"


class LinkPurpose(StrEnum):
    """What a private link lets its holder do."""

    LETTER = "letter"
    INTERVIEW = "interview"
    REVIEW = "review"
    COUNSEL = "counsel"
    CONSENT = "consent"
    REFERRAL = "referral"
    REPORT = "report"
    STEPS = "steps"
    FAMILY = "family"


class Reader(StrEnum):
    """Who reads a version before it goes out."""

    PARTICIPANT = "participant"
    COUNSEL = "counsel"


class Verdict(StrEnum):
    """What a reader says of a version."""

    AGREES = "agrees"
    CHANGES = "changes"
    APPROVES = "approves"
    SENDS_BACK = "sends_back"
    COMMENTS = "comments"
