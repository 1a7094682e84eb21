"""Settings: command line > environment > config.toml > default, each declared once as a field of `Settings`.

This module is on the way to the first screen and to every `coterie query`, so it needs the standard library and
platformdirs only (pydantic-settings alone would take as long to import as Textual).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, Final, NamedTuple

from platformdirs import PlatformDirs

from core.errors import CannotOpen
from core.files import private_folder, reason

APPLICATION: Final = "coterie"
ENVIRONMENT: Final = "COTERIE_"
_LOCAL: Final = ("http://127.0.0.1", "http://localhost", "http://[::1]")


class Given(NamedTuple):
    """A value as the user gave it: a text, or what TOML made of it.

    Attributes:
        value: the value.
        place: where it stands, to be named in an error.
        folder: what a relative path is relative to.
    """

    value: object
    place: str
    folder: Path


Reading = Callable[[Given], Any]
"""Makes a setting's value of what was given. Raises ValueError where it is not what the setting expects."""


def is_read(reading: Reading, expects: str, meaning: str) -> dict[str, Any]:
    """What makes a dataclass field a setting: how it is read, and how it is explained.

    Args:
        reading: makes its value of what was given.
        expects: what is expected, ending the sentence “It must be …”.
        meaning: what it does, for the documentation.
    """
    return {"reading": reading, "expects": expects, "meaning": meaning}


# What a value can be ------------------------------------------------------------------------------------------------


def _text(given: Given) -> str:
    if not isinstance(given.value, str) or not given.value.isprintable():
        raise ValueError
    return given.value.strip()


def _whole_number(least: int, most: int) -> Reading:
    def read(given: Given) -> int:
        if isinstance(given.value, bool) or not isinstance(given.value, str | int):
            raise ValueError
        number = int(given.value)
        if not least <= number <= most:
            raise ValueError
        return number

    return read


def _flag(given: Given) -> bool:
    if isinstance(given.value, bool):
        return given.value
    word = str(given.value).strip().casefold()
    if word in {"true", "yes", "on", "1"}:
        return True
    if word in {"false", "no", "off", "0"}:
        return False
    raise ValueError


def _one_of(*words: str) -> Reading:
    def read(given: Given) -> str:
        word = _text(given).casefold()
        if word not in words:
            raise ValueError
        return word

    return read


def _path(given: Given) -> Path:
    text = _text(given)
    if not text:
        raise ValueError
    try:
        path = Path(text).expanduser()
    except RuntimeError as error:
        raise ValueError from error
    return Path(os.path.abspath(given.folder / path))  # noqa: PTH100 - symbolic links stay as the user wrote them


def _web_address(given: Given) -> str:
    """Encrypted, or on this machine: tokens are sent there."""
    address = _text(given).rstrip("/")
    if address.startswith("https://") and len(address) > len("https://"):
        return address
    if any(address == local or address.startswith((f"{local}:", f"{local}/")) for local in _LOCAL):
        return address
    raise ValueError


def _database(given: Given) -> str:
    """One spelling for each database: `sqlite:///` with an absolute path, or `postgresql://`, without a driver."""
    text = _text(given)
    scheme, separator, rest = text.partition("://")
    if not separator:
        return sqlite_url(_path(given))
    kind = scheme.casefold().partition("+")[0]
    if kind == "sqlite" and rest.startswith("/") and rest[1:] not in {"", ":memory:"}:
        return sqlite_url(_path(given._replace(value=rest[1:])))
    if kind in {"postgresql", "postgres"} and rest:
        return f"postgresql://{rest}"
    raise ValueError


def _keys(given: Given) -> str:
    """Keys in Textual's words, separated by commas; a list in config.toml will do too."""
    keys = given.value if isinstance(given.value, list) else [given.value]
    names = [name.strip() for key in keys for name in _text(given._replace(value=key)).split(",")]
    if not all(names):
        raise ValueError
    return ",".join(names)


def sqlite_url(path: Path) -> str:
    """The `database_url` of an SQLite file."""
    return f"sqlite:///{path}"


# The settings -------------------------------------------------------------------------------------------------------

_WEB_ADDRESS: Final = "an address that starts with https:// (http:// only for this machine)"
_YES_OR_NO: Final = "true or false"


