"""Which command, option or value the last word of a line is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the last word may be.

    Attributes:
        command: the names of the command and of those above it, such as `groups delete`.
        names: commands and options that it may be.
        parameter: the argument or option whose value it is; None if it is none.
        before: what stands before the value in the word: `--group=`.
    """

    command: str = ""
    names: tuple[str, ...] = ()
    parameter: Any = None
    before: str = ""


def wanted(root: Any, words: Sequence[str]) -> Wanted:
    """What the last of these words (without the program's name) may be, by the commands below `root`."""
    command, path, option, arguments = root, [], None, 0
    for word in words[:-1]:
        if option is not None:
            option = None
        elif word.startswith("-") and word != "-":
            option = _option(command, word) if "=" not in word else None
        elif word in getattr(command, "commands", {}):
            command, arguments = command.commands[word], 0
            path.append(word)
        else:
            arguments += 1
    typed, name = words[-1], " ".join(path)
    if option is not None:
        return Wanted(name, parameter=option)
    if typed.startswith("-"):
        flag, equals, _ = typed.partition("=")
        if equals:
            return Wanted(name, parameter=_option(command, flag), before=f"{flag}=")
        return Wanted(name, names=_options(command))
    names = tuple(getattr(command, "commands", {})) if not arguments else ()
    return Wanted(name, names, _argument(command, arguments))


def _option(command: Any, flag: str) -> Any:
    """The option of that name, if it takes a value."""
    named = (option for option in command.params if option.param_type_name == "option" and flag in option.opts)
    return next((option for option in named if not option.is_flag), None)


def _options(command: Any) -> tuple[str, ...]:
    options = (option for option in command.params if option.param_type_name == "option" and option.name != "help")
    return (*(name for option in options for name in option.opts if name.startswith("--")), "--help")


def _argument(command: Any, place: int) -> Any:
    arguments = [argument for argument in command.params if argument.param_type_name == "argument"]
    if place < len(arguments):
        return arguments[place]
    return arguments[-1] if arguments and arguments[-1].nargs == -1 else None
