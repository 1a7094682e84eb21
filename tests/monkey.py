"""A monkey at the terminal: keys, pastes, the mouse, other sizes, ctrl+z and a second program, faster than the screen
follows. The program must outlive it: it answers, its log tells of no error, and its memory does not grow.

By itself it goes on for as long as wanted, on a book of its own:

    uv run python -m tests.monkey --minutes 60 --seed 1

What a seed does is the same each time, but for what two programs do at the same time.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.tui.terminal_harness import KEYS, Terminal, TimedOut

COTERIE: Final = [sys.executable, "-m", "coterie.tui"]
DEMO: Final = [*COTERIE, "--demo"]
SIZES: Final = ("80x24", "40x12", "120x40", "60x20", "200x50", "20x5", "1x1")
PASTES: Final = (
    "Ada Lovelace", "ada@example.org", "Name,E-mail\nAda,ada@example.org\nBob,bob@example.org", "x" * 300, "",
    "\n" * 9, "[red]Bob[/b] [@click=app.exit]y[/]", "\u202eecila", "\x1b]0;owned\x07\x1b[2J", "\x00\x7f", "1e999",
    "é" * 40 + "\u0301" * 40, "\U0001f469\u200d\U0001f467" * 9, "company:acme -is:favorite", "company:~(", "/dev/zero",
    "~/nowhere/" + "y" * 300, "'; DROP TABLE contact; --",
)  # fmt: skip
"""What strangers' texts look like, and what people paste by mistake."""

# What opens and closes screens comes often; what leaves the program never.
_OFTEN: Final = [*"1234mxiodMHTsce.?/u", "enter", "escape", "tab", "ctrl+p", "ctrl+s", "ctrl+o", "space", "backspace"]
_SELDOM: Final = [
    *"jkgGhlvafA!+-CrnRDSwyI=FbEJK", "up", "down", "left", "right", "shift+tab", "pageup", "pagedown", "ctrl+r",
]  # fmt: skip
_PAUSES: Final = (0.0, 0.0, 0.0, 0.005, 0.02, 0.06)
"""Seconds between two things that it does."""

_LOOK_EVERY: Final = 250
"""Things that it does between two looks at how the program is."""

_LEAP: Final = 100
"""MB that a program may take between two looks; its parts are loaded when they are needed first."""

_OTHERS: Final = (
    ("add", "--name=Zoe Other", "--email=zoe@other.example"), ("star", "zoe@other.example"), ("undo",), ("redo",),
    ("delete", "zoe@other.example", "--yes"), ("restore", "zoe@other.example"), ("list",),
)  # fmt: skip
"""What a second program does to the book, each now and then."""


@dataclass(frozen=True)
class Run:
    """What one monkey did: enough to do it again, and how it ended; `trouble` is empty if all is well.

    Attributes:
        memory: of the program, in MB, at its first look, halfway and at its end.
    """

    seed: int
    done: tuple[str, ...]
    trouble: str = ""
    memory: tuple[int, int, int] = (0, 0, 0)


def typed(key: str) -> str:
    """What a terminal sends for a key."""
    return chr(ord(key[-1]) & 0x1F) if key.startswith("ctrl+") else KEYS.get(key, key)


def surroundings(home: Path) -> Mapping[str, str]:
    """The environment of somebody who has nothing but `home`."""
    names = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "HOME", "EDITOR", "VISUAL")
    return {name: str(home / name.lower()) for name in names} | {"HOME": str(home), "EDITOR": "true", "VISUAL": ""}


