"""A Google account and a CardDAV account in one book: neither gets what the other one, and not the user, has said."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from coterie.core.book import Book
from coterie.core.provider import Setup
from coterie.providers.carddav.password import Login
from coterie.providers.carddav.provider import CardDavProvider
from coterie.providers.google.client import client_file
from coterie.providers.google.provider import GoogleProvider
from coterie.providers.google.tokens import Permission
from tests.providers.carddav.cards import card
from tests.providers.carddav.server import PASSWORD, USER, RadicaleServer
from tests.providers.google.server import WRITE, GoogleServer
from tests.providers.prompter import MemoryTokens
from tests.providers.with_book import Synced


@pytest.fixture
def people() -> Iterator[GoogleServer]:
    with GoogleServer() as server:
        yield server


@pytest.fixture
def cards(tmp_path: Path) -> Iterator[RadicaleServer]:
    with RadicaleServer(tmp_path) as server:
        yield server


@pytest.fixture
async def home(book: Book, people: GoogleServer, tmp_path: Path) -> AsyncIterator[Synced]:
    settings = {"client_secrets": people.client_file(tmp_path), "endpoint": people.url}
    refresh, access = people.grant(WRITE)
    secret = Permission(client_file(settings["client_secrets"]), refresh, access, (WRITE,)).to_text()
    provider = GoogleProvider(Setup(MemoryTokens(secret), settings, write=True))
    yield await Synced.of(book, provider)
    await provider.close()


@pytest.fixture
async def work(book: Book, cards: RadicaleServer) -> AsyncIterator[Synced]:
    secret = Login(f"{cards.url}/", USER, PASSWORD, homes=(f"{cards.url}/{USER}/",)).to_text()
    provider = CardDavProvider(Setup(MemoryTokens(secret), write=True))
    yield await Synced.of(book, provider, "ada@work.example")
    await provider.close()


async def test_connecting_a_second_account_writes_nothing_to_the_first(
    home: Synced, work: Synced, people: GoogleServer, cards: RadicaleServer
) -> None:
    choir = people.group("Choir")
    ada = people.put(
        {
            "names": [{"displayName": "Ada King", "givenName": "Ada", "familyName": "King"}],
            "emailAddresses": [{"value": "ada@example.org"}],
            "biographies": [{"value": "a private note", "contentType": "TEXT_PLAIN"}],
            "memberships": [people.membership(choir), people.membership("contactGroups/starred")],
        }
    )
    await home.sync()
    lines = ("EMAIL:ada@example.org", "TEL:4711", "ORG:Works", "NOTE:salary", "CATEGORIES:Staff")
    cards.put(cards.path("1.vcf"), card("UID-1", "Ada King", *lines))
    there = cards.get(cards.path("1.vcf"))
    before = json.dumps(people.people, sort_keys=True)
    for _ in range(3):
        await work.sync()
        await home.sync()
    assert json.dumps(people.people, sort_keys=True) == before
    assert cards.get(cards.path("1.vcf")) == there
    [shown] = (await home.people()).values()
    assert (shown.company, shown.notes, shown.custom["Notes (2)"]) == ("Works", "a private note", "salary")
    assert set(shown.groups) == {"Choir", "Staff"}

    await home.edit("Ada King", job_title="Countess", company="Ours")
    await work.sync()
    await home.sync()
    stored = cards.get(cards.path("1.vcf")) or ""
    assert "TITLE:Countess" in stored
    assert "ORG:Ours" in stored
    assert people.people[ada]["organizations"] == [{"title": "Countess"}]
    assert "private" not in stored
    assert "salary" not in json.dumps(people.people)
