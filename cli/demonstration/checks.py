"""Does everything that the demo shows really stand? Each expectation by name, true or false."""

from dataclasses import dataclass, field

from icalendar import Calendar
from sqlmodel import select
from temporalio.client import WorkflowExecutionStatus

from activities.documents.docx_package import unpack
from activities.documents.errors import DocumentError
from activities.documents.pdf_facts import preflight
from cli.demonstration.lived import Files, Said
from cli.demonstration.message_checks import MESSAGE_CHECKS
from cli.demonstration.packet_checks import PACKET_CHECKS, packet_faults, packet_kept
from cli.demonstration.story import Story
from domain.agenda import Subject, SubjectRef
from records.outbox import lag
from records.tables import CaseEvent, Hearing, HumanTask, PlanStep

WORKFLOWS_END = "every_workflow_has_completed"
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


async def findings_of(story: Story, said: list[Said], files: Files) -> Findings:
    """Check everything."""
    found = Findings()
    for name, check in MESSAGE_CHECKS.items():
        found.expect(name, list(check(story, said)))
    found.expect("the_missed_step_came_to_an_advocate_and_was_made_up_for", _missed_step(story))
    found.expect("the_imported_calendar_moved_the_hearing", _imported(story))
    found.expect("no_task_is_left_open", _open_tasks(story))
    found.expect("the_packet_is_a_word_document", _docx(files))
    found.expect("the_packet_is_a_pdf_with_pages", _pdf(files))
    kept = story.world.read(lambda session: packet_kept(session, story.packet_id))
    for name, packet_check in PACKET_CHECKS.items():
        found.expect(name, packet_faults(packet_check, story, kept, files))
    found.expect("the_calendar_reads_and_holds_every_hearing", _calendar(story, files))
    found.expect("no_news_waits_in_the_outbox", await _outbox(story))
    found.expect(WORKFLOWS_END, await _workflows(story))
    return found


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
