"""The throw-away book of `--demo`: a few hundred invented people, the same ones each time.

Nobody in it is real: names are drawn at random, domains are reserved for examples (RFC 2606), phone numbers come from
ranges that the numbering authorities keep for films and books, if there are any.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING, Final

from coterie.core.changes import CONTACTS, Change, Create, CreateGroup, Delete, Plan, SaveSearch
from coterie.core.checks import Checks
from coterie.core.model import Address, Contact, Email, Phone, Url

if TYPE_CHECKING:
    from coterie.core.book import Book

IN_BIN: Final = 9
EMPTY_GROUP: Final = "Summer party"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where some of the people live.

    Attributes:
        given, family: names; after a slash how they are written in an e-mail address, if that is not plain.
        number: phone numbers there; each `#` becomes a digit.
        people: how many of our people live there.
    """

    given: str
    family: str
    city: str
    country: str
    number: str
    people: int = 28
    family_first: bool = False


_PLACES: Final = (
    _Place("Amelia Oscar Freya Harriet Callum Imogen Rhys Nadia Alfie Beatrice Dominic Priya",
           "Ashworth Thornbury Pemberton Okafor Whitlock Hargreave Llewellyn Chowdhury Fairfax Marlowe",
           "London", "United Kingdom", "+44 20 7946 0###"),
    _Place("Madison Tyler Jasmine Marcus Savannah Diego Naomi Wyatt Camila Andre Brooke Hank",
           "Whitfield Delacroix Ramirez Lindqvist Okonkwo Prescott Yazzie Calloway Nakamura Hollis",
           "Portland", "United States", "+1 503 555 01##"),
    _Place("Jürgen Anneliese Matthias Frauke Til Swantje Rüdiger Mechthild Henrik Käthe",
           "Müller-Brandt Weißgerber Sommerfeld Quandt Öhlschläger Finkenau Rademacher Lührs Vogelsang",
           "Berlin", "Germany", "+49 30 23125 ###"),
    _Place("Élodie Mathéo Océane Thibault Maëlle Gaspard Inès Lucien Zoé Baptiste",
           "Beaufils Lefèvre-Roy Castelnau D’Aubigny Marchetti Guérin Tessier Ouédraogo Vasseur",
           "Lyon", "France", "+33 1 99 00 ## ##"),
    _Place("Maja Elias Ingrid Axel Saga Björn Tuva Åke Linnéa Sixten",
           "Lindqvist Öberg Sjöstrand Hällström Ekdahl Norrby Ström Wikander Ålund",
           "Gothenburg", "Sweden", "+46 31 390 06 ##"),
    _Place("Lucía Mateo Ximena Álvaro Itziar Joaquín Marisol Rafael Begoña Íñigo",
           "Ibáñez Carrasco Etxeberria Villalobos Núñez Quintana Salvatierra Peñalver Arroyo",
           "Bilbao", "Spain", "+34 955 51 ## ##"),
    _Place("Thaís Otávio Iracema João Luana Caetano Raíssa Benício Yasmin Murilo",
           "Magalhães Vasconcelos Guimarães Brandão Tavares Conceição Falcão Sant’Ana",
           "Recife", "Brazil", "+55 81 5550 1###"),
    _Place("Zofia Bartłomiej Agnieszka Kacper Jadwiga Łukasz Wanda Grzegorz Dorota",
           "Wrona Kowalczyk Dąbek Zawada Jaźwiec Gołąb Świerczek Mróz",
           "Kraków", "Poland", "+48 12 555 01 ##"),
    _Place("Ngozi Chidi Adaeze Emeka Folake Tunde Zainab Obinna Yetunde",
           "Adeyemi Nwosu Eze Balogun Ogunleye Danjuma Chukwu Abiola",
           "Lagos", "Nigeria", "+234 1 555 01##"),
    _Place("Ananya Rohan Meenakshi Arjun Kavya Sanjay Lakshmi Vikram Divya",
           "Subramanian Chatterjee Deshmukh Iyer Bhattacharya Kulkarni Rao Menon",
           "Pune", "India", "+91 20 5550 1###"),
    _Place("美咲/misaki 翔太/shota 結衣/yui 大輔/daisuke さくら/sakura 健一/kenichi",
           "佐々木/sasaki 小野寺/onodera 長谷川/hasegawa 藤本/fujimoto 水野/mizuno 森下/morishita",
           "京都市", "Japan", "+81 75-555-01##", people=10, family_first=True),
    _Place("Анна/anna Дмитро/dmytro Оксана/oksana Тарас/taras Соломія/solomiia Богдан/bohdan",
           "Лисенко/lysenko Коваль/koval Гончар/honchar Мельник/melnyk Бойко/boiko",
           "Львів", "Ukraine", "+380 32 555 01 ##", people=10),
    _Place("Minh Lan Thảo Quân Hương Đức", "Nguyễn Trần Phạm Đặng Vũ Lê",
           "Huế", "Vietnam", "+84 234 555 01##", people=12, family_first=True),
)  # fmt: skip

