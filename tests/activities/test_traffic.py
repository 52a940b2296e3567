"""How fast messages go, and how patiently while a provider is away."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from activities.traffic import AWAY_AFTER, LONGEST_HOLD, LOOKER_GONE, SHORTEST_HOLD, Line, Pace
from domain.agenda import Act, Agenda, AgendaItem, Subject, SubjectRef
from domain.vocabulary import Channel
from tests.houses import utc

NOW = utc("2026-12-01 15:00")
SMS, EMAIL = Channel.SMS, Channel.EMAIL


def away() -> Line:
    """A provider that has not answered for some tries."""
    line = Line()
    for _ in range(AWAY_AFTER):
        line.silent(SMS, NOW)
    return line


def a_message(key: str, channel: Channel = SMS, until: datetime | None = None) -> AgendaItem:
    """Something due now."""
    until = until or NOW + timedelta(days=1)
    return AgendaItem(Act.SEND_MESSAGE, key, NOW, until, channel=channel)


def a_subject(number: int = 0) -> SubjectRef:
    """A case."""
    return SubjectRef(Subject.CASE, f"c{number}", "hub")


def test_while_a_provider_is_away_one_message_looks_for_it_and_the_others_wait() -> None:
    line = away()
    lookers = [
        number for number in range(50) if line.looks(SMS, a_message(f"k{number}"), a_subject(), NOW)
    ]
    assert lookers == [0]
    assert 0 < line.seconds_to_look(SMS, NOW) <= 60
    assert line.looks(SMS, a_message("k0"), a_subject(), NOW + timedelta(minutes=2))
    for _ in range(20):
        line.silent(SMS, NOW)
    assert line.seconds_to_look(SMS, NOW) == 180


def test_another_one_looks_when_the_first_comes_no_more() -> None:
    line = away()
    assert line.looks(SMS, a_message("k0"), a_subject(), NOW)
    later = NOW + LOOKER_GONE + timedelta(seconds=1)
    assert line.looks(SMS, a_message("k1"), a_subject(), later)
    assert not line.looks(SMS, a_message("k0"), a_subject(), later)


def test_when_the_looker_is_gone_one_of_those_who_wait_is_woken_to_look() -> None:
    line = away()
    for number in range(4):
        line.looks(SMS, a_message(f"k{number}"), a_subject(number), NOW)
    assert line.without_looker(NOW + timedelta(minutes=1)) == set()
    later = NOW + LOOKER_GONE + timedelta(minutes=1)
    [chosen] = line.without_looker(later)
    assert chosen in {a_subject(1), a_subject(2), a_subject(3)}
    assert line.looks(SMS, a_message("k9"), chosen, later)


def test_when_it_answers_everyone_who_waited_is_to_be_woken_once() -> None:
    line = away()
    line.looks(SMS, a_message("k0"), a_subject(0), NOW)
    for number in (1, 2, 2):
        line.looks(SMS, a_message(f"k{number}"), a_subject(number), NOW)
    assert line.answered(SMS) == {a_subject(1), a_subject(2)}
    assert line.answered(SMS) == set()
    assert not line.is_away(SMS)


def test_a_hiccup_is_no_outage_and_other_channels_go_on() -> None:
    line = Line()
    for _ in range(50):
        line.silent(SMS, NOW)
        line.answered(SMS)
        assert not line.is_away(SMS)
    assert not away().is_away(EMAIL)


def test_what_is_put_off_comes_back_by_itself_and_the_rest_stays_as_it_is() -> None:
    text, letter = a_message("text"), a_message("letter", EMAIL)
    short = a_message("short", until=NOW + timedelta(minutes=5))
    task = AgendaItem(Act.OPEN_TASK, "task", NOW, NOW + timedelta(days=1))
    agenda = Agenda(3, NOW, (text, letter, short, task), stage="pretrial")
    held = away().hold(agenda, NOW)
    due = {item.key: item.due for item in held.items}
    assert NOW + SHORTEST_HOLD <= due["text"] < NOW + SHORTEST_HOLD + timedelta(minutes=5)
    assert due["short"] == short.until, "then a person is asked"
    assert due["letter"] == due["task"] == held.due == NOW


def test_the_longer_it_is_away_the_longer_they_wait() -> None:
    line, item = away(), a_message("k", until=NOW + timedelta(days=9))
    for hours, hold in ((1, timedelta(hours=2)), (30, LONGEST_HOLD)):
        now = NOW + timedelta(hours=hours)
        [held] = line.hold(Agenda(1, now, (item,)), now).items
        assert hold <= held.due - now < hold + timedelta(minutes=5)


def test_each_message_gets_its_own_moment_and_goes_when_it_comes_back() -> None:
    pace = Pace({SMS: 4.0})
    waits = [pace.wait(SMS, f"k{number}", NOW) for number in range(9)]
    assert waits == [number / 4 for number in range(9)]
    then = NOW + timedelta(seconds=2)
    assert pace.wait(SMS, "k8", then) == 0
    assert pace.wait(SMS, "new", then) > 0, "nobody passes those who wait"


@given(st.lists(st.floats(0, 0.4), min_size=20, max_size=120), st.sampled_from([1.0, 4.0, 20.0]))
def test_never_more_in_a_second_than_the_provider_takes(gaps: list[float], rate: float) -> None:
    now, pace = NOW, Pace({SMS: rate})
    went = []
    for number, gap in enumerate(gaps):
        now += timedelta(seconds=gap)
        if pace.wait(SMS, f"k{number}", now) == 0:
            went.append(now)
    for first in went:
        assert sum(first <= at < first + timedelta(seconds=1) for at in went) <= rate + 1


def test_without_a_rate_nobody_waits() -> None:
    pace = Pace({SMS: 0.0})
    assert {pace.wait(SMS, f"k{number}", NOW) for number in range(100)} == {0.0}
