"""How large the house is, and through how many of its files one walks: `uv run python -m benchmarks.house [--write]`.

Nothing here is about speed; the figures say what somebody has to read who changes something.
"""

from __future__ import annotations

import argparse
import ast
import asyncio
import inspect
import os
import statistics
import sys
import tempfile
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import CodeType, FrameType
from typing import Final

from benchmarks.figures import markdown, write_into
from benchmarks.measure import ROOT

PARTS: Final = ("core", "providers", "tui")
LONG_FILE: Final = 400
"""Lines that a file should not have more of."""
LONG_FUNCTION: Final = 50
"""The same for a function."""
PAGE: Final = ROOT / "docs" / "house.md"
NAMES: Final = ("Ada", "Annabella")
FEW: Final = 10
MANY: Final = 30
REST: Final = 2.0
"""Seconds after which what begins with the program is done."""

_PLACES: Final = tuple(f"{place}/{part}/" for place in (ROOT, ROOT / ".ci" / "import" / "coterie") for part in PARTS)

Function = ast.FunctionDef | ast.AsyncFunctionDef
Described = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module


@dataclass(frozen=True)
class Source:
    """One file of the program."""

    path: Path
    text: str

    @cached_property
    def lines(self) -> int:
        return len(self.text.splitlines())

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    def functions(self) -> Iterator[int]:
        """The lines of each function, from `def` to its end."""
        for node in ast.walk(self.tree):
            if isinstance(node, Function) and node.end_lineno:
                yield node.end_lineno - node.lineno + 1

    def public(self) -> Iterator[Described]:
        """What others may use: the module, and what has no underscore in it and around it."""
        yield self.tree
        yield from _public(self.tree)


def _public(around: ast.AST) -> Iterator[Described]:
    for node in ast.iter_child_nodes(around):
        if isinstance(node, ast.ClassDef | Function) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from _public(node)


def sources() -> list[Source]:
    """All files of the program."""
    paths = sorted(path for part in PARTS for path in (ROOT / part).rglob("*.py"))
    return [Source(path.relative_to(ROOT), path.read_text("utf-8")) for path in paths]


