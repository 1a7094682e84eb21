"""What a table of contacts tells its screen."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message
from textual.widget import Widget

from coterie.core.checks import Checks
from coterie.core.errors import CoterieError
from coterie.core.listing import Row


class TableMessages:
    """The messages of a table, nested in it: `@on(ContactTable.Activated)`."""

    @dataclass
    class _TableMessage(Message):
        table: Widget

        @property
        def control(self) -> Widget:
            """The table that posts the message."""
            return self.table

    @dataclass
    class Activated(_TableMessage):
        """A row is to be opened: enter, or a double click."""

        row: Row

    @dataclass
    class ChecksChanged(_TableMessage):
        """The user checked something with the mouse, or a range. Setting `checks` posts nothing, nor does `toggle`."""

        checks: Checks

    @dataclass
    class StarClicked(_TableMessage):
        """The star of a row was clicked."""

        row: Row

    @dataclass
    class HeaderClicked(_TableMessage):
        """The heading of a column was clicked; `field` is its key."""

        field: str

    @dataclass
    class Counted(_TableMessage):
        """`total` is known."""

        total: int

    @dataclass
    class Failed(_TableMessage):
        """Rows could not be read; their lines stay blank and are asked for again at the next move."""

        error: CoterieError
