"""coterie mail: the password of your mail server."""

from __future__ import annotations

import sys

import typer

from coterie.core.errors import InvalidInput
from coterie.tui.commandline import output
from coterie.tui.commandline.lines import unseen
from coterie.tui.commandline.session import Session


def register(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    family = typer.Typer(help="The password of your mail server.", rich_markup_mode=None)
    family.callback()(mail)
    family.command("password")(password)
    app.add_typer(family, name="mail")


def mail() -> None:
    """The password of your mail server."""


def password(context: typer.Context) -> int:
    """Ask for the password of your account at the mail server, and keep it in the keyring. A pipe will do, too."""
    session = Session.of(context)

    async def work() -> int:
        from coterie.core.mail.sending import server_of

        server = server_of(session.settings)
        if server is None or not server.user:
            raise InvalidInput("There is no mail server with an account.", "Set `server` and `user` below [mail].")
        if output.can_ask():
            print(f"Password of {server.user} at {server.host}: ", end="", file=sys.stderr, flush=True)
        with unseen():
            typed = sys.stdin.readline().rstrip("\r\n")
        if not typed:
            raise InvalidInput("There is no password; nothing was changed.", "Type it, and press enter.")
        await session.secrets.tokens(server.secret).save(typed)
        output.note(f"The password is kept. {await session.secrets.where()}")
        return 0

    return session.run_alone(work())
