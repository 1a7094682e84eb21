"""What is remembered of the screen for the next time: how the views are arranged, and a value here and there.

It needs no Textual, since the first rows are drawn before that is imported.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from coterie.core.fields import FIELDS
from coterie.core.files import FILE_MODE, NEW_FILE, temporary_of
from coterie.core.listing import Sort, View

_log = logging.getLogger(__name__)

DEFAULT_COLUMNS: Final = tuple(key for key, spec in FIELDS.items() if spec.shown)
INSPECTOR: Final = "inspector"
"""What is remembered of the inspector: its `width` in columns, whether it is `hidden`."""

DEFAULT_SORT: Final = {View.BIN: Sort("deleted_at", descending=True)}


@dataclass(frozen=True, slots=True)
class Arrangement:
    """How a view is shown: its sort order and its columns (field keys)."""

    sort: Sort
    columns: tuple[str, ...] = DEFAULT_COLUMNS


class Memory:
    """A JSON file of this user.

    Args:
        path: the file, in the XDG state folder; None to remember nothing (tests, `--demo`).
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self._remembered: dict[str, Any] = _read(path) if path else {}

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
        """What was remembered under `name`: a JSON value, None if there is nothing."""
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
            temporary = temporary_of(self.path)
            try:
                with os.fdopen(os.open(temporary, NEW_FILE, FILE_MODE), "w", encoding="utf-8") as file:
                    json.dump(self._remembered, file, ensure_ascii=False, indent=1)
                temporary.replace(self.path)
            finally:
                temporary.unlink(missing_ok=True)
        except OSError as error:
            _log.warning("Could not remember the arrangement of the screen in %s: %s", self.path, error)


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
