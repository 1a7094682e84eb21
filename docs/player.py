"""Makes of a recording (asciicast v2) a page that plays it: `uv run python -m docs.player docs/eight-hundred.cast`.

The page needs nothing but a browser: no network, no server, no library. What each moment shows is worked out here, by
the emulator that the tests look through; the page holds, for each moment, the lines that differ from the one before.
"""

from __future__ import annotations

import html
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pyte

from docs.pictures import BACKGROUND, FOREGROUND, look
from tests.tui.terminal_harness import UNKNOWN

MOMENT = 0.06
"""Seconds within which what is written belongs to one frame."""
LONGEST = 2.0
"""Seconds that a pause lasts at most."""
PAGE = Path(__file__).with_name("player.html")

Frame = tuple[float, dict[int, str]]
"""When it is shown, and the lines that differ, as HTML."""


def frames(recording: str) -> Iterator[Frame]:
    """The frames of a recording."""
    header, *events = (json.loads(line) for line in recording.splitlines() if line.strip())
    screen = pyte.Screen(header["width"], header["height"])
    stream = pyte.ByteStream(screen)
    shown: dict[int, str] = {}
    clock, last = 0.0, 0.0
    for number, (time, kind, data) in enumerate(events):
        clock, last = clock + min(time - last, LONGEST), time
        if kind == "o":
            stream.feed(UNKNOWN.sub(b"", data.encode()))
        following = events[number + 1][0] if number + 1 < len(events) else None
        if following is not None and following - time < MOMENT:
            continue
        lines = {y: line(screen, y) for y in range(screen.lines)}
        if changed := {y: text for y, text in lines.items() if shown.get(y) != text}:
            yield round(clock, 2), changed
            shown |= changed


def line(screen: pyte.Screen, y: int) -> str:
    """A line of the screen as HTML."""
    parts, x = [], 0
    while x < screen.columns:
        style, text = look(screen.buffer[y][x]), ""
        while x < screen.columns and look(screen.buffer[y][x]) == style:
            text += screen.buffer[y][x].data
            x += 1
        front, back, bold = style
        css = f"color:{front};" * (front != FOREGROUND) + f"background:{back};" * (back != BACKGROUND)
        css += "font-weight:bold;" * bold
        parts.append(f'<span style="{css}">{html.escape(text)}</span>' if css else html.escape(text))
    return "".join(parts).rstrip()


def page(recording: str, title: str) -> str:
    """The page that plays a recording."""
    header = json.loads(recording.partition("\n")[0])
    data = json.dumps([[time, lines] for time, lines in frames(recording)], ensure_ascii=False, separators=(",", ":"))
    values = {
        "TITLE": html.escape(title), "LINES": str(header["height"]), "BACKGROUND": BACKGROUND, "FOREGROUND": FOREGROUND,
        "FRAMES": data.replace("</", "<\\/"),
    }  # fmt: skip
    text = PAGE.read_text("utf-8")
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    return text


if __name__ == "__main__":
    for name in sys.argv[1:]:
        cast = Path(name)
        recorded = cast.read_text("utf-8")
        words = json.loads(recorded.partition("\n")[0]).get("title") or cast.stem
        cast.with_suffix(".html").write_text(page(recorded, words), "utf-8")
