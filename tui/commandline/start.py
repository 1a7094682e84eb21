"""What stands before the command: the options that hold for all of `coterie`, read without typer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from core.errors import InvalidInput
from core.settings import Settings


class GlobalOption(NamedTuple):
    """An option of `coterie` itself.

    Attributes:
        flag: how it is written.
        meaning: its help.
        value: what its value is called in the help; empty where it takes none.
        setting: the setting that it gives; empty where it gives none.
    """

    flag: str
    meaning: str
    value: str = ""
    setting: str = ""

    @property
    def name(self) -> str:
        """Its name in `Start`."""
        return self.flag.removeprefix("--")


GLOBAL_OPTIONS: Final = (
    GlobalOption("--demo", "Use a throw-away book with a few hundred invented people."),
    GlobalOption("--database", "Use this book: a path, sqlite:///PATH or postgresql://…", "URL", "database_url"),
    GlobalOption("--config", "Read the settings from this file.", "FILE"),
    GlobalOption("--theme", "The colors of the screen.", "NAME", "theme"),
    GlobalOption("--ascii", "Draw the screen with ASCII characters only.", "", "ascii"),
    GlobalOption("--debug", "Show the details of an unexpected error. It can be given anywhere."),
    GlobalOption("--version", "Show the version and exit."),
)
COMPLETING: Final = "_COTERIE_COMPLETE"
"""The variable by which a shell asks for the words that can come next."""
_BY_FLAG: Final = {option.flag: option for option in GLOBAL_OPTIONS}


@dataclass(frozen=True, slots=True)
class Start:
    """How the program was started.

    Attributes:
        rest: the command with its arguments; empty to open the book full screen.
        config: another config.toml; None for the usual one.
        settings: settings from options: they go before everything else.
        demo, debug, version: the options of these names.
    """

    rest: tuple[str, ...] = ()
    config: Path | None = None
    settings: dict[str, str] = field(default_factory=dict)
    demo: bool = False
    debug: bool = False
    version: bool = False

    @classmethod
    def read(cls, arguments: Sequence[str]) -> Start:
        """Read the options before the command. Raises InvalidInput where a value is missing or not wanted."""
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
            debug=debug or "debug" in given,
            version="version" in given,
        )

    def load_settings(self) -> Settings:
        """The settings as these options, the environment and config.toml give them. Raises CannotOpen."""
        return Settings.load(self.settings, config=self.config)
