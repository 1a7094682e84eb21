"""PathInput: a path that is typed, completed with tab, pasted, or dropped onto the terminal."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from textual.message import Message

from coterie.tui.files import Files, typed_path
from coterie.tui.widgets.completing_input import CompletingInput


class PathInput(CompletingInput):
    """A field for a path. A pasted text of several lines is no path: it is passed on as rows.

    Args:
        files: which files can be reached.
        folders_only: whether only folders are offered.
    """

    @dataclass
    class RowsPasted(Message):
        """Several lines were pasted where a path belongs."""

        text: str

    def __init__(
        self,
        files: Files,
        value: str = "",
        *,
        placeholder: str = "",
        folders_only: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's word
    ) -> None:
        async def complete(typed: str) -> Sequence[str]:
            return await asyncio.to_thread(files.complete, typed, folders_only=folders_only) if typed else ()

        super().__init__(complete, value, placeholder=placeholder, tab=True, id=id)

    def take_paste(self, text: str) -> bool:
        """A dropped path replaces what is there, rows are passed on; anything else is pasted as usual."""
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) > 1:
            self.post_message(self.RowsPasted(text))
            return True
        if lines and _is_dropped(lines[0]):
            self.value = typed_path(lines[0])
            return True
        return False


def _is_dropped(line: str) -> bool:
    """Whether a terminal wrote this for a file that was dropped, rather than a user who pasted a part of a path."""
    line = line.strip()
    return line.startswith(("/", "'/", '"/', "~/", "file:"))
