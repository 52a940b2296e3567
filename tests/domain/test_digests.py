"""The weekly digest of a shelter: on its day, once, only when there is something to tell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.agenda import Act, Agenda, AgendaItem
from domain.court_time import wall_time
from domain.digests import (
    DIGEST,
    TELL_AGENCY,
    AgencyFacts,
    SharedDate,
    digest_numbered,
    digest_on,
    next_digest_at,
    plan_digests,
)
from domain.facts import MessageFact, PersonFacts
from domain.vocabulary import Audience, Channel, MessageState
from tests.domain.lives import EMAIL, SMS, ZONE, a_person, a_policy, wall

START = wall("2026-11-03 12:00")
"""A Tuesday."""
MONDAY = 0


def a_contact(*channels: Channel, since: datetime = START) -> PersonFacts:
    """Gloria, who runs the front desk of the shelter."""
    return a_person("gloria", since, *channels, audience=Audience.AGENCY)


def a_date(text: str, *, name: str = "h1", since: datetime = START, zone: str = ZONE) -> SharedDate:
    """A court date that may be known since the beginning."""
    return SharedDate(name, 1, wall(text, zone), since, since)


def an_agency(*entries: SharedDate, **more: object) -> AgencyFacts:
    """A shelter that gets its digest on Mondays at nine."""
    facts = AgencyFacts(
        id="shelter",
        hub_id="hub",
        revision=1,
        policy=a_policy(),
        person=a_contact(SMS),
        weekday=MONDAY,
        at=time(9),
        entries=entries,
    )
    return replace(facts, **more)  # type: ignore[arg-type]


def left(item: AgendaItem, at: datetime, state: MessageState = MessageState.SENT) -> MessageFact:
    """A message that left at a moment."""
    return MessageFact(
        item.key,
        item.person_id,
        item.subject_id,
        item.revision,
        item.step,
        item.channel,
        state,
        at,
    )


def carried_out(facts: AgencyFacts, agenda: Agenda, now: datetime) -> AgencyFacts:
    """The agency after everything that is due was done."""
    due = [item for item in agenda.items if item.due <= now]
    sent = [left(item, now) for item in due if item.act is Act.SEND_MESSAGE]
    asked = {item.key for item in due if item.act is Act.OPEN_TASK}
    return replace(
        facts, messages=(*facts.messages, *sent), task_keys=facts.task_keys | frozenset(asked)
    )


def lived(
    facts: AgencyFacts, until: datetime, now: datetime = START
) -> list[tuple[datetime, AgendaItem]]:
    """Everything that is done until then, and when."""
    done: list[tuple[datetime, AgendaItem]] = []
    for _ in range(1000):
        agenda = plan_digests(facts, now)
        done += [(now, item) for item in agenda.items if item.due <= now]
        facts = carried_out(facts, agenda, now)
        after = plan_digests(facts, now)
        if after.due is None or after.due > until:
            return done
        now = max(now, after.due)
    raise AssertionError("it never ends")


def sends(done: Iterable[tuple[datetime, AgendaItem]]) -> list[datetime]:
    """When digests left."""
    return [now for now, item in done if item.act is Act.SEND_MESSAGE]


def test_it_leaves_on_the_agencys_weekday_and_hour_before_the_first_date_in_reach() -> None:
    agenda = plan_digests(an_agency(a_date("2026-11-27 09:00")), START)
    [item] = agenda.items
    assert item.due == wall("2026-11-23 09:00")
    assert item.until == wall("2026-11-25 09:00")
    assert (item.act, item.step, item.person_id) == (Act.SEND_MESSAGE, DIGEST, "gloria")
    assert (item.subject_id, item.revision, item.channel) == ("shelter", 20261123, "sms")
    assert not agenda.ended


def test_a_week_without_a_court_date_is_left_out() -> None:
    facts = an_agency(a_date("2026-11-12 09:00"), a_date("2026-12-03 13:30", name="h2"))
    done = lived(facts, wall("2027-01-31 12:00"))
    assert sends(done) == [wall("2026-11-09 09:00"), wall("2026-11-30 09:00")]


def test_without_anything_shared_it_waits_for_news() -> None:
    agenda = plan_digests(an_agency(), START)
    assert (agenda.due, agenda.items, agenda.ended) == (None, (), False)


def test_a_date_on_the_eighth_day_is_told_twice_and_on_the_ninth_once() -> None:
    eighth = lived(an_agency(a_date("2026-11-17 16:00")), wall("2026-12-31 12:00"))
    assert sends(eighth) == [wall("2026-11-09 09:00"), wall("2026-11-16 09:00")]
    ninth = lived(an_agency(a_date("2026-11-18 08:00")), wall("2026-12-31 12:00"))
    assert sends(ninth) == [wall("2026-11-16 09:00")]


def test_it_may_still_leave_two_days_late_and_not_after_that() -> None:
    facts = an_agency(
        a_date("2026-11-13 09:00"), person=a_contact(SMS, since=wall("2026-11-01 09:00"))
    )
    assert plan_digests(facts, wall("2026-11-11 08:59")).items[0].step == DIGEST
    late = plan_digests(facts, wall("2026-11-11 09:01"))
    assert [(item.act, item.step) for item in late.items] == [(Act.OPEN_TASK, TELL_AGENCY)]


def test_an_agency_that_came_after_its_hour_waits_for_the_next_week() -> None:
    tuesday = wall("2026-11-10 12:00")
    facts = an_agency(
        a_date("2026-11-20 09:00", since=tuesday), person=a_contact(SMS, since=tuesday)
    )
    assert plan_digests(facts, tuesday).due == wall("2026-11-16 09:00")


def test_a_share_made_a_day_after_an_empty_digest_leaves_at_once() -> None:
    tuesday = wall("2026-11-10 14:00")
    facts = an_agency(a_date("2026-11-12 09:00", since=tuesday))
    [item] = plan_digests(facts, tuesday).items
    assert (item.step, item.due <= tuesday) == (DIGEST, True)
    assert not a_policy().quiet.contains(item.due)


def test_nothing_is_told_once_the_consent_has_run_out() -> None:
    ends = wall("2026-11-16 08:00")
    entry = replace(a_date("2026-11-19 09:00"), expires_at=ends)
    assert plan_digests(an_agency(entry), START).items == ()
    holds = replace(entry, expires_at=wall("2026-11-16 09:01"))
    assert plan_digests(an_agency(holds), START).due == wall("2026-11-16 09:00")


def test_nobody_is_called_about_a_date_on_which_the_consent_will_have_run_out() -> None:
    tuesday = wall("2026-11-10 14:00")
    late = an_agency(
        replace(a_date("2026-11-12 09:00"), expires_at=wall("2026-11-12 08:00")),
        person=a_contact(SMS, since=tuesday),
    )
    assert plan_digests(late, tuesday).items == ()
    holds = replace(late, entries=(a_date("2026-11-12 09:00"),))
    assert [item.step for item in plan_digests(holds, tuesday).items] == [TELL_AGENCY]


def test_an_hour_at_night_waits_for_the_morning() -> None:
    [item] = plan_digests(an_agency(a_date("2026-11-12 09:00"), at=time(22)), START).items
    assert item.due == wall("2026-11-10 08:00")


@pytest.mark.parametrize(
    ("day", "weekday", "hour"), [("2027-03-14", 6, 2), ("2026-11-01", 6, 1), ("2027-03-15", 0, 9)]
)
def test_the_wall_clock_counts_when_the_clocks_change(day: str, weekday: int, hour: int) -> None:
    early = wall("2026-10-01 09:00")
    facts = an_agency(
        a_date(f"{date.fromisoformat(day) + timedelta(days=3)} 09:00", since=early),
        weekday=weekday,
        at=time(hour, 30),
        policy=a_policy(quiet=(time(0), time(0))),
        person=a_contact(SMS, since=early),
    )
    now = wall(day + " 00:10") - timedelta(days=5)
    [item] = plan_digests(facts, now).items
    local = wall_time(item.due, ZONE)
    # 2:30 does not exist on the day on which the clocks go forward; it slides.
    assert (local.date().isoformat(), local.hour) == (day, 3 if hour == 2 else hour)
    assert local.minute == 30


def test_a_refused_text_goes_on_by_mail_and_then_to_a_person() -> None:
    facts = an_agency(a_date("2026-11-12 09:00"), person=a_contact(SMS, EMAIL))
    monday = wall("2026-11-09 09:00")
    [text] = plan_digests(facts, monday).items
    facts = replace(facts, messages=(left(text, monday, MessageState.FAILED),))
    [mail] = plan_digests(facts, monday).items
    assert (mail.channel, mail.revision) == ("email", text.revision)
    failed = left(mail, monday, MessageState.UNDELIVERED)
    [task] = plan_digests(replace(facts, messages=(*facts.messages, failed)), monday).items
    assert (task.act, task.step) == (Act.OPEN_TASK, "not_reached")
    assert task.person_id == "gloria"


def test_a_contact_that_can_not_be_written_to_becomes_one_task_a_week() -> None:
    dates = (a_date("2026-11-12 09:00"), a_date("2026-11-25 09:00", name="h2"))
    done = lived(an_agency(*dates, person=a_contact()), wall("2026-12-31 12:00"))
    assert [(now, item.step) for now, item in done] == [
        (wall("2026-11-09 09:00"), "not_reached"),
        (wall("2026-11-23 09:00"), "not_reached"),
    ]


def test_a_date_that_no_digest_tells_in_time_is_told_by_a_person() -> None:
    sent = tuple(plan_digests(an_agency(a_date("2026-11-12 09:00")), START).items)
    monday, wednesday = wall("2026-11-09 09:00"), wall("2026-11-11 10:00")
    new = a_date("2026-11-13 09:00", name="h2", since=wednesday)
    facts = an_agency(
        a_date("2026-11-12 09:00"), new, messages=tuple(left(item, monday) for item in sent)
    )
    [task] = plan_digests(facts, wednesday).items
    assert (task.step, task.subject_id, task.until) == (TELL_AGENCY, "h2", new.starts)
    asked = replace(facts, task_keys=frozenset({task.key}))
    assert plan_digests(asked, wednesday).items == ()


@pytest.mark.parametrize("moved_to", ["2026-12-15 09:00", None])
def test_a_date_that_was_told_and_holds_no_more_is_taken_back_by_a_person(
    moved_to: str | None,
) -> None:
    old = a_date("2026-11-12 09:00")
    monday, tuesday = wall("2026-11-09 09:00"), wall("2026-11-10 10:00")
    [sent] = plan_digests(an_agency(old), monday).items
    changed = replace(
        old,
        revision=2,
        starts=wall(moved_to) if moved_to else None,
        since=tuesday,
        before=(wall("2026-11-12 09:00"),),
    )
    facts = an_agency(changed, messages=(left(sent, monday),))
    tasks = [item for item in plan_digests(facts, tuesday).items if item.step == TELL_AGENCY]
    assert [(task.subject_id, task.revision) for task in tasks] == [("h1", 2)]
    never_told = an_agency(changed)
    assert all(item.step != TELL_AGENCY for item in plan_digests(never_told, tuesday).items)


def test_an_agency_that_ended_first_learns_the_fate_of_its_claim() -> None:
    monday = wall("2026-11-09 09:00")
    [sent] = plan_digests(an_agency(a_date("2026-11-12 09:00")), monday).items
    claimed = left(sent, monday, MessageState.CLAIMED)
    waiting = plan_digests(an_agency(ended=True, messages=(claimed,)), monday)
    assert not waiting.ended
    assert [item.key for item in waiting.items] == [claimed.key]
    assert plan_digests(an_agency(a_date("2026-11-12 09:00"), ended=True), monday).ended


def test_a_new_weekday_leaves_no_date_untold_and_never_writes_two_days_running() -> None:
    entries = tuple(
        a_date(f"{date(2026, 11, 5) + timedelta(days=n)} 10:00", name=f"h{n}") for n in range(40)
    )
    monday = wall("2026-11-09 09:00")
    facts = an_agency(*entries)
    facts = carried_out(facts, plan_digests(facts, monday), monday)
    for weekday in range(7):
        changed = replace(facts, weekday=weekday)
        again = plan_digests(changed, monday)
        digest = next(item for item in again.items if item.step == DIGEST)
        horizon = digest_on(date(2026, 11, 9), time(9), ZONE).horizon
        assert wall_time(digest.due, ZONE).weekday() == weekday
        assert timedelta(days=2) <= digest.due - monday
        assert digest.due < horizon
        assert [item.step for item in again.items] == [DIGEST]


def test_the_next_digest_is_told_to_whoever_asks() -> None:
    facts = an_agency(a_date("2026-11-12 09:00"))
    assert next_digest_at(facts, START) == wall("2026-11-09 09:00")
    assert next_digest_at(replace(facts, person=a_contact()), START) is None
    assert next_digest_at(replace(facts, ended=True), START) is None


ZONES = st.sampled_from([ZONE, "America/Anchorage", "Australia/Lord_Howe", "Europe/Lisbon"])


@st.composite
def agencies(draw: st.DrawFn) -> AgencyFacts:
    """Any agency: zones whose clocks change in between, hours at night, consents that end."""
    zone = draw(ZONES)
    hours = st.integers(-48, 100 * 24)
    entries = []
    for n, starts in enumerate(sorted(draw(st.lists(hours, max_size=8)))):
        ends = draw(st.one_of(st.none(), hours))
        since = START + timedelta(hours=draw(st.integers(-48, 0)))
        entries.append(
            SharedDate(
                f"h{n}",
                1,
                START + timedelta(hours=starts),
                since,
                since,
                None if ends is None else START + timedelta(hours=ends),
            )
        )
    contacts = draw(st.sampled_from([(SMS,), (SMS, EMAIL), (EMAIL,), ()]))
    return an_agency(
        *entries,
        policy=a_policy(zone),
        weekday=draw(st.integers(0, 6)),
        at=draw(st.sampled_from([time(1, 30), time(2, 30), time(9), time(17), time(22)])),
        person=a_contact(*contacts, since=START + timedelta(hours=draw(st.integers(-72, 48)))),
    )


@given(agencies())
def test_never_before_its_time_never_twice_a_week_and_never_without_something_to_tell(
    facts: AgencyFacts,
) -> None:
    done = lived(facts, START + timedelta(days=120))
    days = []
    for now, item in done:
        if item.act is not Act.SEND_MESSAGE:
            continue
        digest = digest_numbered(item.revision, facts.at, facts.policy.zone)
        days.append(digest.day)
        assert digest.due <= now < digest.until
        assert digest.day.weekday() == facts.weekday
        assert digest.due >= facts.person.enrolled_at
        assert not facts.policy.quiet.contains(now)
        assert any(digest.lists(entry, now) for entry in facts.entries)
    assert all((later - day).days >= 7 for day, later in pairwise(days))


@given(agencies())
def test_every_date_is_told_by_a_digest_by_a_person_or_not_allowed_to_be(
    facts: AgencyFacts,
) -> None:
    done = lived(facts, START + timedelta(days=120))
    for entry in facts.entries:
        if entry.starts is None or entry.starts <= START or entry.expires_at is not None:
            continue
        listed = any(
            item.step == DIGEST
            and digest_numbered(item.revision, facts.at, facts.policy.zone).lists(entry, now)
            for now, item in done
        )
        asked = any(
            item.step == TELL_AGENCY and item.subject_id == entry.hearing_id for _, item in done
        )
        by_phone = not facts.person.contacts and any(
            item.step == "not_reached" and item.due < entry.starts for _, item in done
        )
        assert listed or asked or by_phone, entry


@given(agencies(), st.integers(0, 100 * 24))
def test_whatever_is_planned_is_useful_and_planned_alike_a_moment_later(
    facts: AgencyFacts, hours: int
) -> None:
    now = START + timedelta(hours=hours)
    agenda = plan_digests(facts, now)
    for item in agenda.items:
        assert item.due < item.until
        assert item.until > now
    if agenda.due is not None and agenda.due > now + timedelta(minutes=1):
        later = plan_digests(facts, now + timedelta(minutes=1))
        assert [item.key for item in later.items] == [item.key for item in agenda.items]
