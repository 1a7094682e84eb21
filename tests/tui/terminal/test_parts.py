from __future__ import annotations

import pytest
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual._compositor import LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from coterie.tui.terminal.capabilities import Capabilities
from coterie.tui.terminal.flow import ASK_EVERY, PATIENCE, QUESTION, WINDOW, Flow
from coterie.tui.terminal.pens import Pens
from coterie.tui.terminal.rows import cells
from coterie.tui.terminal.screen import SYNC_END, SYNC_START, TerminalScreen
from coterie.tui.terminal.typed import Answers


def show(screen: TerminalScreen, *lines: Strip, synchronized: bool = False) -> str:
    """What `screen` writes to show `lines`."""
    screen.take(LayoutUpdate([[line] for line in lines], Region(0, 0, lines[0].cell_length, len(lines))))
    return screen.difference(synchronized=synchronized)


def line(text: str, style: Style | None = None) -> Strip:
    return Strip([Segment(text, style)])


# What is written -------------------------------------------------------------------------------------------------


def test_the_same_again_writes_nothing():
    screen = TerminalScreen(Capabilities())
    assert show(screen, line("Ada Lovelace")) != ""
    assert show(screen, line("Ada Lovelace")) == ""


def test_one_changed_letter_is_one_letter():
    screen = TerminalScreen(Capabilities())
    show(screen, line("Ada Lovelace"))
    assert show(screen, line("Ida Lovelace")) == "\rI"


def test_the_rest_of_a_line_is_erased_rather_than_written():
    screen = TerminalScreen(Capabilities())
    show(screen, line("x" * 40), line("y" * 40))
    assert show(screen, line("x" * 40), line(" " * 40)).endswith("\x1b[K")


def test_colored_blanks_are_erased_only_where_erasing_takes_the_color():
    blue = Style(bgcolor="blue")
    for kind, erases in ((Capabilities(), False), (Capabilities(background_erase=True), True)):
        screen = TerminalScreen(kind)
        show(screen, line("x" * 40))
        assert ("\x1b[K" in show(screen, line(" " * 40, blue))) is erases


def test_scroll_regions_are_used_only_where_they_are_known():
    before = [line(f"line number {number}") for number in range(10, 40)]
    after = [*before[1:], line("line number 40")]
    scrolling, plain = TerminalScreen(Capabilities(scroll_regions=True)), TerminalScreen(Capabilities())
    for screen in (scrolling, plain):
        show(screen, *before)
    assert len(show(scrolling, *after)) < 50
    assert "r" not in show(plain, *after).replace("number", "")


def test_what_stands_below_each_other_is_written_from_top_to_bottom():
    before = [line(f"line number {number:<12}") for number in range(10)]
    after = [line(f"line number {number:<5}│     ▐") for number in range(10)]
    screen = TerminalScreen(Capabilities(vertical_tab=True))
    show(screen, *before)
    assert show(screen, *after) == "\x1b[;18H" + "│\v\b" * 9 + "│" + "\x1b[;24H" + "▐\v" * 9 + "▐"


def test_blanks_that_changed_at_both_ends_are_erased_at_once():
    screen = TerminalScreen(Capabilities())
    show(screen, line("ab" + "x" * 20 + " " * 20 + "y" * 20 + "z"))
    assert show(screen, line("ab" + " " * 60 + "z")) == "\x1b[3G\x1b[60X"


def test_tabs_lead_to_columns_that_many_lines_share():
    before = [line(f"{number:03}{' ' * 40}left   {' ' * 40}right") for number in range(40)]
    after = [line(f"{number:03}{' ' * 40}changed{' ' * 40}there") for number in range(40)]
    written = []
    for kind in (Capabilities(vertical_tab=True), Capabilities(vertical_tab=True, tab_stops=True)):
        screen = TerminalScreen(kind)
        show(screen, *before)
        written.append(show(screen, *after))
    assert "\t" not in written[0]
    assert written[1].startswith("\x1b[3g\x1b[44G\x1bH\x1b[91G\x1bH")
    assert written[1].endswith("\x1b[3g\r" + "\x1b[8C\x1bH" * 11)  # as terminals have them
    assert len(written[1]) < len(written[0]) - 100


def test_only_long_frames_are_synchronized():
    screen = TerminalScreen(Capabilities())
    first = show(screen, *[line("x" * 80, Style(bold=bool(number % 2))) for number in range(20)], synchronized=True)
    assert first.startswith(SYNC_START)
    assert first.endswith(SYNC_END)
    second = show(screen, *[line("x" * 79 + "y", Style(bold=bool(number % 2))) for number in range(20)])
    assert SYNC_START not in second


def test_after_forgetting_everything_is_written_again():
    screen = TerminalScreen(Capabilities())
    show(screen, line("Ada Lovelace"))
    screen.forget()
    assert "Ada Lovelace" in screen.difference()


def test_letters_on_whose_width_terminals_disagree_are_followed_by_an_absolute_move():
    screen = TerminalScreen(Capabilities())
    family = "👩\u200d👩\u200d👧"
    assert f"{family}\x1b[3Gx" in show(screen, line(f"{family}xy"))


