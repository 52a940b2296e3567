"""A plan half-way, with a step that was missed; a referral with an answer, and one without."""

from collections.abc import Iterator
from datetime import datetime, time
from typing import Final

from activities.example.living import Moment
from activities.example.people import BY, ZONE, Scene
from domain.contact_log import ContactMethod
from domain.court_time import instant_of
from domain.referrals import Setter
from domain.vocabulary import ReferralState
from records.casework import Source
from records.contact_log import NewContactEntry, note_contact
from records.database import HubSession
from records.directory import NewProvider, NewService, add_provider, add_service
from records.plans import NewStep, add_evidence, start_plan, steps_of
from records.referrals import Answer, NewReferral, draft_referral, move_referral, send_referral

_SHE_SAID_YES: Final = "Yes, you can tell them my name."
_CHECK_IN: Final = "Check in with the advocate"
_DONE: Final = {"Bring the birth certificate": 30, "First day at work": 20}
"""Steps that are done, and how many days ago each was due."""
_PROVIDERS: Final = (
    ("Example Work Center", "employment", "Job coaching", "work@example.org"),
    ("Example Housing Office", "housing", "Rooms and deposits", "rooms@example.org"),
)


def moments(scene: Scene) -> Iterator[Moment]:
    """Pilar's plan and Ellis's referrals."""
    yield from _plan(scene)
    yield from _referrals(scene)
    yield from _contacts(scene)


def _plan(scene: Scene) -> Iterator[Moment]:
    days = scene.days

    def started(session: HubSession, now: datetime) -> None:
        steps = [
            NewStep("check_in", _CHECK_IN, days.day(-38), recurrence="every 2 weeks"),
            NewStep("benefits_documents", "Bring the birth certificate", days.day(-30)),
            NewStep("employment", "First day at work", days.day(-20)),
            NewStep("community_service", "Help at the food bank", days.day(-6)),
            NewStep("community_service", "Help at the food bank again", days.day(12)),
            NewStep("housing", "A letter of the landlord", days.day(25)),
        ]
        goals = "Keep my work, and have my children at home."
        plan = start_plan(
            *(session, scene.cases["Pilar"], steps, BY, now),
            goals=goals,
            starts_on=days.day(-45),
            ends_on=days.day(45),
        )
        scene.more["plan"] = plan.id

    yield Moment(days.ago(45, 11), started)
    for title, ago in _DONE.items():
        yield _done(scene, title, ago)
    for ago in (38, 24, 10):
        yield _done(scene, _CHECK_IN, ago)


def _done(scene: Scene, title: str, ago: int) -> Moment:
    """A step that fell due that many days ago was done, and somebody saw it."""

    def deed(session: HubSession, now: datetime) -> None:
        step = next(
            one
            for one in steps_of(session, scene.more["plan"])
            if one.title == title and one.due_on == scene.days.day(-ago)
        )
        add_evidence(session, step.id, "call", "", BY, now, verified=True)

    return Moment(scene.days.ago(ago, 15), deed)


def _referrals(scene: Scene) -> Iterator[Moment]:
    """One provider said yes, with a first meeting; the other was asked twice and is silent."""
    days = scene.days

    def known(session: HubSession, _: datetime) -> None:
        for name, need, service, mail in _PROVIDERS:
            row = add_provider(session, NewProvider(name, email=mail))
            add_service(session, row.id, NewService(service, needs=(need,)))
            scene.more[need] = row.id

    def asked(need: str) -> Moment:
        def deed(session: HubSession, now: datetime) -> None:
            new = NewReferral(
                *(scene.more[need], need),
                agreed_words=_SHE_SAID_YES,
                agreed_how="in person",
                introduced_by="Ada Example",
            )
            row = draft_referral(session, scene.cases["Ellis"], new, BY, now)
            send_referral(session, row.id, BY, now)
            scene.more[f"{need} referral"] = row.id

        return Moment(days.ago(10, 11), deed)

    def accepted(session: HubSession, now: datetime) -> None:
        meeting = instant_of(datetime.combine(days.day(3), time(11)), ZONE)
        move_referral(
            *(session, scene.more["employment referral"], ReferralState.ACCEPTED),
            *(Setter.PROVIDER, Answer(meeting, words="Ask for Dee at the desk.")),
            *(Source("referral:desk", "link"), now),
        )

    yield Moment(days.ago(40, 9), known)
    yield asked("employment")
    yield asked("housing")
    yield Moment(days.ago(8, 14), accepted)


def _contacts(scene: Scene) -> Iterator[Moment]:
    """The advocates were in touch with everybody within the last days, but for two."""
    for number, name in enumerate(("Tomas", "Rosa", "Jean-Marc", "Owen", "Pilar", "Ellis")):
        yield _in_touch(scene, name, 3 + number, ContactMethod.CALL)


def _in_touch(scene: Scene, name: str, ago: int, method: ContactMethod) -> Moment:
    def deed(session: HubSession, now: datetime) -> None:
        entry = NewContactEntry(now, method, minutes=10)
        writer = scene.staff["example-advocate"]
        note_contact(session, scene.cases[name], entry, writer, BY, now)

    return Moment(scene.days.ago(ago, 13), deed)
