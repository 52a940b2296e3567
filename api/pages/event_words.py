"""One line of a case's history in plain words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from api.pages import dates, wording
from api.pages.own_words import own
from domain.tracks import Track
from records.tables import CaseEvent


@dataclass(frozen=True, slots=True)
class Told:
    """What the events of a case speak of, by id.

    Attributes:
        people: first names.
        steps: titles of plan steps.
        kinds: kinds of hearings.
        settings: a hearing's wall times, first to last.
        changes: event id → which change of its hearing it was, from 1.
    """

    people: Mapping[str, str]
    steps: Mapping[str, str]
    kinds: Mapping[str, str]
    settings: Mapping[str, tuple[datetime, ...]]
    changes: Mapping[str, int]

    def when(self, hearing_id: str, number: int) -> str:
        """A hearing's wall time at one of its settings, from 0; "" when it is not known."""
        settings = self.settings.get(hearing_id, ())
        return dates.when_words(settings[number]) if number < len(settings) else ""

    def kind(self, hearing_id: str) -> str:
        """What a hearing is for, beginning a line."""
        return wording.capital(wording.hearing_kind(self.kinds.get(hearing_id, "other")))


@own
def event_words(event: CaseEvent, told: Told) -> str:
    """What happened, as a person would say it. An unknown kind is shown as it is written."""
    if event.kind == "moved":
        return _moved(event)
    say = _SENTENCES.get(event.kind)
    return say(event, told) if say else wording.capital(wording.plain(event.kind))


def _moved(event: CaseEvent) -> str:
    if event.track == Track.CUSTODY:
        return f"Custody: {wording.custody(event.result).word}"
    words = f"{wording.plain(event.origin)} → {wording.plain(event.result)}"
    return f"{wording.capital(event.track)}: {words}"


def _hearing_moved(event: CaseEvent, told: Told) -> str:
    number = told.changes.get(event.id, 1)
    old, new = told.when(event.subject_id, number - 1), told.when(event.subject_id, number)
    kind = told.kind(event.subject_id)
    if old == new:
        return f"{kind} of {old}: new place"
    return f"{kind} moved from {old} to {new}"


def _person(event: CaseEvent, told: Told) -> str:
    return told.people.get(event.subject_id, "Someone")


def _step(event: CaseEvent, told: Told) -> str:
    return told.steps.get(event.subject_id, "a step")


_Say = Callable[[CaseEvent, Told], str]

