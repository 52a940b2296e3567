"""A house of real processes on loopback, each of which can be killed and started again.

Every process is started here, known by its own handle, and killed by that handle alone.
"""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import httpx

from activities.channels.loopback_sms import ACCOUNT, AUTH_TOKEN, AcceptedText, read_accepted
from domain.vocabulary import Role
from engine.building import open_the_records
from engine.embedded import command as temporal_command
from engine.embedded import free_port
from engine.settings import Settings
from records.access import make_token
from records.database import Records

ROOT = Path(__file__).parents[2]
SENDER = "+13055550199"
PARTS = ("temporal", "worker", "packets", "relay", "web")
"""What is killed; the provider is another house."""
PATIENCE = 60.0
"""Seconds in which a part must be ready, on a machine that has other things to do."""

T = TypeVar("T")


class NeverHappened(AssertionError):
    """What was waited for did not come; with the last words of every part."""


def homeward(*words: str) -> list[str]:
    """The command line of a Homeward command."""
    return [sys.executable, "-m", "cli.main", *words]


def plain_environment(**more: str) -> dict[str, str]:
    """This environment without any setting of ours, and then these."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("HOMEWARD_", "TEMPORAL_"))
    }
    return {**kept, **more}


async def until(
    asked: Callable[[], T], what: str, *, seconds: float = PATIENCE, logs: Path | None = None
) -> T:
    """The first answer that is true; asked again and again, never for long."""
    deadline = time.monotonic() + seconds
    while True:
        answer = asked()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise NeverHappened(f"{what} did not happen in {seconds:g} s.{_last_words(logs)}")
        await asyncio.sleep(0.1)


def _last_words(logs: Path | None) -> str:
    if logs is None:
        return ""
    return "".join(
        f"\n--- {log.name}\n{log.read_text(errors='replace')[-1500:]}"
        for log in sorted(logs.glob("*.log"))
    )


def listening(port: int) -> bool:
    """Whether anything takes connections there."""
    with socket.socket() as probe:
        probe.settimeout(1.0)
        return probe.connect_ex(("127.0.0.1", port)) == 0


class RealHouse:
    """Temporal, worker, relay, web and an SMS provider, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "var"
        self.logs = folder / "logs"
        self.logs.mkdir(parents=True)
        self.texts = folder / "texts.jsonl"
        self.temporal_port, self.web_port, self.sms_port = free_port(), free_port(), free_port()
        self.environment = plain_environment(
            HOMEWARD_DATA=str(self.data),
            HOMEWARD_PORT=str(self.web_port),
            HOMEWARD_SMS_URL=f"http://127.0.0.1:{self.sms_port}",
            HOMEWARD_SMS_ACCOUNT=ACCOUNT,
            HOMEWARD_SMS_TOKEN=AUTH_TOKEN,
            HOMEWARD_SMS_SENDER=SENDER,
            TEMPORAL_ADDRESS=f"127.0.0.1:{self.temporal_port}",
            PYTHONUNBUFFERED="1",
        )
        self.records: Records = open_the_records(Settings(data=self.data, database_url=""))
        self.hub_id = self.records.sole_hub()
        self.secret = self._token()
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.kills: dict[str, int] = dict.fromkeys(PARTS, 0)

    @property
    def temporal_file(self) -> Path:
        """Temporal's whole memory."""
        return self.data / "temporal.db"

    def start(self, *names: str) -> None:
        """Start parts, or all of them."""
        for name in names or ("provider", *PARTS):
            assert name not in self.running
            with (self.logs / f"{name}.log").open("ab") as log:
                self.running[name] = subprocess.Popen(
                    self._command(name),
                    cwd=ROOT,
                    env=self.environment,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                )

    def kill(self, name: str) -> None:
        """SIGKILL: no farewell, nothing flushed."""
        process = self.running.pop(name)
        process.kill()
        process.wait()
        if name in self.kills:
            self.kills[name] += 1

    def close(self) -> None:
        """End whatever still runs."""
        for name in list(self.running):
            self.kill(name)
        self.records.close()

    async def ready(self, *, seconds: float = PATIENCE) -> None:
        """Until `/readyz` is content with every part."""
        await self.until(self._is_ready, "being ready", seconds=seconds)

    async def until(self, asked: Callable[[], T], what: str, *, seconds: float = PATIENCE) -> T:
        """The first answer that is true; the parts' last words when there is none."""
        return await until(asked, what, seconds=seconds, logs=self.logs)

    def accepted(self) -> list[AcceptedText]:
        """What the provider wrote down before it answered, oldest first."""
        return read_accepted(self.texts)

    def behave(self, number: str | None = None, **values: object) -> None:
        """Tell the provider how to behave, for one number or for all."""
        said = {**values, **({"number": number} if number else {})}
        answer = httpx.post(
            f"http://127.0.0.1:{self.sms_port}/loopback/behave",
            json=said,
            auth=(ACCOUNT, AUTH_TOKEN),
            trust_env=False,
        )
        answer.raise_for_status()

    def run(self, *words: str, seconds: float = PATIENCE) -> subprocess.CompletedProcess[str]:
        """A Homeward command, run to its end."""
        return subprocess.run(
            homeward(*words),
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )

    def _command(self, name: str) -> list[str]:
        if name == "temporal":
            return temporal_command(self.temporal_file, self.temporal_port)
        if name == "provider":
            provider = [sys.executable, "-m", "activities.channels.loopback_sms"]
            return [*provider, "--port", str(self.sms_port), "--state", str(self.texts)]
        return homeward(name)

    def _is_ready(self) -> bool:
        for name, process in self.running.items():
            assert process.poll() is None, f"{name} ended by itself{_last_words(self.logs)}"
        try:
            url = f"http://127.0.0.1:{self.web_port}/readyz"
            answer = httpx.get(url, timeout=3.0, trust_env=False)
        except httpx.HTTPError:
            return False
        return answer.status_code == 200 and listening(self.sms_port)

    def _token(self) -> str:
        with self.records.writing(self.hub_id) as session:
            _, secret = make_token(session, "fault tests", Role.ADVOCATE)
        return secret


@contextmanager
def real_house(folder: Path) -> Iterator[RealHouse]:
    """A house whose processes are all gone afterwards, whatever happened."""
    house = RealHouse(folder)
    try:
        yield house
    finally:
        house.close()
