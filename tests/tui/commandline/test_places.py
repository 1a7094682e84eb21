"""The places of an account from the command line, with a real Radicale."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.providers.carddav.server import BOOK, PASSWORD, USER, RadicaleServer
from tests.tui.commandline.conftest import Command

CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{0}\r\nFN:{1}\r\nN:{1};;;;\r\nEND:VCARD\r\n"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RadicaleServer]:
    (tmp_path / "radicale").mkdir()
    with RadicaleServer(tmp_path / "radicale") as server:
        server.make_book("Team")
        server.put(server.path("a.vcf"), CARD.format("a", "Ada"))
        server.put(server.path("b.vcf", "Team"), CARD.format("b", "Bob"))
        yield server


@pytest.fixture
def connected(coterie: Command, server: RadicaleServer) -> tuple[Command, str]:
    """A command with the account signed in and synced, and the account's name."""
    result = coterie.run(
        *("connect", "carddav", "--server", server.url, "--user", USER, "--write", "--json"), stdin=f"{PASSWORD}\n"
    )
    assert result.code == 0, result.err
    [account] = coterie.json("accounts")
    coterie.json("sync")
    return coterie, account["account"]


def test_places_are_listed_and_chosen(connected: tuple[Command, str], server: RadicaleServer) -> None:
    coterie, account = connected
    places = {one["place"]: one for one in coterie.json("accounts", "places")}
    assert {name: one["contacts"] for name, one in places.items()} == {BOOK: 1, "Team": 1}
    assert places["Team"]["source"] == f"{account}/Team"
    assert [one["name"] for one in coterie.json("list", "source:team")] == ["Bob"]
    [ada] = coterie.json("list", "name:ada")
    assert ada["sources"] == [{"account": account, "remote_id": server.path("a.vcf"), "place": BOOK}]
    said = coterie.ok("accounts", "set", account, "write=on", "place=team", "read-only=contacts")
    assert said.endswith(f" place=Team read-only={BOOK}\n")
    assert "read-only" in coterie.ok("accounts", "places")
    asked = coterie.run("accounts", "set", account, "places=Team")
    assert asked.code == 2
    assert "1 contact would no longer be synced" in asked.err
    assert "--keep" in asked.err
    assert "moved Ada" in coterie.run("accounts", "set", account, "places=Team", "--remove").err
    assert [one["name"] for one in coterie.json("list")] == ["Bob"]
    coterie.ok("accounts", "set", account, "places=all")
    assert "restored from the Bin" in coterie.ok("sync")
    assert [one["name"] for one in coterie.json("list")] == ["Ada", "Bob"]


@pytest.mark.parametrize(
    ("choice", "said"),
    [("place=Nowhere", "no place “Nowhere”"), ("places=none", "needs a place"), ("read-only=Nowhere", "Nowhere")],
)
def test_what_cannot_be_chosen_is_said(connected: tuple[Command, str], choice: str, said: str) -> None:
    coterie, account = connected
    result = coterie.run("accounts", "set", account, choice)
    assert (result.code, said in result.err, len(result.err.splitlines()) <= 2) == (2, True, True), result.err


def test_an_edit_in_a_read_only_place_is_refused_and_listed(
    connected: tuple[Command, str], server: RadicaleServer
) -> None:
    coterie, account = connected
    coterie.ok("accounts", "set", account, "write=on", "read-only=Team")
    coterie.ok("edit", "name:bob", "--set", "company=Acme", "--yes")
    foreseen = coterie.run("sync", "--dry-run")
    assert "“Team” is read-only by your choice" in foreseen.out + foreseen.err
    result = coterie.run("sync")
    assert result.code == 1
    assert "“Team” is read-only by your choice" in result.err
    assert [one["name"] for one in coterie.json("accounts", "refused")] == ["Bob"]
    assert "Acme" not in (server.get(server.path("b.vcf", "Team")) or "")


def test_contacts_are_moved_and_copied(connected: tuple[Command, str], server: RadicaleServer) -> None:
    coterie, account = connected
    coterie.ok("accounts", "set", account, "write=off")
    refused = coterie.run("move", "name:bob", "--to", "contacts", "--yes")
    assert (refused.code, f"coterie accounts set {account} write=on" in refused.err) == (2, True)
    coterie.ok("accounts", "set", account, "write=on")
    assert "Dry run" in coterie.ok("move", "name:bob", "--to", "contacts", "--dry-run")
    assert coterie.run("move", "name:bob", "--to", "contacts").code == 2
    moved = coterie.ok("move", "name:bob", "--to", "contacts", "--yes")
    assert moved.startswith(f"Moved Bob to {account.partition(':')[2]}/contacts; ")
    [source] = [line.split("\t") for line in coterie.ok("facets").splitlines() if line.startswith("Source\t")]
    assert source == ["Source", account.partition(":")[2], "2", f'source:="{account}"']
    foreseen = coterie.ok("sync", "--dry-run")
    assert "create in contacts Bob" in foreseen
    assert "1 moved in, 1 moved out" in coterie.ok("sync")
    assert server.get(server.path("b.vcf", "Team")) is None
    assert [one["name"] for one in coterie.json("list", "source:contacts")] == ["Ada", "Bob"]
    coterie.ok("copy", "name:ada", "--to", f"{account}/Team", "--yes")
    coterie.ok("sync")
    [ada] = coterie.json("list", "name:ada")
    assert {one["place"] for one in ada["sources"]} == {BOOK, "Team"}
    again = coterie.run("move", "name:ada", "--to", "Team", "--yes")
    assert again.code == 0, again.err
    coterie.ok("sync")
    [ada] = coterie.json("list", "name:ada")
    assert [one["place"] for one in ada["sources"]] == ["Team"]
    wrong = coterie.run("move", "name:ada", "--to", "Nowhere", "--yes")
    assert (wrong.code, "no place “Nowhere”" in wrong.err, BOOK in wrong.err) == (2, True, True)
    coterie.ok("undo", "--yes")
    coterie.ok("sync")
    [ada] = coterie.json("list", "name:ada")
    assert {one["place"] for one in ada["sources"]} == {BOOK, "Team"}
