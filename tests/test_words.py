"""What a user reads says one word for one thing: docs/words.md names the words, and the wrong ones beside them.

Read are the pages, and every text in the code that may reach the screen or the command line. Help of commands stands in
docs/commands.md, which another test compares with the program.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
GLOSSARY = ROOT / "docs" / "words.md"
PAGES = [*ROOT.glob("*.md"), *sorted((ROOT / "docs").glob("*.md"))]
MODULES = [path for package in ("core", "providers", "tui") for path in sorted((ROOT / package).rglob("*.py"))]
FILES = ROOT / "core" / "transfer"
"""What is read and written there has the words of other programs, so that only whole sentences are looked at."""

_SQL = re.compile(
    r"\b(SELECT|INSERT|UPDATE|DELETE FROM|WHERE|FROM|CASE WHEN|ORDER BY|CREATE|DROP|AND|IN \()\b|^ ?\w+ = :|^\w*\("
)
_CODE = re.compile(r"^```.*?^```|`[^`\n]*`|https?://\S+|\]\([^)]*\)|<[a-z/!][^>]*>", re.DOTALL | re.MULTILINE)


def glossary() -> tuple[list[str], list[str]]:
    """The wrong words, and the phrases in which they are right."""
    words, _, phrases = GLOSSARY.read_text("utf-8").partition("\n## ")
    rows = [line.split("|") for line in words.splitlines() if line.startswith("| ")][1:]
    return [word.strip() for row in rows for word in row[3].split(",")], re.findall(r"^- “(.*)”", phrases, re.MULTILINE)


def any_of(phrases: list[str]) -> str:
    """A pattern for any of these, whatever blanks stand between their words."""
    return "|".join(r"\s+".join(map(re.escape, phrase.split())) for phrase in phrases)


WRONG_WORDS, PHRASES = glossary()
_WRONG = re.compile(rf"(?<![\w-])(?:{any_of(WRONG_WORDS)})(?:e?s|e?d|ing)?(?![\w-])", re.IGNORECASE)
_RIGHT = re.compile(rf"(?<!\w)(?:{any_of(PHRASES)})(?!\w)")


def wrong_words(text: str) -> list[str]:
    """The wrong words in a text, outside of the phrases in which they are right; words in capitals are a format's."""
    return [word for word in _WRONG.findall(_RIGHT.sub("…", text)) if not word.isupper()]


def prose(page: Path) -> str:
    """A page without code, links and, in the glossary, the words that it warns of."""
    text = page.read_text("utf-8")
    return _CODE.sub(
        " … ", text if page != GLOSSARY else re.sub(r"^\|.*", "", text.partition("\n## ")[0], flags=re.MULTILINE)
    )


def shown_texts(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The line and text of each string of a module that somebody may read: no names, docstrings, SQL or style."""
    inner = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    silent = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)} | inner
    for node in ast.walk(tree):
        match node:
            case ast.Assign([ast.Name("__all__")], ast.List(names)):
                silent |= set(map(id, names))
    for node in ast.walk(tree):
        if id(node) in silent:
            continue
        match node:
            case ast.Constant(value=str(text)):
                pass
            case ast.JoinedStr(values=parts):
                text = "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in parts)
            case _:
                continue
        if (" " in text.strip() or text[:1].isupper()) and not _SQL.search(text) and "{\n" not in text:
            yield node.lineno, text


def texts_of(path: Path) -> Iterator[tuple[int, str]]:
    for line, text in shown_texts(ast.parse(path.read_text("utf-8"))):
        if FILES not in path.parents or re.search(r"[.?!:]$", text):
            yield line, text


def test_the_glossary_is_read() -> None:
    assert {"parted", "tick", "email", "log in"} <= set(WRONG_WORDS)
    assert len(GLOSSARY.read_text("utf-8").split("\n| ")) > 20


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Several, parted by commas", ["parted"]),
        ("Ticked rows go\ninto the  Bin for ever", ["Ticked", "into the  Bin", "for ever"]),
        ("Put it in quotation marks, then check it", []),
        ("a bookmarklet is no word for a star", []),
    ],
)
def test_wrong_words_are_found(text: str, found: list[str]) -> None:
    assert wrong_words(text) == found


def test_texts_that_are_shown_are_found() -> None:
    code = '''"""Docstring here."""
__all__ = ["Docstring"]
KEY = "some_key"
SQL = "SELECT id FROM contact"
def f(x):
    """Another one."""
    raise Bad(f"There is no {x} here.", "Try " "again.")
'''
    assert [text for _, text in shown_texts(ast.parse(code))] == ["There is no … here.", "Try again."]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pages_say_the_right_words(page: Path) -> None:
    assert wrong_words(prose(page)) == []


def test_the_program_says_the_right_words() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line}: {', '.join(words)} in “{text}”"
        for path in MODULES
        for line, text in texts_of(path)
        if (words := wrong_words(text))
    ]
    assert wrong == []
