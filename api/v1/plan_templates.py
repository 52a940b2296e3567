"""Plan templates: Homeward's and the hub's own, a preview for a case, and the start from one."""

from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import Field, StrictBool
from starlette.responses import Response

from api import problems
from api.desk import AtDesk
from api.door import guarded_router
from api.fields import Day, Id, In, Line, Name, Out, Text
from api.once import AtOnce
from api.problems import documented
from api.v1.cases import CaseId
from api.v1.plan_shapes import PlanOut, plan_out
from domain.plan_sheets import read_sheet
from domain.plan_templates import MOST_STEPS, MOST_TITLE, PlannedStep, PlanTemplate
from domain.vocabulary import PlanState, StepOwner
from records import plan_templates as book
from records import tables
from records.database import HubSession
from records.step_kinds import kinds_of

router = guarded_router("plan templates")

TemplateKey = Annotated[
    str,
    Path(pattern="^[a-z0-9-]{1,60}$", description="Key of Homeward's, or id of the hub's own."),
]
TemplateId = Annotated[Id, Path(description="Id of one of the hub's own plan templates.")]
Key = Annotated[
    str,
    Field(pattern="^[a-z0-9-]{1,60}$", description="Key of Homeward's, or id of the hub's own."),
]


class TemplateStepOut(Out):
    """One step of a template; what each field means stands at the request."""

    title: str
    kind: str
    due: str
    repeat: str
    until: str
    owner: StepOwner
    mandated: bool
    evidence: str
    to_mentors: bool


class TemplateOut(Out):
    """A template."""

    key: str = Field(description="What a plan is started with.")
    id: Id | None = Field(description="Of one of the hub's own; null for Homeward's.")
    revision: int | None = Field(description="To be sent along when it is changed.")
    based_on: str
    name: str
    about: str
    length: str
    steps: list[TemplateStepOut]


class TemplatesOut(Out):
    """Every template that a plan can start from."""

    items: list[TemplateOut]


class TemplateStepIn(In):
    """One step of a template."""

    title: Annotated[Name, Field(max_length=MOST_TITLE)]
    kind: Name = Field(description="One of /step-kinds.")
    due: Line = Field("", description="start+14d, end-1w, hearing:status-7d, or a day.")
    repeat: Line = Field("", description="RFC 5545, or plain words: every 2 weeks on Tue.")
    until: Line = Field("", description="Last day of what repeats; empty for the plan's end.")
    owner: StepOwner = StepOwner.PERSON
    mandated: StrictBool = True
    evidence: Line = ""
    to_mentors: StrictBool = True


class TemplateIn(In):
    """A template of the hub's own."""

    name: Name
    about: Line = ""
    length: Line = Field("", description="How long the plan is: 90d, 12w or 12m.")
    based_on: Line = Field("", description="Key of the template that it began with.")
    steps: Annotated[list[TemplateStepIn], Field(max_length=MOST_STEPS)]

    def raw(self) -> dict[str, Any]:
        """The same for the records."""
        return self.model_dump(mode="json", include={"name", "about", "length", "steps"})


class TemplateChange(TemplateIn):
    """A template as it is to be, with the revision that was changed."""

    revision: Annotated[int, Field(ge=1, le=2**31 - 1, strict=True)]


class SheetIn(In):
    """A spreadsheet saved as CSV."""

    name: Name
    about: Line = ""
    length: Line = ""
    csv: Text = Field(
        description="First row: step, kind, due, repeat, until, who, ordered, evidence, mentor."
    )


class FromTemplateIn(In):
    """A plan from a template."""

    template: Key
    starts_on: Day
    ends_on: Day | None = Field(None, description="Instead of the template's length.")
    goals: Text = ""
    mandated: StrictBool = Field(True, description="A court ordered it.")
    proposed: StrictBool = False


class PreviewStepOut(Out):
    """What one step comes to."""

    title: str
    kind: str
    days: list[Day]
    recurrence: str
    waits_for: str = Field(description="What must be known before it has a date.")
    problem: str = Field(description="Why the plan cannot start like this; empty when it can.")


class PreviewOut(Out):
    """What a template comes to for a case. Nothing was started."""

    starts_on: Day
    ends_on: Day | None
    steps: list[PreviewStepOut]


def _told(template: PlanTemplate, row: tables.PlanTemplate | None = None) -> TemplateOut:
    return TemplateOut(
        key=template.key,
        id=row.id if row else None,
        revision=row.revision if row else None,
        based_on=row.based_on if row else "",
        name=template.name,
        about=template.about,
        length=template.length,
        steps=[TemplateStepOut.of(step) for step in template.steps],
    )


def _own(session: HubSession, row: tables.PlanTemplate) -> TemplateOut:
    return _told(book.template_of(session, row), row)


