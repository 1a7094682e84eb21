"""The heart of it: whatever is shown, the light output leads to the same screen as Textual's own."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from coterie.tui.terminal.capabilities import Capabilities
from coterie.tui.terminal.screen import TerminalScreen
from tests.tui.terminal.emulator import Terminal

CONSOLE = Console(color_system="truecolor", force_terminal=True, legacy_windows=False, _environ={})
KINDS = [Capabilities(*known) for known in product([False, True], repeat=4)]

COLORS = st.sampled_from([None, "red", "#5fafff", "#123456", "color(200)", "default", "bright_blue"])
STYLES = st.one_of(
    st.none(),
    st.builds(
        lambda fg, bg, bold, dim, italic, underline, reverse, strike: Style(
            color=fg, bgcolor=bg, bold=bold, dim=dim, italic=italic, underline=underline, reverse=reverse, strike=strike
        ),
        COLORS,
        COLORS,
        *[st.sampled_from([None, None, None, True]) for _ in range(6)],
    ),
)
LETTERS = st.sampled_from([*"ab  ", *"   ", "é", "山", "☐", "e\u0301", "😀", "한", "   ", "word", " " * 14, "…"])
SEGMENTS = st.lists(
    st.builds(lambda text, style: Segment(text, style), st.lists(LETTERS, min_size=1).map("".join), STYLES), min_size=1
)


def strip_of(segments: list[Segment], width: int) -> Strip:
    return Strip(segments).adjust_cell_length(width, Style())


@st.composite
def frames(draw: st.DrawFn) -> tuple[int, int, list[LayoutUpdate | ChopsUpdate]]:
    width, height = draw(st.integers(1, 34)), draw(st.integers(1, 12))
    pool = draw(st.lists(SEGMENTS, min_size=1, max_size=5))
    line = st.sampled_from(pool).map(lambda segments: strip_of(segments, width))
    updates: list[LayoutUpdate | ChopsUpdate] = []
    lines = [draw(line) for _ in range(height)]
    updates.append(LayoutUpdate([[strip] for strip in lines], Region(0, 0, width, height)))
    for _ in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(["scroll", "line", "part", "all"]))
        if kind == "scroll":
            by = draw(st.integers(-height, height))
            lines = [lines[y + by] if 0 <= y + by < height else draw(line) for y in range(height)]
            updates.append(LayoutUpdate([[strip] for strip in lines], Region(0, 0, width, height)))
        elif kind == "all":
            lines = [draw(line) for _ in range(height)]
            updates.append(LayoutUpdate([[strip] for strip in lines], Region(0, 0, width, height)))
        else:
            y = draw(st.integers(0, height - 1))
            x1 = draw(st.integers(0, width - 1)) if kind == "part" else 0
            x2 = draw(st.integers(x1 + 1, width)) if kind == "part" else width
            part = strip_of(draw(st.sampled_from(pool)), x2 - x1)
            chops: list[dict[int, Strip | None]] = [{} for _ in range(height)]
            chops[y] = {x1: part}
            updates.append(ChopsUpdate(chops, [(y, x1, x2)], [[x2] for _ in range(height)]))
            lines[y] = Strip.join([lines[y].crop(0, x1), part, lines[y].crop(x2)])
    return width, height, updates


@settings(max_examples=300)
@given(frames=frames(), kind=st.sampled_from(KINDS))
def test_the_screen_is_the_same_as_with_plain_output_after_every_frame(frames, kind):
    width, height, updates = frames
    plain, light = Terminal(width, height), Terminal(width, height, kind.background_erase)
    screen = TerminalScreen(kind, ColorSystem.TRUECOLOR)
    for update in updates:
        plain.feed(update.render_segments(CONSOLE))
        screen.take(update)
        written = screen.difference(rest=(1, 0))
        light.feed(written)
        assert light.differs_from(plain) is None, written
        assert screen.difference() == ""


@settings(max_examples=100)
@given(frames=frames(), kind=st.sampled_from(KINDS))
def test_frames_that_were_skipped_do_no_harm(frames, kind):
    width, height, updates = frames
    plain, light = Terminal(width, height), Terminal(width, height, kind.background_erase)
    screen = TerminalScreen(kind)
    for number, update in enumerate(updates):
        plain.feed(update.render_segments(CONSOLE))
        screen.take(update)
        if number in {0, len(updates) - 1}:
            light.feed(screen.difference())
    assert light.differs_from(plain) is None


@st.composite
def tables(draw: st.DrawFn) -> tuple[int, list[LayoutUpdate | ChopsUpdate]]:
    """Pages of a table between a sidebar and a scroll bar: many lines that begin in the same columns."""
    width, height = draw(st.integers(60, 130)), draw(st.integers(12, 40))
    columns = sorted(draw(st.sets(st.integers(6, width - 12), min_size=1, max_size=5)))
    words = st.sampled_from(["Ada", "山田太郎", "", "Zoë", "a b", "x" * 9, "e\u0301lan", "😀"])
    style = draw(STYLES)
    updates: list[LayoutUpdate | ChopsUpdate] = []
    for _ in range(draw(st.integers(2, 4))):
        lines: list[Iterable[Strip]] = []
        for _ in range(height):
            segments, at = [], 0
            for column in columns:
                word = draw(words)
                segments += [Segment(" " * max(0, column - at)), Segment(word, style)]
                at = max(at, column) + cell_len(word)
            segments += [Segment(" " * max(0, width - 1 - at)), Segment(draw(st.sampled_from("│ ▐")))]
            lines.append([strip_of(segments, width)])
        updates.append(LayoutUpdate(lines, Region(0, 0, width, height)))
    return width, updates


@settings(max_examples=60)
@given(pages=tables(), kind=st.sampled_from(KINDS))
def test_pages_of_a_table_are_the_same(pages, kind):
    width, updates = pages
    height = updates[0].region.height
    plain, light = Terminal(width, height), Terminal(width, height, kind.background_erase)
    screen = TerminalScreen(kind)
    stops = set(light.screen.tabstops)
    for update in updates:
        plain.feed(update.render_segments(CONSOLE))
        screen.take(update)
        light.feed(screen.difference())
        assert light.differs_from(plain) is None
        assert light.screen.tabstops == stops


@pytest.mark.parametrize(
    "frames",
    [
        ["aaa", "aab", "aac"],  # the last column: where is the cursor then?
        ["山x", "한x", "한y", "太z"],  # only the first half of a wide letter differs
        ["山山山", "a山 山", "xyz山 "],
        ["e\u0301bc", "ebc", "e\u0300bc"],
    ],
)
def test_awkward_places(frames):
    width = max(cell_len(text) for text in frames)
    plain, light = Terminal(width, 2), Terminal(width, 2)
    screen = TerminalScreen(Capabilities(True, True, True, True))
    for text in frames:
        lines = [strip_of([Segment(text)], width), strip_of([Segment("below")], width)]
        update = LayoutUpdate([[line] for line in lines], Region(0, 0, width, 2))
        plain.feed(update.render_segments(CONSOLE))
        screen.take(update)
        light.feed(screen.difference())
        assert light.differs_from(plain) is None, text
