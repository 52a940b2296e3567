"""The entry point: finds the command, loads only what it needs, and ends honestly.

Each command lives in a module of its own with a `register(app)`. Only the one that was asked
for is imported, so that `homeward outbox` does not wait for the web framework to load.
"""

import importlib
import os
import sys

import typer

COMMANDS = {
    "up": "cli.up",
    "worker": "cli.parts",
    "packets": "cli.parts",
    "relay": "cli.parts",
    "web": "cli.parts",
    "demo": "cli.demo",
    "import": "cli.importing",
    "case": "cli.case",
    "agency": "cli.agency",
    "providers": "cli.providers",
    "outbox": "cli.outbox",
    "mail-in": "cli.mail_in",
    "inbox": "cli.inbox",
    "answer": "cli.inbox",
    "unreachable": "cli.inbox",
    "reconcile": "cli.reconciling",
    "doctor": "cli.doctor",
    "template": "cli.template",
    "token": "cli.token",
    "audit": "cli.audit",
    "bench": "cli.bench",
    "messages": "cli.messages",
    "hub": "cli.hub",
    "example": "cli.example",
    "migrate": "cli.hub",
    "rotate-key": "cli.keys",
    "sweep": "cli.sweeping",
}


def build_app(asked: str = "") -> typer.Typer:
    """The Typer application with one command, or with all of them for `--help`."""
    app = typer.Typer(
        name="homeward",
        help="Court support and community defense: from arrest to home.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )

    @app.callback()
    def root() -> None:
        """Court support and community defense: from arrest to home."""

    modules = [COMMANDS[asked]] if asked in COMMANDS else sorted(set(COMMANDS.values()))
    for name in modules:
        importlib.import_module(name).register(app)
    return app


def main() -> None:
    """Run a command. Exit status: 0 done, 1 refused or failed (with the reason), 2 misused."""
    asked = next((word for word in sys.argv[1:] if not word.startswith("-")), "")
    status = 0
    try:
        build_app(asked)()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else (1 if end.code else 0)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    # The SDK's own threads may abort a dying interpreter; everything is flushed, so leave.
    os._exit(status)


if __name__ == "__main__":
    main()
