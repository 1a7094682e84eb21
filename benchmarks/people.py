"""Invented people as a CSV file in Google's layout (31 columns), the same ones each time.

    uv run python -m benchmarks.people FILE COUNT [FIRST]

Of 1,000 rows about 870 have an e-mail address, 25 of which an earlier row of another name has too, 300 a second one;
600 have a telephone number, 350 a company, 150 a postal address, 100 notes, all of them one to three groups of 40.
One row in 200 holds nobody. `FIRST` numbers the addresses from there, for a second file of other people.
"""

from __future__ import annotations

import csv
import sys
from itertools import product
from pathlib import Path
from random import Random
from typing import Final

HEADINGS: Final = (
    "First Name", "Middle Name", "Last Name", "Phonetic First Name", "Phonetic Middle Name", "Phonetic Last Name",
    "Name Prefix", "Name Suffix", "Nickname", "File As", "Organization Name", "Organization Title",
    "Organization Department", "Birthday", "Notes", "Photo", "Labels", "E-mail 1 - Label", "E-mail 1 - Value",
    "E-mail 2 - Label", "E-mail 2 - Value", "Phone 1 - Label", "Phone 1 - Value", "Address 1 - Label",
    "Address 1 - Street", "Address 1 - City", "Address 1 - Region", "Address 1 - Postal Code", "Address 1 - Country",
    "Website 1 - Label", "Website 1 - Value",
)  # fmt: skip
_STARTS: Final = [
    "a",
    "ba",
    "ca",
    "da",
    "e",
    "fa",
    "ga",
    "ha",
    "i",
    "ja",
    "ka",
    "la",
    "ma",
    "na",
    "o",
    "pa",
    "ra",
    "sa",
    "ta",
    "u",
    "va",
    "wa",
    "yo",
    "zo",
    "jo",
    "mi",
    "li",
    "ro",
    "an",
    "el",
]
_MIDDLES: Final = [
    "r",
    "n",
    "l",
    "s",
    "m",
    "t",
    "d",
    "v",
    "k",
    "ri",
    "na",
    "lo",
    "si",
    "mé",
    "ü",
    "ø",
    "ta",
    "de",
    "vi",
    "ku",
]
_ENDS: Final = ["a", "e", "i", "o", "in", "an", "el", "is", "ia", "us", "er", "sson", "berg", "ski", "ez", "ov"]
_COMPANIES: Final = tuple(
    f"{adjective} {goods} {form}"
    for adjective, goods, form in product(
        ["Northern", "Blue", "Quiet", "Alpine", "United", "Silver", "Harbour", "Golden", "Rapid", "Prime"],
        ["Engines", "Systems", "Foods", "Textiles", "Analytics", "Timber", "Energy", "Media", "Logistics", "Optics"],
        ("Ltd", "GmbH", "Inc", "SA", "AB", "& Sons"),
    )
)
_TITLES: Final = ("Engineer", "Director", "Nurse", "Teacher", "Accountant", "Designer", "Editor", "Manager", "Gardener")
_CITIES: Final = ("London", "Berlin", "Lyon", "Göteborg", "Kraków", "Lagos", "Pune", "Bilbao", "Portland", "Recife")
_GROUPS: Final = tuple(
    f"{kind} {number}" for kind in ["Choir", "Board", "Team", "Friends", "Club"] for number in range(1, 9)
)
_DOMAINS: Final = ("gmail.com", "example.org", "example.com", "example.net", "yahoo.com", "outlook.com")
_NOTES: Final = [
    "met",
    "at",
    "the",
    "conference",
    "in",
    "spring",
    "and",
    "asked",
    "for",
    "the",
    "report",
    "about",
    "lighthouses",
]


def _names(chance: Random, count: int) -> list[str]:
    every = [start + middle + end for start, middle, end in product(_STARTS, _MIDDLES, _ENDS)]
    chance.shuffle(every)
    return [name.capitalize() for name in every[:count]]


def write_people(path: Path, count: int, first: int = 0) -> None:
    """Write `count` rows to `path`."""
    chance = Random(first + 7)
    given, family = _names(Random(1), 1200), _names(Random(2), 6000)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADINGS)
        for number in range(first, first + count):
            writer.writerow(_row(chance, number, given, family))


def _row(chance: Random, number: int, given: list[str], family: list[str]) -> list[str]:
    lot = chance.random
    first_name, last_name = given[int(lot() * len(given))], family[int(lot() * len(family))]
    row = [""] * len(HEADINGS)
    if number % 200 == 199:
        row[14] = "nobody in particular"
        return row
    row[0], row[2] = first_name, last_name
    if lot() < 0.1:
        row[1] = given[int(lot() * len(given))]
    if lot() < 0.35:
        row[10] = _COMPANIES[int(lot() * len(_COMPANIES))]
        row[11] = _TITLES[int(lot() * len(_TITLES))]
    if lot() < 0.1:
        row[14] = " ".join(_NOTES[int(lot() * len(_NOTES))] for _ in range(8))
    labels = {_GROUPS[int(lot() * lot() * len(_GROUPS))] for _ in range(1 + int(lot() * 3))}
    row[16] = " ::: ".join(["* myContacts", *sorted(labels), *(["* starred"] if lot() < 0.02 else [])])
    if lot() < 0.87:
        whose = number if lot() > 0.025 else int(lot() * (number + 1))
        row[17], row[18] = "* Home", f"{given[whose * 7 % len(given)].lower()}.{whose}@{_DOMAINS[whose % 6]}"
        if lot() < 0.35:
            row[19], row[20] = "Work", f"{family[whose * 5 % len(family)].lower()}{whose}@work.example"
    if lot() < 0.6:
        row[21], row[22] = "Mobile", f"+44 7700 {int(lot() * 10**6):06}"
    if lot() < 0.15:
        city = _CITIES[int(lot() * len(_CITIES))]
        row[23:29] = ["Home", f"{int(lot() * 200)} Long Street", city, "", f"{int(lot() * 90000) + 10000}", "Europe"]
    if lot() < 0.05:
        row[29], row[30] = "Blog", f"https://{first_name.lower()}{number}.example"
    return row


if __name__ == "__main__":
    write_people(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 0)
