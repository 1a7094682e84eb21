"""`--linear`: whoever hears the lines as they are appended can do what others do on the screen."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from coterie.tui.linear.scene import Scene
from tests.tui.terminal_harness import Terminal

COTERIE = [sys.executable, "-m", "coterie.tui", "--linear"]
MOVES = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]|\x1b[^\[\]]|\x08|\x0b|\x0c")


class Listener:
    """Hears only what comes after the last key."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self._heard = 0

    def press(self, *keys: str) -> Listener:
        for key in keys:
            self._heard = len(self.terminal.written)
            self.terminal.press(key)
        return self

    def type(self, text: str) -> Listener:
        self._heard = len(self.terminal.written)
        self.terminal.type(text)
        return self

    def hears(self, *words: str) -> Listener:
        for word in words:
            self.terminal.wait_until(lambda word=word: word in self.new, f"{word!r} among the new lines")
        return self

    @property
    def new(self) -> str:
        return self.terminal.written[self._heard :].decode()


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[Listener]:
    homes = {f"XDG_{kind}_HOME": str(tmp_path / kind.lower()) for kind in ("CONFIG", "DATA", "STATE", "CACHE")}
    with Terminal([*COTERIE, "--demo"], environment=homes) as terminal:
        yield Listener(terminal)
        written = bytes(terminal.written)
    assert MOVES.findall(written) == []
    assert not re.search("[\u2500-\u259f]", written.decode())


def test_a_whole_journey(listener: Listener) -> None:
    listener.hears("All contacts, 307 contacts", "Adaeze Abiola", "1 of 307", "Keys: ", "/ search")
    listener.press("j").hears("Adaeze Chukwu, ", "E-mail adaeze.chukwu@", "2 of 307")
    listener.press("/").type("adaeze").hears("Search: adaeze", "4 found")
    listener.press("enter").hears("Adaeze")
    listener.press("space").hears("1 checked", "Adaeze")
    listener.press("space").hears("2 checked")
    listener.press("f").hears("Added a star", "u undo")
    listener.press("A").hears("Nothing is checked.")
    listener.press("escape").hears("307 contacts")
    listener.press("g").hears("Adaeze Abiola", "1 of 307")
    listener.press("e").hears("Update contact", "Name: Adaeze Abiola", "Keys: ")
    listener.press("ctrl+a").type("X").hears("Name: XAdaeze Abiola")
    listener.press("ctrl+s").hears("XAdaeze Abiola", "u undo")
    listener.press("d").hears("Moved XAdaeze Abiola to the Bin. u undo", "306 contacts")
    listener.press("u").hears("307 contacts")
    listener.press("?").hears("Check everything in this view", "Keys: ")
    listener.press("escape").hears("All contacts")
    listener.press("q")
    assert listener.terminal.wait_for_end() == 0


def test_a_question_is_asked_and_can_be_left(listener: Listener) -> None:
    listener.hears("1 of 307").press("4").hears("Bin").press("d").hears("forever", "Keys: ", "esc")
    listener.press("escape").hears("Bin")
    listener.press("1").hears("All contacts").press("ctrl+p").hears("Keys: ").type("quit").hears("Quit")
    listener.press("escape").hears("All contacts")


def test_a_hint_is_said_as_often_as_it_is_given(listener: Listener) -> None:
    listener.hears("1 of 307")
    for _ in range(2):
        listener.press(".").hears("no change to repeat")
        listener.press("j").hears("2 of 307").press("k").hears("1 of 307")


@pytest.mark.parametrize(
    ("before", "now", "is_told_again"),
    [
        ("Duplicates: 1 of 2, looking, 3 %", "Duplicates: 1 of 40, looking, 20 %", False),
        ("Duplicates: 1 of 40, looking, 99 %", "Duplicates: 1 of 40", False),
        ("Duplicates: 1 of 40", "Duplicates: 2 of 40", True),
        ("Clean up: looking, 3 %", "Clean up: looking, 4 %", False),
        ("Ada King", "Ada King, favorite", False),
        ("Ada King", "Bob Babbage", True),
    ],
)
def test_a_page_is_told_again_if_it_is_another_one(before: str, now: str, is_told_again: bool) -> None:
    news = list(Scene(1, now, ("Company Looms",), keys="x").news(Scene(1, before, ("Company Looms",), keys="x")))
    assert news == [now, "Company Looms"] if is_told_again else [now]
