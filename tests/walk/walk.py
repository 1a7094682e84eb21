"""The walk: from eight hundred messy contacts to a clean book by at most sixty keys, in the real program.

    uv run python -m tests.walk.walk

writes docs/eight-hundred.cast, a recording of it (asciicast v2, https://docs.asciinema.org/manual/asciicast/v2/).
"""

from __future__ import annotations

import codecs
import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.tui.terminal_harness import KEYS, Terminal
from tests.walk import messy

SIZE: Final = "80x24"
_PAUSE: Final = 0.7
"""Seconds after each key in the recording."""
RECORDING: Final = Path(__file__).parents[2] / "docs" / "eight-hundred.cast"


@dataclass(frozen=True)
class Step:
    """Some keys, and what the screen shows once they have done what they do."""

    keys: tuple[str, ...]
    shows: str


def _apply(done: str, *moves: str) -> tuple[Step, ...]:
    """Go to a kind of proposal on the clean-up desk, look at it, and apply it."""
    return (Step((*moves, "enter"), "Apply to"), Step(("enter",), done))


WALK: Final = (
    Step(("i",), "or paste rows"),
    Step(("p", "tab"), "people.csv"),
    Step(("enter",), "already here"),
    Step(("enter",), "Clean up T"),
    Step(("T",), "proposals"),
    *_apply("Cleaned up 199 contacts", "j"),
    *_apply("Cleaned up 16 contacts", "j"),
    *_apply("Cleaned up 31 contacts", "j"),
    *_apply("Cleaned up 144 contacts", "j"),
    *_apply("Cleaned up 93 contacts", "j"),
    *_apply("Cleaned up 373 contacts", "j"),
    *_apply("Cleaned up 33 contacts", "j", "j"),
    *_apply("Cleaned up 52 contacts", "j"),
    *_apply("Moved 28 contacts", "j", "j"),
    Step(("home", "enter"), "Same"),
    Step(("a",), "Merge"),
    Step(("enter",), "Merged"),
    Step(("escape",), "Clean up"),
    Step(("escape",), "700 contacts"),
    Step(("a",), "700 checked"),
    Step(("l", "l", "l", "="), "Transform"),
    Step(("t", "i", "t", "l", "e"), "Apply"),
    Step(("enter",), "Transformed Job title"),
)
COUNT: Final = sum(len(step.keys) for step in WALK)
"""How many keys that are, every letter counted."""


def walk(terminal: Terminal) -> Iterator[str]:
    """Press the keys; each is given once the screen shows what it did."""
    terminal.wait_for("empty")
    for step in WALK:
        for key in step.keys:
            terminal.press(key)
            yield key
        terminal.wait_for(step.shows)


def environment(home: Path) -> dict[str, str]:
    """A home folder of its own."""
    folders = {f"XDG_{name}_HOME": str(home / ".xdg" / name) for name in ("CONFIG", "DATA", "STATE", "CACHE")}
    return {"HOME": str(home), **folders}


def record(path: Path) -> None:
    """Walk, and write the recording."""
    home = Path(tempfile.mkdtemp())
    messy.write(home / "people.csv", home / "truth.json")
    (home / "truth.json").unlink()
    columns, lines = map(int, SIZE.split("x"))
    events: list[str] = [json.dumps({"version": 2, "width": columns, "height": lines, "title": "Eight hundred"})]
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    at, read = 0.0, 0
    command = [sys.executable, "-m", "coterie.tui"]
    with Terminal(command, size=SIZE, environment=environment(home), cwd=home) as terminal:
        for key in walk(terminal):
            text = decoder.decode(bytes(terminal.written[read:]))
            read = len(terminal.written)
            events.append(json.dumps([round(at, 2), "o", text], ensure_ascii=False))
            at += _PAUSE
            events.append(json.dumps([round(at, 2), "i", KEYS.get(key, key)], ensure_ascii=False))
        rest = decoder.decode(bytes(terminal.settle().written[read:]))
        events.append(json.dumps([round(at, 2), "o", rest], ensure_ascii=False))
    path.write_text("\n".join(events) + "\n", "utf-8")


if __name__ == "__main__":
    record(RECORDING)
