"""What stands before the command: the options that hold for all of `coterie`, read without typer."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, NamedTuple

from coterie.core.errors import InvalidInput
from coterie.core.settings import Settings


class GlobalOption(NamedTuple):
    """An option of `coterie` itself.

    Attributes:
        flag: how it is written.
        meaning: its help.
        value: what its value is called in the help; empty if it takes none.
        setting: the setting that it gives; empty if it gives none.
    """

    flag: str
    meaning: str
    value: str = ""
    setting: str = ""

    @property
    def name(self) -> str:
        """Its name in `Start`."""
        return self.flag.removeprefix("--").replace("-", "_")


GLOBAL_OPTIONS: Final = (
    GlobalOption("--demo", "Use a throw-away book with a few hundred invented people."),
    GlobalOption("--tour", "Begin with a tour of two minutes; with --demo, so that you can try everything."),
    GlobalOption("--database", "Use this book: a path, sqlite:///PATH or postgresql://…", "URL", "database_url"),
    GlobalOption("--config", "Read the settings from this file.", "FILE"),
    GlobalOption("--theme", "The colors of the screen.", "NAME", "theme"),
    GlobalOption("--ascii", "Draw the screen with ASCII characters only.", "", "ascii"),
    GlobalOption("--linear", "Draw nothing; append what is new line by line, for a screen reader.", "", "linear"),
    GlobalOption("--restricted-shell", "Do what SSH_ORIGINAL_COMMAND says, as a restricted account (see docs/ssh.md)."),
    GlobalOption("--debug", "Show the details of an unexpected error. It can be given anywhere."),
    GlobalOption("--version", "Show the version and exit."),
)
COMPLETING: Final = "_COTERIE_COMPLETE"
"""The variable by which a shell asks for the words that can come next."""
ORIGINAL_COMMAND: Final = "SSH_ORIGINAL_COMMAND"
"""What the user of ssh asked for, if the server runs a command of its own (sshd_config(5), ForceCommand)."""
_SHELL: Final = "restricted_shell"
_BY_FLAG: Final = {option.flag: option for option in GLOBAL_OPTIONS}


@dataclass(frozen=True, slots=True)
class Start:
    """How the program was started.

    Attributes:
        rest: the command with its arguments; empty to open the book full screen.
        config: another config.toml; None for the usual one.
        settings: settings from options: they go before everything else.
        demo, tour, debug, version: the options of these names.
        restricted: started as the shell of a restricted account; then `options` are those that its user wrote, and
            `config`, `settings` and `demo` are the administrator's.
        options: the names of the options that were given.
        before: those that the administrator gave before --restricted-shell.
    """

    rest: tuple[str, ...] = ()
    config: Path | None = None
    settings: dict[str, str] = field(default_factory=dict)
    demo: bool = False
    tour: bool = False
    debug: bool = False
    version: bool = False
    restricted: bool = False
    options: frozenset[str] = frozenset()
    before: frozenset[str] = frozenset()

    @classmethod
    def read(cls, arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> Start:
        """Read the options before the command. Raises InvalidInput if a value is missing or not wanted.

        With --restricted-shell, the options before it are the administrator's, and what SSH_ORIGINAL_COMMAND in
        `environment` says is done instead of a command.
        """
        start = cls._read(arguments)
        if start.tour and not start.demo:
            raise InvalidInput("The tour is given in the demo.", "Write coterie --demo --tour.")
        if _SHELL not in start.options:
            return start
        if start.rest:
            raise InvalidInput("There is no command after --restricted-shell.", "Write its options before it.")
        theirs = cls._read(original_command(environment))
        settings = {**theirs.settings, **start.settings, "restricted": "true"}
        return replace(
            theirs,
            config=start.config,
            settings=settings,
            demo=start.demo,
            restricted=True,
            before=start.options - {_SHELL},
        )

    @classmethod
    def _read(cls, arguments: Sequence[str]) -> Start:
        given: dict[str, str] = {}
        place = 0
        while place < len(arguments):
            flag, equals, value = arguments[place].partition("=")
            option = _BY_FLAG.get(flag)
            if option is None:
                break
            place += 1
            if equals and not option.value:
                raise InvalidInput(f"{flag} takes no value.", f"Write just {flag}.")
            if option.value and not equals:
                if place == len(arguments):
                    raise InvalidInput(f"{flag} needs a value.", f"Write {flag} {option.value}.")
                value = arguments[place]
                place += 1
            given[option.name] = value
        rest = list(arguments[place:])
        end = rest.index("--") if "--" in rest else len(rest)
        debug = "--debug" in rest[:end]
        return cls(
            rest=tuple(word for number, word in enumerate(rest) if word != "--debug" or number >= end),
            config=Path(given["config"]) if "config" in given else None,
            settings={
                option.setting: given[option.name] if option.value else "true"
                for option in GLOBAL_OPTIONS
                if option.setting and option.name in given
            },
            demo="demo" in given,
            tour="tour" in given,
            debug=debug or "debug" in given,
            version="version" in given,
            options=frozenset(given) | ({"debug"} if debug else set()),
        )

    def load_settings(self) -> Settings:
        """The settings as these options, the environment and config.toml give them. Raises CannotOpen."""
        return Settings.load(self.settings, config=self.config)


def original_command(environment: Mapping[str, str]) -> list[str]:
    """The arguments of `coterie` in SSH_ORIGINAL_COMMAND; none if it is empty, which means the screen.

    It is taken apart into words as a shell does, and no shell ever sees it: `;`, `$` and `>` are letters like others.
    Raises InvalidInput if it is another program's or cannot be taken apart.
    """
    text = environment.get(ORIGINAL_COMMAND, "")
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise InvalidInput("A quotation mark or a backslash in the command has no partner.", "Correct it.") from error
    if words and words[0] != "coterie":
        raise InvalidInput(
            "This account is restricted: it can run coterie and nothing else.",
            "Use a command such as coterie list, or none for the full screen.",
        )
    return words[1:]
