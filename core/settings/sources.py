"""Where settings come from, the later before the earlier: config.toml, the environment, the command line."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from coterie.core.errors import CannotOpen
from coterie.core.files import read_small, reason
from coterie.core.settings.declared import ENVIRONMENT, KEYS, Declared
from coterie.core.settings.values import Given, without_password

Table = Mapping[str, Declared]
"""The declared settings by key."""


def read_file(path: Path, *, required: bool) -> dict[str, object] | None:
    """What config.toml holds; None if there is none. Raises CannotOpen, also if it is `required`."""
    try:
        text = read_small(path)
    except (FileNotFoundError, NotADirectoryError) as error:
        if required:
            raise CannotOpen(f"There is no settings file {path}.", "Check the path after --config.") from error
        return None
    except OSError as error:
        raise CannotOpen(
            f"The settings in {path} cannot be read: {reason(error)}.", "Check the file's owner and permissions."
        ) from error
    import tomllib

    try:
        return tomllib.loads(text.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CannotOpen(
            f"The settings in {path} are not valid TOML: {error}.", "Correct or remove that line."
        ) from error


def is_administrators(file: Path) -> bool:
    """Whether a settings file for all users is not one of this user's own: XDG_CONFIG_DIRS can name any folder."""
    try:
        owner = file.stat().st_uid
    except OSError:
        return True  # reading it tells why it cannot be read, if it is there
    user = os.getuid() if hasattr(os, "getuid") else -1
    return owner != user or user == 0


def from_file(table: Table, content: Mapping[str, object], file: Path, part: str = "") -> dict[str, Given]:
    """What a config.toml gives. Raises CannotOpen for a setting that there is not."""
    parts = {key.partition(".")[0] for key in table if "." in key} | {KEYS}
    given: dict[str, Given] = {}
    for name, value in content.items():
        key = part + name
        if isinstance(value, dict) and not part and name in parts:
            given |= from_file(table, value, file, f"{name}.")
        elif _declaration(table, key) is None or key == KEYS:
            raise _unknown(table, key, file)
        else:
            given[key] = Given(value, f"in {file}", file.parent)
    return given


def from_environment(table: Table, environment: Mapping[str, str], here: Path) -> dict[str, Given]:
    """What the environment gives; an empty variable is like none."""
    given: dict[str, Given] = {}
    for variable, value in environment.items():
        if not variable.startswith(ENVIRONMENT) or not value:
            continue
        key = variable[len(ENVIRONMENT) :].lower().replace("__", ".")
        if _declaration(table, key) is not None and key != KEYS:
            given[key] = Given(value, f"in the environment ({variable})", here)
    return given


def from_options(options: Mapping[str, str], here: Path) -> dict[str, Given]:
    """What the command line gives, by setting."""
    return {
        key: Given(value, f"on the command line (--{key.replace('_', '-')})", here) for key, value in options.items()
    }


def read_values(table: Table, given: Mapping[str, Given]) -> dict[str, object]:
    """The values of what was given. Raises CannotOpen, which names the place, the setting and what is expected."""
    return {key: _value(table, key, value) for key, value in given.items()}


def unknown_variables(table: Table, environment: Mapping[str, str]) -> list[str]:
    """The variables in `environment` that look like ours and are no setting; they have no effect."""
    declared = {setting.variable for setting in table.values()}
    return sorted(
        name
        for name in environment
        if name.startswith(ENVIRONMENT) and name not in declared and not name.startswith(f"{ENVIRONMENT}KEYS__")
    )


def _declaration(table: Table, key: str) -> Declared | None:
    return table.get(KEYS if key.startswith(f"{KEYS}.") else key)


def _value(table: Table, key: str, given: Given) -> object:
    declaration = _declaration(table, key)
    assert declaration is not None, key
    try:
        return declaration.reading(given)
    except ValueError as error:
        raise CannotOpen(
            f"The setting “{key}” {given.place} is {_shown(given.value)}.", f"It must be {declaration.expects}."
        ) from error


def _shown(value: object) -> str:
    if isinstance(value, dict | list):
        return "a value of another kind"
    return f"“{str(value).lower() if isinstance(value, bool) else without_password(str(value))}”"


def _unknown(table: Table, key: str, file: Path) -> CannotOpen:
    from difflib import get_close_matches

    if key == KEYS:
        return CannotOpen(f"The setting “keys” in {file} is not a table.", 'Write it like: [keys] favorite = "F".')
    near = get_close_matches(key, table, 1)
    hint = f"Did you mean “{near[0]}”?" if near else f"The settings are: {', '.join(table)}."
    return CannotOpen(f"{file} has a setting “{key}”, which does not exist.", hint)
