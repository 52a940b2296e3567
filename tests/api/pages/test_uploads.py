"""Files that arrive with a form: bounded while they come, in memory only in their turn."""

import asyncio
import tempfile
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from api.pages.problems import PageProblem
from api.pages.uploads import MOST_PLAIN_FIELDS, MOST_SENT_FILES, FilesTooLarge, read_upload
from api.upload_turns import AT_ONCE

PHOTOGRAPH = b"\xff\xd8\xff" + bytes(300_000)


class Desk:
    """Takes uploads and counts how many are in memory at the same time."""

    def __init__(self) -> None:
        self.now = self.most = 0
        self.app = Starlette(routes=[Route("/", self.take, methods=["POST"])])

    async def take(self, request: Request) -> Response:
        try:
            async with read_upload(request) as upload:
                self.now += 1
                self.most = max(self.most, self.now)
                await asyncio.sleep(0.02)
                self.now -= 1
                return PlainTextResponse(",".join(file.name for file in upload.files))
        except PageProblem as problem:
            return PlainTextResponse(type(problem).__name__, problem.status)

    def send(self, times: int, **form: Any) -> list[httpx.Response]:
        """Send the same form so often at once."""

        async def together() -> list[httpx.Response]:
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://x") as http:
                return list(await asyncio.gather(*(http.post("/", **form) for _ in range(times))))

        return asyncio.run(together())


def test_many_uploads_at_once_are_in_memory_a_few_at_a_time() -> None:
    desk = Desk()
    answers = desk.send(12, files=[("files", ("a.jpg", PHOTOGRAPH)), ("files", ("b.jpg", b"x"))])
    assert [answer.text for answer in answers] == ["a.jpg,b.jpg"] * 12
    assert desk.most == AT_ONCE
    again = desk.send(3, files=[("files", ("c.jpg", PHOTOGRAPH))])
    assert [answer.status_code for answer in again] == [200] * 3, "every turn was given back"


def test_an_upload_that_waits_is_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    rolled: list[bool] = []
    to_disk = tempfile.SpooledTemporaryFile.rollover

    def noted(file: tempfile.SpooledTemporaryFile[bytes]) -> None:
        rolled.append(True)
        to_disk(file)

    monkeypatch.setattr(tempfile.SpooledTemporaryFile, "rollover", noted)
    Desk().send(1, files=[("files", ("a.jpg", PHOTOGRAPH))])
    assert rolled, "300 kB are too many to be held in memory while they wait"
    assert list(tmp_path.iterdir()) == [], "nothing is left behind"


@pytest.mark.parametrize(
    ("form", "answer"),
    [
        ({"files": [("files", (f"{n}.pdf", b"x")) for n in range(MOST_SENT_FILES + 1)]}, "Files"),
        (
            {"files": [("f", ("a", b"x"))], "data": {f"f{n}": "1" for n in range(50)}},
            "Form",
        ),
        ({"files": [("f", ("a", b"x"))], "data": {"note": "x" * 100_000}}, "Form"),
        ({"content": b"\x00\xff", "headers": {"Content-Type": "multipart/form-data"}}, "Form"),
        (
            {"content": b"y", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
            "Form",
        ),
    ],
)
def test_what_no_form_of_ours_sends_is_refused(form: dict[str, Any], answer: str) -> None:
    assert MOST_PLAIN_FIELDS < 50
    [refused] = Desk().send(1, **form)
    assert (refused.status_code, refused.text) == (413, f"{answer}TooLarge")


def test_a_body_that_grows_beyond_all_files_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.pages.uploads.MOST_UPLOADED", 1000)
    [refused] = Desk().send(1, files=[("files", ("a.jpg", PHOTOGRAPH))])
    assert refused.text == FilesTooLarge.__name__
