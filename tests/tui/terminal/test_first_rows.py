"""The first rows come before Textual does: as it draws them, and with the terminal in good hands."""

from __future__ import annotations

import signal
import sys
import termios
from collections.abc import Callable
from pathlib import Path

import pyte
import pytest

from coterie.core.book import Book
from coterie.core.listing import Sort
from coterie.core.model import Contact, Email
from coterie.core.provider import Setup
from coterie.providers.memory import MemoryProvider, MemorySource
from coterie.tui import themes
from coterie.tui.glyphs import choose_glyphs
from coterie.tui.memory import Arrangement
from coterie.tui.terminal import first_rows
from tests.providers.prompter import MemoryTokens
from tests.providers.with_book import Synced
from tests.tui.terminal_harness import Terminal

COTERIE = [sys.executable, "-m", "coterie.tui"]
TEXTUAL = b"\x1b[?1000h"
"""The first thing that Textual's driver writes, after the screen of its own."""
SIZES = ("40x12", "59x19", "60x20", "80x24", "109x30", "110x40", "200x50")


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    names = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")
    return {name: str(tmp_path / name.lower()) for name in names}


def early(terminal: Terminal) -> list[str]:
    """What the screen shows before Textual writes to it."""
    terminal.wait_until(lambda: TEXTUAL in terminal.written, "Textual to start")
    screen = pyte.Screen(terminal.screen.columns, terminal.screen.lines)
    pyte.ByteStream(screen).feed(bytes(terminal.written.partition(TEXTUAL)[0]))
    return [str(line) for line in screen.display]


def is_ours_again(terminal: Terminal) -> bool:
    """Whether the terminal echoes what is typed, and hands it on line by line."""
    flags = int(termios.tcgetattr(terminal._pty)[3])
    return bool(flags & termios.ECHO and flags & termios.ICANON)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("setting", ["", "COTERIE_ASCII"])
def test_they_stand_where_they_stay(home: dict[str, str], size: str, setting: str) -> None:
    settings = home | ({setting: "true"} if setting else {})
    with Terminal([*COTERIE, "--demo"], size=size, environment=settings, fresh=True) as terminal:
        shown = early(terminal)
        terminal.wait_for("307 contacts").settle(0.3)
        with Terminal(
            [*COTERIE, "--demo"], size=size, environment=settings | {"COTERIE_PLAIN_OUTPUT": "1"}, fresh=True
        ) as plain:
            plain.wait_for("307 contacts").wait_for_same(terminal)
            final = list(plain.screen.display)
    rows = [line for line in shown if line.strip()]
    assert len(rows) >= int(size.partition("x")[2]) - 9
    assert "Adaeze Abiola" in rows[0]
    for before, after in zip(shown, final, strict=True):
        assert all(old in (" ", new) for old, new in zip(before, after, strict=True)), (before, after)


@pytest.mark.parametrize("colors", [{}, {"NO_COLOR": "1"}])
def test_they_have_their_weights_and_are_not_written_again(home: dict[str, str], colors: dict[str, str]) -> None:
    with Terminal([*COTERIE, "--demo"], size="120x40", environment=home | colors, fresh=True) as terminal:
        terminal.wait_for("307 contacts").settle(0.3)
        for once in (b"Adaeze Nwosu", b"adaeze.nwosu@", b"axel.oberg@"):
            assert terminal.written.count(once) == 1


@pytest.mark.parametrize(("before", "after"), [("80x40", "80x24"), ("100x30", "60x20"), ("80x24", "110x40")])
def test_a_terminal_that_is_resized_meanwhile_is_drawn_anew(home: dict[str, str], before: str, after: str) -> None:
    with Terminal([*COTERIE, "--demo"], size=before, environment=home, fresh=True) as terminal:
        columns, lines = map(int, after.split("x"))
        terminal.wait_for("Adaeze Abiola").resize(columns, lines)
        terminal.wait_for("307 contacts").settle(0.5)
        with Terminal([*COTERIE, "--demo"], size=after, environment=home, fresh=True) as other:
            other.wait_for("307 contacts").wait_for_same(terminal)


