"""Health: whether this process lives, and whether every part of the house is ready."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api import problems
from api.desk import json_answer
from api.fields import Out
from api.problems import documented
from api.readiness import Readiness, readiness

router = APIRouter(tags=["health"], responses=documented(problems.FAILED))


class Alive(Out):
    """The process lives."""

    alive: bool


@router.get("/healthz", summary="Whether this process lives")
async def healthz() -> Alive:
    """Answered without looking at anything else."""
    return Alive(alive=True)


@router.get(
    "/readyz",
    summary="Whether every part is ready",
    response_model=Readiness,
    responses={503: {"description": "Some part is not ready.", "model": Readiness}},
)
async def readyz(request: Request) -> Response:
    """Every part by name: records, keys, Temporal, worker, packets, relay, documents."""
    state = request.app.state
    found = await readiness(state.records, state.temporal, state.documents)
    return json_answer(
        found.model_dump_json(exclude_none=True).encode(), 200 if found.ready else 503
    )
