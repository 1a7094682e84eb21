"""Parts that other packages add: providers, export formats and bulk actions, found by their entry points.

Reading entry points takes as long as a short command, so it waits until something needs them, and is done once. A part
that cannot be used is left out; the log says why, and so does `coterie doctor`.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, TypeVar, cast

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

Part = TypeVar("Part")
_log = logging.getLogger(__name__)
_NAME: Final = re.compile(r"[a-z][a-z0-9-]*")


@dataclass(frozen=True, slots=True)
class Plugin:
    """A part that a package brings.

    Attributes:
        words: what it is, and whose: “export format mutt of coterie-mutt 1.0”.
        problem: why it cannot be used, one sentence; empty if it can.
    """

    words: str
    problem: str = ""


class Plugins(Generic[Part]):
    """The parts of one kind that other packages bring.

    Args:
        group: the group of their entry points; the name of each is the id of the part.
        noun: what a part is called: “export format”.
        taken: the ids of Coterie's own parts, which keep them.
        unfit: what is wrong with an object that was loaded under this id, the end of a sentence; empty if it is a part.
    """

    allowed: ClassVar[bool] = True
    """Whether any are looked for: a restricted account has Coterie's own parts alone."""
    kinds: ClassVar[list[Plugins[Any]]] = []
    """All kinds of parts, of the modules that were imported."""

    def __init__(self, group: str, noun: str, taken: Collection[str], unfit: Callable[[str, object], str]) -> None:
        self._group = group
        self._noun = noun
        self._taken = taken
        self._unfit = unfit
        Plugins.kinds.append(self)

    @property
    def parts(self) -> dict[str, Part]:
        """Those that can be used, by their ids. Reads files and imports packages when it is asked first."""
        return self._looked_for[0]

    @property
    def all(self) -> list[Plugin]:
        """All that packages bring, also what cannot be used. It takes as long as `parts`."""
        return self._looked_for[1]

    @cached_property
    def _looked_for(self) -> tuple[dict[str, Part], list[Plugin]]:
        parts: dict[str, Part] = {}
        plugins: list[Plugin] = []
        try:
            entries = self._entries()
        except Exception as error:  # noqa: BLE001 - a package whose list of entry points is no such list
            problem = f"No {self._noun} of another package is used: one of the packages is broken ({_words(error)})."
            _log.warning("%s", problem, exc_info=True)
            return {}, [Plugin("", problem)]
        for entry in entries:
            words, problem = f"{self._noun} {entry.name} of {_package(entry)}", ""
            try:
                parts[entry.name] = self._loaded(entry, parts)
            except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever its import does
                reason = str(error) if isinstance(error, _Unfit) else f"it cannot be imported ({_words(error)})"
                problem = f"The {words} is not used: {reason}."
                _log.warning("%s", problem, exc_info=not isinstance(error, _Unfit))
            plugins.append(Plugin(words, problem))
        return parts, plugins

    def _entries(self) -> Iterable[EntryPoint]:
        if not Plugins.allowed:
            return ()
        from importlib.metadata import entry_points

        return sorted(entry_points(group=self._group), key=lambda entry: (entry.name, entry.value))

    def _loaded(self, entry: EntryPoint, parts: Collection[str]) -> Part:
        if not _NAME.fullmatch(entry.name):
            raise _Unfit("its name must be small letters, digits and hyphens")
        if entry.name in self._taken:
            raise _Unfit("Coterie has its own of that name")
        if entry.name in parts:
            raise _Unfit("another package has one of that name")
        part = entry.load()
        if reason := self._unfit(entry.name, part):
            raise _Unfit(reason)
        return cast("Part", part)


class _Unfit(Exception):
    """Why a part cannot be used: the end of a sentence."""


def _package(entry: EntryPoint) -> str:
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.value


def _words(error: BaseException) -> str:
    return str(error) or type(error).__name__
