"""Eight hundred messy contacts, and what is true of them: the same ones each time.

    uv run python -m tests.walk.messy people.csv truth.json

The file is what a phone, two mail programs and ten years of typing leave behind: names in capitals or reversed, titles
in names, a company spelled in four ways, mistyped domains, telephone numbers in five styles, birthdays in the future,
groups that differ by case, people who are there twice, and lines with nothing but a name.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path
from random import Random
from typing import Final

ROWS: Final = 800
HEADINGS: Final = (
    "First name", "Last name", "E-mail", "Company", "Job title", "Phone", "Birthday", "Groups", "City", "Country"
)  # fmt: skip
_TWICE: Final = 72
"""So many people are in the file a second time."""
_EMPTY: Final = 28
"""So many lines have nothing but a name."""
_GIVEN: Final = (
    "Ada", "Alan", "Alice", "Amelia", "Anna", "Barbara", "Carla", "Charlotte", "Claire", "Daniel", "David",
    "Deborah", "Diana", "Edward", "Elena", "Emily", "Fiona", "Frank", "Hannah", "Helen", "Henry", "Ingrid",
    "Isabel", "Julia", "Karen", "Laura", "Linda", "Lucy", "Maria", "Marta", "Nina", "Oliver", "Paula", "Peter",
    "Rachel", "Robert", "Sarah", "Sophie", "Susan", "Walter",
)  # fmt: skip
_FAMILY: Final = (
    "Ashdown", "Blackwood", "Castellan", "Dunmore", "Eastbrook", "Fairweather", "Greenhalgh", "Hathersage",
    "Ingleby", "Jessop", "Kirkbride", "Langstaff", "Merriweather", "Northcott", "Oakenfull", "Pemberley",
    "Quennell", "Ravenscroft", "Satterthwaite", "Thistlewood", "Underhill", "Vavasour", "Wetherby", "Yarborough",
)  # fmt: skip
_COMPANIES: Final = {
    "Harbour Lights Ltd": ("HARBOUR LIGHTS LTD", "Harbour Lights Ltd.", "Harbour Lights Limited"),
    "Fern & Folio": ("Fern and Folio", "FERN & FOLIO", "fern & folio"),
    "Copperfield Bakery": ("COPPERFIELD BAKERY", "copperfield bakery", "Copperfield  Bakery"),
    "Quarry Lane Press": ("QUARRY LANE PRESS", "Quarry-Lane Press", "quarry lane press"),
}
"""Each company, and how else it is spelled."""
_TITLES: Final = ("Architect", "Head of Sales", "Editor", "Violin Maker", "Accountant", "")
_MAIL: Final = {"gmail.com": "gmial.com", "hotmail.com": "hotmial.com", "yahoo.com": "yahoo.con"}
"""Each domain, and how it is mistyped."""
_WHERE: Final = ("(gym)", "(train to York)", "(plumber?)", "(Tuesday)")
_GROUPS: Final = {"Book Club": "Book-club", "Choir": "Choir", "Newsletter": "Newsletter", "": ""}


@dataclass(frozen=True)
class Person:
    """What is true of somebody, by the headings of the file."""

    prefix: str
    given: str
    family: str
    email: str
    company: str
    job_title: str
    phone: str
    birthday: str
    group: str
    city: str

    @property
    def name(self) -> str:
        """As it should be written."""
        return " ".join(part for part in (self.prefix, self.given, self.family) if part)


def people() -> list[Person]:
    """Everybody who should be in the book in the end."""
    chance = Random(13)
    names = list(product(_GIVEN, _FAMILY))
    chance.shuffle(names)
    return [_person(chance, place, *name) for place, name in enumerate(names[: ROWS - _TWICE - _EMPTY])]


def _person(chance: Random, place: int, given: str, family: str) -> Person:
    return Person(
        prefix=chance.choice(("Dr.", "Prof.")) if place >= _TWICE and place % 20 == 0 else "",
        given=given,
        family=family,
        email=f"{given}.{family}@{chance.choice(list(_MAIL))}".lower(),
        company=chance.choice((*_COMPANIES, "", "")),
        job_title=chance.choice(_TITLES),
        phone=f"+44207946{place:04}" if place % 3 else "",
        birthday=f"{chance.randrange(1950, 1969)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
        if place % 4 == 0 else "",
        group=chance.choice(list(_GROUPS)),
        city=chance.choice(("London", "Leeds", "York", "Bath")),
    )  # fmt: skip


def rows() -> Iterator[list[str]]:
    """The lines of the file."""
    chance = Random(12)
    everybody = people()
    turned = dict(zip(_FAMILY, _GIVEN, strict=False))  # so that each name is reversed once at most
    lines = [_row(chance, one, turned=turned[one.family] == one.given and not one.prefix) for one in everybody]
    lines += [_second_row(chance, one) for one in everybody[:_TWICE]]
    lines += [
        [given, where] + [""] * (len(HEADINGS) - 2)
        for given, (where, _) in zip(_GIVEN, product(_WHERE, range(_EMPTY // len(_WHERE))), strict=False)
    ]
    chance.shuffle(lines)
    return iter(lines)


def _row(chance: Random, one: Person, *, turned: bool) -> list[str]:
    return [
        *((one.family, one.given) if turned else _messy_name(chance, one)),
        _messy_email(chance, one.email),
        _one_of(chance, one.company, _COMPANIES.get(one.company, ())),
        _one_of(chance, one.job_title, (one.job_title.upper(), one.job_title.lower())),
        _messy_phone(chance, one.phone),
        f"20{one.birthday[2:]}" if one.birthday and chance.random() < 0.2 else one.birthday,
        _one_of(chance, one.group, (_GROUPS[one.group],)),
        one.city,
        "United Kingdom",
    ]


def _one_of(chance: Random, usual: str, others: tuple[str, ...]) -> str:
    """Mostly the usual spelling."""
    return chance.choice(others) if others and chance.random() < 0.3 else usual


def _second_row(chance: Random, one: Person) -> list[str]:
    """The same person in another address book: with the number, or with a mistyped address."""
    number = one.phone and chance.random() < 0.5
    email = "" if number else _mistyped(one.email)
    phone = _messy_phone(chance, one.phone) if number else ""
    return [*_messy_name(chance, one), email, "", "", phone, "", "", "", "United Kingdom"]


def _messy_name(chance: Random, one: Person) -> tuple[str, str]:
    if one.prefix:
        return f"{one.prefix} {one.given}", one.family
    given, family = one.given, one.family
    others = ((given.upper(), family.upper()), (given.lower(), family.lower()))
    return chance.choice(others) if chance.random() < 0.3 else (given, family)


def _messy_email(chance: Random, email: str) -> str:
    return _mistyped(email) if chance.random() < 0.08 else email


def _mistyped(email: str) -> str:
    name, _, domain = email.partition("@")
    return f"{name}@{_MAIL[domain]}"


def _messy_phone(chance: Random, number: str) -> str:
    if not number:
        return ""
    end = number[-4:]
    styles = (number, f"020 7946 {end}", f"(020) 7946-{end}", f"+44 (0)20 7946 {end}", f"0044 20 7946 {end}")
    return chance.choice(styles)


def write(messy: Path, truth: Path) -> None:
    """Write the file, and what is true."""
    with messy.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADINGS, *rows()])
    truth.write_text(json.dumps([asdict(one) for one in people()], indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    write(*map(Path, sys.argv[1:3]))