class Monkey:
    """Plays with one program in a terminal.

    Args:
        terminal: where it runs.
        chance: what decides.
        home: the only folder of its user.
        done: to which is added what it does.
        is_alone: whether the book is a throw-away one, which no second program can open.
    """

    def __init__(
        self, terminal: Terminal, chance: random.Random, home: Path, done: list[str], *, is_alone: bool
    ) -> None:
        self._terminal = terminal
        self._chance = chance
        self._home = home
        self._is_alone = is_alone
        self.done = done

    def keys(self) -> None:
        """Press a key."""
        key = self._chance.choice(_OFTEN if self._chance.random() < 0.8 else _SELDOM)
        self._note(key)
        self._terminal.write(typed(key))
        self._terminal.settle(self._chance.choice(_PAUSES))

    def anything(self) -> None:
        """Press a key, or now and then something worse."""
        act = self._chance.choices(
            (self.keys, self.paste, self.click, self.resize, self.suspend, self.other), (200, 6, 12, 3, 1, 1)
        )[0]
        act()

    def paste(self) -> None:
        """Paste what nobody expects."""
        text = self._chance.choice(PASTES)
        self._note(f"paste {text!r}")
        self._terminal.write(f"\x1b[200~{text}\x1b[201~")
        self._terminal.settle(self._chance.choice(_PAUSES))

    def click(self) -> None:
        """Click somewhere, with some button, or turn the wheel there."""
        screen = self._terminal.screen
        x, y = self._chance.randrange(screen.columns) + 1, self._chance.randrange(screen.lines) + 1
        button = self._chance.choice((0, 0, 0, 2, 64, 65))
        self._note(f"button {button} at {x}, {y}")
        self._terminal.write(f"\x1b[<{button};{x};{y}M" + (f"\x1b[<{button};{x};{y}m" if button < 64 else ""))
        self._terminal.settle(self._chance.choice(_PAUSES))

    def resize(self) -> None:
        """Make the terminal larger or smaller."""
        size = self._chance.choice(SIZES)
        self._note(size)
        columns, lines = map(int, size.split("x"))
        self._terminal.resize(columns, lines)

    def suspend(self) -> None:
        """Press ctrl+z; what follows brings the program back, as a shell does."""
        self._note("ctrl+z")
        self._terminal.write("\x1a")
        self._terminal.settle(0.1)
        self._terminal.process.send_signal(signal.SIGCONT)
        self._terminal.settle(0.1)

    def other(self) -> None:
        """Let a second program change the book."""
        if self._is_alone:
            return
        words = self._chance.choice(_OTHERS)
        self._note(" ".join(words))
        environment = os.environ | surroundings(self._home)
        other = subprocess.Popen([*COTERIE, *words], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        while other.poll() is None:  # the terminal is read meanwhile, as by somebody who looks on
            self._terminal.settle(0.05)
        _, said = other.communicate()
        assert other.returncode in {0, 1, 2}, said.decode(errors="replace")

    def _note(self, what: str) -> None:
        self.done.append(what)


def play(
    seed: int,
    home: Path,
    *,
    size: str = "80x24",
    for_as_long: Callable[[], bool],
    all_it_can: bool = False,
) -> Run:
    """Let a monkey play.

    Args:
        seed: what decides what it does.
        home: the only folder of its user.
        size: of the terminal at first.
        for_as_long: asked before each thing that it does.
        all_it_can: whether it does anything, on a book in a file, or presses keys on the throw-away book.
    """
    memory: list[int] = []
    done: list[str] = []
    chance, trouble, begun = random.Random(seed), "", False
    while not trouble and (for_as_long() or not begun):
        begun = True
        with Terminal(
            COTERIE if all_it_can else DEMO,
            size=size,
            environment=surroundings(home),
            cwd=Path.cwd(),
            fresh=all_it_can,  # its memory is looked at: that of a program that was begun as users begin it
        ) as terminal:
            monkey = Monkey(terminal, chance, home, done, is_alone=not all_it_can)
            terminal.wait_until(lambda: terminal.process.poll() is None and terminal.text.strip(), "the first frame")
            while not trouble and for_as_long() and terminal.process.poll() is None:
                try:
                    monkey.anything() if all_it_can else monkey.keys()
                    if len(done) % _LOOK_EVERY == 0:
                        trouble = trouble_of(terminal, home) or _leap(terminal, memory)
                except (OSError, TimedOut, AssertionError) as error:
                    trouble = "" if terminal.process.poll() == 0 else str(error) or type(error).__name__
            # Who clicks anywhere and runs any command leaves now and then, and begins anew.
            if all_it_can and terminal.process.poll() == 0:
                done.append("left")
            else:
                trouble = trouble or trouble_of(terminal, home) or _leap(terminal, memory)
    trouble = trouble and f"{trouble}\n{_log(home)[-20_000:]}"
    return Run(seed, tuple(done), trouble, (memory[0], memory[len(memory) // 2], memory[-1]) if memory else (0, 0, 0))


def trouble_of(terminal: Terminal, home: Path) -> str:
    """What is wrong with a program that was played with: it does not answer, or its log tells of an error."""
    if not _answers(terminal) and (code := _end_of(terminal)) != 0:
        return f"It does not answer; exit code {code}.\n{terminal.text}"
    return "Its log tells of an error." if " ERROR " in _log(home) else ""


def _log(home: Path) -> str:
    log = home / "xdg_state_home" / "coterie" / "coterie.log"
    return log.read_text("utf-8") if log.exists() else ""


def _answers(terminal: Terminal) -> bool:
    """Whether it still follows keys: dialogs close, forms without what was typed, and `?` opens the help."""
    try:
        terminal.resize(80, 24)
        for patience in (0.1, 0.5, 2.0):  # on a busy core a question may come late
            for _ in range(8):
                terminal.press("escape").settle(patience)
                if "Discard what you typed?" in terminal.text:
                    terminal.press("left", "enter").settle(patience)
            terminal.press("1", "?").settle(patience)
            if "to find a key" in terminal.text:
                break
        terminal.wait_for("to find a key").press("escape")
    except (TimedOut, OSError):
        return False
    return True


def _end_of(terminal: Terminal) -> int | None:
    """The exit code of a program that was about to end, and may have left by itself; None if it goes on."""
    try:
        return terminal.process.wait(5)
    except subprocess.TimeoutExpired:
        return None


def _leap(terminal: Terminal, memory: list[int]) -> str:
    """Add the memory that the program takes now to the looks before; what is wrong if it is far more than then."""
    memory.append(_megabytes(terminal.process.pid))
    before = memory[-2] if len(memory) > 1 else memory[-1]
    return f"It took {before} MB, and then {memory[-1]}." if memory[-1] - before > _LEAP else ""


def _megabytes(pid: int) -> int:
    """The memory of a process (https://man7.org/linux/man-pages/man5/proc_pid_status.5.html); 0 if it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS:")), 0)


def fill(home: Path) -> None:
    """Give the user of `home` the people of the throw-away book."""
    shown = subprocess.run([*DEMO, "export"], capture_output=True, check=True, cwd=Path.cwd())
    people = home / "people.csv"
    people.write_bytes(shown.stdout)
    environment = os.environ | surroundings(home)
    subprocess.run([*COTERIE, "import", str(people)], env=environment, capture_output=True, check=True)


def rounds(minutes: float, seconds_each: float) -> Iterator[Callable[[], bool]]:
    """For each monkey what says whether it may go on, until the minutes are over."""
    end = time.monotonic() + 60 * minutes
    while (begun := time.monotonic()) < end:
        last = min(end, begun + seconds_each)
        yield lambda last=last: time.monotonic() < last  # type: ignore[misc]


def main() -> None:
    """Let monkeys play, one after the other, until one finds something."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30), help="the first monkey's")
    parser.add_argument("--seeds", type=int, default=10, help="how many monkeys share the minutes")
    parser.add_argument("--size", default="80x24", help="of the terminal at first")
    given = parser.parse_args()
    for number, for_as_long in enumerate(rounds(given.minutes, 60 * given.minutes / given.seeds)):
        with tempfile.TemporaryDirectory(prefix="coterie-monkey-") as folder:
            home = Path(folder)
            fill(home)
            run = play(given.seed + number, home, size=given.size, for_as_long=for_as_long, all_it_can=True)
        state = "TROUBLE" if run.trouble else "well"
        print(f"seed {run.seed}: {len(run.done):,} things, {', '.join(map(str, run.memory))} MB, {state}", flush=True)
        if run.trouble:
            sys.exit(f"{chr(10).join(run.done[-_LOOK_EVERY:])}\n{run.trouble}")


if __name__ == "__main__":
    main()