def test_nothing_in_a_text_can_act_on_the_terminal():
    written = show(TerminalScreen(Capabilities()), line("a\x1b[2Jb\x07c\x9bd\x00e\r\nf"))
    assert written.removeprefix("\x1b[m\x1b[H\x1b[J") == "a[2Jbcdef"


def test_links_are_opened_and_closed():
    screen = TerminalScreen(Capabilities())
    written = show(screen, Strip([Segment("go", Style(link="https://example.org")), Segment("no", None)]))
    assert ";https://example.org\x1b\\go" in written
    assert "\x1b]8;;\x1b\\no" in written


# Pens ------------------------------------------------------------------------------------------------------------


def test_an_exact_entry_of_the_palette_replaces_true_color():
    pens = Pens(ColorSystem.TRUECOLOR)
    default = pens.default
    assert pens.change(default, pens.of(Style(color="#5fafff"))) == "\x1b[38;5;75m"
    assert pens.change(default, pens.of(Style(color="#5fafee"))) == "\x1b[38;2;95;175;238m"


def test_only_what_differs_between_two_pens_is_written():
    pens = Pens(ColorSystem.TRUECOLOR)
    bold = pens.of(Style(bold=True, color="#5fafff", bgcolor="#123456"))
    plain = pens.of(Style(color="#5fafff", bgcolor="#123456"))
    dim = pens.of(Style(dim=True, color="#5fafff", bgcolor="#123456"))
    assert pens.change(bold, plain) == "\x1b[22m"
    assert pens.change(plain, bold) == "\x1b[1m"
    assert pens.change(bold, dim) == "\x1b[22;2m"
    assert pens.change(bold, pens.default) == "\x1b[m"


def test_a_blank_has_only_a_background():
    pens = Pens(ColorSystem.TRUECOLOR)
    bold, plain, lined = Style(bold=True, bgcolor="blue"), Style(bgcolor="blue"), Style(underline=True, bgcolor="blue")
    assert cells(line(" ", bold), pens) == cells(line(" ", plain), pens)
    assert cells(line(" ", lined), pens) != cells(line(" ", plain), pens)


@pytest.mark.parametrize(("text", "width"), [("山", 2), ("e\u0301", 1), ("👩\u200d👧", 2), ("ab", 2), ("\u0301a", 1)])
def test_a_row_has_as_many_cells_as_the_terminal(text: str, width: int):
    assert len(cells(line(text), Pens())) == width


# Terminals -------------------------------------------------------------------------------------------------------


def test_terminals_are_known_by_their_names():
    assert Capabilities.of("xterm-256color") == Capabilities(True, True, True, True)
    assert Capabilities.of("tmux-256color") == Capabilities(True, False, True, True)
    assert Capabilities.of("screen.xterm-256color") == Capabilities(True, False, True, True)
    assert Capabilities.of("unheard-of") == Capabilities()
    assert Capabilities.of("") == Capabilities()


def test_answers_are_taken_out_of_what_was_typed_also_in_pieces():
    count = []
    answers = Answers(lambda: count.append(1))
    assert answers.without("a\x1b[0nb\x1b[0n") == "ab"
    assert answers.without("x\x1b[") == "x"
    assert answers.is_pending
    assert answers.without("0ny") == "y"
    assert len(count) == 3
    assert answers.without("\x1b[") == ""
    assert answers.without("A") == "\x1b[A"
    assert answers.without("\x1b") == ""
    assert answers.give_up() == "\x1b"
    assert not answers.is_pending


# Flow control ----------------------------------------------------------------------------------------------------


def test_small_frames_ask_nothing_and_wait_for_nothing():
    flow = Flow()
    assert flow.question(100, 0.0) == ""
    assert flow.delay(0.0) == 0


def test_a_terminal_that_answers_is_waited_for():
    flow = Flow()
    assert flow.question(ASK_EVERY, 0.0) == QUESTION
    flow.answered()
    assert flow.question(WINDOW + 1, 1.0) == QUESTION
    assert flow.delay(1.0) > 0
    flow.answered()
    assert flow.delay(1.1) == 0


def test_an_answer_that_never_comes_is_waited_for_only_so_long():
    flow = Flow()
    flow.question(ASK_EVERY, 0.0)
    flow.answered()
    flow.question(WINDOW + 1, 1.0)
    assert flow.delay(2.0) == pytest.approx(PATIENCE - 1.0)
    assert flow.delay(1.0 + PATIENCE) == 0
    assert flow.question(WINDOW + 1, 5.0) == QUESTION
    assert flow.delay(5.0) == 0


def test_a_terminal_that_never_answered_is_not_waited_for_and_asked_once():
    flow = Flow()
    assert flow.question(10 * WINDOW, 0.0) == QUESTION
    assert flow.delay(0.0) == 0
    assert flow.question(10 * WINDOW, 0.1) == ""


@pytest.mark.parametrize("mark", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\ufeff")
def test_nothing_turns_letters_around(mark: str) -> None:
    assert cells(line(f"1{mark}2{mark}a{mark}"), Pens()) == cells(line("12a"), Pens())
