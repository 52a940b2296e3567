"""Pages a second, served by uvicorn in a process of its own as `homeward web` serves them, over
connections that stay open; beside it a bare page, served and asked for in the same way."""

import asyncio
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path

from fastapi import FastAPI

AT_ONCE = 8
"""Browsers that ask one after another, each over one connection."""
SECONDS = 5.0
_STARTS_WITHIN = 30.0


def pages_per_second(arguments: Sequence[str], addresses: Sequence[str], token: str) -> float:
    """How many answers a second a server gives, each of them a good one.

    Args:
        arguments: of this module: what to serve.
        addresses: asked for in turn.
        token: of the cookie.

    Raises:
        RuntimeError: the server did not start, or an answer was not a good one.
    """
    with _server(arguments) as port:
        return asyncio.run(_rate(port, addresses, token))


async def _rate(port: int, addresses: Sequence[str], token: str) -> float:
    waiting = cycle(addresses)
    ends = time.perf_counter() + SECONDS

    async def ask() -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        answers = 0
        try:
            while time.perf_counter() < ends:
                writer.write(_request(next(waiting), token))
                await asyncio.wait_for(_good_answer(reader), timeout=30)
                answers += 1
        finally:
            writer.close()
        return answers

    began = time.perf_counter()
    counts = await asyncio.gather(*(ask() for _ in range(AT_ONCE)))
    return sum(counts) / (time.perf_counter() - began)


def _request(address: str, token: str) -> bytes:
    return (
        f"GET {address} HTTP/1.1\r\nHost: bench\r\nAccept: text/html\r\n"
        f"Cookie: homeward={token}\r\n\r\n"
    ).encode()


async def _good_answer(reader: asyncio.StreamReader) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200 "):
        raise RuntimeError("A page did not answer well while it was measured.")
    length = next(
        line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")
    )
    await reader.readexactly(int(length.partition(b":")[2]))


@contextmanager
def _server(arguments: Sequence[str]) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = [sys.executable, "-m", "benchmarks.served", str(port), *arguments]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL) as process:
        try:
            _wait_for(port, process)
            yield port
        finally:
            process.terminate()
            process.wait(10)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    ends = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < ends and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("The server that was to be measured did not start.")


def _app(what: str, *more: str) -> FastAPI:
    from benchmarks.pages import bare_page

    if what == "bare":
        return bare_page(int(more[0]))
    from api.pages.routes import install
    from engine.settings import Settings
    from records.database import open_records

    url, key_file, folder = more
    app = FastAPI()
    install(app, Settings(data=Path(folder)), open_records(url, Path(key_file)))
    return app


if __name__ == "__main__":
    import uvicorn

    uvicorn.run(
        _app(*sys.argv[2:]),
        host="127.0.0.1",
        port=int(sys.argv[1]),
        log_level="error",
        access_log=False,
        lifespan="off",
    )
