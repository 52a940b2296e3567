"""Does everything that the demo shows really stand? Each expectation by name, true or false."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from icalendar import Calendar
from sqlmodel import select
from temporalio.client import WorkflowExecutionStatus

from activities.documents.docx_package import unpack
from activities.documents.errors import DocumentError
from activities.documents.pdf_facts import preflight
from cli.demonstration.expecting import QUIET_FROM, QUIET_TO, Expected
from cli.demonstration.lived import Said
from cli.demonstration.story import Story
from domain.agenda import Subject, SubjectRef
from records.outbox import lag
from records.tables import CaseEvent, Hearing, HumanTask, PlanStep

WORKFLOWS_END = "every_workflow_has_completed"
MOST_SEGMENTS = 2
_SHOWN = 5


@dataclass(slots=True)
class Findings:
    """Expectations by name, and for each one that failed a line that says how."""

    checks: dict[str, bool] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def expect(self, name: str, faults: list[str]) -> None:
        """An expectation holds when nothing is at fault."""
        self.checks[name] = not faults
        self.problems += [f"{name}: {fault}" for fault in faults[:_SHOWN]]
        if len(faults) > _SHOWN:
            self.problems.append(f"{name}: and {len(faults) - _SHOWN} more")

    @property
    def all_hold(self) -> bool:
        """Whether every expectation holds."""
        return all(self.checks.values())


@dataclass(frozen=True, slots=True)
class Files:
    """What the demo made besides messages; empty bytes where something is missing."""

    docx: bytes
    pdf: bytes
    pdf_problem: str
    calendar: bytes


async def findings_of(story: Story, said: list[Said], files: Files) -> Findings:
    """Check everything."""
    found = Findings()
    for name, check in _MESSAGE_CHECKS.items():
        found.expect(name, list(check(story, said)))
    found.expect("the_sms_provider_holds_what_the_records_say", _sms_books(story, said))
    found.expect("the_mail_server_holds_what_the_records_say", _mail_books(story, said))
    found.expect("the_missed_step_came_to_an_advocate_and_was_made_up_for", _missed_step(story))
    found.expect("the_imported_calendar_moved_the_hearing", _imported(story))
    found.expect("no_task_is_left_open", _open_tasks(story))
    found.expect("the_packet_is_a_word_document", _docx(files))
    found.expect("the_packet_is_a_pdf_with_pages", _pdf(files))
    found.expect("the_calendar_reads_and_holds_every_hearing", _calendar(story, files))
    found.expect("no_news_waits_in_the_outbox", await _outbox(story))
    found.expect(WORKFLOWS_END, await _workflows(story))
    return found


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
    wanted = {person.role: person.language for person in story.cast.people}
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


_MESSAGE_CHECKS: dict[str, Callable[[Story, list[Said]], Iterator[str]]] = {
    "every_message_once_at_its_hour_and_no_other": _exactly,
    "nothing_for_an_old_date": _old_dates,
    "nothing_to_her_while_detained": _detained,
    "nothing_in_quiet_hours": _quiet,
    "every_text_in_two_segments": _segments,
    "everyone_in_their_language": _languages,
    "a_refused_number_goes_on_by_email": _landline,
    "a_lost_answer_is_asked_about_and_nothing_sent_twice": _dropped,
    "support_after_the_missed_date": _support,
}


def _sms_books(story: Story, said: list[Said]) -> list[str]:
    """The provider's own list and the records name the same texts, and each arrived once."""
    accepted = {text.sid: text for text in story.world.texts.accepted()}
    ours = {one.provider_id: one for one in said if one.channel == "sms" and one.left}
    faults = [
        f"only the provider knows a text to {accepted[sid].to[-4:]}"
        for sid in accepted.keys() - ours
    ]
    faults += [
        f"the provider does not know {ours[sid].step} to {ours[sid].role}"
        for sid in ours.keys() - accepted
    ]
    faults += [
        f"{ours[sid].step} to {ours[sid].role} differs: {ours[sid].status}, {accepted[sid].status}"
        for sid in ours.keys() & accepted
        if (accepted[sid].body.strip(), accepted[sid].status) != (ours[sid].text, ours[sid].status)
    ]
    twice = Counter((text.to, text.body) for text in accepted.values())
    faults += [f"sent {times} times to one number" for times in twice.values() if times > 1]
    return faults


