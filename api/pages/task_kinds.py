"""The kinds of tasks for people, in plain words, worst first."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class TaskKind:
    """How a kind of task is told. `{name}`, `{person}`, `{hearing}`, `{step}`,
    `{provider}`, `{channel}`."""

    title: str
    hint: str
    calls: bool = False
    """Whether phoning is the answer."""


KINDS: Mapping[str, TaskKind] = MappingProxyType(
    {
        "cannot_come": TaskKind(
            "{person} cannot come to the {hearing}",
            "Call today: counsel can often ask for another date, and a missed one be avoided.",
            calls=True,
        ),
        "nobody_reached": TaskKind(
            "Nobody has been told about the {hearing} yet",
            "Call someone who stands by {name}, then mark it done.",
            calls=True,
        ),
        "call_now": TaskKind(
            "{person} must hear of the {hearing} now",
            "A message would have to wait for the morning, and that is too late. Please call.",
            calls=True,
        ),
        "not_reached": TaskKind(
            "No message reached {person}",
            "Every way to write to {person} was tried. Please call, or ask for another number.",
            calls=True,
        ),
        "conflict_together": TaskKind(
            "Two people who must not meet are with one provider",
            "See who, and move one of them today. Say nobody why. Only supervisors see this.",
        ),
        "tell_agency": TaskKind(
            "{person} at an agency does not know about the {hearing}",
            "It is new or has changed, and no weekly digest comes in time. Call {person}; what "
            "they may know stands on the page of their agency.",
            calls=True,
        ),
        "not_told": TaskKind(
            "A reminder to {person} could not leave in time",
            "Please call and tell {person} about the {hearing}.",
            calls=True,
        ),
        "ride_wanted": TaskKind(
            "{person} asks for a ride",
            "Arrange one and tell them when it comes. Then mark this done.",
            calls=True,
        ),
        "roster_again": TaskKind(
            "The {hearing} was changed: tell who comes along, and settle the rides anew",
            "Whoever had said yes had said it to another date. Then mark this done.",
        ),
        "step_call": TaskKind(
            "{person} wants to be called about a step of the plan",
            "They were told: today. Ask what would help, and mark this done.",
            calls=True,
        ),
        "step_could_not": TaskKind(
            "{person} wrote that they could not do a step of the plan",
            "Ask what would help, find a new time, and move the step or excuse it.",
            calls=True,
        ),
        "step_check": TaskKind(
            "{person} says that “{step}” was done after all",
            "Ask whoever was there, then check it on the step’s page.",
        ),
        "reply_waiting": TaskKind(
            "{person} wrote back",
            "They know that somebody reads it. Answer, or say that no answer is needed.",
            calls=True,
        ),
        "answer_unsaid": TaskKind(
            "An answer did not reach {person}",
            "It stands in the conversation. Call {person}, and say it yourself.",
            calls=True,
        ),
        "consent_unsent": TaskKind(
            "The link to a consent did not reach {person}",
            "Open the consent, and hand them the link or the form yourself.",
            calls=True,
        ),
        "unknown_number": TaskKind(
            "Somebody wrote from a number that nobody here knows",
            "Find out whose it is. Nothing was said back.",
        ),
        "verify_number": TaskKind(
            "{person}’s number may be wrong",
            "Somebody there says so, and nothing goes there any more. Ask the circle for the "
            "right one.",
        ),
        "words_missing": TaskKind(
            "A {channel} message cannot be written",
            "Something that it must say is missing, such as the hub's phone, or a name is too "
            "long. See Hub; it leaves by itself once that is mended.",
        ),
        "daily_cap": TaskKind(
            "The most messages for one day have left",
            "Look at the outbox. If all is well, an administrator raises the number on the Hub "
            "page, and the rest leave by themselves; otherwise they leave tomorrow.",
        ),
        "vanished_from_calendar": TaskKind(
            "The court's calendar does not list the {hearing} any more",
            "Ask the court. Until you know, it stays as it is and everybody still comes.",
        ),
        "calendar_conflict": TaskKind(
            "The court's calendar contradicts what is known of the {hearing}",
            "Ask the court which date is right, then move it or mark this done.",
        ),
        "calendar_review": TaskKind(
            "A court calendar waits to be looked at",
            "Nothing of it counts yet. See what it changes and who would be told, then apply it or "
            "throw it away.",
        ),
        "calendar_rows": TaskKind(
            "Some rows of a court calendar could not be read",
            "Look whether one of your people is among them, and ask the court for the date.",
        ),
        "ask_outcome": TaskKind(
            "What happened at the {hearing}?",
            "Only a person can say. Nothing is assumed until you record it.",
        ),
        "approval_voided": TaskKind(
            "The packet changed after counsel approved it",
            "The approval no longer holds. Counsel is asked to read the new version; call, if the "
            "old one may have been filed.",
            calls=True,
        ),
        "consent_ended": TaskKind(
            "{name} took back a consent, and a packet or report holds what it covered",
            "Call counsel today: what was not handed in yet must not be. A newer version without "
            "it is made by itself, unless it was filed already.",
            calls=True,
        ),
        "filing_problem": TaskKind(
            "The court would refuse the packet as it is",
            "Open it: the check before filing says what is wrong, and what to do.",
        ),
        "packet_not_built": TaskKind(
            "The packet cannot be built",
            "Something in it or in its Word template is in the way. Go back to the template before "
            "this one, or look at what was added last; it is then built by itself.",
        ),
        "packet_changes": TaskKind(
            "Somebody who read the packet wants it changed",
            "Open it, read what they say, change it, and ask them again.",
        ),
        "no_counsel": TaskKind(
            "The packet waits for counsel, and nobody can be written to",
            "Name counsel on the case, with an e-mail address or a mobile phone.",
        ),
        "counsel_waits": TaskKind(
            "Counsel has not said anything about the packet yet",
            "Call counsel: the hearing comes closer, and only counsel can approve it.",
            calls=True,
        ),
        "participant_waits": TaskKind(
            "{name} has not read the packet yet",
            "Read it to {name}, by phone or on a visit, and note what they say.",
            calls=True,
        ),
        "packet_to_read": TaskKind(
            "Nobody has been asked to read the packet yet",
            "Ask {name} to read it; then it goes to counsel.",
        ),
        "letter_missing": TaskKind(
            "The letter of {person} has not come",
            "The packet says how far it is. Call {person}; you can write it down for them.",
            calls=True,
        ),
        "letter_declined": TaskKind(
            "{person} would rather not write a letter",
            "Nothing more is asked of {person}. Think of somebody else.",
        ),
        "letters_to_ask": TaskKind(
            "Nobody has been asked for a letter yet",
            "Ask {name} and the family who knows them well: an employer, a teacher, a pastor.",
        ),
        "packet_gaps": TaskKind(
            "Parts of the packet are still empty",
            "Open it: it shows which. The interview asks the questions; family can answer, too.",
        ),
        "packet_not_ready": TaskKind(
            "The packet is not approved, and time is running out",
            "Open it, see what is missing, and ask counsel to read it.",
        ),
        "step_for_counsel": TaskKind(
            "Counsel should hear of a missed step: {step}",
            "Call counsel, who decides what is said to whom. This program tells no court, no "
            "prosecutor and no probation office.",
        ),
        "step_escalated": TaskKind(
            "For a supervising advocate: {step} is still missed",
            "Look at it with {name} and their advocate: what got in the way, and what would help.",
            calls=True,
        ),
        "step_missed": TaskKind(
            "A step of the plan was missed: {step}",
            "Ask {name} what got in the way. The court is not told by this program.",
            calls=True,
        ),
        "progress_report_due": TaskKind(
            "A progress report is wanted for the {hearing}",
            "Make it from what was checked, in time for counsel to read it before the hearing.",
        ),
        "referral_call": TaskKind(
            "Call {provider} about the referral of {name}",
            "There is no address to write to. Call, then write down what they say.",
        ),
        "referral_uncovered": TaskKind(
            "{provider} may know nothing more of {name}",
            "The consent that the referral rests on has ended, and the provider’s page is closed. "
            "Ask {name}: take the referral back, or write a new consent.",
            calls=True,
        ),
        "referral_unanswered": TaskKind(
            "{provider} does not answer about {name}",
            "They were asked and reminded. Call once, or offer it to somebody else.",
        ),
        "referral_declined": TaskKind(
            "{provider} cannot take {name}",
            "Open it: it says why, and who else could.",
        ),
        "referral_failed": TaskKind(
            "It did not work out with {provider}",
            "Ask {name} what got in the way, and offer it to somebody else.",
            calls=True,
        ),
        "referral_not_met": TaskKind(
            "{name} and {provider} did not meet",
            "Ask {name} what got in the way, and set another day.",
            calls=True,
        ),
        "referral_no_date": TaskKind(
            "{provider} said yes, and there is no first meeting yet",
            "Ask for a day, and say who introduces {name}.",
        ),
        "hand_off": TaskKind(
            "Warm hand-off: {name} meets {provider}",
            "Whoever introduces them is named there. Make sure that they both can come.",
            calls=True,
        ),
        "referral_met_unknown": TaskKind(
            "Did {name} and {provider} meet?",
            "Nobody has said so. Ask both, and write it down.",
            calls=True,
        ),
        "referral_on_hold": TaskKind(
            "The referral of {name} to {provider} rests since two weeks",
            "Ask whether it goes on, or offer it to somebody else.",
        ),
        "report_waits": TaskKind(
            "Counsel has not said anything about the report of {name}",
            "Call counsel: the hearing comes closer, and only counsel can approve it.",
            calls=True,
        ),
        "report_sent_back": TaskKind(
            "Counsel wants the report of {name} changed",
            "Open the plan: counsel’s words stand with the report. Change, and make it again.",
        ),
        "plan_case_over": TaskKind(
            "The case is over: does the plan go on?",
            "What the court ordered is asked for no more. Ask {name}: end the plan, or carry it "
            "over by choice. Without an answer it ends after 30 days.",
        ),
        "plan_after_disposition": TaskKind(
            "The court has decided: does the plan say the same?",
            "Compare the plan with the order, and change what is different.",
        ),
        "plan_paused": TaskKind(
            "The plan rests while {name} is in custody",
            "Nothing is asked and nothing counts as missed. Tell the providers, and counsel if "
            "the court ordered it.",
        ),
        "plan_goes_on": TaskKind(
            "{name} is out: the plan goes on",
            "Look at the next dates together, and move what does not fit any more.",
            calls=True,
        ),
        "plan_at_its_end": TaskKind(
            "The plan’s last day is over",
            "Say how it ended, and what was reached.",
        ),
        "step_due": TaskKind(
            "To do for the plan: {step}",
            "This step is yours or a provider’s, not {name}’s. Record what shows that it was done.",
        ),
        "calendar_which_court": TaskKind(
            "Several courts use the docket number of this case",
            "Find out which court it is. Until then its calendar is not followed.",
        ),
        "no_contact": TaskKind(
            "There is no way to write to {person}",
            "Add a phone or an e-mail address that {person} agrees to.",
        ),
        "channel_account_refused": TaskKind(
            "The {channel} provider refuses our account",
            "Nothing leaves that way. Check the account and its settings. Call people meanwhile.",
        ),
        "channel_down": TaskKind(
            "Messages by {channel} cannot leave",
            "The provider has been silent for half an hour. They leave by themselves later.",
        ),
        "clock_wrong": TaskKind(
            "The clock of this machine is wrong",
            "Messages wait until it is right. Let the network set it, then mark this done.",
        ),
        "carrier_filtering": TaskKind(
            "The phone company blocked a {channel} message",
            "Ask the provider whether your sender is registered.",
        ),
        "message_refused": TaskKind(
            "The provider refused a {channel} message",
            "Its settings or the sender's number are wrong. The outbox shows which message.",
        ),
        "document_store_away": TaskKind(
            "The store of documents does not answer",
            "Packets cannot be built. Look at the service that keeps documents; they are then "
            "built by themselves.",
        ),
        "document_store_full": TaskKind(
            "The disk for documents is full",
            "Packets cannot be built. Make room; they are then built by themselves.",
        ),
    }
)
"""Every kind of task that is opened, worst first."""

OVER = "It has begun since. Find out whether they were there; recording it closes this too."
UNTOLD = frozenset({"nobody_reached", "call_now", "not_reached", "not_told", "tell_agency"})
AT_ONCE = frozenset({"cannot_come"})
"""What is urgent until the hearing begins, on whatever day that is."""
STEP_TASKS = frozenset(
    {"step_missed", "step_check", "step_escalated", "step_for_counsel", "step_due"}
)
"""Tasks about one step of a plan."""
SAID_OF_STEPS = frozenset({"step_call", "step_could_not"})
"""Tasks that somebody opened with a text, or on the page of their own steps."""
PLAN_TASKS = frozenset(
    {
        *("plan_case_over", "plan_after_disposition", "plan_paused", "plan_goes_on"),
        *("plan_at_its_end", "progress_report_due", "report_waits", "report_sent_back"),
    }
)
"""Tasks about a plan as a whole."""
