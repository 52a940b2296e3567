"""Checks on the messages: what was said, against what the story calls for and the providers hold.

Each check yields a line for every fault; none means that the expectation holds. The lines name
roles and steps, never an address or a message's words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from cli.demonstration.expecting import QUIET_FROM, QUIET_TO, Expected
from cli.demonstration.lived import Said
from cli.demonstration.story import Story

MOST_SEGMENTS = 2

Check = Callable[[Story, list[Said]], Iterator[str]]


def _sms_books(story: Story, said: list[Said]) -> Iterator[str]:
    """The provider's own list and the records name the same texts, and each went out once."""
    accepted = {text.sid: text for text in story.world.texts.accepted()}
    ours = {one.provider_id: one for one in said if one.channel == "sms" and one.left}
    yield from (f"only the provider knows text {sid}" for sid in accepted.keys() - ours)
    for sid, one in ours.items():
        text = accepted.get(sid)
        if text is None:
            yield f"the provider does not know {one.step} to {one.role}"
        elif (text.body.strip(), text.status) != (one.text, one.status):
            yield f"{one.step} to {one.role} differs: {one.status}, there {text.status}"
    twice = Counter((text.to, text.body) for text in accepted.values())
    yield from (f"sent {times} times to one number" for times in twice.values() if times > 1)


def _mail_books(story: Story, said: list[Said]) -> Iterator[str]:
    kept = Counter(str(mail.message["Message-ID"]) for mail in story.world.mail.messages)
    ours = Counter(one.provider_id for one in said if one.channel == "email" and one.left)
    if kept != ours:
        yield f"the mail server has {kept.total()}, the records have {ours.total()}"


def _exactly(story: Story, said: list[Said]) -> Iterator[str]:
    """Each one once, in its minute, and no other."""
    wanted = Counter(story.chronicle.expected())
    lived = Counter(Expected(one.role, one.about, one.step, one.wall) for one in said if one.left)
    for message in (wanted - lived).elements():
        yield f"missing: {_plain(message)}"
    for message in (lived - wanted).elements():
        yield f"not called for: {_plain(message)}"


def _plain(message: Expected) -> str:
    return f"{message.step} to {message.role} about {message.about or 'nothing'}, {message.at}"


def _old_dates(story: Story, said: list[Said]) -> Iterator[str]:
    """After a date has ended, only the notice of that may be about it."""
    for about, dates in story.chronicle.old_dates().items():
        for revision, (_, over) in enumerate(dates, start=1):
            for one in said:
                late = one.about == about and one.revision == revision and one.wall > over
                if late and one.left:
                    yield f"{one.step} to {one.role} at {one.wall}"


def _detained(story: Story, said: list[Said]) -> Iterator[str]:
    for one in said:
        if one.role == "defendant" and one.wall < story.days.released:
            yield f"{one.step} at {one.wall}"


def _quiet(story: Story, said: list[Said]) -> Iterator[str]:
    for one in said:
        if not QUIET_TO <= one.wall.time() < QUIET_FROM:
            yield f"{one.step} to {one.role} at {one.wall}"


def _segments(story: Story, said: list[Said]) -> Iterator[str]:
    for one in said:
        if one.segments > MOST_SEGMENTS:
            yield f"{one.step} to {one.role}: {one.segments} segments"


def _languages(story: Story, said: list[Said]) -> Iterator[str]:
    wanted = {person.role: person.language for person in story.cast.everyone}
    for one in said:
        if one.language != wanted.get(one.role):
            yield f"{one.step} to {one.role} in {one.language}"


def _landline(story: Story, said: list[Said]) -> Iterator[str]:
    """One text to the brother was refused; the same words went by e-mail in the same minute."""
    failed = [one for one in said if one.status == "failed"]
    if [(one.role, one.channel) for one in failed] != [("brother", "sms")]:
        yield f"refused were: {[(one.role, one.channel) for one in failed]}"
    for one in failed:
        went = [
            other
            for other in said
            if (other.role, other.about, other.step) == (one.role, one.about, one.step)
            and other.channel == "email"
            and other.left
        ]
        if len(went) != 1 or went[0].wall != one.wall:
            yield "it did not go by e-mail in the same minute"


def _dropped(story: Story, said: list[Said]) -> Iterator[str]:
    """One send lost its answer, was asked about, and was found: one text, one try."""
    found = [one for one in said if one.tries == ("found",)]
    if len(found) != 1 or any(len(one.tries) > 1 for one in said):
        yield f"settled by asking: {len(found)}; tries: {sorted({one.tries for one in said})}"


def _support(story: Story, said: list[Said]) -> Iterator[str]:
    told = {one.role for one in said if one.step == "post_miss" and one.left}
    if told != {person.role for person in story.cast.people}:
        yield f"after the missed date only these were written to: {sorted(told)}"


MESSAGE_CHECKS: dict[str, Check] = {
    "every_message_once_at_its_hour_and_no_other": _exactly,
    "nothing_for_an_old_date": _old_dates,
    "nothing_to_her_while_detained": _detained,
    "nothing_in_quiet_hours": _quiet,
    "every_text_in_two_segments": _segments,
    "everyone_in_their_language": _languages,
    "a_refused_number_goes_on_by_email": _landline,
    "a_lost_answer_is_asked_about_and_nothing_sent_twice": _dropped,
    "support_after_the_missed_date": _support,
    "the_sms_provider_holds_what_the_records_say": _sms_books,
    "the_mail_server_holds_what_the_records_say": _mail_books,
}
