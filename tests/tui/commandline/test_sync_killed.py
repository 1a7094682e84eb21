"""A sync that is killed at any of its requests: the next one ends what it began, and nothing is there twice."""

from __future__ import annotations

import asyncio
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from coterie.core.book import Book
from coterie.core.settings import Settings
from tests.providers.google.server import GoogleServer
from tests.providers.server import Request, Response
from tests.tui.commandline.conftest import Command
from tests.tui.commandline.test_accounts import connect
from tests.tui.google_user import person


class Killer(GoogleServer):
    """Kills `victim` at its request number `at` to the People API, before or after it has done what was asked."""

    victim: subprocess.Popen[bytes] | None = None
    at = 0
    after = False

    def respond(self, request: Request) -> Response:
        victim = self.victim
        if victim is None or not request.path.startswith("/v1/"):
            return super().respond(request)
        self.at -= 1
        if self.at == 0 and not self.after:
            victim.kill()
            victim.wait()
            return Response(503)
        answer = super().respond(request)
        if self.at == 0:
            victim.kill()
            victim.wait()
        return answer


@pytest.fixture
def server(coterie: Command, tmp_path: Path) -> Iterator[Killer]:
    with Killer() as server:
        server.address = "ada@example.org"
        for number in range(6):
            server.put(person(f"There {number}", f"there{number}@example.org"), f"people/c{number}")
        coterie.environment |= {
            "COTERIE_GOOGLE__ENDPOINT": server.url,
            "COTERIE_GOOGLE__CLIENT_SECRETS": server.client_file(tmp_path),
            "NO_PROXY": "127.0.0.1,localhost",
        }
        yield server


async def send_new_contacts(coterie: Command) -> None:
    """What the dialog of the account's options does."""
    settings = Settings.load({"database_url": f"sqlite:///{coterie.book}"}, environment={})
    async with await Book.open(settings) as book:
        [account] = await book.accounts.all()
        since = datetime.now(UTC).isoformat()
        await book.accounts.update(replace(account, settings={**account.settings, "new_contacts_since": since}))


def changed_on_both_sides(coterie: Command, server: Killer) -> None:
    """An account that writes back, and something to do in each direction."""
    connect(coterie, "--write")
    coterie.ok("sync")
    asyncio.run(send_new_contacts(coterie))
    coterie.ok("edit", "there0@example.org", "--set", "company=Here", "--yes")
    coterie.ok("delete", "there1@example.org", "--yes")
    coterie.ok("add", "--name=New Here", "--email=new@example.org", "--group=Choir")
    server.put(person("There 2", "there2@example.org", biographies=[{"value": "from there"}]), "people/c2")
    server.put(person("New There", "newthere@example.org"), "people/c9")
    server.remove("people/c3")


def names_there(server: GoogleServer) -> Counter[str]:
    return Counter(f"{one['names'][0]['givenName']} {one['names'][0]['familyName']}" for one in server.people.values())


@pytest.mark.parametrize("after", [False, True], ids=["before it acts", "before it answers"])
def test_a_sync_killed_at_each_request_ends_as_one_that_was_not(coterie: Command, server: Killer, after: bool) -> None:
    changed_on_both_sides(coterie, server)
    kills = 0
    for number in range(1, 40):
        server.at, server.after = number, after
        server.victim = coterie.start("sync", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        _, said = server.victim.communicate(timeout=60)
        ended, server.victim = server.victim.returncode, None
        assert "All is well" in coterie.ok("doctor"), number
        if ended != -9:
            assert ended == 0, said
            break
        kills += 1
    assert kills > 3
    there = {"There 0", "There 2", "There 4", "There 5", "New Here", "New There"}
    assert sorted(coterie.names()) == sorted(there)
    assert coterie.json("show", "there2@example.org")["notes"] == "from there"
    assert server.people["people/c0"]["organizations"][0]["name"] == "Here"
    assert names_there(server) == Counter(there)
