"""Reading a form that carries files: bounded while it arrives, with every plain field a `Form`."""

from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from activities.letter_uploads import SentFile
from api.pages.forms import Form, read_form
from api.pages.problems import FormTooLarge, PageProblem
from api.upload_turns import upload_turns

MOST_UPLOADED = 60_000_000
"""Bytes of one request: the photographs of a letter's pages."""
MOST_SENT_FILES = 20
MOST_PLAIN_FIELDS = 20
MOST_PLAIN_BYTES = 64 * 1024
"""Of each plain field beside the files, and of each file that is kept in memory as it arrives."""


class FilesTooLarge(PageProblem):
    """More came than files of one form may be."""

    status = 413
    title = "That was too much at once"
    text = "Nothing was saved. Go back, and add fewer or smaller files."


@dataclass(frozen=True, slots=True)
class Upload:
    """A form with its files; a file field that was left empty sends none."""

    form: Form
    files: tuple[SentFile, ...] = ()


@asynccontextmanager
async def read_upload(request: Request) -> AsyncIterator[Upload]:
    """The form of a request, with its files in the order in which they were chosen. They are in
    memory while this lasts, of a few requests at once; the others wait on disk.

    Raises:
        FilesTooLarge: more than `MOST_UPLOADED` bytes or `MOST_SENT_FILES` files.
        FormTooLarge: too much text beside them, or a form that cannot be read.
    """
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        yield Upload(await read_form(request))
        return
    sent = await _arrived(request)
    try:
        async with upload_turns():
            fields = {name: value for name, value in sent.multi_items() if isinstance(value, str)}
            files = [
                SentFile(value.filename or "", await value.read())
                for _, value in sent.multi_items()
                if isinstance(value, UploadFile) and value.filename
            ]
            yield Upload(Form(fields), tuple(files))
    finally:
        await sent.close()


async def _uploaded(request: Request) -> AsyncGenerator[Upload, None]:
    async with read_upload(request) as upload:
        yield upload


Uploaded = Annotated[Upload, Depends(_uploaded, scope="function")]
"""The files that were sent with this request, and the fields beside them."""


async def _arrived(request: Request) -> FormData:
    """Everything that was sent, its files on disk."""
    parser = MultiPartParser(
        request.headers,
        _bounded(request.stream()),
        max_files=MOST_SENT_FILES,
        max_fields=MOST_PLAIN_FIELDS,
        max_part_size=MOST_PLAIN_BYTES,
    )
    parser.spool_max_size = MOST_PLAIN_BYTES
    try:
        return await parser.parse()
    except (MultiPartException, KeyError) as error:
        # Only the parser's own words tell its reasons apart.
        raise FilesTooLarge if "files" in str(error) else FormTooLarge from None


async def _bounded(stream: AsyncIterable[bytes]) -> AsyncGenerator[bytes, None]:
    seen = 0
    async for chunk in stream:
        seen += len(chunk)
        if seen > MOST_UPLOADED:
            raise FilesTooLarge
        yield chunk
