"""Through a real pseudo-terminal: what the user sees, and what the line has to carry."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import pytest

from coterie.tui.terminal.flow import PATIENCE
from tests.tui.terminal.pseudo_terminal import PseudoTerminal

SAMPLE = "tests.tui.terminal.sample"


@pytest.fixture
def sample() -> Iterator[PseudoTerminal]:
    with PseudoTerminal(SAMPLE) as program:
        program.until(lambda: program.shows("Person 00000"))
        program.read(0.5)
        yield program


def test_a_start_fits_in_a_few_kilobytes_and_an_idle_program_writes_nothing(sample):
    assert len(sample.written) < 3_500
    assert sample.read(1.0) == b""


def test_scrolling_by_a_line_writes_about_a_line(sample):
    sample.press("j")
    sample.until(lambda: sample.shows("› Person 00001"))
    assert len(sample.read(0.3)) < 300
    assert sample.shows("Person 00022")
    assert sample.shows("Favorites")


def test_opening_and_closing_a_dialog_writes_the_dialog(sample):
    before = sample.terminal.seen()
    sample.press("d")
    sample.until(lambda: sample.shows("Really?"))
    size = len(sample.written)
    sample.read(0.3)
    sample.press("\x1b")
    sample.until(lambda: not sample.shows("Really?"))
    sample.read(0.3)
    assert sample.terminal.seen() == before
    assert len(sample.written) - size < 700


def test_escape_does_not_wait_long(sample):
    sample.press("d")
    sample.until(lambda: sample.shows("Really?"))
    sample.press("\x1b")
    assert sample.until(lambda: not sample.shows("Really?")) < 0.1


def test_it_looks_the_same_as_with_plain_output(sample):
    with PseudoTerminal(SAMPLE, env={"COTERIE_PLAIN_OUTPUT": "1"}) as plain:
        plain.until(lambda: plain.shows("Person 00000"))
        plain.read(0.5)
        for keys in ("", "j", " ", "k", "d", "\x1b"):
            for program in (sample, plain):
                program.press(keys)
                program.read(0.5)
            assert sample.terminal.differs_from(plain.terminal) is None
        assert len(plain.written) > 4 * len(sample.written)


def test_a_new_size_is_drawn_whole(sample):
    for width, height in ((60, 10), (100, 30)):
        sample.resize(width, height)
        sample.until(lambda height=height: sample.shows(f"Person {height - 2:05}"))
        assert sample.shows("Favorites")


def test_a_size_left_in_the_environment_is_not_believed():
    with PseudoTerminal(SAMPLE, env={"COLUMNS": "60", "LINES": "10"}) as program:
        program.until(lambda: program.shows("Person 00022"))
        program.resize(100, 30)
        program.until(lambda: program.shows("Person 00028"))


def test_another_program_may_have_the_screen_meanwhile(sample):
    before = sample.terminal.seen()
    sample.press("w")
    sample.until(lambda: b"SOMETHING ELSE" in sample.written and sample.written.count(b"\x1b[?1049h") == 2)
    sample.read(0.5)
    assert sample.terminal.seen() == before
    sample.press("j")
    sample.until(lambda: sample.shows("› Person 00001"))


def test_suspending_and_coming_back(sample):
    before = sample.terminal.seen()
    os.kill(sample.process.pid, signal.SIGTSTP)
    sample.until(lambda: b"\x1b[?1049l" in sample.written)
    sample.read(0.3)
    sample.terminal.feed("\x1b[H\x1b[2Jshell$ fg")
    os.kill(sample.process.pid, signal.SIGCONT)
    sample.until(lambda: sample.shows("Person 00000"))
    sample.read(0.5)
    assert sample.terminal.seen() == before


def test_a_key_that_is_typed_while_the_terminal_is_taken_again_is_not_lost() -> None:
    with PseudoTerminal("tests.tui.terminal.slow_to_stop") as program:
        program.until(lambda: program.shows("Person 00000"))
        program.read(0.3)
        program.process.send_signal(signal.SIGSTOP)
        program.process.send_signal(signal.SIGCONT)
        program.until(lambda: b"\x07" in program.written)
        program.press("j")
        program.until(lambda: program.shows("› Person 00001"))


def test_the_shape_of_the_pointer_is_not_repeated(sample):
    sample.press("d")
    sample.until(lambda: sample.shows("Really?"))
    sample.read(0.3)
    assert b"\x1b]22;" not in sample.written


def test_bell_passes_through(sample):
    sample.press("b")
    sample.until(lambda: sample.written.endswith(b"\x07"))


def test_a_lost_terminal_ends_the_program(sample):
    # It is a session of its own without a controlling terminal, so no SIGHUP comes to its help.
    sample.hang_up()
    assert sample.process.wait(timeout=10) != 0


def test_the_terminal_is_given_back_clean(sample):
    sample.press("q")
    sample.process.wait(timeout=10)
    rest = sample.read(0.2) if sample.process.poll() is None else b""
    assert b"\x1b[?1049l" in sample.written + rest or sample.process.returncode == 0


def test_a_key_held_down_queues_nothing_on_a_slow_line(sample):
    """The reader takes 4 kB a second for a while: afterwards it gets the newest state, not what it missed."""
    for _ in range(60):
        sample.press(" ")
        time.sleep(0.01)
    # Nothing was read meanwhile: no answers came, so the program waits.
    time.sleep(0.3)
    before = len(sample.written)
    sample.until(lambda: sample.shows(f"› Person {60 * 20:05}"))
    sample.read(0.5)
    assert len(sample.written) - before < 12_000


def test_terminals_that_answer_nothing_are_not_waited_for():
    with PseudoTerminal(SAMPLE, answers=False) as program:
        program.until(lambda: program.shows("Person 00000"))
        for number in range(1, 20):
            program.press(" ")
            assert program.until(lambda number=number: program.shows(f"› Person {number * 20:05}")) < PATIENCE