@router.get("/plan-templates", summary="Plan templates")
def list_plan_templates(desk: AtDesk) -> TemplatesOut:
    """The hub's own by name, then those that come with Homeward."""
    with desk.reading() as session:
        own = [_own(session, row) for row in book.own_templates(session)]
    return TemplatesOut(items=own + [_told(template) for template in book.HOMEWARDS.values()])


@router.get(
    "/plan-templates/{key}",
    summary="One plan template",
    responses=documented(problems.NOT_FOUND),
)
def read_plan_template(desk: AtDesk, key: TemplateKey) -> TemplateOut:
    """A template with its steps."""
    with desk.reading() as session:
        if key in book.HOMEWARDS:
            return _told(book.HOMEWARDS[key])
        return _own(session, book.get_own(session, key))


@router.post(
    "/plan-templates",
    summary="A plan template of the hub's own",
    status_code=201,
    response_model=TemplateOut,
)
def add_plan_template(desk: AtOnce, new: TemplateIn) -> Response:
    """Keep a template, new or edited from another. Everything that is wrong is said at once."""

    def make(session: HubSession) -> TemplateOut:
        template = book.read_for_hub(session, new.raw())
        row = book.keep_template(session, template, desk.source, desk.now, based_on=new.based_on)
        return _own(session, row)

    return desk.do(new, make)


@router.post(
    "/plan-template-imports",
    summary="A plan template from a spreadsheet",
    status_code=201,
    response_model=TemplateOut,
)
def import_plan_template(desk: AtOnce, sheet: SheetIn) -> Response:
    """Keep the steps of a CSV as a template. A row that cannot be read refuses all of it."""

    def make(session: HubSession) -> TemplateOut:
        steps = read_sheet(sheet.csv.encode(), kinds_of(session))
        raw = {"name": sheet.name, "about": sheet.about, "length": sheet.length, "steps": steps}
        template = book.read_for_hub(session, raw)
        return _own(session, book.keep_template(session, template, desk.source, desk.now))

    return desk.do(sheet, make)


@router.put(
    "/plan-templates/{template_id}",
    summary="Change a plan template",
    responses=documented(problems.NOT_FOUND, problems.CONFLICT),
)
def change_plan_template(desk: AtDesk, template_id: TemplateId, new: TemplateChange) -> TemplateOut:
    """Change one of the hub's own; plans that run are not changed by it."""
    with desk.writing() as session:
        template = book.read_for_hub(session, new.raw())
        row = book.change_template(
            session, template_id, template, new.revision, desk.source, desk.now
        )
        return _own(session, row)


@router.post(
    "/plan-templates/{template_id}/end",
    summary="No new plan starts from this template",
    response_model=TemplateOut,
    responses=documented(problems.NOT_FOUND),
)
def end_plan_template(desk: AtOnce, template_id: TemplateId) -> Response:
    """Take one of the hub's own out of the list; plans that run go on."""

    def make(session: HubSession) -> TemplateOut:
        return _own(session, book.end_template(session, template_id, desk.now))

    return desk.do(None, make, 200)


@router.get(
    "/cases/{case_id}/plan-preview",
    summary="What a template comes to",
    responses=documented(problems.NOT_FOUND),
)
def preview_plan(
    desk: AtDesk,
    case_id: CaseId,
    template: Annotated[Key, Query()],
    starts_on: Annotated[Day, Query()],
    ends_on: Annotated[Day | None, Query(description="Instead of the template's length.")] = None,
) -> PreviewOut:
    """The dates of every step for this case, before anything starts. Changes nothing."""
    with desk.reading() as session:
        found = book.find_template(session, template)
        end, planned = book.preview(session, case_id, found, starts_on, ends_on)
        return PreviewOut(
            starts_on=starts_on, ends_on=end, steps=[_planned(one) for one in planned]
        )


def _planned(one: PlannedStep) -> PreviewStepOut:
    return PreviewStepOut(
        title=one.step.title,
        kind=one.step.kind,
        days=list(one.days),
        recurrence=one.rule,
        waits_for=one.waits_for,
        problem=one.problem,
    )


@router.post(
    "/cases/{case_id}/plans/from-template",
    summary="Start a plan from a template",
    status_code=201,
    response_model=PlanOut,
    responses=documented(problems.NOT_FOUND),
)
def start_plan_from_template(desk: AtOnce, case_id: CaseId, new: FromTemplateIn) -> Response:
    """Start a plan with exactly the dates that its preview shows."""

    def make(session: HubSession) -> PlanOut:
        plan = book.start_from_template(
            session,
            case_id,
            book.find_template(session, new.template),
            new.starts_on,
            desk.source,
            desk.now,
            end=new.ends_on,
            goals=new.goals,
            mandated=new.mandated,
            state=PlanState.PENDING if new.proposed else PlanState.IN_PROGRESS,
        )
        return plan_out(session, plan, sees_treatment=True)

    return desk.do(new, make)
