"""Sending: by a mail server (SMTP), or by a program that takes a message as sendmail does.

Passwords are in `core.secrets` under the server's name, never on a command line. A program is started without a shell,
and addresses come behind `--`, so none is taken for an option.
"""

from __future__ import annotations

import asyncio
import os
import shlex
import ssl
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from coterie.core.errors import InvalidInput, ProviderError, Rejected, SignInNeeded, Unreachable
from coterie.core.mail.message import Letter, Sender
from coterie.core.text import printable

if TYPE_CHECKING:
    from aiosmtplib import SMTP

    from coterie.core.secrets import Secrets
    from coterie.core.settings import Settings

_SECONDS: Final = 60.0
"""How long a server or a program may take for one message."""
_HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_PORTS: Final = {"tls": 465, "starttls": 587, "none": 25}


class Sending(Protocol):
    """A way to send letters, ready for use."""

    async def send(self, letter: Letter) -> list[str]:
        """Send a letter; the addresses that were refused, each with the reason. Raises ProviderError, InvalidInput."""


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server.

    Attributes:
        host, port: where it is.
        security: `tls` from the start, `starttls`, or `none` (only for this machine or a network that is trusted).
        user: whose account; empty if the server asks for none.
    """

    host: str
    port: int
    security: str
    user: str = ""

    @property
    def secret(self) -> str:
        """The name under which the password is kept."""
        return f"smtp:{self.user}@{self.host}:{self.port}"


def server_of(settings: Settings) -> Server | None:
    """The mail server of the settings; None if none is set."""
    mail = settings.mail
    if not mail.server:
        return None
    host, _, port = mail.server.rpartition(":") if mail.server.count(":") == 1 else (mail.server, "", "")
    return Server(host, int(port) if port else _PORTS[mail.security], mail.security, mail.user)


@asynccontextmanager
async def sending(settings: Settings, secrets: Secrets, sender: Sender) -> AsyncIterator[Sending]:
    """The way that the settings name, open. Raises InvalidInput if there is none, else as `Sending.send` does."""
    server = server_of(settings)
    if server is None:
        if settings.restricted:
            raise InvalidInput("This account is restricted: it starts no program to send mail.", "Save it as a file.")
        yield ByProgram(settings.mail.command, sender)
        return
    if server.user and server.security == "none" and server.host not in _HERE:
        raise InvalidInput("A password is not sent to a mail server unencrypted.", "Set `security` to tls or starttls.")
    password = await secrets.tokens(server.secret).load() if server.user else None
    if server.user and password is None:
        raise SignInNeeded(
            f"There is no password for {server.user} at {server.host}.", "Set it: coterie mail password."
        )
    async with _connected(server, password) as client:
        yield ByServer(client, sender)


# A program ------------------------------------------------------------------------------------------------------------


class ByProgram:
    """Sends by a program like sendmail or msmtp.

    Args:
        command: the program with its options; the addresses are put behind it.
        sender: who writes.
    """

    def __init__(self, command: str, sender: Sender) -> None:
        try:
            self._command = shlex.split(command)
        except ValueError as error:
            raise InvalidInput(f"The command “{command}” cannot be read.", "Mend `command` below [mail].") from error
        self._sender = sender

    async def send(self, letter: Letter) -> list[str]:
        """Let the program have it. Raises ProviderError if it fails, InvalidInput if it cannot be started."""
        name = self._command[0] if self._command else ""
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command, "-f", self._sender.address, "--", *letter.addresses,
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
            )  # fmt: skip
        except (OSError, ValueError, IndexError, TypeError) as error:
            raise InvalidInput(
                f"“{name}” cannot be started to send mail.",
                "Set `server` or `command` below [mail] in config.toml (docs/inviting.md), or save it as a file.",
            ) from error
        content = letter.content().replace(b"\r\n", os.linesep.encode())
        try:
            _, said = await asyncio.wait_for(process.communicate(content), _SECONDS)
        except TimeoutError as error:
            raise Unreachable(f"“{name}” has not sent the mail within a minute.", "Try again later.") from error
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode:
            words = printable(said.decode("utf-8", "replace").strip())[:300]
            raise ProviderError(f"“{name}” did not send the mail (exit code {process.returncode}).", words)
        return []


# A server -------------------------------------------------------------------------------------------------------------


class ByServer:
    """Sends by an open connection to a mail server."""

    def __init__(self, client: SMTP, sender: Sender) -> None:
        self._client = client
        self._sender = sender

    async def send(self, letter: Letter) -> list[str]:
        """Hand it to the server. Raises Rejected if it takes it for nobody, Unreachable if it has gone."""
        import aiosmtplib

        options = ["SMTPUTF8"] if any(not address.isascii() for address in letter.addresses) else []
        if options and not self._client.supports_extension("smtputf8"):
            return [f"{address}: the server takes no such address" for address in letter.addresses]
        try:
            refused, _ = await self._client.sendmail(
                self._sender.address, letter.addresses, letter.content(), mail_options=options
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            return [_why(refusal.recipient, refusal.message) for refusal in error.recipients]
        except aiosmtplib.SMTPResponseException as error:
            raise Rejected(f"The mail server refused the mail: {printable(error.message)}.") from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise Unreachable("The mail server no longer answers.", "Try again later.") from error
        return [_why(address, response.message) for address, response in refused.items()]


def _why(address: str, message: str) -> str:
    return f"{printable(address)}: {printable(message)}"


@asynccontextmanager
async def _connected(server: Server, password: str | None) -> AsyncIterator[SMTP]:
    import aiosmtplib

    client = aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        timeout=_SECONDS,
        use_tls=server.security == "tls",
        start_tls=server.security == "starttls",
        tls_context=None if server.security == "none" else ssl.create_default_context(),
    )
    where = f"{server.host}:{server.port}"
    try:
        await client.connect()
        if password is not None:
            await client.login(server.user, password)
    except aiosmtplib.SMTPAuthenticationError as error:
        client.close()
        raise SignInNeeded(
            f"{where} refused the password of {server.user}.", "Set it: coterie mail password."
        ) from error
    except (aiosmtplib.SMTPException, OSError) as error:
        client.close()
        raise Unreachable(f"The mail server {where} cannot be reached: {printable(str(error))}.",
                          "Check `server` and `security` below [mail].") from error  # fmt: skip
    try:
        yield client
    finally:
        try:
            await client.quit()
        except (aiosmtplib.SMTPException, OSError):
            client.close()


async def send_all(way: Sending, letters: Iterable[Letter]) -> AsyncIterator[tuple[Letter, list[str]]]:
    """Send one letter after another; after each, who of its addresses was refused, with the reason."""
    for letter in letters:
        yield letter, await way.send(letter)
