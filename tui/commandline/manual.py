"""docs/coterie.1, the page of `man coterie`, in the language of man(7); `tui.commandline.reference` writes it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any, Final

from coterie.core.settings import DECLARED
from coterie.tui.actions.command import Command, Section
from coterie.tui.commandline.app import command
from coterie.tui.commands import COMMANDS
from coterie.tui.key_words import key_words

_DATE: Final = "2026-11-29"
"""When what is written here was written; the rest of the page follows the program."""
_LINK: Final = re.compile(r"\[([^]]*)\]\([^)]*\)")
_DESCRIPTION: Final = """\
Coterie keeps contacts: a full-screen address book for the keyboard, at home over SSH and strong at changing many
contacts at once. Without a command it fills the screen; each command does one thing from the shell.

Every change can be undone, from the screen and from the command line, even on a later day."""
_QUERY: Final = """\
A QUERY is written in the search language, the same as in the search bar: words, each of which matches anywhere,
"two words", -word, a OR b, and fields such as name:, company:=Acme, has:phone, missing:email, updated:<30d.
@NAME is a saved search."""
_EXITS: Final = (
    ("0", "done"),
    ("1", "done in part, or nothing found; standard error says which"),
    ("2", "wrong usage"),
    ("3", "the book or its settings cannot be opened"),
    ("4", "sign-in needed"),
    ("5", "the network or a provider failed"),
)
_FILES: Final = (
    ("~/.config/coterie/config.toml", "the settings"),
    ("~/.local/share/coterie/contacts.db", "the book"),
    ("~/.local/state/coterie/coterie.log", "unexpected errors, without contacts and tokens"),
)


def manual() -> str:
    """The text of docs/coterie.1."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    root = command()
    yield r".\" Made by `python -m coterie.tui.commandline.reference`; a test compares."
    yield f'.TH COTERIE 1 {_DATE} "coterie {version("coterie")}" "User Commands"'
    yield from _section("NAME", r"coterie \- contacts manager for the terminal")
    yield from _section("SYNOPSIS", r".B coterie", r"[\fIOPTIONS\fR] [\fICOMMAND\fR [\fIARGUMENTS\fR]]")
    yield from _section("DESCRIPTION", *_paragraphs(_DESCRIPTION))
    yield from _section("OPTIONS", *_parameters(root))
    yield from _section("COMMANDS", *_paragraphs(_QUERY))
    for name, inner in root.commands.items():
        yield from _command(inner, f"coterie {name}")
    yield from _section("KEYS", "On the screen. ? shows what works where you are.")
    for section in Section:
        yield from _keys(section)
    yield from _section(
        "SETTINGS", *_paragraphs("The command line goes before the environment, that before config.toml.")
    )
    for setting in DECLARED.values():
        name = f"{setting.key}.*" if setting.key == "keys" else setting.key
        yield from _tagged(rf"\fB{_plain(name)}\fR, {_plain(setting.variable)}", _LINK.sub(r"\1", setting.meaning))
    yield from _section("FILES", *(line for path, words in _FILES for line in _tagged(rf"\fI{_plain(path)}\fR", words)))
    yield from _section("EXIT STATUS", *(line for code, words in _EXITS for line in _tagged(code, words)))
    yield from _section("SEE ALSO", ".BR neomutt (1),", ".BR aerc (1)")


def _section(name: str, *lines: str) -> Iterator[str]:
    yield f".SH {name}"
    yield from lines


def _paragraphs(text: str) -> Iterator[str]:
    for number, paragraph in enumerate(text.split("\n\n")):
        if number:
            yield ".PP"
        yield from (_plain(line) for line in paragraph.splitlines())


def _command(command: Any, path: str) -> Iterator[str]:
    arguments = "".join(
        rf" \fI{_plain(argument.metavar if argument.required else f'[{argument.metavar}]')}\fR"
        for argument in command.params
        if argument.param_type_name == "argument"
    )
    yield ".SS"
    yield rf"\fB{_plain(path)}\fR{arguments}"
    yield from _paragraphs(command.help)
    yield from _parameters(command)
    for name, inner in getattr(command, "commands", {}).items():
        yield from _command(inner, f"{path} {name}")


def _parameters(command: Any) -> Iterator[str]:
    for parameter in command.params:
        if parameter.name == "help":
            continue
        name = rf"\fI{_plain(parameter.metavar)}\fR" if parameter.param_type_name == "argument" else _option(parameter)
        yield from _tagged(name, parameter.help)


def _option(option: Any) -> str:
    value = "" if option.is_flag else option.metavar or "|".join(option.type_descriptor.choices or ())
    names = ", ".join(rf"\fB{_plain(name)}\fR" for name in option.opts)
    return rf"{names} \fI{_plain(value)}\fR" if value else names


def _keys(section: Section) -> Iterator[str]:
    listed = [action for action in COMMANDS.values() if action.section is section and action.keys]
    if listed:
        yield f'.SS "{section.value}"'
    for action in listed:
        yield from _tagged(_key_names(action), action.tooltip)


def _key_names(action: Command) -> str:
    return ", ".join(rf"\fB{_plain(key_words(key))}\fR" for key in action.keys)


def _tagged(name: str, words: str) -> Iterator[str]:
    yield ".TP"
    yield name
    yield from _paragraphs(words)


def _plain(text: str) -> str:
    """Text as it is: nothing in it is a request or an escape."""
    text = text.replace("\\", r"\e").replace("-", r"\-").replace("`", "").replace("^", r"\(ha").replace("~", r"\(ti")
    return rf"\&{text}" if text.startswith((".", "'")) else text