@dataclass(frozen=True, slots=True)
class Directories:
    """Our folders. They follow XDG_CONFIG_HOME, XDG_DATA_HOME, XDG_STATE_HOME and XDG_CACHE_HOME."""

    config: Path
    data: Path
    state: Path
    cache: Path

    @classmethod
    def of_user(cls) -> Directories:
        """Where this system keeps a user's files. None of them is made by this."""
        places = PlatformDirs(APPLICATION, appauthor=False)
        return cls(places.user_config_path, places.user_data_path, places.user_state_path, places.user_cache_path)

    @property
    def log_file(self) -> Path:
        """Where unexpected errors are written down."""
        return self.state / "coterie.log"


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleSettings:
    """The settings `google.*`."""

    client_secrets: Path | None = field(
        default=None,
        metadata=is_read(
            _path, "the path of a file", "The JSON file of your own OAuth client, from the Google Cloud console."
        ),
    )
    endpoint: str = field(
        default="https://people.googleapis.com",
        metadata=is_read(_web_address, _WEB_ADDRESS, "Where the People API is."),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MicrosoftSettings:
    """The settings `microsoft.*`."""

    client_id: str = field(
        default="",
        metadata=is_read(
            _text, "the application (client) id", "The application (client) id of your own app registration."
        ),
    )
    authority: str = field(
        default="https://login.microsoftonline.com/common",
        metadata=is_read(_web_address, _WEB_ADDRESS, "Who signs you in."),
    )
    graph_endpoint: str = field(
        default="https://graph.microsoft.com/v1.0",
        metadata=is_read(
            _web_address, _WEB_ADDRESS, "Where Microsoft Graph is; national clouds set this and the authority."
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings, complete and valid. Made by `Settings.load`.

    Attributes:
        directories: where our files are.
        source: the config.toml that was read; None where there is none.
    """

    directories: Directories
    source: Path | None = None
    database_url: str = field(
        default="",
        metadata=is_read(
            _database,
            "sqlite:///PATH, a path, or postgresql://USER@HOST/NAME",
            "Where the book is: `sqlite:///PATH` (or just the path) or `postgresql://USER@HOST/NAME`.",
        ),
    )
    bin_days: int = field(
        default=30,
        metadata=is_read(
            _whole_number(0, 36_500), "a whole number from 0 to 36500", "How many days the Bin keeps deleted contacts."
        ),
    )
    theme: str = field(
        default="auto",
        metadata=is_read(
            _text, "the name of a theme, or auto", "The colors; `auto` follows the terminal's own dark or light."
        ),
    )
    ascii: bool | None = field(
        default=None,
        metadata=is_read(_flag, _YES_OR_NO, "Draw with ASCII characters only; when it is not set, the locale decides."),
    )
    clipboard: str = field(
        default="osc52",
        metadata=is_read(
            _one_of("osc52", "off"),
            "osc52 or off",
            "How copying reaches your clipboard: `osc52` asks your terminal, over SSH too; `off` never does.",
        ),
    )
    restricted: bool = field(
        default=False,
        metadata=is_read(
            _flag,
            _YES_OR_NO,
            "For `ForceCommand` accounts: no $EDITOR, no browser, and files only in `files` inside the data folder.",
        ),
    )
    keys: Mapping[str, str] = field(
        default_factory=dict,
        metadata=is_read(
            _keys,
            "a key such as f2 or ctrl+b, or several separated by commas",
            "Other keys for an action, by the name of the action (docs/keys.md lists them).",
        ),
    )
    google: GoogleSettings = field(default_factory=GoogleSettings)
    microsoft: MicrosoftSettings = field(default_factory=MicrosoftSettings)

    @classmethod
    def load(
        cls,
        command_line: Mapping[str, str] | None = None,
        *,
        config: Path | None = None,
        environment: Mapping[str, str] | None = None,
        directories: Directories | None = None,
    ) -> Settings:
        """The settings of this user.

        Args:
            command_line: setting -> text, from options; they win.
            config: another config.toml, which must exist.
            environment: instead of this program's.
            directories: instead of this user's.

        Raises CannotOpen for an unreadable config.toml, an unknown setting in it, and a value that is not acceptable.
        """
        directories = directories or Directories.of_user()
        file = config or directories.config / "config.toml"
        in_file = _read_file(file, required=config is not None)
        here = Path.cwd()
        given = _from_file(in_file or {}, file)
        given |= _from_environment(os.environ if environment is None else environment, here)
        given |= {
            key: Given(value, f"on the command line (--{key.replace('_', '-')})", here)
            for key, value in (command_line or {}).items()
        }
        values = {key: _value(key, one) for key, one in given.items()}
        values.setdefault("database_url", sqlite_url(directories.data / "contacts.db"))
        loaded = _assemble(cls, values, directories=directories, source=None if in_file is None else file)
        assert isinstance(loaded, cls)
        return loaded

    @property
    def sqlite_path(self) -> Path | None:
        """The file of the book; None where it is not on SQLite."""
        prefix = "sqlite:///"
        return Path(self.database_url[len(prefix) :]) if self.database_url.startswith(prefix) else None

    @property
    def shown_database(self) -> str:
        """Where the book is, fit for showing: without the password."""
        scheme, _, rest = self.database_url.partition("://")
        login, at, host = rest.rpartition("@")
        if not at:
            return self.database_url
        user, colon, _ = login.partition(":")
        return f"{scheme}://{user}{':…' if colon else ''}@{host}"

    @property
    def files_folder(self) -> Path:
        """The only folder that a restricted account reads files from and writes files to."""
        return self.directories.data / "files"

    @property
    def tokens_folder(self) -> Path:
        """Where the secrets of accounts are kept where there is no keyring, see `core.secrets`."""
        return self.directories.data / "tokens"

    def of_provider(self, provider: str) -> dict[str, str]:
        """The part of the settings that belongs to one provider, as texts by key; what is not set is left out."""
        part = getattr(self, provider, None)
        if not isinstance(part, GoogleSettings | MicrosoftSettings):
            return {}
        return {one.name: str(value) for one in fields(part) if (value := getattr(part, one.name))}

    def inside(self, folder: Path) -> Settings:
        """These settings with the book and all files in `folder`, for a throw-away book."""
        directories = Directories(*(private_folder(folder / name) for name in ("config", "data", "state", "cache")))
        return replace(self, directories=directories, database_url=sqlite_url(directories.data / "contacts.db"))


# Declared once, so found by looking ---------------------------------------------------------------------------------


class Declared(NamedTuple):
    """A setting as it was declared; `key` is its name in config.toml, with a dot where it belongs to a part."""

    key: str
    default: object
    expects: str
    meaning: str
    reading: Reading

    @property
    def variable(self) -> str:
        """Its environment variable."""
        return ENVIRONMENT + self.key.upper().replace(".", "__")


def declared(cls: type = Settings, part: str = "") -> Iterator[Declared]:
    """Every setting there is; `keys` stands for all of `keys.*`."""
    for one in fields(cls):
        if one.metadata:
            default = None if one.default is MISSING else one.default
            yield Declared(part + one.name, default, *(one.metadata[k] for k in ("expects", "meaning", "reading")))
        elif isinstance(one.default_factory, type) and is_dataclass(one.default_factory):
            yield from declared(one.default_factory, f"{one.name}.")


_DECLARED: Final = {one.key: one for one in declared()}


def unknown_variables(environment: Mapping[str, str]) -> list[str]:
    """The variables in `environment` that look like ours and are no setting; they have no effect."""
    known = {one.variable for one in declared()}
    return sorted(
        name
        for name in environment
        if name.startswith(ENVIRONMENT) and name not in known and not name.startswith(f"{ENVIRONMENT}KEYS__")
    )


def _declaration(key: str) -> Declared | None:
    return _DECLARED.get("keys" if key.startswith("keys.") else key)


def _value(key: str, given: Given) -> object:
    declaration = _declaration(key)
    assert declaration is not None, key
    try:
        return declaration.reading(given)
    except ValueError as error:
        shown = "a value of another kind" if isinstance(given.value, dict | list) else f"“{_shown(given.value)}”"
        raise CannotOpen(
            f"The setting “{key}” {given.place} is {shown}.", f"It must be {declaration.expects}."
        ) from error


def _shown(value: object) -> str:
    """A value for an error message, without the password that an address may carry."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    before, at, after = text.rpartition("@")
    scheme, separator, login = before.rpartition("://")
    return f"{scheme}{separator}{login.partition(':')[0]}:…@{after}" if at and ":" in login else text


def _read_file(path: Path, *, required: bool) -> dict[str, object] | None:
    try:
        text = path.read_bytes()
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
        raise CannotOpen(f"The settings in {path} are not valid TOML: {error}.", "Mend or remove that line.") from error


def _from_file(content: Mapping[str, object], file: Path, part: str = "") -> dict[str, Given]:
    given: dict[str, Given] = {}
    for name, value in content.items():
        key = part + name
        if (
            isinstance(value, dict)
            and not part
            and any(known.startswith(f"{name}.") for known in (*_DECLARED, "keys."))
        ):
            given |= _from_file(value, file, f"{name}.")
        elif _declaration(key) is None or key == "keys":
            raise _unknown(key, file)
        else:
            given[key] = Given(value, f"in {file}", file.parent)
    return given


def _unknown(key: str, file: Path) -> CannotOpen:
    from difflib import get_close_matches

    if key == "keys":
        return CannotOpen(f"The setting “keys” in {file} is no table.", 'Write it like: [keys] favorite = "F".')
    near = get_close_matches(key, _DECLARED, 1)
    hint = f"Did you mean “{near[0]}”?" if near else f"The settings are: {', '.join(_DECLARED)}."
    return CannotOpen(f"There is no setting “{key}”, but {file} has it.", hint)


def _from_environment(environment: Mapping[str, str], here: Path) -> dict[str, Given]:
    given: dict[str, Given] = {}
    for variable, value in environment.items():
        if not variable.startswith(ENVIRONMENT) or not value:
            continue
        key = variable[len(ENVIRONMENT) :].lower().replace("__", ".")
        if _declaration(key) is not None and key != "keys":
            given[key] = Given(value, f"in the environment ({variable})", here)
    return given


def _assemble(cls: type, values: Mapping[str, object], part: str = "", **others: object) -> object:
    arguments = dict(others)
    for one in fields(cls):
        key = part + one.name
        if key in values:
            arguments[one.name] = values[key]
        elif key == "keys":
            arguments[one.name] = {k.removeprefix("keys."): v for k, v in values.items() if k.startswith("keys.")}
        elif isinstance(one.default_factory, type) and one.name not in others:
            arguments[one.name] = _assemble(one.default_factory, values, f"{key}.")
    return cls(**arguments)