_SENTENCES: Mapping[str, _Say] = {
    "opened": lambda e, t: "Case opened",
    "hearing_scheduled": lambda e, t: f"{t.kind(e.subject_id)} set for {t.when(e.subject_id, 0)}",
    "hearing_moved": _hearing_moved,
    "hearing_kind_changed": lambda e, t: (
        f"The court calls it something else now: {wording.hearing_kind(e.result)}"
    ),
    "import_undone": lambda e, t: (
        f"{t.kind(e.subject_id)}: an imported calendar was undone, so it is as before"
    ),
    "hearing_vacated": lambda e, t: (
        f"{t.kind(e.subject_id)} of {t.when(e.subject_id, t.changes.get(e.id, 1) - 1)} cancelled"
    ),
    "hearing_held": lambda e, t: (
        f"{t.kind(e.subject_id)} held: {wording.appearance(e.result).lower()}"
    ),
    "enrolled": lambda e, t: f"{_person(e, t)} joined the circle",
    "left": lambda e, t: f"{_person(e, t)} left the circle",
    "contact_added": lambda e, t: f"A way to reach {_person(e, t)} was added",
    "opted_out": lambda e, t: f"{_person(e, t)} asked for no more messages there",
    "unreachable": lambda e, t: f"{_person(e, t)} cannot be reached at one address",
    "agency_told": lambda e, t: "An agency may hear of court dates, as agreed",
    "agency_not_told": lambda e, t: "An agency hears of no more court dates",
    "handed_over": lambda e, t: (
        f"The case is {t.people[e.subject_id]}’s from now on"
        if e.subject_id in t.people
        else "The case waits for somebody who takes it"
    ),
    "told_coming": lambda e, t: f"{_person(e, t)} told us: will be there",
    "told_cannot": lambda e, t: f"{_person(e, t)} told us: cannot come",
    "told_ride": lambda e, t: f"{_person(e, t)} told us: needs a ride",
    "ride_offered": lambda e, t: "A ride to court is offered",
    "ride_ended": lambda e, t: "A ride to court does not take place",
    "ride_found": lambda e, t: f"{_person(e, t)} has a ride to court",
    "ride_lost": lambda e, t: f"{_person(e, t)} does not ride along any more",
    "consent_link_sent": lambda e, t: "The link to a consent was sent",
    "page_asked": lambda e, t: f"{_person(e, t)} asked for a new link to their page",
    "language_changed": lambda e, t: f"{_person(e, t)} chose another language for messages",
    "consent_given": lambda e, t: "A consent to share was signed",
    "consent_ended": lambda e, t: "A consent to share ended: nothing more is shared under it",
    "exposure_written": lambda e, t: "Counsel wrote down what could be imposed",
    "exposure_confirmed": lambda e, t: "Counsel confirmed what could be imposed",
    "received_written": lambda e, t: "Counsel wrote down what was received",
    "answered": lambda e, t: "An answer was written",
    "identity_changed": lambda e, t: "How the court knows the participant was corrected",
    "reply_confirmed": lambda e, t: f"{_person(e, t)} wrote: will be there",
    "reply_cannot_come": lambda e, t: f"{_person(e, t)} wrote: cannot come",
    "reply_ride": lambda e, t: f"{_person(e, t)} wrote: needs a ride",
    "reply_stop": lambda e, t: f"{_person(e, t)} wrote: no more messages",
    "reply_start": lambda e, t: f"{_person(e, t)} wrote: messages again, please",
    "reply_help": lambda e, t: f"{_person(e, t)} asked who we are",
    "reply_wrong_number": lambda e, t: "Somebody wrote that the number is wrong",
    "reply_step_went": lambda e, t: f"{_person(e, t)} wrote: did a step of the plan",
    "reply_step_planned": lambda e, t: f"{_person(e, t)} wrote: will do a step of the plan",
    "reply_step_could_not": lambda e, t: f"{_person(e, t)} wrote: could not do a step",
    "reply_step_call": lambda e, t: f"{_person(e, t)} wrote: please call about a step",
    "reply_step_why": lambda e, t: f"{_person(e, t)} wrote what got in the way",
    "reply_for_a_person": lambda e, t: f"{_person(e, t)} wrote to us",
    "plan_started": lambda e, t: "Support plan started",
    "plan_proposed": lambda e, t: "Support plan proposed",
    "plan_carried_over": lambda e, t: "Support plan goes on by choice, after the case",
    "plan_denied": lambda e, t: "Support plan: the court did not order it",
    "plan_refused": lambda e, t: "Support plan: the participant does not want it",
    "plan_discharged_successful": lambda e, t: "Support plan completed",
    "plan_discharged_unsuccessful": lambda e, t: "Support plan ended without completion",
    "plan_discharged_other": lambda e, t: "Support plan ended",
    "mentor_named": lambda e, t: f"{_person(e, t)} is a mentor from now on",
    "mentor_ended": lambda e, t: f"{_person(e, t)} is no mentor any more",
    "step_answered": lambda e, t: f"What got in the way was said: {_step(e, t)}",
    "step_cancelled": lambda e, t: f"Plan step not wanted any more: {_step(e, t)}",
    "step_escalated": lambda e, t: f"Supervising advocate asked to help: {_step(e, t)}",
    "step_moved": lambda e, t: f"Plan step has another day: {_step(e, t)}",
    "step_rule_changed": lambda e, t: f"Plan step repeats on other days: {_step(e, t)}",
    "step_added": lambda e, t: f"Plan step added: {_step(e, t)}",
    "step_evidenced": lambda e, t: f"Plan step shown as done: {_step(e, t)}",
    "step_verified": lambda e, t: f"Plan step done and checked: {_step(e, t)}",
    "step_cured": lambda e, t: f"Missed plan step made good: {_step(e, t)}",
    "step_reopened": lambda e, t: f"What showed a plan step was taken back: {_step(e, t)}",
    "contact_held": lambda e, t: "In touch: written into the contact log",
    "contact_tried": lambda e, t: "Tried to be in touch: written into the contact log",
    "contact_struck": lambda e, t: "A line of the contact log was struck",
    "step_missed": lambda e, t: f"Plan step missed: {_step(e, t)}",
    "step_excused": lambda e, t: f"Plan step excused: {_step(e, t)}",
    "referral_drafted": lambda e, t: "Referral written down",
    "referral_requested": lambda e, t: "Referral sent to a provider",
    "referral_accepted": lambda e, t: "Referral: the provider said yes",
    "referral_rejected": lambda e, t: "Referral: the provider said no",
    "referral_meeting_set": lambda e, t: "Referral: a first meeting is set",
    "referral_not_met": lambda e, t: "Referral: the first meeting did not happen",
    "referral_visit": lambda e, t: "Referral: a visit was written down",
    "referral_in_progress": lambda e, t: "Referral: they meet",
    "referral_on_hold": lambda e, t: "Referral on hold",
    "referral_completed": lambda e, t: "Referral finished: the loop is closed",
    "referral_failed": lambda e, t: "Referral did not work out",
    "referral_cancelled": lambda e, t: "Referral taken back",
    "referral_entered_in_error": lambda e, t: "Referral was a mistake",
    "report_made": lambda e, t: "A report on the plan was made",
    "report_asked": lambda e, t: "Counsel was asked to read a report on the plan",
    "report_approved": lambda e, t: "Counsel approved a report on the plan",
    "report_sent_back": lambda e, t: "Counsel wants a report on the plan changed",
    "report_withdrawn": lambda e, t: "A report on the plan was taken back",
    "requested": lambda e, t: "Packet asked for",
    "changed": lambda e, t: "Packet changed",
    "built": lambda e, t: "A version of the packet was built",
    "invited": lambda e, t: f"{_person(e, t)} is asked to tell for the packet",
    "invite_ended": lambda e, t: f"{_person(e, t)} cannot tell for the packet any more",
    "told": lambda e, t: f"{_person(e, t)} told something for the packet",
    "took_back": lambda e, t: f"{_person(e, t)} took something back that was told for the packet",
    "drafting": lambda e, t: "Packet: drafting begins",
    "participant_asked": lambda e, t: "Packet: the participant is asked to read it",
    "participant_agreed": lambda e, t: "Packet: the participant says that it is right",
    "participant_changes": lambda e, t: "Packet: the participant wants something changed",
    "counsel_asked": lambda e, t: "Packet: counsel is asked to read it",
    "commented": lambda e, t: "Packet: a reader left a comment",
    "approved": lambda e, t: "Packet approved by counsel",
    "sent_back": lambda e, t: "Packet sent back by counsel",
    "approval_voided": lambda e, t: "Packet changed: counsel’s approval no longer holds",
    "delivered": lambda e, t: "Approved packet ready for counsel",
    "filed": lambda e, t: "Packet filed by counsel",
    "cancelled": lambda e, t: "Packet cancelled",
    "resumed": lambda e, t: "Packet taken up again",
    "superseded": lambda e, t: "Packet replaced by a new one",
    "named": lambda e, t: f"{_person(e, t)} is counsel",
    "exhibit_added": lambda e, t: "Exhibit added to the packet",
    "exhibit_changed": lambda e, t: "Exhibit described anew",
    "exhibit_moved": lambda e, t: "Exhibits put in another order",
    "exhibit_removed": lambda e, t: "Exhibit taken out of the packet",
    "exhibit_restored": lambda e, t: "Exhibit put back into the packet",
    "letter_asked": lambda e, t: f"{_person(e, t)} was asked for a letter",
    "letter_asked_again": lambda e, t: f"{_person(e, t)} gets a new link to the letter",
    "letter_opened": lambda e, t: f"{_person(e, t)} opened the request for a letter",
    "letter_started": lambda e, t: f"{_person(e, t)} began the letter",
    "letter_sent": lambda e, t: f"{_person(e, t)}'s letter is in",
    "letter_changed": lambda e, t: f"{_person(e, t)} changed the letter and signed it anew",
    "letter_declined": lambda e, t: f"{_person(e, t)} would rather not write a letter",
    "letter_resumed": lambda e, t: f"{_person(e, t)} writes the letter after all",
    "letter_withdrawn": lambda e, t: f"{_person(e, t)}'s letter was withdrawn",
    "letter_translated": lambda e, t: f"The translation of {_person(e, t)}'s letter was changed",
    "letter_moved": lambda e, t: "The order of the letters was changed",
    "letter_corrected": lambda e, t: f"What {_person(e, t)}'s letter is called was corrected",
}

KINDS: Final = frozenset(_SENTENCES)
"""Every kind of event that has words of its own."""
