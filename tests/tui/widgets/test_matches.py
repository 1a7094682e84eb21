"""Where what was searched for is marked in the cells of a row."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coterie.tui.widgets.matches import marked, of


def shown(text: str, key: str, query: str, cut: int = 0) -> str:
    """The text with brackets around what is marked."""
    seen = text[:cut] + "…" if cut else f"{text}  "
    return "".join(f"[{piece}]" if found else piece for piece, found in marked(seen, text, key, of(query))).rstrip()


@pytest.mark.parametrize(
    ("query", "key", "text", "marks"),
    [
        ("ada", "name", "Ada Adams", "[Ada] [Ada]ms"),
        ("ada king", "name", "Ada King", "[Ada] [King]"),
        ("eclair", "name", "Cyd Éclair", "Cyd [Éclair]"),
        ("strasse", "name", "Lange Straße 5", "Lange [Straße] 5"),
        ("e\u0301cl", "name", "Cyd E\u0301clair", "Cyd [E\u0301cl]air"),
        ("company:acme", "company", "Acme Ltd", "[Acme] Ltd"),
        ("company:acme", "name", "Acme Ltd", "Acme Ltd"),
        ('company:="acme ltd"', "company", "Acme Ltd", "[Acme Ltd]"),
        ("-ada bob", "name", "Ada Bob", "Ada [Bob]"),
        ("(ada OR bob)", "name", "Ada Bob", "[Ada] [Bob]"),
        ("ad", "name", "Ada", "Ada"),
        ("a.a", "name", "Ada a.a", "Ada [a.a]"),
        ("has:email", "name", "has email", "has email"),
    ],
)
def test_what_is_found_is_marked(query: str, key: str, text: str, marks: str) -> None:
    assert shown(text, key, query) == marks


def test_a_match_that_is_cut_is_marked_as_far_as_it_is_seen() -> None:
    assert shown("Fern & Folio", "company", 'company:"fern & folio"', cut=9) == "[Fern & Fo]…"
    assert shown("Fern & Folio", "company", "folio", cut=5) == "Fern …"


@given(st.text(), st.text(min_size=2), st.integers(0, 40))
def test_marking_never_changes_the_text(text: str, word: str, width: int) -> None:
    seen = text[:width].ljust(width)
    pieces = list(marked(seen, text, "name", [("", word.lower())]))
    assert "".join(piece for piece, _ in pieces) == seen
