"""What a restricted account may do. What is not listed here is refused, whatever is added to Coterie later.

Such an account belongs to somebody who may use Coterie and nothing else of the computer that it runs on. It reaches
one folder of files (`tui.files`) and servers on the Internet (`providers.reach`), but no editor, browser or shell.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Collection, Mapping, MutableMapping
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final, TypeVar

from coterie.core.errors import InvalidInput
from coterie.core.plugins import Plugins
from coterie.core.settings.declared import ENVIRONMENT

if TYPE_CHECKING:
    from coterie.tui.commandline.start import Start

T = TypeVar("T")

OPTIONS: Final = frozenset({"theme", "ascii", "linear", "version"})
"""Those of `coterie` itself, before the command."""

COMMANDS: Final[Mapping[str, str]] = {
    "accounts": "--json",
    "accounts conflicts": "--json",
    "accounts refused": "--json",
    "accounts places": "--json",
    "accounts set": "--keep --remove --json",
    "accounts settle": "--ours --theirs --contact --field --json",
    "add": "--name --email --phone --company --job-title --group --favorite --json",
    "birthdays": "--days --ics --json",
    "cleanup": "--json",
    "cleanup apply": "--dry-run --yes --json",
    "cleanup dismiss": "--undo",
    "connect": "--write --browser --json",
    "copy": "--to --dry-run --yes",
    "delete": "--forever --dry-run --yes",
    "disconnect": "--keep --remove",
    "duplicates": "--limit --json",
    "duplicates merge": "--take --certain --dry-run --yes --json",
    "duplicates not-same": "--undo --json",
    "edit": "--set --clear --replace --transform --swap --add-group --remove-group --favorite --no-favorite --dry-run"
    " --yes --json",
    "export": "--output --format --columns --favorites --group --bin --limit --as-of --raw",
    "facets": "--limit --json",
    "groups": "--json",
    "groups create": "",
    "groups delete": "",
    "groups rename": "",
    "history": "--limit --json",
    "import": "--group --map --duplicates --restore --encoding --delimiter --sheet --rejects --dry-run --json",
    "invitation": "",
    "invitation answer": "",
    "invitation list": "--json",
    "invite": "--group --title --start --duration --place --url --text --repeat --again --send --ics --eml --dry-run"
    " --yes --json",
    "list": "--favorites --group --bin --limit --sort --as-of --json",
    "move": "--to --from --dry-run --yes",
    "query": "",
    "redo": "--yes",
    "restore": "--dry-run --yes",
    "searches": "--json",
    "searches delete": "",
    "searches rename": "",
    "searches save": "",
    "show": "--json",
    "sync": "--dry-run --yes --quiet --json",
    "undo": "--yes",
    "write": "--group --subject --text --place --size --send --eml --dry-run --yes --json",
}
"""The commands, with the options of each."""

PROVIDERS: Final[Mapping[str, frozenset[str]]] = {
    "google": frozenset({"address"}),
    "microsoft": frozenset({"address"}),
    "carddav": frozenset({"server", "user"}),
    "icloud": frozenset({"user"}),
    "fastmail": frozenset({"user"}),
}
"""The providers, with what `connect` may be told of each on the command line."""

KEPT: Final = (
    *("HOME", "LOGNAME", "USER", "SHELL", "PATH", "MAIL", "TZ", "LANG", "LANGUAGE", "LC_*"),
    *("TERM", "COLORTERM", "NO_COLOR", "COLUMNS", "LINES", "ESCDELAY", "SSH_*", "COTERIE_RESTRICTED"),
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"),
)
"""The variables that stay; all others are forgotten, as some of them make libraries write files or load programs."""

_PLACES: Final = (f"{ENVIRONMENT}*", "XDG_*_HOME")
"""Variables that say where the book and its settings are, which is for the administrator to say."""


def enter(start: Start, environment: MutableMapping[str, str], *, bound: bool = False) -> None:
    """Begin as a restricted account: judge how it was started, forget what it does not need, use no plug-ins, and
    never be suspended.

    Args:
        start: how it was started.
        environment: what to judge and to shorten.
        bound: the account was restricted before its command line was read, so all of that is its user's.

    Raises InvalidInput for an option or a variable that only the administrator may use.
    """
    for name in sorted((start.options | start.before if bound else start.options) - OPTIONS):
        raise _refused(f"--{name.replace('_', '-')} is not allowed", "Leave it out.")
    for name in sorted(environment):
        if _matches(name, _PLACES) and not _matches(name, KEPT) and environment[name]:
            raise _refused(
                f"{name} in the environment is not allowed", "The administrator can use config.toml (docs/ssh.md)."
            )
        if not _matches(name, KEPT):
            del environment[name]
    Plugins.allowed = False
    signal.signal(signal.SIGTSTP, signal.SIG_IGN)


def _matches(name: str, patterns: Collection[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _refused(what: str, hint: str) -> InvalidInput:
    return InvalidInput(f"This account is restricted: {what}.", hint)


# Commands -------------------------------------------------------------------------------------------------------------


def confine(command: Any, path: str = "") -> None:
    """Let a command of typer, and those below it, take only what is listed; nothing else stands in its help.

    Args:
        command: the whole program, or one of its commands.
        path: its words; empty for the whole program.
    """
    allowed = {f"--{name}" for name in OPTIONS} if not path else set(COMMANDS[path].split())
    for parameter in command.params:
        if parameter.param_type_name == "option" and allowed.isdisjoint(parameter.opts):
            parameter.hidden = True
            parameter.callback = _refuse_option
    for name, inner in getattr(command, "commands", {}).items():
        words = f"{path} {name}".strip()
        if words in COMMANDS:
            confine(inner, words)
        else:
            command.commands[name] = _refusing(words)


def _refuse_option(context: Any, parameter: Any, value: T) -> T:
    source = context.get_parameter_source(parameter.name)
    if source is not None and source.name == "COMMANDLINE":
        raise _refused(f"{max(parameter.opts, key=len)} is not allowed", "Leave it out.")
    return value


def _refusing(words: str) -> Any:
    from typer.core import TyperCommand

    def refuse(**_: object) -> None:
        allowed = ", ".join(sorted({path.partition(" ")[0] for path in COMMANDS}))
        raise _refused(f"it has no command “{words}”", f"It has {allowed}.")

    anything = {"allow_extra_args": True, "ignore_unknown_options": True}
    return TyperCommand(words, callback=refuse, hidden=True, add_help_option=False, context_settings=anything)


# Accounts -------------------------------------------------------------------------------------------------------------


def of_providers(offered: Mapping[str, str]) -> dict[str, str]:
    """Of the providers those that are listed."""
    return {provider: label for provider, label in offered.items() if provider in PROVIDERS}


def loading(load: Callable[[str], T]) -> Callable[[str], T]:
    """`load`, which takes the id of a provider, for those that are listed; the others raise InvalidInput."""

    def load_listed(provider: str) -> T:
        if provider not in PROVIDERS:
            raise _refused(f"it cannot connect “{provider}”", f"It can connect {', '.join(PROVIDERS)}.")
        return load(provider)

    return load_listed


def check_options(provider: str, given: Collection[str]) -> None:
    """Raise InvalidInput if `connect` was told something that is not listed for `provider`."""
    for key in sorted(set(given) - PROVIDERS[provider]):
        raise _refused(f"--{key.replace('_', '-')} is not allowed", "Leave it out.")
