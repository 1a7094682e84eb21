"""Posting: how letters leave the screen - by the user's mail server or program, or as files."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from coterie.core.errors import CoterieError, UnreadableFile
from coterie.core.files import private_folder, reason, write_whole
from coterie.core.mail.message import Letter, Sender, free_paths
from coterie.core.mail.sending import send_all, sending
from coterie.core.secrets import Secrets
from coterie.core.settings import Settings
from coterie.tui.files import Files


@dataclass(slots=True)
class Posted:
    """What has left: the letters, who was refused and why, and what ended it before all had left."""

    letters: list[Letter] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    trouble: CoterieError | None = None

    @property
    def addresses(self) -> set[str]:
        """To whom something went."""
        refused = {failure.partition(": ")[0] for failure in self.refused}
        return {address for letter in self.letters for address in letter.addresses} - refused


@dataclass(frozen=True, slots=True)
class Posting:
    """What posting needs.

    Attributes:
        settings: who writes, and by which server or program.
        secrets: where the password is.
        is_demo: the people are invented: nothing is sent to them.
    """

    settings: Settings
    secrets: Secrets
    is_demo: bool = False

    @property
    def sends(self) -> bool:
        """Whether letters can be sent, not only saved: a restricted account starts no program."""
        return not self.is_demo and bool(self.settings.mail.server or not self.settings.restricted)

    async def send(self, sender: Sender, letters: Iterable[Letter], tell: Callable[[int], None]) -> Posted:
        """Send one after the other; `tell` is told how many addresses have had theirs. Trouble ends it."""
        posted = Posted()
        try:
            async with sending(self.settings, self.secrets, sender) as way:
                async for letter, refused in send_all(way, letters):
                    posted.letters.append(letter)
                    posted.refused += refused
                    tell(sum(len(sent.addresses) for sent in posted.letters))
        except CoterieError as error:
            posted.trouble = error
        return posted


async def save(files: Files, typed: str, letters: Iterable[Letter], name: str) -> Posted:
    """Write the letters into a folder, `NAME-0001.eml` and so on. Raises UnreadableFile."""
    folder = await asyncio.to_thread(files.path, typed)
    return await asyncio.to_thread(_write, files, folder, list(letters), name)


def _write(files: Files, folder: Path, letters: list[Letter], name: str) -> Posted:
    try:
        private_folder(folder, tighten=False)
        for letter, path in zip(letters, free_paths(folder, name), strict=False):
            files.check(path)
            write_whole(path, letter.content())
    except OSError as error:
        raise UnreadableFile(f"{folder} cannot be written: {reason(error)}.", "Choose another place.") from error
    return Posted(letters)
