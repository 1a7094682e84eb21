"""A keyboard monkey: presses keys at random in a real terminal, faster than the program follows; the program must live.

By itself it goes on for as long as wanted:

    uv run python -m tests.tui.monkey --keys 5000 --seed 7 --size 40x12
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.tui.terminal_harness import KEYS, Terminal, TimedOut

COTERIE = [sys.executable, "-m", "tui", "--demo"]
# What opens and closes screens comes often; what leaves the program or hands the terminal to an editor never.
_OFTEN = [*"1234mxiodMHTsce.?/u", "enter", "escape", "tab", "ctrl+p", "ctrl+s", "ctrl+o", "space", "backspace"]
_SELDOM = [*"jkgGhlvafA!+-CrnRDSwyI=Fb", "up", "down", "left", "right", "shift+tab", "pageup", "pagedown", "ctrl+r"]
_PAUSES = (0.0, 0.0, 0.0, 0.005, 0.02, 0.06)
"""Seconds between two keys."""


@dataclass(frozen=True)
class Run:
    """What one monkey did: enough to do it again, and how it ended; `trouble` is empty where all is well."""

    seed: int
    pressed: tuple[str, ...]
    trouble: str = ""


def typed(key: str) -> str:
    """What a terminal sends for a key."""
    return chr(ord(key[-1]) & 0x1F) if key.startswith("ctrl+") else KEYS.get(key, key)


def surroundings(home: Path) -> Mapping[str, str]:
    """The environment of somebody who has nothing but `home`."""
    names = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "HOME", "EDITOR", "VISUAL")
    return {name: str(home / name.lower()) for name in names} | {"HOME": str(home), "EDITOR": "true", "VISUAL": ""}


def play(seed: int, keys: int, home: Path, size: str = "80x24") -> Run:
    """Press so many keys on the throw-away book, then ask for help and get it."""
    chance = random.Random(seed)
    pressed: list[str] = []
    with Terminal(COTERIE, size=size, environment=surroundings(home), cwd=Path.cwd()) as terminal:
        terminal.wait_until(lambda: terminal.process.poll() is None and terminal.text.strip(), "the first frame")
        for _ in range(keys):
            pressed.append(chance.choice(_OFTEN if chance.random() < 0.8 else _SELDOM))
            try:
                terminal.write(typed(pressed[-1]))
            except OSError:
                break
            terminal.settle(chance.choice(_PAUSES))
            if terminal.process.poll() is not None:
                break
        trouble = trouble_of(terminal, home)
    return Run(seed, tuple(pressed), trouble)


def trouble_of(terminal: Terminal, home: Path) -> str:
    """What is wrong with a program that was played with: it does not answer, or its log tells of an error."""
    if not _answers(terminal):
        return f"It does not answer; exit code {terminal.process.poll()}.\n{terminal.text}"
    log = home / "xdg_state_home" / "coterie" / "coterie.log"
    text = log.read_text("utf-8") if log.exists() else ""
    return text[max(0, text.index(" ERROR ") - 100) :] if " ERROR " in text else ""


def _answers(terminal: Terminal) -> bool:
    """Whether it still follows keys: dialogs close one after the other, and then `?` opens the help."""
    try:
        for _ in range(12):
            terminal.press("escape")
        terminal.press("1", "?").wait_for("to find a key")
    except (TimedOut, OSError):
        return False
    return True


def main() -> None:
    """Let monkeys play until one finds something."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keys", type=int, default=300, help="how many keys each monkey presses")
    parser.add_argument("--monkeys", type=int, default=10)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30), help="the first one's")
    parser.add_argument("--size", default="80x24")
    given = parser.parse_args()
    for seed in range(given.seed, given.seed + given.monkeys):
        with tempfile.TemporaryDirectory(prefix="coterie-monkey-") as home:
            run = play(seed, given.keys, Path(home), given.size)
        print(f"seed {seed}, {given.size}: {len(run.pressed)} keys, {'TROUBLE' if run.trouble else 'well'}", flush=True)
        if run.trouble:
            sys.exit(f"{' '.join(run.pressed)}\n{run.trouble}")


if __name__ == "__main__":
    main()
