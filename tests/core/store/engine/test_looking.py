"""Looking at a book leaves those alone who have it open, also in the same program."""

from __future__ import annotations

import fcntl
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from coterie.core.store.engine import looking

TRY = "import fcntl, sys; fcntl.lockf(open(sys.argv[1], 'r+b'), fcntl.LOCK_EX | fcntl.LOCK_NB)"


def test_a_copy_of_a_book_that_is_open_here_drops_none_of_its_locks(tmp_path: Path) -> None:
    path = tmp_path / "contacts.db"
    with closing(sqlite3.connect(path)) as made:
        made.execute("CREATE TABLE one (two)")
        made.commit()
    with path.open("r+b") as opened:
        fcntl.lockf(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        with closing(looking._in_a_copy(path)) as copy:
            assert copy.execute("SELECT count(*) FROM one").fetchone() == (0,)
        assert subprocess.run([sys.executable, "-c", TRY, path], capture_output=True, check=False).returncode == 1