def test_a_remembered_order_and_its_columns_are_kept_to(home: dict[str, str], tmp_path: Path) -> None:
    book = tmp_path / "book.db"
    people = tmp_path / "people.csv"
    people.write_text("name,company,e-mail\nAda,Engines,ada@example.org\nZoe,Quarry,zoe@example.org\n🦊 Fox,,\n")
    with Terminal([*COTERIE, "--database", book, "import", people], environment=home, fresh=True) as terminal:
        assert terminal.wait_for_end() == 0, terminal.text
    state = Path(home["XDG_STATE_HOME"]) / "coterie"
    state.mkdir(parents=True, exist_ok=True)
    (state / "screen.json").write_text(
        '{"views": {"all": {"sort": "name", "descending": true, "columns": ["company"]}}}'
    )
    with Terminal([*COTERIE, "--database", book], environment=home, fresh=True) as terminal:
        rows = [line.split() for line in early(terminal) if line.strip()]
        assert rows[-1][-2:] == ["Ada", "Engines"]
        assert rows[-2][-2:] == ["Zoe", "Quarry"]
        assert "Fox" not in str(rows)  # terminals disagree on the width of emoji
        terminal.wait_for("Fox")


async def test_accounts_go_by_their_addresses(book: Book) -> None:
    source = MemorySource()
    source.put(Contact(name="Zoe", emails=(Email("zoe@example.org"),)))
    await (await Synced.of(book, MemoryProvider(Setup(MemoryTokens()), source), "home@example.net")).sync()
    lines = await first_rows.first_rows(book, Arrangement(Sort(), ("name", "sources")), choose_glyphs(False), 80, 24)
    shown = "".join(text for line in lines or () for text, _ in line)
    assert "home@example.net" in shown
    assert "memory:" not in shown


def test_a_theme_with_colors_of_its_own_waits_for_textual(home: dict[str, str]) -> None:
    with Terminal([*COTERIE, "--demo"], environment=home | {"COTERIE_THEME": "coterie-dark"}, fresh=True) as terminal:
        assert "".join(early(terminal)).strip() == ""
        terminal.wait_for("Adaeze Abiola")


def test_the_themes_for_which_they_are_drawn_have_the_colors_of_the_terminal() -> None:
    assert {one.name for one in themes.OWN} | {"", "auto"} == set(first_rows.TERMINAL_THEMES)


def test_keys_are_neither_lost_nor_echoed(home: dict[str, str]) -> None:
    with Terminal([*COTERIE, "--demo"], environment=home, fresh=True) as terminal:
        terminal.wait_until(lambda: "Adaeze Abiola" in terminal.text, "the first rows")
        terminal.send("jjxx\x03")
        terminal.wait_for("307 contacts").wait_until(lambda: "jjxx" not in terminal.text)
        terminal.wait_for("3 of 307")


@pytest.mark.parametrize(
    ("end", "code"),
    [
        (lambda terminal: terminal.wait_for("307 contacts").press("q"), 0),
        (lambda terminal: terminal.process.send_signal(signal.SIGTERM), 143),
    ],
)
def test_the_terminal_is_given_back(home: dict[str, str], end: Callable[[Terminal], object], code: int) -> None:
    with Terminal([*COTERIE, "--demo"], environment=home, fresh=True) as terminal:
        terminal.wait_for("Adaeze Abiola")
        assert not is_ours_again(terminal)
        end(terminal)
        assert terminal.wait_for_end() == code
        assert is_ours_again(terminal)
        assert terminal.written.endswith(b"\x1b[?25h") or b"\x1b[?1049l" in terminal.written


def test_it_is_given_back_where_the_program_fails_before_textual_starts(home: dict[str, str], tmp_path: Path) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text(
        "import sys\nfrom tui import __main__ as program\n"
        "def fail(*_): raise ZeroDivisionError('name of a contact')\n"
        "program._app = fail\nsys.argv[1:] = ['--demo']\nprogram.main()\n"
    )
    with Terminal([sys.executable, broken], environment=home | {"PYTHONPATH": str(Path.cwd())}) as terminal:
        assert terminal.wait_for_end() == 1
        assert is_ours_again(terminal)
        screen_is_left, said = (terminal.written.find(text) for text in (b"\x1b[?1049l", b"details are in"))
        assert 0 < screen_is_left < said
