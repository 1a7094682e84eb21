"""Thin scroll bars: a track with a thumb of the right length at the right place."""

from __future__ import annotations

import pytest
from textual.scrollbar import ScrollBar

from coterie.tui.glyphs import ASCII, UNICODE
from coterie.tui.widgets.scroll_bars import draw_thin


@pytest.fixture(autouse=True)
def renderer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ScrollBar, "renderer", ScrollBar.renderer)


def drawn(position: float, virtual: int = 40, size: int = 10) -> str:
    bar = ScrollBar.renderer.render_bar(size, virtual, size, position)
    return "".join(segment.text for segment in bar.segments)


@pytest.mark.parametrize(
    ("position", "shown"), [(0, "┃┃┃│││││││"), (30, "│││││││┃┃┃"), (15, "││││┃┃┃│││")], ids=["top", "end", "middle"]
)
def test_the_thumb_is_as_long_as_what_is_seen_and_where_it_is(position: float, shown: str) -> None:
    draw_thin(UNICODE)
    assert drawn(position) == shown


def test_without_line_drawing_it_is_ascii() -> None:
    draw_thin(ASCII)
    assert drawn(0).isascii()


def test_what_is_seen_whole_has_no_thumb() -> None:
    draw_thin(UNICODE)
    assert drawn(0, virtual=10) == "│" * 10
