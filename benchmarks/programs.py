"""The programs that are compared: Coterie and its peers, each with the same people and its own keys.

VisiData and khard are installed into an environment of their own in the benchmarks' folder (by uv, from PyPI); abook by
apt-get, if this is root's machine and it isn't there yet. What can't be had is left out, with a sentence.
"""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from benchmarks.books import Books
from benchmarks.measure import ROOT

VISIDATA, KHARD = "visidata==3.4", "khard==0.22.0"
_LONGEST: Final = 300


@dataclass(frozen=True, slots=True)
class Program:
    """A full-screen program that shows the people.

    Attributes:
        keys: what is typed for each action: "down", "page", "check", "dialog" and "close".
        environment: what it needs besides a terminal.
    """

    name: str
    command: list[str | Path]
    keys: dict[str, str]
    environment: dict[str, str] = field(default_factory=dict)


_KEYS: Final = {"down": "j", "page": "pagedown"}


def coterie(books: Books, size: int) -> Program:
    """Ourselves; the dialog is that for a new contact."""
    book = books.copy(books.of(size), "programs.db")
    homes = {f"XDG_{kind}_HOME": str(books.folder / "home") for kind in ("CONFIG", "DATA", "STATE", "CACHE")}
    keys = {**_KEYS, "check": " ", "dialog": "n", "close": "escape"}
    environment = {**homes, "PYTHONPATH": str(ROOT)}
    return Program("Coterie", [sys.executable, "-m", "coterie.tui", "--database", str(book)], keys, environment)


def peers(books: Books, size: int) -> Iterator[Program]:
    """VisiData with the people as CSV; abook with them as its own file. Both open a person by enter."""
    home = books.folder / "home"
    home.mkdir(exist_ok=True)
    if binary := _installed(books, VISIDATA, "vd"):
        keys = {**_KEYS, "check": "s", "dialog": "enter", "close": "q"}
        yield Program("VisiData", [binary, _csv(books, size)], keys, {"HOME": str(home)})
    if abook := from_debian("abook", "abook"):
        keys = {**_KEYS, "check": " ", "dialog": "enter", "close": "q"}
        yield Program("abook", [abook, "-C", "/dev/null", "--datafile", _abook(books, size)], keys, {"HOME": str(home)})


def khard(books: Books, size: int) -> list[str | Path] | None:
    """The beginning of khard's command line for so many people, each in a file of vCard; None without khard."""
    binary = _installed(books, KHARD, "khard")
    if binary is None:
        return None
    folder = books.folder / f"vcards-{size}"
    if not folder.exists():
        folder.mkdir()
        for number, (name, email, company) in enumerate(_people(books, size)):
            lines = ["BEGIN:VCARD", "VERSION:3.0", f"UID:{number}", f"FN:{name}", f"N:{name};;;;", f"EMAIL:{email}",
                     f"ORG:{company}", "END:VCARD", ""]  # fmt: skip
            (folder / f"{number}.vcf").write_text("\r\n".join(line for line in lines if line[-1:] != ":") + "\r\n")
    config = books.folder / "khard.conf"
    config.write_text(f"[addressbooks]\n[[all]]\npath = {folder}\n[general]\n[contact table]\n[vcard]\n")
    return [binary, "--config", config]


def _people(books: Books, size: int) -> Iterator[tuple[str, str, str]]:
    """Name, e-mail address and company of each."""
    with books.people(size).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            name = f"{row['First Name']} {row['Last Name']}".strip()
            if name:
                yield name, row["E-mail 1 - Value"], row["Organization Name"]


def _csv(books: Books, size: int) -> Path:
    path = books.folder / f"visidata-{size}.csv"
    if not path.exists():
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("name", "email", "company"), *sorted(_people(books, size))])
    return path


def _abook(books: Books, size: int) -> Path:
    path = books.folder / f"abook-{size}"
    if not path.exists():
        with path.open("w", encoding="utf-8") as file:
            file.write("[format]\nprogram=abook\nversion=0.6.1\n\n")
            for number, (name, email, company) in enumerate(sorted(_people(books, size))):
                file.write(f"[{number}]\nname={name}\nemail={email}\ncustom1={company}\n\n")
    return path


def _installed(books: Books, requirement: str, program: str) -> Path | None:
    """A program from PyPI; None, with a sentence, if it can't be installed."""
    environment = books.folder / f"peer-{program}"
    binary = environment / "bin" / program
    if not binary.exists():
        uv = shutil.which("uv") or "uv"
        commands: tuple[list[str | Path], ...] = (
            [uv, "venv", "--quiet", "--clear", environment],
            [
                uv,
                "pip",
                "install",
                "--quiet",
                "--compile-bytecode",
                "--python",
                environment / "bin/python",
                requirement,
            ],
        )
        for command in commands:
            if not _succeeds(command):
                print(f"  {requirement} can't be installed here, so it is left out.", flush=True)
                return None
    return binary


def from_debian(package: str, program: str) -> str | None:
    """A program from Debian's archive; None, with a sentence, if it is not there and can't be installed."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    installed = shutil.which(program, path=path)
    if installed is None and os.geteuid() == 0 and shutil.which("apt-get"):
        _succeeds(["apt-get", "install", "--yes", "--no-install-recommends", package])
        installed = shutil.which(program, path=path)
    if installed is None:
        print(f"  {program} is not here, so it is left out: apt-get install {package}", flush=True)
    return installed


def _succeeds(command: Sequence[str | Path]) -> bool:
    words = [str(word) for word in command]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        return subprocess.run(words, env=environment, capture_output=True, timeout=_LONGEST).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
