"""`homeward up`: everything on one machine, under one supervisor."""

import asyncio
import signal
import socket
from datetime import UTC, datetime

import typer

from cli.common import console, records_of, refuse, set_up_logs
from cli.data_lock import DataInUse, alone_on
from cli.supervisor import Part, Supervisor, homeward
from engine.embedded import command as server_command
from engine.embedded import free_port
from engine.settings import Settings

READY_WITHIN = 90.0


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(help="Start everything: Temporal, worker, packets, relay, web. Ctrl-C stops it.")(
        up
    )


def up() -> None:
    """Start everything and keep it running until Ctrl-C or SIGTERM."""
    settings = Settings()
    set_up_logs(settings)
    settings.data.mkdir(parents=True, exist_ok=True)
    try:
        with alone_on(settings.data.absolute()) as lock:
            _refuse_taken_port(settings)
            status = asyncio.run(_supervise(settings, _parts(settings), lock))
    except DataInUse as error:
        refuse(str(error))
    raise SystemExit(status)


def _refuse_taken_port(settings: Settings) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError:
            refuse(
                f"Port {settings.port} is in use. Stop what uses it, or choose another: "
                "HOMEWARD_PORT=8010 make up"
            )


def _parts(settings: Settings) -> list[Part]:
    """The processes to keep, the Temporal server first."""
    parts = [
        Part("worker", homeward("worker")),
        Part("packets", homeward("packets")),
        Part("relay", homeward("relay")),
        Part("web", homeward("web")),
    ]
    if not settings.embedded:
        return parts
    port = settings.temporal_port or free_port()
    settings.address_file.write_text(f"127.0.0.1:{port}")
    database = settings.data.absolute() / "temporal.db"
    server = Part(
        "temporal",
        server_command(database, port, settings.temporal_namespace),
        stops_last=True,
    )
    return [server, *parts]


async def _supervise(settings: Settings, parts: list[Part], lock: int) -> int:
    supervisor = Supervisor(
        parts, settings.data.absolute() / "logs", {}, lambda line: console.print(line), (lock,)
    )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, supervisor.stop)
    console.print("Homeward is starting …")
    announcing = asyncio.create_task(_announce(settings, supervisor))
    await supervisor.run()
    if announcing.done():
        return announcing.result()
    announcing.cancel()
    console.print("Homeward has stopped. Nothing is lost; `make up` goes on from here.")
    return 0


async def _announce(settings: Settings, supervisor: Supervisor) -> int:
    """Say where it is once every part is ready; stop everything when the records cannot open."""
    try:
        sign_in = await asyncio.to_thread(_open, settings)
    except SystemExit as refused:
        supervisor.stop()
        return int(refused.code or 1)
    missing = await _wait_until_ready(settings)
    address = f"http://{settings.host}:{settings.port}"
    if missing:
        console.print(
            f"Not ready yet: {missing}. `homeward doctor` says more; logs are in "
            f"{settings.data}/logs."
        )
    else:
        console.print(f"Homeward is ready:  {address}")
    console.print(sign_in, markup=False)
    console.print("Press Ctrl-C to stop.")
    return await asyncio.Event().wait() or 0


def _open(settings: Settings) -> str:
    """Open the records while the parts start; the line that says how somebody gets in.

    Settings that contradict each other are told here, before a part fails over them.
    """
    from activities.house import WallClock
    from cli.first import way_in
    from engine.building import carriers

    with records_of(settings) as records:
        carriers(settings, WallClock())
        return way_in(records, settings, datetime.now(UTC))


async def _wait_until_ready(settings: Settings) -> str:
    """Until `/readyz` is content; what was missing when the patience ended."""
    import httpx

    address = f"http://{settings.host}:{settings.port}/readyz"
    deadline = asyncio.get_running_loop().time() + READY_WITHIN
    missing = "the web server"
    async with httpx.AsyncClient(timeout=2.0) as http:
        while asyncio.get_running_loop().time() < deadline:
            try:
                answer = await http.get(address)
                if answer.status_code == 200:
                    return ""
                parts = answer.json().get("parts", {})
                missing = ", ".join(name for name, part in parts.items() if not part.get("ok"))
            except (httpx.HTTPError, ValueError):
                missing = "the web server"
            await asyncio.sleep(0.25)
    return missing
