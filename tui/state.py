"""What the screens share while the program runs, and what is remembered of it for the next time."""

from __future__ import annotations

import json
import logging
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.bulk import BulkAction
from core.checks import Checks
from core.fields import FIELDS
from core.listing import Sort, View
from tui.commands import Keymap
from tui.files import Files
from tui.glyphs import choose_glyphs

if TYPE_CHECKING:
    from tui.syncing import Syncing

_log = logging.getLogger(__name__)

DEFAULT_COLUMNS = tuple(key for key, spec in FIELDS.items() if spec.shown)
DEFAULT_SORT = {View.BIN: Sort("deleted_at", descending=True)}


@dataclass(frozen=True, slots=True)
class Options:
    """The part of the settings that the screen needs.

    Attributes:
        theme: the name of a theme; empty to follow the terminal.
        ascii: draw with ASCII characters only; None to go by the locale.
        clipboard: whether OSC 52 may be used.
        keys: the user's own keys: command id -> keys, separated by commas.
        restricted: no editor, no browser, files only inside `files_folder`.
        files_folder: the only folder that a restricted account may reach.
        bin_days: how many days the Bin keeps what is in it.
        debug: show unforeseen errors with all their details.
    """

    theme: str = ""
    ascii: bool | None = None
    clipboard: bool = True
    keys: Mapping[str, str] = field(default_factory=dict)
    restricted: bool = False
    files_folder: Path | None = None
    bin_days: int = 30
    debug: bool = False


@dataclass(frozen=True, slots=True)
class Arrangement:
    """How a view is shown: its sort order and its columns (field keys)."""

    sort: Sort
    columns: tuple[str, ...] = DEFAULT_COLUMNS


class State:
    """What is shared by all screens, and remembered for this user in `path`.

    Args:
        path: the JSON file in the XDG state folder; None to remember nothing (tests, `--demo`).
        options: the settings of the screen.

    Attributes:
        keymap: which keys the commands have.
        glyphs: the characters to draw with.
        checks: what is checked among the live contacts; it survives searches and changes of view.
        bin_checks: what is checked in the Bin.
        last_steps: what `.` does again.
        said: the status bar's last sentence, and the id of the command that takes back what it tells; empty for none.
        syncing: the syncs; None where no provider can be connected.
    """

    def __init__(self, path: Path | None = None, options: Options | None = None) -> None:
        self.path = path
        self.options = options or Options()
        self.keymap = Keymap(self.options.keys)
        self.glyphs = choose_glyphs(self.options.ascii)
        self.checks = Checks()
        self.bin_checks = Checks()
        self.last_steps: tuple[BulkAction, ...] = ()
        self.said: tuple[str, str] = ("", "")
        self.syncing: Syncing | None = None
        self._under_way: list[object] = []
        self._remembered: dict[str, Any] = _read(path) if path else {}

    @contextmanager
    def under_way(self, screen: object) -> Iterator[None]:
        """While a command that was begun on `screen` is carried out."""
        self._under_way.append(screen)
        try:
            yield
        finally:
            self._under_way.remove(screen)

    def is_busy(self, screen: object) -> bool:
        """Whether a command that was begun on `screen` is still under way: the next key waits for it."""
        return screen in self._under_way

    @property
    def files(self) -> Files:
        """The files that this user may reach."""
        return Files(self.options.files_folder if self.options.restricted else None)

    def arrangement(self, view: View) -> Arrangement:
        """How `view` was arranged last; what no longer exists is left out."""
        default = Arrangement(DEFAULT_SORT.get(view, Sort()))
        kept = self._remembered.get("views", {})
        kept = kept.get(view.value, {}) if isinstance(kept, dict) else {}
        if not isinstance(kept, dict):
            return default
        columns = tuple(key for key in _texts(kept.get("columns")) if key in FIELDS)
        name = kept.get("sort")
        sortable = name == "deleted_at" if view is View.BIN else False
        if isinstance(name, str) and (sortable or (name in FIELDS and FIELDS[name].sortable)):
            return Arrangement(Sort(name, kept.get("descending") is True), columns or default.columns)
        return Arrangement(default.sort, columns or default.columns)

    def arrange(self, view: View, arrangement: Arrangement) -> None:
        """Remember how `view` is arranged."""
        views = self._remembered.get("views")
        self._remembered["views"] = {
            **(views if isinstance(views, dict) else {}),
            view.value: {
                "sort": arrangement.sort.field,
                "descending": arrangement.sort.descending,
                "columns": list(arrangement.columns),
            },
        }
        self._write()

    def recall(self, name: str) -> Any:
        """What was remembered under `name`: a JSON value, None where there is nothing."""
        return self._remembered.get(name)

    def remember(self, name: str, value: Any) -> None:
        """Remember a JSON value under `name`."""
        if self._remembered.get(name) != value:
            self._remembered[name] = value
            self._write()

    def _write(self) -> None:
        """Replace the file in one step; a full disk costs the memory of a sort order, never the program."""
        if self.path is None:
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            descriptor, temporary = tempfile.mkstemp(dir=self.path.parent, prefix=self.path.name)
            try:
                with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                    json.dump(self._remembered, file, ensure_ascii=False, indent=1)
                Path(temporary).replace(self.path)
            except BaseException:
                Path(temporary).unlink(missing_ok=True)
                raise
        except OSError as error:
            _log.warning("Could not remember the arrangement of the screen in %s: %s", self.path, error)


def default_path() -> Path:
    """Where the screen's memory is kept: `screen.json` in the XDG state folder."""
    from platformdirs import user_state_path

    return user_state_path("coterie") / "screen.json"


def _texts(value: object) -> Sequence[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


def _read(path: Path) -> dict[str, Any]:
    """What was remembered; a missing or damaged file is like an empty one."""
    try:
        remembered = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        _log.warning("Could not read the arrangement of the screen from %s: %s", path, error)
        return {}
    return remembered if isinstance(remembered, dict) else {}
