from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from coterie.core.text import printable
from coterie.tui.widgets.excerpts import EMPTY, excerpts


def marked(old: str, new: str, width: int = 80) -> tuple[str, ...]:
    return tuple(
        "".join(f"[{piece.text}]" if piece.differs else piece.text for piece in pieces)
        for pieces in excerpts(old, new, width)
    )


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("Acme Ltd", "Acme Limited", ("Acme [Ltd]", "Acme [Limited]")),
        ("ADA KING", "Ada King", ("[ADA KING]", "[Ada King]")),
        ("ada@old.example", "ada@new.example", ("ada@[old].example", "ada@[new].example")),
        ("", "Acme", (f"[{EMPTY}]", "[Acme]")),
        ("Acme", "", ("[Acme]", f"[{EMPTY}]")),
        ("a b", "a x b", ("a b", "a [x ]b")),
        ("line\nbreak", "line\nbroke", ("line [break]", "line [broke]")),
    ],
)
def test_whole_words_that_differ_are_marked(old: str, new: str, shown: tuple[str, str]) -> None:
    assert marked(old, new) == shown


def test_what_is_the_same_is_elided_so_that_the_change_is_in_sight() -> None:
    long = "met at the old library " * 4
    assert marked(f"{long}Ritz {long}", f"{long}Savoy {long}", 24) == (
        "… library [Ritz] met at t…",
        "…library [Savoy] met at t…",
    )


@given(st.text(), st.text(), st.text(), st.text(), st.integers(1, 40))
def test_never_wider_than_there_is_room(head: str, old: str, new: str, tail: str, width: int) -> None:
    for pieces in excerpts(head + old + tail, head + new + tail, width):
        assert sum(cell_len(piece.text) for piece in pieces) <= width
        assert all(piece.text == printable(piece.text) for piece in pieces)