def _mail_books(story: Story, said: list[Said]) -> list[str]:
    kept = Counter(str(mail.message["Message-ID"]) for mail in story.world.mail.messages)
    ours = Counter(one.provider_id for one in said if one.channel == "email" and one.left)
    return [] if kept == ours else [f"the mail server has {kept.total()}, we have {ours.total()}"]


def _imported(story: Story) -> list[str]:
    """The move of the pretrial hearing came out of the court's file and from nobody's hand."""
    world = story.world
    with world.house.records.reading(world.hub_id) as session:
        moves = session.exec(
            select(CaseEvent).where(
                CaseEvent.kind == "hearing_moved", CaseEvent.case_id == story.case_id
            )
        ).all()
    sources = [(move.source, move.subject_id) for move in moves]
    wanted = [("import", story.hearings["pretrial"])]
    return [] if sources == wanted else [f"moved by {[source for source, _ in sources]}"]


def _missed_step(story: Story) -> list[str]:
    (late,) = [step for step in story.days.steps if step.missed]
    world = story.world
    with world.house.records.reading(world.hub_id) as session:
        row = session.get_one(PlanStep, story.steps[late.title])
        tasks = session.exec(select(HumanTask).where(HumanTask.kind == "step_missed")).all()
        faults = []
        if row.missed_at is None or row.state != "verified":
            faults.append(f"the step is {row.state}")
        if [task.subject_id for task in tasks] != [row.id]:
            faults.append(f"{len(tasks)} task(s) for missed steps")
        return faults


def _open_tasks(story: Story) -> list[str]:
    world = story.world
    with world.house.records.reading(world.hub_id) as session:
        return [task.kind for task in session.exec(select(HumanTask)).all() if not task.closed_at]


def _docx(files: Files) -> list[str]:
    try:
        return [] if "word/document.xml" in unpack(files.docx) else ["it has no text"]
    except DocumentError as error:
        return [str(error)]


def _pdf(files: Files) -> list[str]:
    if not files.pdf:
        return [files.pdf_problem or "there is no PDF"]
    try:
        facts = preflight(files.pdf)
    except DocumentError as error:
        return [str(error)]
    return [] if facts.pages and facts.has_text else ["it has no pages with text"]


def _calendar(story: Story, files: Files) -> list[str]:
    """Judged by a second parser: every hearing once, on its court's clock."""
    try:
        events = Calendar.from_ical(files.calendar.decode()).walk("VEVENT")
    except ValueError as error:
        return [f"it cannot be read: {error}"]
    world = story.world
    with world.house.records.reading(world.hub_id) as session:
        hearings = session.exec(select(Hearing)).all()
    wanted = sorted(
        (hearing.local_time, "CANCELLED" if hearing.status == "vacated" else "CONFIRMED")
        for hearing in hearings
    )
    read = sorted(
        (event.decoded("DTSTART").replace(tzinfo=None), str(event["STATUS"])) for event in events
    )
    return [] if read == wanted else [f"it holds {len(read)} hearings of {len(wanted)}"]


async def _outbox(story: Story) -> list[str]:
    waiting = lag(story.world.house.records, await story.world.now())
    return [f"{waiting.rows} row(s)"] if waiting.rows else []


async def _workflows(story: Story) -> list[str]:
    hub = story.world.hub_id
    subjects = (
        SubjectRef(Subject.CASE, story.case_id, hub),
        SubjectRef(Subject.PACKET, story.packet_id, hub),
        SubjectRef(Subject.PLAN, story.plan_id, hub),
    )
    faults = []
    for subject in subjects:
        handle = story.world.env.client.get_workflow_handle(subject.workflow_id)
        status = (await handle.describe()).status
        if status is not WorkflowExecutionStatus.COMPLETED:
            faults.append(f"the {subject.kind} workflow is {status.name if status else 'unknown'}")
    return faults
