"""Plan templates: Homeward's, and a hub's own, edited as rows or brought as a spreadsheet."""

from fastapi import APIRouter
from starlette.responses import Response

from api.pages.forms import Form, Sent
from api.pages.guard import PageRoute, see_other
from api.pages.session import SignedIn, Visit
from api.pages.step_kind_words import said_kinds
from api.pages.uploads import Upload, Uploaded
from domain.plan_sheets import COLUMNS, read_sheet, write_sheet
from domain.plan_templates import PlanTemplate, TemplateProblem
from records.database import HubSession
from records.plan_templates import (
    HOMEWARDS,
    TemplateChanged,
    change_template,
    end_template,
    find_template,
    get_own,
    keep_template,
    own_templates,
    read_for_hub,
)
from records.step_kinds import KindExists, add_kind, end_kind, kinds_of, own_kinds

router = APIRouter(route_class=PageRoute, prefix="/plan-templates")

MOST_ROWS = 40_000
DONE = {
    "kept": "Kept. New plans can start from it.",
    "ended": "No new plan starts from it. Plans that run go on.",
    "kind": "Saved.",
}


@router.get("")
def show_all(visit: SignedIn, done: str = "") -> Response:
    """Every template, and the hub's own kinds of steps."""
    return _list(visit, Form(), done)


@router.post("/kinds")
def save_kind(visit: SignedIn, form: Sent) -> Response:
    """One more kind of step of the hub's own."""
    label = form.line("label", "Say what this kind of step is called.", most=60)
    if form.ok:
        with visit.writing() as session:
            try:
                row = add_kind(session, label, treatment=form.ticked("treatment"))
            except KindExists as error:
                form.refuse("label", str(error))
            else:
                visit.note(session, "added a kind of step", "hub_step_kind", row.id)
    return see_other("/plan-templates?done=kind#kinds") if form.ok else _list(visit, form)


@router.post("/kinds/{kind_id}/end")
def stop_kind(visit: SignedIn, kind_id: str, form: Sent) -> Response:
    """No new step is of this kind."""
    with visit.writing() as session:
        end_kind(session, kind_id, visit.now)
        visit.note(session, "ended a kind of step", "hub_step_kind", kind_id)
    return see_other("/plan-templates?done=kind#kinds")


@router.get("/new")
def show_new(visit: SignedIn, based_on: str = "") -> Response:
    """The form for a template, with the steps of the one that it begins with."""
    with visit.reading() as session:
        form = Form({"based_on": based_on})
        if based_on:
            form = _known(session, find_template(session, based_on))
            form.put("based_on", based_on)
            form.put("name", "")
        return _form(visit, session, form)


@router.post("/new")
def save_new(visit: SignedIn, sent: Uploaded) -> Response:
    """Keep it, or say everything that is wrong."""
    form = sent.form
    with visit.writing() as session:
        template = _read(session, form, sent)
        if template is None:
            return _form(visit, session, form)
        based_on = form.line("based_on", most=60)
        row = keep_template(session, template, visit.source, visit.now, based_on=based_on)
        visit.note(session, "kept a plan template", "plan_template", row.id)
    return see_other("/plan-templates?done=kept")


@router.get("/{template_id}")
def show_one(visit: SignedIn, template_id: str) -> Response:
    """One of the hub's own, to be changed."""
    with visit.reading() as session:
        row = get_own(session, template_id)
        form = _known(session, find_template(session, row.id))
        form.put("revision", str(row.revision))
        return _form(visit, session, form, template_id)


@router.post("/{template_id}")
def save_one(visit: SignedIn, template_id: str, sent: Uploaded) -> Response:
    """Keep the changes; plans that run are not changed by them."""
    form = sent.form
    with visit.writing() as session:
        get_own(session, template_id)
        template = _read(session, form, sent)
        if template is not None:
            typed = form.line("revision", most=9)
            revision = int(typed) if typed.isascii() and typed.isdecimal() else 0
            try:
                change_template(session, template_id, template, revision, visit.source, visit.now)
            except TemplateChanged as error:
                form.refuse("name", str(error))
        if not form.ok:
            return _form(visit, session, form, template_id)
        visit.note(session, "changed a plan template", "plan_template", template_id)
    return see_other("/plan-templates?done=kept")


@router.post("/{template_id}/end")
def stop(visit: SignedIn, template_id: str, form: Sent) -> Response:
    """No new plan starts from it."""
    with visit.writing() as session:
        end_template(session, template_id, visit.now)
        visit.note(session, "ended a plan template", "plan_template", template_id)
    return see_other("/plan-templates?done=ended")


@router.get("/{key}/steps.csv")
def download(visit: SignedIn, key: str) -> Response:
    """The steps as a spreadsheet, to be edited there and brought back."""
    with visit.reading() as session:
        sheet = write_sheet(find_template(session, key).steps, kinds_of(session, ended_too=True))
    return Response(
        # Spreadsheets take a file for UTF-8 by its first bytes.
        sheet.encode("utf-8-sig"),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="plan-steps.csv"'},
    )


def _read(session: HubSession, form: Form, sent: Upload) -> PlanTemplate | None:
    """The template that was sent: from the file where there is one, else from the rows."""
    rows = form.text("rows", most=MOST_ROWS)
    content = sent.files[0].content if sent.files else rows.encode()
    place = "file" if sent.files else "rows"
    try:
        steps = read_sheet(content, kinds_of(session))
        raw = {
            "name": form.line("name", "Give the template a name.", most=100),
            "about": form.line("about", most=300),
            "length": form.line("length", most=10),
            "steps": steps,
        }
        template = read_for_hub(session, raw)
    except TemplateProblem as error:
        form.refuse(place, str(error))
        return None
    return template if form.ok else None


def _known(session: HubSession, template: PlanTemplate) -> Form:
    return Form(
        {
            "name": template.name,
            "about": template.about,
            "length": template.length,
            "rows": write_sheet(template.steps, kinds_of(session, ended_too=True)),
        }
    )


def _form(visit: Visit, session: HubSession, form: Form, template_id: str = "") -> Response:
    values = {
        "visit": visit,
        "form": form,
        "template_id": template_id,
        "columns": [names[0] for names in COLUMNS.values()],
        "kinds": list(said_kinds(session).values()),
    }
    return visit.desk.page("plan_template.html", values, status=200 if form.ok else 422)


def _list(visit: Visit, form: Form, done: str = "") -> Response:
    with visit.reading() as session:
        values = {
            "visit": visit,
            "form": form,
            "own": own_templates(session),
            "homewards": list(HOMEWARDS.values()),
            "kinds": own_kinds(session),
            "done": DONE.get(done, ""),
        }
    return visit.desk.page("plan_templates.html", values, status=200 if form.ok else 422)
