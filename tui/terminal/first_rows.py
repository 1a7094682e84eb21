"""The first rows, on the screen before Textual is imported: that takes longer than all that they need.

They are text, bright or dim, at the place where Textual draws them again, with its colors and all that stands around
them; its driver knows what is there and writes what differs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len

from coterie.core.account_names import AccountNames
from coterie.core.listing import Listing, Sort, View
from coterie.tui.called_rows import CalledRows
from coterie.tui.glyphs import ASCII, in_ascii
from coterie.tui.memory import Arrangement
from coterie.tui.screens.measures import area_of_rows
from coterie.tui.widgets.columns import headings, lay_out
from coterie.tui.widgets.row_texts import Line, Part, prefix_width, texts

if TYPE_CHECKING:
    from coterie.core.book import Book
    from coterie.tui.glyphs import Glyphs
    from coterie.tui.terminal.takeover import StyledLine

TERMINAL_THEMES: Final = ("", "auto", "terminal", "terminal-dark", "terminal-light")
"""The themes with the terminal's own colors: in others, plain text would change its color in a moment."""
_EMOJI_FROM: Final = "\U0001f000"


async def first_rows(
    book: Book, arrangement: Arrangement, glyphs: Glyphs, width: int, height: int, inspector: object = None
) -> list[StyledLine] | None:
    """What the first lines of a screen of this size show of All contacts; None if that takes longer or is nothing.

    `inspector` is what is remembered of the inspector.

    Raises what `Lists.rows` raises.
    """
    area = area_of_rows(width, height, inspector)
    if arrangement.sort.field != Sort().field or not area.height:  # another order takes until all are sorted
        return None
    listing = Listing(View.ALL, sort=arrangement.sort)
    rows = await _called(book).rows(listing, 0, area.height, arrangement.columns)
    x = prefix_width(glyphs)
    columns = lay_out(headings(arrangement.columns), x, max(1, area.width - x - 1))
    lines: list[StyledLine] = [()] * area.y
    for place, row in enumerate(rows):
        said = list(texts(Line(row, cursor=place == 0), columns, glyphs))
        if glyphs is ASCII:
            said = [(in_ascii(text), part) for text, part in said]
        certain = _is_certain("".join(text for text, _ in said))
        lines.append([(" " * area.x, False), *_weighed(said)] if certain else ())
    return lines if rows else None


def _called(book: Book) -> CalledRows:
    """The rows of a book, which learn what its accounts are called only if one is shown."""
    names = AccountNames()

    async def learn() -> None:
        from coterie.tui.offered import account_names

        nonlocal names
        names = account_names(await book.accounts.all())

    def called(text: str) -> str:
        return names.within(text)

    return CalledRows(book.lists, called, learn)


def _weighed(said: Sequence[tuple[str, Part]]) -> Iterator[tuple[str, bool]]:
    """The texts of a line, each with whether it is dim; neighbors of one weight together."""
    for dim, run in groupby(said, key=lambda piece: piece[1] == "rest"):
        yield "".join(text for text, _ in run), dim


def _is_certain(text: str) -> bool:
    """Whether all terminals agree on how wide `text` is. Textual's driver knows what to do about other texts."""
    return text.isascii() or (max(text) < _EMOJI_FROM and all(map(cell_len, text)))