_COMPANIES: Final = (
    ("Harbour & Pine", "harbourpine.example.com"),
    ("Nordlys Energi AS", "nordlys.example.net"),
    ("Blue Kettle Press", "bluekettle.example.org"),
    ("Quarry Lane Surgery", "quarrylane.example.org"),
    ("Atelier Mistral", "mistral.example.com"),
    ("Okapi Robotics", "okapi.example.com"),
    ("Brückner Orgelbau GmbH", "orgelbau.example.net"),
    ("Tidewater Logistics", "tidewater.example.com"),
    ("Saltmarsh Trust", "saltmarsh.example.org"),
    ("Linden Street School", "lindenstreet.example.org"),
    ("Copperfield Instruments", "copperfield.example.com"),
    ("Estúdio Jangada", "jangada.example.net"),
    ("Meridian Maps", "meridian.example.com"),
    ("Fern & Folio", "fernfolio.example.com"),
)
_TITLES: Final = (
    "Violin maker", "Head of Research", "Conductor", "Treasurer", "Site Reliability Engineer", "Translator",
    "Midwife", "Managing Director", "Cartographer", "Editor", "Primary school teacher", "Harbour pilot",
    "Product Manager", "Electrician", "Data Analyst", "Architect", "Veterinarian", "Office Manager", "Sound engineer",
)  # fmt: skip
_SEARCHES = (SaveSearch("no company", "missing:company"), SaveSearch("choir, no phone", "group:choir missing:phone"))
# Group -> how many of a hundred people are in it.
_GROUPS: Final = {"Newsletter": 42, "Choir": 14, "Conference 2026": 12, "Neighbors": 8, "Family": 5, "Board": 3}
_NOTES: Final = (
    "Met at the spring concert.",
    "Prefers e-mail to phone calls.",
    "Sings alto; can stand in for the second sopranos.",
    "Send the invoice to the office,\nnot to the home address.",
    "Allergic to nuts.",
    "Speaks Portuguese and a little Dutch.",
)
_PRIVATE: Final = ("example.org", "example.com", "example.net")
_SPELLED: Final = str.maketrans({"ł": "l", "Ł": "L", "ß": "ss", "đ": "d", "Đ": "D", "ø": "o"})


def contacts() -> list[Contact]:
    """The invented people, always the same, the ones that look like duplicates of others at the end."""
    lot = Random(1791)  # noqa: S311 - the same people each time is what is wanted
    numbers: set[str] = set()
    people = [_person(lot, place, names, numbers) for place in _PLACES for names in _names(lot, place)]
    lot.shuffle(people)
    reachable = [person for person in people if person.phones and person.company]
    return people + [_twin(person, way) for way, person in enumerate(lot.sample(reachable, 4))]


async def fill(book: Book) -> None:
    """Put the invented people into `book`, some of them into its Bin."""
    people = contacts()
    changes: list[Change] = [CreateGroup(EMPTY_GROUP), *map(Create, people), *_SEARCHES]
    made = await book.apply(Plan("import", "Invent contacts", changes, done=f"Invented {CONTACTS}."))
    binned = Checks.of(made.created_ids[7 :: len(people) // IN_BIN][:IN_BIN])
    await book.apply(Plan("delete", "Delete contacts", (Delete(binned),), done=f"Moved {CONTACTS} to the Bin."))


def _names(lot: Random, place: _Place) -> list[tuple[str, str]]:
    """Given and family names of different people."""
    pairs = [(given, family) for given in place.given.split() for family in place.family.split()]
    return lot.sample(pairs, place.people)


def _person(lot: Random, place: _Place, names: tuple[str, str], numbers: set[str]) -> Contact:
    mailbox = ".".join(map(_letters, names))
    given, family = (name.partition("/")[0] for name in names)
    company, domain = lot.choice(_COMPANIES) if lot.random() < 0.7 else ("", "")
    private = Email(f"{mailbox}@{lot.choice(_PRIVATE)}", "home")
    work = Email(f"{mailbox}@{domain}", "work", primary=True)
    emails = (work, private) if company and lot.random() < 0.35 else (work,) if company else (private,)
    phones = tuple(Phone(_number(lot, place.number, numbers), label) for label in _labels(lot))
    return Contact(
        name=f"{family} {given}" if place.family_first else f"{given} {family}",
        given_name=given,
        family_name=family,
        emails=emails,
        phones=phones,
        company=company,
        job_title=lot.choice(_TITLES) if company else "",
        groups=tuple(sorted(name for name, share in _GROUPS.items() if lot.randrange(100) < share)),
        favorite=lot.random() < 0.07,
        notes=lot.choice(_NOTES) if lot.random() < 0.12 else "",
        birthday=f"{lot.randint(1948, 2004)}-{lot.randint(1, 12):02}-{lot.randint(1, 28):02}"
        if lot.random() < 0.3
        else "",
        addresses=(Address(city=place.city, country=place.country, label="home"),) if lot.random() < 0.5 else (),
        urls=(Url(f"https://{domain}/", "work"),) if company and lot.random() < 0.2 else (),
    )


def _twin(person: Contact, way: int) -> Contact:
    """Somebody who was put in a second time, as it happens: written in another way, with less known."""
    twin = Contact(name=person.name, given_name=person.given_name, family_name=person.family_name)
    if way % 2:
        return replace(twin, emails=(Email(person.email.upper()),))
    mailbox, _, _ = person.email.partition("@")
    return replace(
        twin,
        name=_plain(person.name).upper(),
        emails=(Email(f"{mailbox}@old.example.net"),),
        phones=person.phones[:1],
        company=person.company,
    )


def _labels(lot: Random) -> list[str]:
    return lot.choice((["mobile"], ["mobile"], ["work"], ["mobile", "home"], ["work", "mobile"], []))


def _number(lot: Random, pattern: str, taken: set[str]) -> str:
    """A number that nobody has."""
    while (number := "".join(str(lot.randrange(10)) if char == "#" else char for char in pattern)) in taken:
        pass
    taken.add(number)
    return number


def _plain(text: str) -> str:
    """`text` without accents; scripts other than Latin stay as they are."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_SPELLED))
    return unicodedata.normalize("NFC", "".join(char for char in decomposed if not unicodedata.combining(char)))


def _letters(name: str) -> str:
    """The part of an e-mail address that a name makes."""
    return "".join(char for char in _plain(name.rpartition("/")[2]).lower() if char.isalnum() or char == "-")