class Calls:
    """Notes the files of the program whose functions are called, in this thread and in those that begin later.

    What modules do when they are imported is no call: with the next key, or the next row, it is not done again.
    """

    def __init__(self) -> None:
        self._imports: defaultdict[int, int] = defaultdict(int)
        self._files: Counter[str] | None = None
        self._begin = ""
        threading.setprofile(self._note)
        sys.setprofile(self._note)

    @contextmanager
    def noted(self, begin: str = "") -> Iterator[Counter[str]]:
        """How many calls in the block went into which files, by their place in the repository.

        Args:
            begin: from the first call in a file on whose place begins so.
        """
        files: Counter[str] = Counter()
        self._files = files
        self._begin = begin
        try:
            yield files
        finally:
            self._files = None

    def _note(self, frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if code.co_name == "<module>" and event in {"call", "return"}:
            self._imports[threading.get_ident()] += 1 if event == "call" else -1
        elif event == "call" and not self._imports[threading.get_ident()] and _is_function(code):
            self._add(_place(code.co_filename))

    def _add(self, place: str) -> None:
        if self._files is not None and (self._files or place.startswith(self._begin)):
            self._files[place] += 1


def _is_function(code: CodeType) -> bool:
    """Whether it is a function of the program, and not the body of a class."""
    return bool(code.co_flags & inspect.CO_OPTIMIZED) and code.co_filename.startswith(_PLACES)


@cache
def _place(name: str) -> str:
    return str(Path(name).resolve().relative_to(ROOT))


async def files_of_a_key(calls: Calls, folder: Path) -> Collection[str]:
    """The files entered from `f`, with three contacts checked, until their stars are on the screen."""
    from coterie.core.book import Book
    from coterie.core.demo import fill
    from coterie.core.settings import Settings
    from coterie.tui.app import CoterieApp
    from coterie.tui.memory import Memory
    from coterie.tui.screens.all_contacts import AllContacts
    from coterie.tui.state import State

    settings = Settings.load(environment={"COTERIE_DATABASE": str(folder / "key.db")})
    async with await Book.open(settings) as book:
        await fill(book)
        app = CoterieApp(book, State(Memory(None)))
        async with app.run_test(size=(120, 40)) as pilot:

            async def until(condition: Callable[[AllContacts], object]) -> None:
                while not (isinstance(app.screen, AllContacts) and condition(app.screen)):
                    await pilot.pause(0.01)

            await until(lambda screen: screen.table.row)
            await pilot.press("space", "space", "space")
            await until(lambda screen: len(screen.table.checks) == 3)
            for _ in range(2):  # the first one imports what it needs
                await pilot.pause(REST)
                app.state.said = ("", "")
                with calls.noted() as files:
                    await pilot.press("f")
                    await until(lambda _: app.state.said[0])
                    await pilot.pause()
    return files


def files_of_a_row(calls: Calls, folder: Path) -> Collection[str]:
    """The files entered by `coterie import people.csv`, of one row, from opening it until it is in the book."""
    for name in NAMES:  # the first one makes the book
        files = _import(calls, folder / "row.db", [name])
    return files


def files_of_each_row(calls: Calls, folder: Path) -> Collection[str]:
    """The files entered once more for each further row of such an import: what a row itself goes through."""
    few, many = (_import(calls, folder / f"{rows}.db", [f"Ada{row}" for row in range(rows)]) for rows in (FEW, MANY))
    return [place for place, times in many.items() if times - few[place] >= MANY - FEW]


def _import(calls: Calls, book: Path, names: Sequence[str]) -> Counter[str]:
    """The files entered by the import of a table with a row for each name."""
    from coterie.tui.__main__ import run

    people = book.with_suffix(".csv")
    rows = "".join(f"{name} Lovelace,{name}@example.org\n" for name in names)
    people.write_text(f"Name,E-mail\n{rows}", "utf-8")
    with calls.noted("core/transfer/") as files:
        code = run(["--database", str(book), "import", str(people)])
    assert code == 0
    return files


def classes_above_the_list() -> list[str]:
    """The classes of ours that the list of all contacts inherits from."""
    from coterie.tui.screens.all_contacts import AllContacts

    return [each.__name__ for each in AllContacts.__mro__[1:] if each.__module__.startswith("coterie.")]


def figures(
    files: Sequence[Source], key: Collection[str], row: Collection[str], each_row: Collection[str]
) -> list[tuple[str, str, str]]:
    """What was counted, each with its figure and its target."""
    functions = sorted(lines for source in files for lines in source.functions())
    public = [node for source in files for node in source.public()]
    described = sum(ast.get_docstring(node) is not None for node in public)
    long = [f"`{source.path}` {source.lines}" for source in files if source.lines > LONG_FILE]
    above = classes_above_the_list()
    tests = list((ROOT / "tests").rglob("test_*.py"))
    return [
        ("lines of Python", f"{sum(source.lines for source in files):,} in {len(files)} files", ""),
        (f"files above {LONG_FILE} lines", ", ".join(long) or "none", "none"),
        ("lines of a function: median, 95 of 100", f"{statistics.median(functions):.0f}, {_percentile(functions)}", ""),
        (f"functions above {LONG_FUNCTION} lines", f"{sum(lines > LONG_FUNCTION for lines in functions)}", ""),
        ("public modules, classes and functions with a docstring", f"{described / len(public):.0%}", ""),
        ("our classes above `AllContacts`", f"{len(above)}: {', '.join(above)}", "5"),
        ("files from `f` with three checked to the redraw", str(len(key)), "25"),
        ("files from `coterie import` to the row in the database", str(len(row)), "20"),
        ("those of them that are entered for each row, and not once for a file or a batch", str(len(each_row)), ""),
        ("tests whose path is that of what they test", f"{sum(map(mirrors, tests))} of {len(tests)}", ""),
    ]


def _percentile(ordered: Sequence[int]) -> int:
    return ordered[len(ordered) * 95 // 100]


def mirrors(test: Path) -> bool:
    """Whether `tests/core/test_text.py` stands where `core/text.py`, or the folder `core/text`, does."""
    place = ROOT / test.relative_to(ROOT / "tests").with_name(test.stem.removeprefix("test_"))
    return place.is_dir() or place.with_suffix(".py").exists()


def main() -> int:
    """Count, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.house", description="How large the house is.")
    parser.add_argument("--files", action="store_true", help="list the files of the journeys, too")
    parser.add_argument("--write", action="store_true", help=f"put the table into {PAGE.relative_to(ROOT)}")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="coterie-house-") as name:
        folder = Path(name)
        for variable in ("CONFIG", "DATA", "STATE", "CACHE"):
            os.environ[f"XDG_{variable}_HOME"] = str(folder / variable.lower())
        calls = Calls()
        row, each_row = files_of_a_row(calls, folder), files_of_each_row(calls, folder)
        key = asyncio.run(files_of_a_key(calls, folder))
    counted = markdown([("What", "Here", "Target"), ("---",) * 3, *figures(sources(), key, row, each_row)])
    print(counted)
    if given.files:
        print("\nf:", *sorted(key), "\neach row:", *sorted(each_row), "\ncoterie import:", *sorted(row), sep="\n")
    if given.write:
        write_into(PAGE, counted)
    return 0


if __name__ == "__main__":
    sys.exit(main())
