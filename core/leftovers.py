"""What programs that were killed leave behind: found by its name, removed only if no living program owns it.

The program that makes a temporary file or folder holds a lock on it as long as it is needed (`core.files.own`); the
system ends the lock with the program, however that ends. Links are never followed, and what belongs to others stays.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Final

from coterie.core.clock import computers_clock
from coterie.core.errors import CoterieError
from coterie.core.files import own, reason

UNTOUCHED: Final = 0
"""When a text for an editor was last changed, as its file says at first (seconds)."""
_IN_TEMPORARY: Final = re.compile(r"coterie-(?:demo|import|edit|book)-\w{8}")
_BESIDE: Final = re.compile(r"\..+\.(\d+)\.new|screen\.json\w{8}")
"""What `core.files.replacing` writes, with the number of its process, and what older programs wrote for screen.json."""
_SETTLED: Final = timedelta(minutes=1).total_seconds()
"""Something younger may have been made just now, and not be locked yet."""
_TYPED: Final = timedelta(days=7).total_seconds()
"""So long what somebody has typed in an editor is kept."""


@contextmanager
def temporary_folder(kind: str) -> Iterator[Path]:
    """A private folder that goes at the end, or, if that is not reached, at a later start.

    Raises CoterieError if there is no room for it.
    """
    try:
        folder = tempfile.TemporaryDirectory(prefix=f"coterie-{kind}-", ignore_cleanup_errors=True)
    except OSError as error:
        raise no_room(error) from error
    with folder as name:
        descriptor = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            own(descriptor)
            yield Path(name)
        finally:
            os.close(descriptor)


def sweep(folders: Iterable[Path]) -> None:
    """Remove what is left behind in these folders of ours, and in the system's for temporary files."""
    with suppress(OSError):
        _sweep(Path(tempfile.gettempdir()), _IN_TEMPORARY)
    for folder in folders:
        with suppress(OSError):
            _sweep(folder, _BESIDE)


def sweep_shared(folder: Path, ending: str) -> None:
    """Remove what killed programs have left of files with that ending in a folder that others use, too."""
    with suppress(OSError):
        _sweep(folder, re.compile(rf"\..+{re.escape(ending)}\.(\d+)\.new"))


def sweep_beside(path: Path) -> None:
    """Remove what a program that was killed has left beside a file that it was writing."""
    with suppress(OSError):
        _sweep(path.parent, re.compile(rf"\.{re.escape(path.name[:200])}\.(\d+)\.new"))


def _sweep(folder: Path, names: re.Pattern[str]) -> None:
    with os.scandir(folder) as entries:
        candidates = [(Path(entry.path), match) for entry in entries if (match := names.fullmatch(entry.name))]
    for path, match in candidates:
        with suppress(OSError):
            number = match.groups() and match[1]
            if not (number and _is_running(int(number))):
                _remove(path)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _remove(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        status = os.fstat(descriptor)
        is_folder = stat.S_ISDIR(status.st_mode)
        if status.st_uid != os.geteuid() or not (is_folder or stat.S_ISREG(status.st_mode)):
            return
        if _age(status.st_mtime) < _SETTLED or (is_folder and _was_typed_in(path)):
            return
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if is_folder:
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()
    finally:
        os.close(descriptor)


def _was_typed_in(folder: Path) -> bool:
    """Whether a folder for an editor holds what its user typed not long ago: a text that was saved, or a swap file."""
    if not folder.name.startswith("coterie-edit-"):
        return False
    changed = [file.lstat().st_mtime for file in folder.iterdir()]
    return any(moment != UNTOUCHED and _age(moment) < _TYPED for moment in changed)


def _age(moment: float) -> float:
    return computers_clock().timestamp() - moment


def no_room(error: OSError) -> CoterieError:
    """What to say if a temporary file cannot be made, and where it was to be."""
    return CoterieError(
        f"A temporary file cannot be written: {reason(error)}.",
        "Make room in the system's folder for temporary files, or set TMPDIR to a folder with room.",
    )
