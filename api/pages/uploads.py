"""Reading a form that carries files: bounded while it arrives, with every plain field a `Form`."""

from collections.abc import AsyncGenerator, AsyncIterable
from dataclasses import dataclass

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from activities.letter_uploads import SentFile
from api.pages.forms import MOST_FIELDS, Form, read_form
from api.pages.problems import FormTooLarge, PageProblem

MOST_UPLOADED = 60_000_000
"""Bytes of one request: the photographs of a letter's pages."""
MOST_SENT_FILES = 20


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


async def read_upload(request: Request) -> Upload:
    """The form of a request, with its files in the order in which they were chosen.

    Raises:
        FilesTooLarge: more than `MOST_UPLOADED` bytes or `MOST_SENT_FILES` files.
        FormTooLarge: too much text beside them, or a form that cannot be read.
    """
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return Upload(await read_form(request))
    parser = MultiPartParser(
        request.headers,
        _bounded(request.stream()),
        max_files=MOST_SENT_FILES,
        max_fields=MOST_FIELDS,
    )
    try:
        sent = await parser.parse()
    except (MultiPartException, KeyError) as error:
        # Only the parser's own words tell its reasons apart.
        raise FilesTooLarge if "files" in str(error) else FormTooLarge from None
    try:
        fields = {name: value for name, value in sent.multi_items() if isinstance(value, str)}
        files = [
            SentFile(value.filename or "", await value.read())
            for _, value in sent.multi_items()
            if isinstance(value, UploadFile) and value.filename
        ]
    finally:
        await sent.close()
    return Upload(Form(fields), tuple(files))


async def _bounded(stream: AsyncIterable[bytes]) -> AsyncGenerator[bytes, None]:
    seen = 0
    async for chunk in stream:
        seen += len(chunk)
        if seen > MOST_UPLOADED:
            raise FilesTooLarge
        yield chunk
