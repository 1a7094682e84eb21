"""The figures that docs/performance.md and README show."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from benchmarks.figures import END, HEADLINES, START, Figure, headlines, table, write_into

ROOT = Path(__file__).parents[2]
FIGURES = [
    Figure("Start to first rows at 1,000", 97.4, 159.0, "ms", "a minimal Textual app", 1.5),
    Figure("Start to first rows at 20,000", 103.2, 97.4, "ms", "the same at 1,000", 1.0),
    Figure("First rows of a search at 20,000, p95", 17.2, 0, "ms", "", most=60),
    Figure("ssh: page down", 376.6, 636.0, "ms", "VisiData", math.inf),
]


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_a_table_says_whether_a_target_was_reached() -> None:
    rows = [cells(line) for line in table(FIGURES).splitlines()]
    assert rows[0][-1] == "Reached"
    assert [row[-1] for row in rows[2:]] == ["yes", "**no**", "yes", ""]
    assert rows[3][1:] == ["103.2 ms", "97.4 ms", "the same at 1,000", "1.06 x", "<= 1.00 x", "**no**"]


def test_headlines_are_the_figures_with_that_comparison() -> None:
    rows = [cells(line) for line in headlines(FIGURES, 20_000).splitlines()]
    assert rows[0] == ["What", "Coterie", "Compared with"]
    assert rows[2][0] == "Start to first rows, of 20,000 contacts"
    assert [row[1:] for row in rows[2:]] == [["103.2 ms", "97.4 ms: the same at 1,000"], ["17.2 ms", ""]]


def test_a_page_gets_the_new_text_between_its_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{START}\nold\n{END}\nafter\n", "utf-8")
    write_into(page, "new")
    assert page.read_text("utf-8") == f"before\n{START}\nnew\n{END}\nafter\n"


def test_a_page_without_marks_is_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("no marks", "utf-8")
    with pytest.raises(ValueError, match="has no"):
        write_into(page, "new")
    assert page.read_text("utf-8") == "no marks"


def test_the_readme_shows_every_headline_and_the_performance_page_every_figure() -> None:
    readme, performance = (
        (ROOT / name).read_text("utf-8").partition(START)[2].partition(END)[0]
        for name in ("README.md", "docs/performance.md")
    )
    assert [line.words for line in HEADLINES if line.words.partition("{size}")[0] not in readme] == []
    measured = [line for line in performance.splitlines() if line.startswith("| ")]
    assert [line.what for line in HEADLINES if not any(row.startswith(f"| {line.what}") for row in measured)] == []
