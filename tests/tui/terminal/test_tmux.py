"""A second opinion: tmux, a terminal that people really use, shows the same with both outputs."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.tui.terminal.emulator import Terminal

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="there is no tmux")

WIDTH, HEIGHT = 70, 20


class Tmux:
    """A server of its own, with one window."""

    def __init__(self, socket: Path) -> None:
        self.socket = str(socket)

    def run(self, *arguments: str) -> str:
        command = ["tmux", "-S", self.socket, "-f", "/dev/null", *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def screen(self) -> Terminal:
        """What the window shows now."""
        terminal = Terminal(WIDTH, HEIGHT)
        terminal.feed(self.run("capture-pane", "-N", "-e", "-p").rstrip("\n").replace("\n", "\r\n"))
        return terminal


@contextmanager
def sample(plain: str, folder: Path) -> Iterator[Tmux]:
    tmux = Tmux(folder / plain)
    # readline, which pytest imports, exports the size of a terminal that is not there.
    # Each output has a way of its own to come near a color where there are only 256.
    wanted = f"COTERIE_PLAIN_OUTPUT={plain} TEXTUAL_COLOR_SYSTEM=truecolor"
    program = f"env -u LINES -u COLUMNS {wanted} {sys.executable} -m tests.tui.terminal.sample"
    tmux.run("new-session", "-d", "-x", str(WIDTH), "-y", str(HEIGHT), program)
    try:
        yield tmux
    finally:
        tmux.run("kill-server")


def test_tmux_shows_the_same_with_both_outputs(tmp_path: Path) -> None:
    with sample("1", tmp_path) as plain, sample("0", tmp_path) as light:
        for key in ("", "j", "j", "Space", "k", "d", "Escape", "k"):
            if key:
                plain.run("send-keys", key)
                light.run("send-keys", key)
            for _ in range(50):  # either may be the slower one
                time.sleep(0.2)
                seen, expected = light.screen(), plain.screen()
                if "Person" in expected.text()[5] and seen.differs_from(expected) is None:
                    break
            assert seen.differs_from(expected) is None, key
