"""README and docs/ speak of what is there: commands, options, files, settings, keys."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from coterie import providers
from coterie.core.settings import DECLARED
from coterie.tui.commandline.app import command
from coterie.tui.commandline.start import GLOBAL_OPTIONS
from coterie.tui.commands import COMMANDS
from coterie.tui.key_words import key_words

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").glob("*.md"))]
TOGETHER = {page.name: page.read_text("utf-8") for page in PAGES}
_BEFORE = {option.flag: bool(option.value) for option in GLOBAL_OPTIONS}
_WORDS_END = re.compile(r"\s[|>&;]|\s#|\s<")


def fences(text: str) -> Iterator[str]:
    """The lines of the blocks of code."""
    for block in re.findall(r"^```.*?\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
        yield from block.splitlines()


def written_commands(text: str) -> Iterator[str]:
    """What stands behind `coterie` wherever a command is shown."""
    prose = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    for shown in (*fences(text), *re.findall(r"`([^`\n]+)`", prose)):
        if found := re.search(r"(?:^|[\s\"=])coterie(?= [a-z-])(?! as )(.*)", shown):
            line = _WORDS_END.split(f"{found[1]} ")[0].replace("…", "").strip()
            yield line.removesuffix('"') if line.count('"') % 2 else line


def unknown_in(words: list[str]) -> str:
    """The first word of a command that the program does not know; empty if it knows all."""
    words = list(words)
    while words and words[0].startswith("-"):
        flag = words.pop(0)
        if flag not in _BEFORE:
            return flag
        if _BEFORE[flag] and words:
            words.pop(0)
    present: Any = command()
    while words and words[0] in getattr(present, "commands", {}):
        present = present.commands[words.pop(0)]
    if present is not command() and present.name == "coterie":
        return words[0] if words else ""
    if present.name == "connect" and words:
        theirs = {f"--{one.key.replace('_', '-')}" for one in providers.load(words[0]).options}
        return _unknown_option(words, theirs | _options_of(present))
    return _unknown_option(words, _options_of(present))


def _options_of(present: Any) -> set[str]:
    return {flag for one in present.params for flag in (*one.opts, *one.secondary_opts)} | {"--help", "-h", "--debug"}


def _unknown_option(words: list[str], known: set[str]) -> str:
    return next((word for word in words if re.match(r"--?[a-z]", word) and word.partition("=")[0] not in known), "")


EVERY_COMMAND = sorted({(page, line) for page, text in TOGETHER.items() for line in written_commands(text)})


def test_commands_are_found_in_the_pages() -> None:
    assert len(EVERY_COMMAND) > 25
    assert unknown_in(["import", "-", "--shoe"]) == "--shoe"
    assert unknown_in(["shine"]) == "shine"


@pytest.mark.parametrize(("page", "line"), EVERY_COMMAND)
def test_a_command_and_its_options_are_known(page: str, line: str) -> None:
    assert unknown_in(shlex.split(line)) == "", page


@pytest.mark.parametrize("page", TOGETHER)
def test_links_lead_somewhere(page: str) -> None:
    folder = ROOT if (ROOT / page).exists() else ROOT / "docs"
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", TOGETHER[page]):
        if "://" not in target and not target.startswith("mailto:"):
            assert (folder / target).exists(), f"{page} links to {target}"


@pytest.mark.parametrize("page", TOGETHER)
def test_files_that_are_named_are_there(page: str) -> None:
    named = set(re.findall(r"`((?:core|tui|providers|tests|docs|benchmarks|\.ci)/[\w./-]+)`", TOGETHER[page]))
    assert [path for path in sorted(named) if "NAME" not in path and not (ROOT / path).exists()] == []


@pytest.mark.parametrize("page", TOGETHER)
def test_variables_that_are_named_have_an_effect(page: str) -> None:
    known = {one.variable for one in DECLARED.values()} | {"COTERIE_PLAIN_OUTPUT"}
    for name in set(re.findall(r"\bCOTERIE_[A-Z_]*[A-Z]\b", TOGETHER[page])):
        assert name in known or name.startswith("COTERIE_KEYS__"), f"{page} names {name}"


def test_the_keys_of_the_readme_are_bound() -> None:
    section = TOGETHER["README.md"].partition("## Five keys\n")[2].partition("\n## ")[0]
    prose = re.sub(r"^```.*?^```", "", section, flags=re.DOTALL | re.MULTILINE)
    keys = set(re.findall(r"`([^`]+)`", prose))
    bound = {key_words(key) for one in COMMANDS.values() for key in one.keys}
    assert len(keys) > 5
    assert sorted(keys - bound) == []


def test_the_readme_is_read_in_two_minutes() -> None:
    assert len(TOGETHER["README.md"].splitlines()) <= 120


def test_the_command_that_tests_is_the_one_ci_runs() -> None:
    runner = (ROOT / ".ci" / "run").read_text("utf-8")
    assert "<!-- test command -->" in TOGETHER["README.md"]
    assert "<!-- test command -->" in runner
