"""`homeward up`: everything on one machine, under one supervisor."""

import asyncio
import signal
import socket
from datetime import UTC, datetime

import httpx
import typer

from cli.common import console, records_of, refuse, set_up_logs
from cli.supervisor import Part, Supervisor, homeward
from engine.embedded import command as server_command
from engine.embedded import free_port
from engine.settings import Settings
from records.access import first_administrator

READY_WITHIN = 90.0


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(help="Start everything: Temporal, worker, relay, web. Ctrl-C stops it.")(up)


def up() -> None:
    """Start everything and keep it running until Ctrl-C or SIGTERM."""
    settings = Settings()
    set_up_logs(settings)
    _refuse_taken_port(settings)
    with records_of(settings) as records:
        sign_in = first_administrator(records, datetime.now(UTC))
    parts, environment = _parts(settings)
    asyncio.run(_supervise(settings, parts, environment, sign_in))


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


def _parts(settings: Settings) -> tuple[list[Part], dict[str, str]]:
    """The processes to keep, and what their environment adds."""
    parts = [
        Part("worker", homeward("worker")),
        Part("relay", homeward("relay")),
        Part("web", homeward("web")),
    ]
    if not settings.embedded:
        return parts, {}
    port = settings.temporal_port or free_port()
    settings.address_file.write_text(f"127.0.0.1:{port}")
    database = settings.data.absolute() / "temporal.db"
    server = Part(
        "temporal",
        server_command(database, port, settings.temporal_namespace),
        stops_last=True,
    )
    return [server, *parts], {}


async def _supervise(
    settings: Settings, parts: list[Part], environment: dict[str, str], sign_in: str
) -> None:
    supervisor = Supervisor(
        parts, settings.data.absolute() / "logs", environment, lambda line: console.print(line)
    )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, supervisor.stop)
    console.print("Homeward is starting …")
    announcing = asyncio.create_task(_announce(settings, sign_in))
    await supervisor.run()
    announcing.cancel()
    console.print("Homeward has stopped. Nothing is lost; `make up` goes on from here.")


async def _announce(settings: Settings, sign_in: str) -> None:
    """Say where it is once every part is ready; say what is missing when it takes long."""
    address = f"http://{settings.host}:{settings.port}"
    waited, missing = 0.0, "the web server"
    async with httpx.AsyncClient(timeout=2.0) as http:
        while waited < READY_WITHIN:
            try:
                answer = await http.get(f"{address}/readyz")
                if answer.status_code == 200:
                    break
                parts = answer.json().get("parts", {})
                missing = ", ".join(n for n, part in parts.items() if not part.get("ok"))
            except (httpx.HTTPError, ValueError):
                missing = "the web server"
            await asyncio.sleep(0.3)
            waited += 0.3
        else:
            console.print(
                f"Not ready yet: {missing}. `homeward doctor` says more; logs are in "
                f"{settings.data}/logs."
            )
    console.print(f"Homeward is ready:  {address}")
    console.print(sign_in)
    console.print("Press Ctrl-C to stop.")
