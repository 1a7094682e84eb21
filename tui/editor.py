"""The user's own editor ($VISUAL, else $EDITOR, else vi), on a private file."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from pathlib import Path

from core.errors import InvalidInput


class EditedText:
    """A text in a private file that an editor opens as often as needed. A context manager: then the file goes."""

    def __init__(self, text: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="coterie-edit-")  # mode 0700
        self._path = Path(self._folder.name) / "contacts.txt"
        self._path.write_text(text, encoding="utf-8")

    def __enter__(self) -> EditedText:
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    def open(self) -> str:
        """Let the user edit it; the text as it is then. Raises InvalidInput where that does not work."""
        command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
        try:
            done = subprocess.run([*shlex.split(command), str(self._path)], check=False)  # noqa: S603 - the user's own
        except (OSError, ValueError) as error:
            raise InvalidInput(
                f"The editor “{command}” cannot be started.", "Set EDITOR to one that is there."
            ) from error
        if done.returncode:
            raise InvalidInput(f"The editor “{command}” ended with an error.", "Nothing was changed.")
        try:
            return self._path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise InvalidInput("What the editor saved cannot be read.", "Save it as UTF-8.") from error
