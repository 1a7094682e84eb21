"""The page that plays the recording needs nothing but itself, and shows what the recording shows."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pyte

from docs.player import frames, page
from tests.tui.terminal_harness import UNKNOWN

DOCS = Path(__file__).parents[1] / "docs"
CAST = DOCS / "eight-hundred.cast"


def test_the_page_is_that_of_the_recording() -> None:
    """Mend with `uv run python -m docs.player docs/eight-hundred.cast`."""
    recording = CAST.read_text("utf-8")
    title = json.loads(recording.partition("\n")[0])["title"]
    assert CAST.with_suffix(".html").read_text("utf-8") == page(recording, title)


def test_the_page_loads_nothing() -> None:
    text = CAST.with_suffix(".html").read_text("utf-8")
    around = text[: text.index("const frames")] + text[text.index("const screen") :]
    assert re.findall(r"src=|href=|@import|url\(|fetch\(|https?:", around) == []


def test_the_frames_end_where_the_recording_ends() -> None:
    header, *events = (json.loads(line) for line in CAST.read_text("utf-8").splitlines())
    screen = pyte.Screen(header["width"], header["height"])
    stream = pyte.ByteStream(screen)
    for _, kind, data in events:
        if kind == "o":
            stream.feed(UNKNOWN.sub(b"", data.encode()))
    shown: dict[int, str] = {}
    times = []
    for time, lines in frames(CAST.read_text("utf-8")):
        shown |= lines
        times.append(time)
    plain = [html.unescape(re.sub(r"<[^>]*>", "", shown[y])).rstrip() for y in range(screen.lines)]
    assert plain == [line.rstrip() for line in screen.display]
    assert times == sorted(times)


def test_what_a_stranger_wrote_is_only_text() -> None:
    header = '{"version": 2, "width": 40, "height": 2, "title": "</title><script>"}'
    recording = header + "\n" + json.dumps([0.0, "o", "</script><script>alert(1)</script>"]) + "\n"
    text = page(recording, "</title><script>")
    assert text.count("<script>") == 1
    assert text.count("</script>") == 1
