"""docs/commands.md, settings.md, coterie.1, the fields of search.md: `python -m coterie.tui.commandline.reference`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from coterie.core.query.reference import fields_table
from coterie.core.settings import DECLARED
from coterie.core.settings.declared import Declared
from coterie.core.transform.reference import verbs_table
from coterie.tui import themes
from coterie.tui.commandline import restricted
from coterie.tui.commandline.app import command
from coterie.tui.commandline.manual import manual

DOCS: Final = Path(__file__).resolve().parents[2] / "docs"
_NOTE: Final = "<!-- Made by `python -m coterie.tui.commandline.reference`; a test compares. -->\n"
_FIELDS: Final = "<!-- fields, made by `python -m coterie.tui.commandline.reference` -->"
_FIELDS_END: Final = "<!-- /fields -->"
_VERBS: Final = "<!-- verbs, made by `python -m coterie.tui.commandline.reference` -->"
_VERBS_END: Final = "<!-- /verbs -->"
_COMMANDS: Final = """\
A QUERY is written in the search language, the same as in the search bar. Errors are one or two lines on standard error,
never a traceback (`--debug` shows it). In a pipe there are no colors and no progress, and lists have tabs between the
values; on a terminal they are aligned. JSON is UTF-8 whatever the locale; the rest follows it.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | done in part, or nothing found; standard error says which |
| 2 | wrong usage |
| 3 | the book or its settings cannot be opened |
| 4 | sign-in needed |
| 5 | the network or a provider failed |
| 130, 141 | stopped by ctrl+c; the reader of a pipe went away |
"""
_SETTINGS: Final = """\
Command line > environment > `config.toml` > the `config.toml` for all users > default. The folders follow
XDG_CONFIG_HOME, XDG_DATA_HOME, XDG_STATE_HOME and XDG_CACHE_HOME; `coterie doctor` shows where everything is.

| what | where, unless told otherwise |
|---|---|
| settings | `~/.config/coterie/config.toml` |
| settings for all users of a computer, by its administrator | `/etc/xdg/coterie/config.toml` |
| the book | `~/.local/share/coterie/contacts.db`, with mode 0600 in a folder with mode 0700 |
| tokens | the keyring if one works, else `~/.local/share/coterie/tokens/`, files with mode 0600 |
| log of unexpected errors, without contacts and tokens | `~/.local/state/coterie/coterie.log` |
| how the screen was arranged | `~/.local/state/coterie/screen.json` |

A key such as `google.endpoint` is written `endpoint = "…"` below `[google]`, or `google.endpoint = "…"`. A relative
path starts at the file that it is written in. An unknown key or a value of the wrong kind is an error (exit code 3)
that names the file, the key and what is expected. An empty variable is like none.

What the administrator sets for all users counts for each key that a user does not set; `restricted = true`
there cannot be undone. The file counts only if it does not belong to the user.
"""
_AFTER_SETTINGS: Final = """\
`keys.*` gives an action other keys: `[keys]`, then `favorite = "F2"` or `favorite = ["F2", "b"]`; in the environment
`COTERIE_KEYS__FAVORITE=F2,b`.

Proxies and certificate authorities follow the standard variables: HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE,
REQUESTS_CA_BUNDLE.

## Themes

“Change the colors” in More actions shows each theme while the cursor is on it, and remembers the one that is chosen;
`theme` in the settings goes before that. Text can be read in all of them, with a contrast of at least 4.5 (WCAG), in
terminals with 256 colors, too; if a palette's own color is too weak, the nearest that is strong enough is taken.

{themes}

## Restricted accounts

A restricted account may use Coterie and nothing else of the computer. [Over SSH](ssh.md) shows how to set one up. What
it may do is a list, and everything else is refused with a sentence:

- **Commands**: {commands}; without one, the screen. All their options but those for another program
  (`edit --editor`, `--columns`, `write --mailer`). Of the options before the command, {options};
  the book and the settings are the administrator's choice.
- **The environment**: variables that begin with `COTERIE_` are refused, and so are XDG_CONFIG_HOME and its like, which
  say where the settings and the book are. All but a few others (such as TERM, LANG, HTTPS_PROXY) are forgotten.
- **Files**: in one folder only, `files` in the data folder (`~/.local/share/coterie/files`). Relative paths start
  there; links are followed before a path is judged, so none leads out.
- **Providers**: {providers}. The OAuth client for Google is the one that `google.client_secrets` names in config.toml,
  or the text of Google's own JSON file, pasted.
