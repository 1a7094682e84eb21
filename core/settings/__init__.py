"""Settings: command line > environment > config.toml > default, each declared once as a field of `Settings`.

This package is on the way to the first screen and to every `coterie query`, so it needs the standard library and
platformdirs only (pydantic-settings alone would take as long to import as Textual).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Final

from platformdirs import PlatformDirs

from coterie.core.files import private_folder
from coterie.core.settings import sources
from coterie.core.settings.declared import Declared, assemble, declarations, is_read
from coterie.core.settings.values import (
    Given,
    one_of,
    read_database,
    read_flag,
    read_hosts,
    read_keys,
    read_path,
    read_server,
    read_text,
    read_web_address,
    sqlite_url,
    whole_number,
    without_password,
)

APPLICATION: Final = "coterie"
_WEB_ADDRESS: Final = "an address that starts with https:// (http:// only for this machine)"
_YES_OR_NO: Final = "true or false"


@dataclass(frozen=True, slots=True)
class Directories:
    """Our folders. They follow XDG_CONFIG_HOME, XDG_DATA_HOME, XDG_STATE_HOME and XDG_CACHE_HOME."""

    config: Path
    data: Path
    state: Path
    cache: Path
    site: Path | None = None
    """Where this system keeps what an administrator sets for all of its users; None for nowhere."""

    @classmethod
    def of_user(cls) -> Directories:
        """Where this system keeps a user's files. None of them is made by this."""
        places = PlatformDirs(APPLICATION, appauthor=False)
        return cls(
            places.user_config_path,
            places.user_data_path,
            places.user_state_path,
            places.user_cache_path,
            places.site_config_path,
        )

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
            read_path, "the path of a file", "The JSON file of your own OAuth client, from the Google Cloud console."
        ),
    )
    endpoint: str = field(
        default="https://people.googleapis.com",
        metadata=is_read(read_web_address, _WEB_ADDRESS, "The address of the People API."),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MicrosoftSettings:
    """The settings `microsoft.*`."""

    client_id: str = field(
        default="",
        metadata=is_read(
            read_text, "the application (client) id", "The application (client) id of your own app registration."
        ),
    )
    authority: str = field(
        default="https://login.microsoftonline.com/common",
        metadata=is_read(read_web_address, _WEB_ADDRESS, "The address where you sign in."),
    )
    graph_endpoint: str = field(
        default="https://graph.microsoft.com/v1.0",
        metadata=is_read(
            read_web_address,
            _WEB_ADDRESS,
            "The address of Microsoft Graph; national clouds need this and the authority.",
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CardDavSettings:
    """The settings `carddav.*`."""

    allowed_hosts: str = field(
        default="",
        metadata=is_read(
            read_hosts,
            "names of servers, such as dav.example.org or localhost:5232, separated by commas",
            "The only servers that a restricted account may connect to: `dav.example.org`, or `localhost:5232` for"
            " another port than 443; several are separated by commas. By default all that are on the Internet.",
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    """The settings `mail.*`."""

    address: str = field(
        default="",
        metadata=is_read(
            read_text, "an e-mail address", "Your own e-mail address: invitations are sent from it and answered to it."
        ),
    )
    name: str = field(default="", metadata=is_read(read_text, "a name", "Your name, as others see it in your mail."))
    command: str = field(
        default="sendmail -i",
        metadata=is_read(
            read_text,
            "a command like sendmail -i or msmtp",
            "The program that sends mail if no server is set. It gets `-f ADDRESS -- ADDRESS…` and the mail.",
        ),
    )
    mailer: str = field(
        default="",
        metadata=is_read(
            read_text,
            "a command, such as mutt, aerc or xdg-open",
            "Your mail program, in which a mail is opened; by default MAILER, else mutt, aerc or xdg-open.",
        ),
    )
    server: str = field(
        default="",
        metadata=is_read(
            read_server, "a server, such as smtp.example.org or localhost:2525", "The mail server that sends (SMTP)."
        ),
    )
    security: str = field(
        default="tls",
        metadata=is_read(
            one_of("tls", "starttls", "none"),
            "tls, starttls or none",
            "How the connection to the server is encrypted; the port is 465, 587 or 25 if `server` names none.",
        ),
    )
    user: str = field(
        default="",
        metadata=is_read(
            read_text, "the name of your account", "Your account at the server; its password: `coterie mail password`."
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings, complete and valid. Made by `Settings.load`.

    Attributes:
        directories: where our files are.
        source: the config.toml that was read; None if there is none.
        site_source: that of all users of the system; None if there is none.
    """

    directories: Directories
    source: Path | None = None
    site_source: Path | None = None
    database_url: str = field(
        default="",
        metadata=is_read(
            read_database,
            "sqlite:///PATH, a path, or postgresql://USER@HOST/NAME",
            "Where the book is: `sqlite:///PATH` (or just the path) or `postgresql://USER@HOST/NAME`.",
        ),
    )
    bin_days: int = field(
        default=30,
        metadata=is_read(
            whole_number(0, 36_500),
            "a whole number from 0 to 36500",
            "How many days the Bin of a new book keeps deleted contacts; `coterie purge --set-days` changes it later.",
        ),
    )
    name_order: str = field(
        default="given",
        metadata=is_read(
            one_of("given", "family"),
            "given or family",
            "How contacts are shown and sorted: `given` (Ada Lovelace) or `family` (Lovelace, Ada).",
        ),
    )
    theme: str = field(
        default="auto",
        metadata=is_read(
            read_text,
            "the name of a theme, or auto",
            "The colors; `auto` follows the terminal's own dark or light. The themes are listed below.",
        ),
    )
    ascii: bool | None = field(
        default=None,
        metadata=is_read(
            read_flag, _YES_OR_NO, "Draw with ASCII characters only; if it is not set, the locale decides."
        ),
    )
    linear: bool = field(
        default=False,
        metadata=is_read(
            read_flag,
            _YES_OR_NO,
            "For a [screen reader](linear.md): nothing is drawn; what is new is appended line by line.",
        ),
    )
    clipboard: str = field(
        default="osc52",
        metadata=is_read(
            one_of("osc52", "off"),
            "osc52 or off",
            "How copying reaches your clipboard: `osc52` asks your terminal, over SSH too; `off` never does.",
        ),
    )
    restricted: bool = field(
        default=False,
        metadata=is_read(
            read_flag,
            _YES_OR_NO,
            "For accounts that may use Coterie and nothing else (see below). No variable undoes what config.toml says.",
        ),
    )
    keys: Mapping[str, str] = field(
        default_factory=dict,
        metadata=is_read(
            read_keys,
            "a key such as f2 or ctrl+b, or several separated by commas",
            "Other keys for an action, by its name (docs/keys.md lists the names).",
        ),
    )
    google: GoogleSettings = field(default_factory=GoogleSettings)
    microsoft: MicrosoftSettings = field(default_factory=MicrosoftSettings)
    carddav: CardDavSettings = field(default_factory=CardDavSettings)
    mail: MailSettings = field(default_factory=MailSettings)

    @classmethod
    def load(
        cls,
        command_line: Mapping[str, str] | None = None,
        *,
        config: Path | None = None,
        environment: Mapping[str, str] | None = None,
        directories: Directories | None = None,
    ) -> Settings:
        """The settings of this user, over those that the administrator gave all users (`Directories.site`).

        Args:
            command_line: setting -> text, from options; they win.
            config: another config.toml, which must exist.
            environment: instead of this program's.
            directories: instead of this user's.

        Raises CannotOpen for an unreadable config.toml, an unknown setting in it, and a value that is not acceptable.
        """
        directories = directories or Directories.of_user()
        file = config or directories.config / "config.toml"
        content = sources.read_file(file, required=config is not None)
        here = Path.cwd()
        of_file = sources.from_file(DECLARED, content or {}, file)
        site = directories.site / "config.toml" if directories.site else None
        of_all = sources.read_file(site, required=False) if site and sources.is_administrators(site) else None
        of_site = sources.from_file(DECLARED, of_all or {}, site) if site else {}
        given = {
            **of_site,
            **of_file,
            **sources.from_environment(DECLARED, os.environ if environment is None else environment, here),
            **sources.from_options(command_line or {}, here),
        }
        values = sources.read_values(DECLARED, given)
        for given_before in (of_site, of_file):  # no user lifts it by a variable, or by a file of their own
            if "restricted" in given_before:
                values["restricted"] = values["restricted"] or read_flag(given_before["restricted"])
        values.setdefault("database_url", sqlite_url(directories.data / "contacts.db"))
        loaded: Settings = assemble(
            cls,
            values,
            directories=directories,
            source=None if content is None else file,
            site_source=None if of_all is None else site,
        )
        return loaded

    @property
    def sqlite_path(self) -> Path | None:
        """The file of the book; None if it is not on SQLite."""
        prefix = "sqlite:///"
        return Path(self.database_url[len(prefix) :]) if self.database_url.startswith(prefix) else None

    @property
    def shown_database(self) -> str:
        """Where the book is, fit for showing: without the password."""
        return self.database_url if self.sqlite_path else without_password(self.database_url)

    @property
    def files_folder(self) -> Path:
        """The only folder that a restricted account reads files from and writes files to."""
        return self.directories.data / "files"

    @property
    def recipes_folder(self) -> Path:
        """Where recipes are kept, see `core.bulk.recipes`."""
        return self.directories.config / "recipes"

    @property
    def tokens_folder(self) -> Path:
        """Where the secrets of accounts are kept if there is no keyring, see `core.secrets`."""
        return self.directories.data / "tokens"

    def of_provider(self, provider: str) -> dict[str, str]:
        """The part of the settings that belongs to one provider, as texts by key; what is not set is left out."""
        part = getattr(self, provider, None)
        if not isinstance(part, GoogleSettings | MicrosoftSettings | CardDavSettings):
            return {}
        return {setting.name: str(value) for setting in fields(part) if (value := getattr(part, setting.name))}

    def inside(self, folder: Path) -> Settings:
        """These settings with the book and all files in `folder`, for a throw-away book."""
        directories = Directories(*(private_folder(folder / name) for name in ("config", "data", "state", "cache")))
        return replace(self, directories=directories, database_url=sqlite_url(directories.data / "contacts.db"))


DECLARED: Final[dict[str, Declared]] = {setting.key: setting for setting in declarations(Settings)}
"""Every setting by its key; `keys` stands for all of `keys.*`."""


def restricted_by(environment: Mapping[str, str]) -> bool:
    """Whether a variable makes this account a restricted one; a value that cannot be understood does."""
    variable = DECLARED["restricted"].variable
    value = environment.get(variable, "")
    try:
        return bool(value) and read_flag(Given(value, variable, Path()))
    except ValueError:
        return True


def unknown_variables(environment: Mapping[str, str]) -> list[str]:
    """The variables in `environment` that look like ours and are no setting; they have no effect."""
    return sources.unknown_variables(DECLARED, environment)
