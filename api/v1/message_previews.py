"""A message as its recipient would see it, before anything is sent."""

from typing import Annotated

from fastapi import Query
from pydantic import Field
from starlette.requests import Request

from activities.message_previews import CannotPreview, Preview, case_preview, sample_preview
from api import problems
from api.desk import AtDesk, Desk
from api.door import guarded_router
from api.fields import Id, Language, Out
from api.permissions import SEES_BODIES
from api.problems import Refusal, documented
from domain.message_choice import template_of
from domain.message_samples import readers
from domain.message_steps import VARIANTS
from domain.vocabulary import Audience, Channel
from domain.words import Catalog, WordsError, best_language
from records.hubs import the_hub

router = guarded_router("messages")

_STEP = rf"^({'|'.join(VARIANTS)}|before_[0-9]{{1,2}})$"


class PreviewOut(Out):
    """What someone would get."""

    step: str
    audience: str
    language: str = Field(description="In which it is written; see the hub's default.")
    channel: str
    subject: str = Field(description="Of an e-mail; empty otherwise.")
    text: str
    template: str
    version: str
    segments: int = Field(description="What it costs as a text.")
    encoding: str
    units: int = Field(description="Septets of GSM-7, or UTF-16 units of UCS-2.")
    offending: list[str] = Field(description="Characters that make it UCS-2.")


@router.get(
    "/messages/preview",
    summary="A message before it is sent",
    responses=documented(problems.NOT_FOUND),
)
def preview_message(
    desk: AtDesk,
    request: Request,
    step: Annotated[str | None, Query(pattern=_STEP, description="before_7, ack_stop …")] = None,
    audience: Annotated[Audience, Query()] = Audience.DEFENDANT,
    language: Annotated[Language | None, Query(description="The hub's by default.")] = None,
    channel: Annotated[Channel | None, Query()] = None,
    detained: Annotated[bool, Query(description="The defendant is in custody.")] = False,
    case_id: Annotated[Id | None, Query(description="Of a real case, for its team.")] = None,
    person_id: Annotated[Id | None, Query(description="Who in its circle would get it.")] = None,
) -> PreviewOut:
    """Words with made-up names and places; with a case and a person, those that this person
    would get next, or at the step named. Nothing is written and nothing leaves."""
    catalog: Catalog = request.app.state.catalog
    try:
        if case_id is not None or person_id is not None:
            return _told(_of_a_case(desk, catalog, case_id, person_id, step, channel))
        language = best_language(language or _default_language(desk), catalog.languages, "en")
        return _told(
            _of_samples(catalog, step or "before_7", audience, language, channel, detained)
        )
    except (WordsError, CannotPreview) as error:
        raise Refusal(problems.INVALID, str(error)) from None


def _of_a_case(
    desk: Desk,
    catalog: Catalog,
    case_id: str | None,
    person_id: str | None,
    step: str | None,
    channel: Channel | None,
) -> Preview:
    if desk.caller.role not in SEES_BODIES:
        raise Refusal(
            problems.NOT_ALLOWED,
            "Leave out case_id and person_id: they need a role of the case's team.",
        )
    if case_id is None or person_id is None:
        raise CannotPreview("Give both case_id and person_id, or neither.")
    with desk.reading() as session:
        return case_preview(
            session, catalog, case_id, person_id, desk.now, step=step or "", channel=channel or ""
        )


def _of_samples(
    catalog: Catalog,
    step: str,
    audience: Audience,
    language: str,
    channel: Channel | None,
    detained: bool,
) -> Preview:
    found = list(readers(template_of(step)))
    only = found[0] if len(found) == 1 else None
    reader = only or next(
        (one for one in found if one.audience == audience and one.detained == detained), None
    )
    if reader is None:
        raise CannotPreview("Nothing is said to this audience at this step while detained.")
    return sample_preview(catalog, reader, language, channel or Channel.SMS)


def _default_language(desk: Desk) -> str:
    with desk.reading() as session:
        return the_hub(session).default_language


def _told(preview: Preview) -> PreviewOut:
    cost = preview.segments
    return PreviewOut(
        step=preview.step,
        audience=preview.audience,
        language=preview.language,
        channel=preview.channel,
        subject=preview.subject,
        text=preview.text,
        template=preview.template,
        version=preview.version,
        segments=cost.segments,
        encoding=cost.encoding,
        units=cost.units,
        offending=list(cost.offending),
    )