- **Servers**: CardDAV servers on the Internet, but none in your own network and none on the computer itself; with
  `carddav.allowed_hosts`, those that it names and no others. A name is looked up once, and the connection goes to the
  address that was judged; proxies are not used for CardDAV.
- **Programs**: no $EDITOR, no browser, no shell, no ctrl+z.
"""


def commands_page() -> str:
    """The text of docs/commands.md."""
    root = command()
    parts = [f"# Commands\n\n{_NOTE}\n{root.help}\n\n{_COMMANDS}", "\n".join(_command(root, "coterie"))]
    return "\n".join(parts).rstrip() + "\n"


def settings_page() -> str:
    """The text of docs/settings.md."""
    table = "\n".join(
        ["| config.toml | environment | default | |", "|---|---|---|---|", *map(_setting, DECLARED.values())]
    )
    return f"# Settings\n\n{_NOTE}\n{_SETTINGS}\n{table}\n\n{_AFTER_SETTINGS.format(**_allowed(), themes=_themes())}"


def _setting(setting: Declared) -> str:
    """A line of the table of settings; `keys` stands for one of each action."""
    key, variable = setting.key, setting.variable
    if key == "keys":
        key, variable = f"{key}.*", f"{variable}__NAME"
    return f"| `{key}` | `{variable}` | {_default(setting.key, setting.default)} | {setting.meaning} |"


def _allowed() -> dict[str, str]:
    """The lists of what a restricted account may use."""
    lists = {
        "commands": sorted({name.partition(" ")[0] for name in restricted.COMMANDS}),
        "options": sorted(f"--{name}" for name in restricted.OPTIONS),
        "providers": restricted.PROVIDERS,
    }
    return {kind: ", ".join(f"`{name}`" for name in names) for kind, names in lists.items()}


def _themes() -> str:
    return "\n".join(f"- `{name}`: {themes.description(name)}" for name in themes.NAMES)


def _default(key: str, value: object) -> str:
    if key == "database_url":
        return "`contacts.db` in the data folder"
    return "none" if value in {None, ""} else f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _command(command: Any, path: str) -> Iterator[str]:
    """A command with its options, and those below it."""
    if path == "coterie":
        yield "## Options before the command\n"
    else:
        arguments = "".join(
            f" {_usage(parameter)}" for parameter in command.params if parameter.param_type_name == "argument"
        )
        yield f"## {path}{arguments}\n\n{command.help}\n"
    rows = [_row(parameter) for parameter in command.params if parameter.name != "help"]
    if rows:
        yield "\n".join(["| | |", "|---|---|", *rows]) + "\n"
    for name, inner in getattr(command, "commands", {}).items():
        yield from _command(inner, f"{path} {name}")


def _usage(argument: Any) -> str:
    """An argument as the usage line shows it: in brackets if it may be left out."""
    return f"{argument.metavar}" if argument.required else f"[{argument.metavar}]"


def _row(parameter: Any) -> str:
    """A line of the table of arguments and options."""
    name = parameter.metavar
    if parameter.param_type_name == "option":
        value = (
            "" if parameter.is_flag else f" {parameter.metavar or '|'.join(parameter.type_descriptor.choices or ())}"
        )
        name = f"{', '.join(parameter.opts)}{value}"
    default = "" if parameter.default in (None, False, "", "-") else f" Default: {parameter.default}."
    return f"| `{name.replace('|', chr(92) + '|')}` | {parameter.help}{default} |"


def search_page(page: str) -> str:
    """The text of docs/search.md with its table of fields made anew."""
    before, _, rest = page.partition(_FIELDS)
    return f"{before}{_FIELDS}\n{fields_table()}{_FIELDS_END}{rest.partition(_FIELDS_END)[2]}"


def transform_page(page: str) -> str:
    """The text of docs/transform.md with its table of verbs made anew."""
    before, _, rest = page.partition(_VERBS)
    return f"{before}{_VERBS}\n{verbs_table()}{_VERBS_END}{rest.partition(_VERBS_END)[2]}"


def main() -> None:
    """Write the pages."""
    search = DOCS / "search.md"
    search.write_text(search_page(search.read_text("utf-8")), "utf-8")
    transform = DOCS / "transform.md"
    transform.write_text(transform_page(transform.read_text("utf-8")), "utf-8")
    (DOCS / "commands.md").write_text(commands_page(), "utf-8")
    (DOCS / "settings.md").write_text(settings_page(), "utf-8")
    (DOCS / "coterie.1").write_text(manual(), "utf-8")


if __name__ == "__main__":
    main()
