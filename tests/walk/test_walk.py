"""Eight hundred messy contacts become exactly the seven hundred that they are, by at most sixty keys."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from tests import preloaded
from tests.tui.terminal_harness import Terminal
from tests.walk import messy
from tests.walk.walk import COUNT, RECORDING, SIZE, environment, walk

COTERIE = [sys.executable, "-m", "coterie.tui"]
DOCS = Path(__file__).parents[2] / "docs"


def test_the_keys_are_few() -> None:
    assert COUNT <= 60
    assert f"**{COUNT} keys**" in (DOCS / "eight-hundred.md").read_text("utf-8")


def test_the_file_is_the_same_each_time(tmp_path: Path) -> None:
    messy.write(tmp_path / "one.csv", tmp_path / "truth.json")
    messy.write(tmp_path / "two.csv", tmp_path / "truth.json")
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()
    assert len(list(messy.rows())) == messy.ROWS
    assert len({one.name for one in messy.people()}) == len(messy.people())


def test_the_walk_ends_with_what_is_true(tmp_path: Path) -> None:
    messy.write(tmp_path / "people.csv", tmp_path / ".truth.json")
    with Terminal(COTERIE, size=SIZE, environment=environment(tmp_path), cwd=tmp_path) as terminal:
        pressed = list(walk(terminal))
    assert len(pressed) == COUNT
    ended = preloaded.run(["list", "--json"], environment=os.environ | environment(tmp_path))
    book = {one["name"]: one for one in json.loads(ended.stdout)}
    truth = {one.name: one for one in messy.people()}
    assert book.keys() == truth.keys()
    for name, person in truth.items():
        assert _known(book[name]) == _true(person)


def _known(contact: dict[str, object]) -> dict[str, object]:
    """What the book says of somebody."""
    addresses, emails, phones = contact["addresses"], contact["emails"], contact["phones"]
    assert isinstance(addresses, list)
    assert isinstance(emails, list)
    assert isinstance(phones, list)
    said = {key: contact[key] or "" for key in ("given_name", "family_name", "company", "job_title", "birthday")}
    return {
        **said,
        "emails": [one["address"] for one in emails],
        "phones": [one["number"] for one in phones],
        "groups": contact["groups"],
        "custom": contact["custom"],
        "cities": [one["city"] for one in addresses],
    }


def _true(person: messy.Person) -> dict[str, object]:
    return {
        "given_name": person.given,
        "family_name": person.family,
        "company": person.company,
        "job_title": person.job_title,
        "birthday": person.birthday,
        "emails": [person.email],
        "phones": [person.phone] if person.phone else [],
        "groups": [person.group] if person.group else [],
        "custom": {},
        "cities": [person.city],
    }


def test_the_recording_is_one() -> None:
    header, *events = map(json.loads, RECORDING.read_text("utf-8").splitlines())
    assert (header["version"], f"{header['width']}x{header['height']}") == (2, SIZE)
    assert sum(kind == "i" for _, kind, _ in events) == COUNT
    times = [at for at, _, _ in events]
    assert times == sorted(times)
