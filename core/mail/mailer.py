"""The user's own mail program: it is opened with a mail to look over, and sends it itself.

mutt gets a draft (`-H`, in which all recipients may stand), every other program a link (RFC 6068) as its last word, or
in the place of `%s`. No shell is started.
"""

from __future__ import annotations

import asyncio
import os
import re
import shlex
import shutil
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from email.message import EmailMessage
from pathlib import Path
from typing import Final
from urllib.parse import quote

from coterie.core.errors import InvalidInput
from coterie.core.leftovers import temporary_folder
from coterie.core.mail.message import Place, is_personal
from coterie.core.mail.recipients import Recipient
from coterie.core.settings import Settings
from coterie.core.text import clean_line

_MUTT: Final = frozenset({"mutt", "neomutt"})
_IN_TERMINAL: Final = ("neomutt", "mutt", "aerc")
_OPENERS: Final = ("xdg-open", "open")
_NEWLINE: Final = re.compile(r"\r\n|\r|\n")
_LONGEST: Final = 100_000
"""Characters of a link: Linux takes 128 KiB for one word of a command."""


def mailer_of(settings: Settings, environment: Mapping[str, str] = os.environ) -> list[str]:
    """The command of the user's mail program: `mail.mailer`, else $MAILER, else one that is installed.

    Raises InvalidInput if there is none, or if the account may start none.
    """
    if settings.restricted:
        raise InvalidInput("This account is restricted: it opens no mail program.", "Save the mail as a file.")
    if words := settings.mail.mailer or environment.get("MAILER", ""):
        try:
            return shlex.split(words)
        except ValueError as error:
            raise InvalidInput(f"The command “{words}” cannot be read.", "Mend `mailer` below [mail].") from error
    has_windows = sys.platform == "darwin" or environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")
    for name in (*_IN_TERMINAL, *(_OPENERS if has_windows else ())):
        if shutil.which(name):
            return [name]
    raise InvalidInput("No mail program was found.", "Set `mailer` below [mail], or MAILER: mutt, aerc and the like.")


def link_of(people: Sequence[Recipient], place: Place, subject: str, text: str) -> str:
    """The link that starts this mail (RFC 6068)."""
    addresses = ",".join(quote(person.address, safe="@") for person in people)
    fields = {"" if place == "to" else place: addresses, "subject": clean_line(subject), "body": text}
    query = "&".join(
        f"{name}={value if name == place else quote(_NEWLINE.sub(chr(13) + chr(10), value), safe='')}"
        for name, value in fields.items()
        if name and value
    )
    return f"mailto:{addresses if place == 'to' else ''}{'?' if query else ''}{query}"


def draft_of(people: Sequence[Recipient], place: Place, subject: str, text: str) -> bytes:
    """The mail as a draft: its recipients, subject and text; who writes it is for the mail program to say."""
    message = EmailMessage()
    message[place.capitalize()] = tuple(person.header for person in people)
    message["Subject"] = clean_line(subject)
    message.set_content(text, cte="8bit")
    return message.as_bytes()


async def hand_over(command: Sequence[str], people: Sequence[Recipient], place: Place, subject: str, text: str) -> None:
    """Open the mail program with one mail to all of these people, and wait until it ends.

    Raises InvalidInput if it cannot be one mail, or the program cannot be started or fails.
    """
    if is_personal(subject) or is_personal(text):
        raise InvalidInput(
            "Your mail program gets one mail for all, but {…} needs one for each.", "Send it, or save the mails."
        )
    name = Path(command[0]).name if command else ""
    with ExitStack() as stack:
        if name in _MUTT:
            draft = stack.enter_context(temporary_folder("mail")) / "draft.eml"
            draft.write_bytes(draft_of(people, place, subject, text))
            words = [*command, "-H", str(draft)]
        else:
            words = _with_link(command, link_of(people, place, subject, text))
        try:
            code = await (await asyncio.create_subprocess_exec(*words)).wait()
        except (OSError, ValueError, TypeError) as error:
            raise InvalidInput(f"The mail program “{name}” cannot be started.", "Set `mailer` below [mail].") from error
    if code:
        raise InvalidInput(
            f"The mail program “{name}” ended with an error (exit code {code}).", "See there what was sent."
        )


def _with_link(command: Sequence[str], link: str) -> list[str]:
    if len(link) > _LONGEST:
        raise InvalidInput("That is too much for a link.", "Choose fewer people, or save the mails.")
    if any("%s" in word for word in command):
        return [word.replace("%s", link) for word in command]
    return [*command, link]
