"""`homeward worker`, `packets`, `relay`, `web`: one part of the house each, a process for each."""

import asyncio
import os

import typer
from temporalio.client import Client

from cli.common import plain_errors, records_of, run_until_stopped, set_up_logs
from engine.building import build_house, open_the_records
from engine.connection import connect
from engine.memory import give_large_blocks_back
from engine.relay import run_relay
from engine.settings import Settings
from engine.worker import run_packet_worker, run_worker

PATIENCE = 60.0
NICE = 19
"""How far the building of packets stands behind reminders and pages (nice(2))."""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(help="Run the worker: workflows and activities.")(worker)
    app.command(help="Run the builder of packets: Word files and PDFs.")(packets)
    app.command(help="Run the relay: carry news from the records to the workflows.")(relay)
    app.command(help="Run the web server: pages, JSON API, health.")(web)


def worker() -> None:
    """The worker; a database that is locked for a moment never blocks its loop for long."""
    settings = Settings()
    set_up_logs(settings)
    with plain_errors():
        records = open_the_records(settings, busy_seconds=0.1)

        async def work(stop: asyncio.Event) -> None:
            client = await _reach_temporal(settings, stop)
            if client is not None:
                house = build_house(settings, records)
                await run_worker(client, house, stop, cached=settings.workflow_cache)

        run_until_stopped(work)
        records.close()


def packets() -> None:
    """The builder of packets; it gives way to everything else on the machine."""
    settings = Settings()
    set_up_logs(settings)
    give_large_blocks_back()
    os.nice(NICE)
    with plain_errors():
        records = open_the_records(settings, busy_seconds=5.0)

        async def work(stop: asyncio.Event) -> None:
            client = await _reach_temporal(settings, stop)
            if client is not None:
                await run_packet_worker(client, build_house(settings, records), stop)

        run_until_stopped(work)
        records.close()


async def _reach_temporal(settings: Settings, stop: asyncio.Event) -> Client | None:
    """A client; None when this part was asked to stop before Temporal answered."""
    reaching = asyncio.ensure_future(connect(settings, patience=PATIENCE))
    stopped = asyncio.ensure_future(stop.wait())
    await asyncio.wait((reaching, stopped), return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if reaching.done():
        return reaching.result()
    reaching.cancel()
    return None


def relay() -> None:
    """The relay."""
    settings = Settings()
    set_up_logs(settings)
    with records_of(settings) as records:
        run_until_stopped(lambda stop: run_relay(settings, records, stop))


def web() -> None:
    """The web server."""
    import uvicorn

    from api.app import build_app

    settings = Settings()
    set_up_logs(settings)
    give_large_blocks_back()
    with records_of(settings) as records:
        config = uvicorn.Config(
            build_app(settings, records),
            host=settings.host,
            port=settings.port,
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=10,
            server_header=False,
        )
        uvicorn.Server(config).run()
