"""`homeward up`: a part that dies is restarted, and whatever ends it leaves nothing running."""

import asyncio
import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import pytest

from cli.data_lock import DataInUse, alone_on
from cli.supervisor import Part, Supervisor
from engine.embedded import free_port
from tests.faults.house import ROOT, homeward, plain_environment, until

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]


class Installation:
    """One data folder, and `homeward up` in it."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "var"
        self.port = free_port()
        self.said = folder / "up.txt"
        self.environment = plain_environment(
            HOMEWARD_DATA=str(self.data), HOMEWARD_PORT=str(self.port), PYTHONUNBUFFERED="1"
        )
        self.process: subprocess.Popen[bytes] | None = None
        self.seen: dict[int, psutil.Process] = {}

    def up(self) -> subprocess.Popen[bytes]:
        """Start it."""
        with self.said.open("ab") as out:
            self.process = subprocess.Popen(
                homeward("up"), cwd=ROOT, env=self.environment, stdout=out, stderr=out
            )
        return self.process

    def up_and_refused(self, **changed: str) -> str:
        """Start another one on the same folder; what it says when it gives up."""
        refused = subprocess.run(
            homeward("up"),
            cwd=ROOT,
            env={**self.environment, **changed},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert refused.returncode == 1
        return refused.stderr

    async def ready(self) -> None:
        """Until every part is ready; every process is then known by its handle."""
        await until(self._is_ready, "homeward up being ready", seconds=90)
        self.parts()

    def parts(self) -> dict[str, psutil.Process]:
        """The processes of the parts, by name."""
        assert self.process is not None
        named = {}
        for child in psutil.Process(self.process.pid).children(recursive=True):
            self.seen[child.pid] = child
            with contextlib.suppress(psutil.NoSuchProcess):  # it ended while it was looked at
                words = child.cmdline() or [""]
                named["temporal" if "start-dev" in words else words[-1]] = child
        return named

    def ready_parts(self) -> dict[str, bool]:
        """What `/readyz` says of each part."""
        try:
            answer = httpx.get(f"http://127.0.0.1:{self.port}/readyz", timeout=3, trust_env=False)
        except httpx.HTTPError:
            return {}
        return {name: part["ok"] for name, part in answer.json()["parts"].items()}

    def still_running(self) -> list[str]:
        """The processes that were started here and have not ended."""
        running = []
        for one in self.seen.values():
            with contextlib.suppress(psutil.NoSuchProcess):
                if one.is_running() and one.status() != psutil.STATUS_ZOMBIE:
                    running.append(" ".join(one.cmdline()[-2:]))
        return running

    def close(self) -> None:
        """End whatever was started here and still runs."""
        if self.process is not None and self.process.poll() is None:
            self.parts()
            self.process.kill()
            self.process.wait()
        for one in self.seen.values():
            with contextlib.suppress(psutil.NoSuchProcess):
                if one.is_running():  # the same process, not another with its number
                    one.kill()

    def _is_ready(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.said.read_text()
        parts = self.ready_parts()
        return bool(parts) and all(parts.values())


@contextmanager
def installation(folder: Path) -> Iterator[Installation]:
    """An installation of which nothing runs afterwards."""
    made = Installation(folder)
    try:
        yield made
    finally:
        made.close()


async def test_up_keeps_every_part_running_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with installation(tmp_path) as home:
        home.up()
        await home.ready()
        first = home.parts()
        assert set(first) == {"temporal", "worker", "packets", "relay", "web"}
        for name in ("worker", "web"):
            first[name].kill()
        await until(
            lambda: (
                {"worker", "web"} <= home.parts().keys()
                and all(home.parts()[n].pid != first[n].pid for n in ("worker", "web"))
            ),
            "the parts being started again",
        )
        assert "Homeward already runs on" in home.up_and_refused(HOMEWARD_PORT=str(free_port()))
        await home.ready()
        assert home.parts()["temporal"].pid == first["temporal"].pid

        assert home.process is not None
        home.process.send_signal(signal.SIGTERM)
        assert home.process.wait(timeout=60) == 0
        assert home.still_running() == []
        said = home.said.read_text()
        assert "worker stopped (status -9); starting it again" in said
        assert "Homeward has stopped. Nothing is lost" in said

        # Killed itself, it takes its parts with it, and the folder is free again.
        home.up()
        await home.ready()
        home.process.kill()
        home.process.wait()
        await until(lambda: not home.still_running(), "the parts ending", seconds=40)
        with alone_on(home.data):
            pass


def _sleeper(word: str) -> list[str]:
    return [sys.executable, "-c", f"import time; time.sleep(600)  # {word}"]


async def test_a_part_that_cannot_be_started_is_tried_again_and_told(tmp_path: Path) -> None:
    """No memory for a process, a program that is being replaced: over in a moment, perhaps."""
    program = tmp_path / "program"
    told: list[str] = []
    good = Part("good", _sleeper("good"))
    supervisor = Supervisor([Part("bad", [str(program)]), good], tmp_path / "logs", {}, told.append)
    running = asyncio.create_task(supervisor.run())
    await until(lambda: bool(told), "the failure being told")
    assert "bad could not be started" in told[0]
    program.write_text(
        f"#!{sys.executable}\nimport time\nprint('here', flush=True)\ntime.sleep(600)\n"
    )
    program.chmod(0o700)
    log = tmp_path / "logs/bad.log"
    await until(lambda: log.exists() and "here" in log.read_text(), "the part being started")
    supervisor.stop()
    await running
    assert good.process is not None
    assert good.process.returncode == -signal.SIGTERM


async def test_a_part_that_keeps_dying_is_started_ever_more_slowly(tmp_path: Path) -> None:
    told: list[str] = []
    part = Part("hasty", [sys.executable, "-c", "raise SystemExit(3)"])
    supervisor = Supervisor([part], tmp_path / "logs", {}, told.append)
    running = asyncio.create_task(supervisor.run())
    await until(lambda: part.restarts >= 2, "two restarts")
    supervisor.stop()
    await running
    assert "hasty stopped (status 3)" in told[0]
    assert part.pause >= 1.0


async def test_a_part_that_does_not_listen_is_killed_after_the_grace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cli.supervisor.GRACE", 0.5)
    deaf = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "print('deaf', flush=True); time.sleep(600)"
    )
    part = Part("deaf", [sys.executable, "-c", deaf])
    supervisor = Supervisor([part], tmp_path / "logs", {}, lambda line: None)
    running = asyncio.create_task(supervisor.run())
    log = tmp_path / "logs/deaf.log"
    await until(lambda: log.exists() and "deaf" in log.read_text(), "the part ignoring us")
    supervisor.stop()
    await running
    assert part.process is not None
    assert part.process.returncode == -signal.SIGKILL


def test_a_data_folder_is_held_as_long_as_anything_runs_on_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cli.data_lock.LEFTOVERS_WITHIN", 0.3)
    with alone_on(tmp_path) as lock:
        with pytest.raises(DataInUse, match="already runs"), alone_on(tmp_path):
            pass
        child = subprocess.Popen(_sleeper("holds the lock"), pass_fds=(lock,))
    with pytest.raises(DataInUse, match="Parts of an earlier start"), alone_on(tmp_path):
        pass
    child.kill()
    child.wait()
    with alone_on(tmp_path):
        pass


async def test_the_worker_can_be_stopped_while_temporal_is_away(tmp_path: Path) -> None:
    environment = plain_environment(
        HOMEWARD_DATA=str(tmp_path / "var"), TEMPORAL_ADDRESS=f"127.0.0.1:{free_port()}"
    )
    worker = await asyncio.create_subprocess_exec(*homeward("worker"), cwd=ROOT, env=environment)
    try:
        await until((tmp_path / "var/homeward.key").exists, "the worker opening the records")
        await asyncio.sleep(2)
        asked = time.monotonic()
        worker.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(worker.wait(), timeout=20) in (0, -signal.SIGTERM)
        assert time.monotonic() - asked < 10
    finally:
        with contextlib.suppress(ProcessLookupError):
            worker.kill()
        await worker.wait()
