"""The values of arguments and options, by what these are called in the help."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from coterie.core.book import Book

Fixed = Callable[[], Sequence[str]]
FromBook = Callable[["Book", str], Awaitable[Sequence[str]]]


def _fields() -> Sequence[str]:
    from coterie.core.fields import FIELDS

    return tuple(FIELDS)


def _assigned_fields() -> Sequence[str]:
    return [f"{name}=" for name in _fields()]


def _formats() -> Sequence[str]:
    from coterie.core.transfer.export.formats import all_formats

    return tuple(all_formats())


def _themes() -> Sequence[str]:
    from coterie.tui.themes import NAMES

    return ("auto", *NAMES)


def _kinds() -> Sequence[str]:
    from coterie.core.cleanup import KINDS

    return tuple(KINDS)


def _colors() -> Sequence[str]:
    from coterie.core.model import GROUP_COLORS

    return GROUP_COLORS


def _providers() -> Sequence[str]:
    from coterie.tui.commandline.restricted import PROVIDERS

    return tuple(PROVIDERS)


async def _groups(book: Book, _typed: str) -> Sequence[str]:
    return [group.name for group in await book.groups.all()]


async def _searches(book: Book, _typed: str) -> Sequence[str]:
    return [search.name for search in await book.searches.all()]


async def _accounts(book: Book, _typed: str) -> Sequence[str]:
    return [account.name for account in await book.accounts.all()]


async def _query(book: Book, typed: str) -> Sequence[str]:
    return await book.lists.completions(typed)


FIXED: Final[Mapping[str, Fixed]] = {
    "FIELD": _fields,
    "FIELD=VALUE": _assigned_fields,
    "FIELD=EXPRESSION": _assigned_fields,
    "FIELD=OTHER": _assigned_fields,
    "FIELD,…": _fields,
    "bash|zsh|fish": lambda: ("bash", "zsh", "fish"),
    "FIELDS": _fields,
    "KIND": _kinds,
    "COLOR": _colors,
    "PROVIDER": _providers,
    "--theme": _themes,
    "--format": _formats,
    "UP|DOWN|N": lambda: ("up", "down"),
}
"""What is the same in every book: by the words of the help, or by the name of the option."""
FROM_BOOK: Final[Mapping[str, FromBook]] = {
    "ACCOUNT": _accounts,
    "QUERY": _query,
    "TEXT": _query,
    "--group": _groups,
    "--add-group": _groups,
    "--remove-group": _groups,
    "--into": _groups,
    "groups": _groups,
    "searches": _searches,
}
"""What only the book knows: by the words of the help, the name of the option, or the command above."""
NEW: Final = frozenset({"groups create", "groups rename NEW", "searches save NAME", "searches rename NEW"})
"""Names that are only being made."""


def sources(command: str, parameter: Any) -> tuple[Fixed | None, FromBook | None]:
    """Where the values of a parameter of this command come from; None if nothing is known of them."""
    shown = parameter.metavar or ""
    if f"{command} {shown}" in NEW or (command in NEW and parameter.param_type_name == "argument"):
        return None, None
    keys = [*getattr(parameter, "opts", ()), shown]
    if parameter.param_type_name == "argument" and shown != "QUERY":
        keys.append(command.partition(" ")[0])
    fixed = next((FIXED[key] for key in keys if key in FIXED), None)
    choices = getattr(getattr(parameter, "type_descriptor", None), "choices", None)
    if choices:
        fixed = partial(tuple, choices)
    return fixed, next((FROM_BOOK[key] for key in keys if key in FROM_BOOK), None)
