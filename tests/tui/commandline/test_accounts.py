"""coterie connect, accounts, sync and disconnect, against the local Google server, with the real SDK in front."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.providers.contract import Failure
from tests.providers.google.server import GoogleServer
from tests.tui.commandline.conftest import Command
from tests.tui.google_user import person, redirect_of

ADDRESS = "ada@example.org"
ACCOUNT = f"google:{ADDRESS}"


@pytest.fixture
def server(coterie: Command, tmp_path: Path) -> Iterator[GoogleServer]:
    with GoogleServer() as server:
        server.address = "ada@example.org"
        server.put(person("Ada King", "ada.king@example.org"), "people/c1")
        server.put(person("Bob Moore", "bob@example.org"), "people/c2")
        coterie.environment |= {
            "COTERIE_GOOGLE__ENDPOINT": server.url,
            "COTERIE_GOOGLE__CLIENT_SECRETS": server.client_file(tmp_path),
            "NO_PROXY": "127.0.0.1,localhost",
        }
        yield server


def events_of(process: subprocess.Popen[bytes]) -> Iterator[dict[str, Any]]:
    assert process.stdout is not None
    for line in process.stdout:
        yield json.loads(line)


def connect(coterie: Command, *arguments: str) -> list[dict[str, Any]]:
    """Connect as a program does that reads events and pastes the address; every event."""
    process = coterie.start(
        "connect", "google", "--json", *arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    seen = []
    with process:
        assert process.stdin is not None
        for event in events_of(process):
            seen.append(event)
            if event["event"] == "open_url":
                process.stdin.write(redirect_of(event["url"]).encode() + b"\n")
                process.stdin.flush()
    assert process.returncode == 0
    return seen


@pytest.fixture
def connected(coterie: Command, server: GoogleServer) -> Command:
    connect(coterie)
    return coterie


def test_connect_as_a_program(coterie: Command, server: GoogleServer) -> None:
    opened, signed_in = connect(coterie)
    assert opened["event"] == "open_url"
    assert opened["url"].startswith(server.url)
    assert opened["ssh_forward"].startswith("ssh -L ")
    assert signed_in == {"event": "signed_in", "account": ACCOUNT}
    [account] = coterie.json("accounts")
    assert (account["account"], account["state"], account["last_sync"]) == (ACCOUNT, "connected", None)


def test_connect_as_a_person_who_pastes_something_wrong_first(coterie: Command, server: GoogleServer) -> None:
    process = coterie.start(
        *("connect", "google", "--address", "ada@example.org"),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        url = next(line for line in process.stdout if line.startswith(b"http")).decode().strip()
        process.stdin.write(b"http://127.0.0.1/?code=1&state=another\n")
        process.stdin.flush()
        assert b"another sign-in" in process.stderr.readline()
        process.stdin.write(redirect_of(url).encode() + b"\n")
        process.stdin.flush()
        said = process.stdout.read().decode()
    assert process.returncode == 0
    assert f"Signed in as {ADDRESS}. Tokens are kept in files" in said
    assert f"coterie sync {ACCOUNT}" in said


def test_connect_through_the_listener_without_standard_input(coterie: Command, server: GoogleServer) -> None:
    process = coterie.start(
        "connect", "google", "--json", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    with process:
        events = events_of(process)
        import urllib.request

        back = redirect_of(next(events)["url"])
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        assert b"Back to the terminal" in opener.open(back).read()
        assert next(events) == {"event": "signed_in", "account": ACCOUNT}


def test_a_refusal_is_an_event_and_exit_code_4(coterie: Command, server: GoogleServer) -> None:
    server.allow = False
    process = coterie.start(
        "connect", "google", "--json", stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    with process:
        assert process.stdin is not None
        events = events_of(process)
        process.stdin.write(redirect_of(next(events)["url"]).encode() + b"\n")
        process.stdin.flush()
        last = next(events)
        assert process.stderr is not None
        assert "was not allowed" in process.stderr.read().decode()
    assert last["event"] == "error"
    assert "was not allowed" in last["message"]
    assert last["hint"]
    assert process.returncode == 4
    assert coterie.json("accounts") == []


def test_without_a_client_it_says_how_to_get_one(coterie: Command) -> None:
    result = coterie.run("connect", "google")
    assert (result.code, result.out) == (2, "")
    assert "console.cloud.google.com" in result.err


def test_unknown_providers_and_options_are_named(coterie: Command) -> None:
    result = coterie.run("connect", "aol")
    assert (result.code, "google, microsoft, carddav" in result.err) == (1, True)
    result = coterie.run("connect", "google", "--colour=red")
    assert (result.code, "There is no option --colour=red." in result.err) == (2, True)


def test_sync_edit_on_both_sides_undo_and_disconnect(connected: Command, server: GoogleServer) -> None:
    assert connected.json("sync") == {
        "account": ACCOUNT,
        "pulled": {"created": 2, "updated": 0, "deleted": 0, "unchanged": 0, "in_bin": 0},
        "pushed": {
            "created": 0,
            "updated": 0,
            "deleted": 0,
            "created_again": 0,
            "merged": 0,
            "groups": 0,
            "refused": [],
        },
        "writes": [],
        "left_out": 0,
        "conflicts": 0,
        "quarantined": [],
        "full": True,
    }
    assert connected.names() == ["Ada King", "Bob Moore"]
    connected.ok("edit", "ada", "--set", "company=Here", "--yes")
    server.put(person("Ada King", "ada.king@example.org", biographies=[{"value": "from there"}]), "people/c1")
    server.put(person("Cleo Curie", "cleo@example.org"), "people/c3")
    assert connected.ok("sync", "ada@example.org") == f"Synced {ADDRESS}: 1 new, 1 updated.\n"
    ada = connected.json("show", "ada.king@example.org")
    assert (ada["company"], ada["notes"], ada["sources"]) == (
        "Here", "from there", [{"account": ACCOUNT, "remote_id": "people/c1", "place": None}],
    )  # fmt: skip
    connected.ok("undo")
    assert connected.names() == ["Ada King", "Bob Moore"]
    assert connected.json("show", "ada.king@example.org")["notes"] == ""
    assert "moved 2 contacts to the Bin" in connected.ok("disconnect", "ada@example.org", "--remove")
    assert connected.names() == []
    assert connected.json("accounts") == []
    assert not list(connected.home.rglob("*.token"))
    assert "people/c1" in server.people


def test_disconnecting_can_keep_the_contacts(connected: Command) -> None:
    connected.ok("sync")
    result = connected.run("disconnect", ACCOUNT)
    assert (result.code, "--keep or --remove" in result.err) == (2, True)
    assert connected.run("disconnect", ACCOUNT, "--keep", "--remove").code == 2
    assert connected.ok("disconnect", ACCOUNT, "--keep") == "Disconnected ada@example.org; its contacts stay.\n"
    assert connected.names() == ["Ada King", "Bob Moore"]


def test_a_dry_run_changes_nothing(connected: Command) -> None:
    assert connected.ok("sync", "--dry-run").startswith("Dry run, nothing was changed. ")
    assert connected.names() == []
    assert connected.json("sync", "--dry-run")["pulled"]["created"] == 2
    assert connected.json("accounts")[0]["last_sync"] is None


def test_what_an_undo_left_out_can_be_restored(connected: Command) -> None:
    connected.ok("sync")
    connected.ok("undo")
    result = connected.run("sync")
    assert "2 left out, as their arrival was undone" in result.out
    assert "--restore" in result.err
    assert connected.names() == []
    connected.ok("sync", "--restore")
    assert connected.names() == ["Ada King", "Bob Moore"]
    assert connected.json("sync")["left_out"] == 0


def test_writing_back_is_asked_for_when_connecting(coterie: Command, server: GoogleServer) -> None:
    connect(coterie, "--write")
    coterie.ok("sync")
    coterie.ok("edit", "bob", "--set", "company=Looms", "--yes")
    said = coterie.ok("sync", "--dry-run")
    assert said.endswith("\n  update Bob Moore\n    Company: (nothing) → Looms\n")
    [write] = coterie.json("sync", "--dry-run")["writes"]
    assert write["fields"] == [{"field": "Company", "old": "", "new": "Looms"}]
    assert coterie.json("sync")["pushed"]["updated"] == 1
    assert server.people["people/c2"]["organizations"][0]["name"] == "Looms"
    assert coterie.json("accounts")[0]["write"] is True


def test_a_sync_that_would_take_much_away_needs_a_yes(connected: Command, server: GoogleServer) -> None:
    connected.ok("sync")
    for one in list(server.people):
        server.remove(one)
    server.expire()
    result = connected.run("sync")
    assert (result.code, result.out) == (1, "")
    assert "suddenly has no contacts" in result.err
    assert connected.names() == ["Ada King", "Bob Moore"]
    assert connected.json("sync", "--yes")["pulled"]["deleted"] == 2
    assert connected.names() == []


def test_an_ended_permission_is_exit_code_4_and_connecting_again_mends_it(
    connected: Command, server: GoogleServer
) -> None:
    connected.ok("sync")
    server.grants.clear()
    result = connected.run("sync")
    assert (result.code, len(result.err.splitlines()) <= 2) == (4, True)
    [account] = connected.json("accounts")
    assert account["state"] == "sign-in needed"
    assert account["message"]
    connect(connected)
    assert connected.json("sync")["pulled"]["unchanged"] == 0
    assert connected.json("accounts")[0]["state"] == "connected"


def test_a_network_that_fails_is_exit_code_5(connected: Command, server: GoogleServer) -> None:
    server.fail(Failure.CAPTIVE_PORTAL)
    result = connected.run("sync")
    assert (result.code, result.out) == (5, "")
    assert 1 <= len(result.err.splitlines()) <= 2
    assert connected.names() == []


def test_people_read_the_address_and_programs_the_name(connected: Command) -> None:
    assert connected.ok("sync").startswith(f"Synced {ADDRESS}: 2 new.")
    assert f"Synced {ADDRESS}: 2 new." in connected.ok("history")
    assert connected.json("history")[0]["summary"] == f"Synced {ACCOUNT}: 2 new."
    shown, told = connected.ok("show", "bob@example.org"), connected.json("show", "bob@example.org")
    assert ACCOUNT not in shown
    assert ADDRESS in shown
    assert told["sources"][0]["account"] == ACCOUNT


def test_the_doctor_asks_each_account(connected: Command, server: GoogleServer) -> None:
    assert f"{ADDRESS}: works" in connected.ok("doctor")
    assert connected.names() == [], "what it answers is not taken over"
    server.grants.clear()
    result = connected.run("doctor")
    assert result.code == 1
    assert f"PROBLEM: {ADDRESS}: " in result.out


def test_nothing_to_sync_is_said(coterie: Command) -> None:
    result = coterie.run("sync")
    assert (result.code, "No account is connected." in result.err) == (1, True)
    assert coterie.run("sync", "nobody@example.org").code == 1
    assert coterie.json("accounts") == []


def test_one_failing_account_does_not_keep_the_others(connected: Command, server: GoogleServer) -> None:
    server.profile, server.address = "people/1002", "bob@example.org"
    connect(connected)
    (connected.home / "data/coterie/tokens").joinpath("google%3Aada@example.org.token").unlink()
    result = connected.run("sync", "--json")
    assert result.code == 4
    assert json.loads(result.out)["account"] == "google:bob@example.org"
    assert f"coterie: {ADDRESS}: " in result.err


def test_where_google_does_not_tell_the_address_it_is_asked_for_once(coterie: Command, server: GoogleServer) -> None:
    server.address = ""
    process = coterie.start(
        "connect", "google", "--json", stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    with process:
        assert process.stdin is not None
        events = events_of(process)
        process.stdin.write(redirect_of(next(events)["url"]).encode() + b"\n")
        process.stdin.flush()
        asked = next(events)
        assert (asked["event"], asked["key"], asked["secret"]) == ("ask", "address", False)
        process.stdin.write(b"ada@example.org\n")
        process.stdin.flush()
        assert next(events) == {"event": "signed_in", "account": ACCOUNT}
    assert coterie.json("sync")["pulled"]["created"] == 2


def test_the_address_can_be_given_and_names_who_is_meant(coterie: Command, server: GoogleServer) -> None:
    opened, signed_in = connect(coterie, "--address", "ada@example.org")
    assert "login_hint=ada%40example.org" in opened["url"]
    assert signed_in == {"event": "signed_in", "account": ACCOUNT}
    coterie.json("sync")
    server.profile, server.address = "people/2002", ""
    before = coterie.json("accounts")
    process = coterie.start(
        *("connect", "google", "--address", "ada@example.org", "--json"),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    with process:
        assert process.stdin is not None
        events = events_of(process)
        process.stdin.write(redirect_of(next(events)["url"]).encode() + b"\n")
        process.stdin.flush()
        refused = next(events)
    assert (process.returncode, refused["event"]) == (4, "error")
    assert "not the account that you signed in to" in refused["message"]
    assert coterie.json("accounts") == before
    assert coterie.json("sync")["pulled"]["unchanged"] == 0  # the tokens of before are still good


def test_an_account_is_told_what_to_do(coterie: Command, server: GoogleServer) -> None:
    connect(coterie, "--write")
    choices = ("new-contacts=on", "every=2h", "at-start=on")
    said = coterie.ok("accounts", "set", ACCOUNT, *choices)
    assert said == f"{ACCOUNT}: write=on new-contacts=on at-start=on every=120m\n"
    chosen = coterie.json("accounts", "set", "ada@example.org", "every=off")
    assert (chosen["write"], chosen["new_contacts"], chosen["at_start"], chosen["every_minutes"]) == (
        True,
        True,
        True,
        0,
    )
    assert coterie.json("accounts") == [chosen]
    assert "new-contacts=off" in coterie.ok("accounts", "set", ACCOUNT, "write=off")
    for wrong in ("every=soon", "write=perhaps", "colour=red", "write", "every=0.5h", "new-contacts=on"):
        result = coterie.run("accounts", "set", ACCOUNT, wrong)
        assert (result.code, len(result.err.splitlines()) <= 2) == (2, True), wrong
    assert coterie.run("accounts", "set", "nobody@example.org", "every=1h").code == 1
    assert "one place only" in coterie.run("accounts", "set", ACCOUNT, "place=Work").err


def test_writing_needs_a_permission_that_allows_it(connected: Command) -> None:
    result = connected.run("accounts", "set", ACCOUNT, "write=on")
    assert result.code == 2
    assert "coterie connect google --write" in result.err
    assert connected.json("accounts")[0]["write"] is False


def test_conflicts_are_listed_and_settled(coterie: Command, server: GoogleServer) -> None:
    connect(coterie, "--write")
    coterie.json("sync")
    coterie.ok("edit", "name:ada", "--set", "job_title=Poet", "--yes")
    coterie.ok("edit", "name:bob", "--set", "job_title=Sculptor", "--yes")
    for number, title in ((1, "Countess"), (2, "Miner")):
        server.put({**server.people[f"people/c{number}"], "organizations": [{"title": title}]}, f"people/c{number}")
    assert coterie.json("sync")["conflicts"] == 2
    ada, _bob = coterie.json("accounts", "conflicts")
    assert (ada["name"], ada["field"], ada["ours"], ada["theirs"]) == ("Ada King", "job_title", "Poet", "Countess")
    assert "Countess" in coterie.ok("accounts", "conflicts", ACCOUNT)
    assert coterie.run("accounts", "settle").code == 2
    assert coterie.run("accounts", "settle", "--ours", "--theirs").code == 2
    assert coterie.json("accounts", "settle", "--theirs", "--contact", str(ada["contact"])) == {"settled": 1}
    assert coterie.json("list", "name:ada")[0]["job_title"] == "Countess"
    said = coterie.ok("accounts", "settle", "--ours", "--field", "job title", ACCOUNT)
    assert said == "Settled 1 conflict: as it is here.\n"
    assert coterie.json("accounts", "conflicts") == []
    assert coterie.run("accounts", "settle", "--ours").code == 1
    coterie.json("sync")
    assert server.people["people/c2"]["organizations"][0]["title"] == "Sculptor"


def test_what_is_refused_is_listed_and_told_by_the_exit_code(coterie: Command, server: GoogleServer) -> None:
    connect(coterie, "--write")
    coterie.json("sync")
    coterie.ok("edit", "name:ada", "--set", "notes=too long", "--yes")
    server.refuses["biographies"] = "The note is too long"
    result = coterie.run("sync", "--quiet")
    assert result.code == 1
    assert "Ada King: Google refuses" in result.err
    [refused] = coterie.json("accounts", "refused")
    assert (refused["account"], refused["name"], refused["action"]) == (ACCOUNT, "Ada King", "update")
    assert "The note is too long" in refused["reason"]
    assert "too long" in coterie.ok("accounts", "refused", ACCOUNT)
    assert coterie.json("accounts")[0]["refused"] == 1
    assert coterie.run("sync", "--json").code == 1
    server.refuses.clear()
    assert json.loads(coterie.ok("sync", "--json"))["pushed"]["updated"] == 1
    assert coterie.json("accounts", "refused") == []
    assert "Nothing is refused." in coterie.run("accounts", "refused").err


def test_a_quiet_sync_says_nothing_if_there_is_nothing_to_say(connected: Command, server: GoogleServer) -> None:
    assert "2 new" in connected.ok("sync", "--quiet")
    result = connected.run("sync", "--quiet")
    assert (result.code, result.out, result.err) == (0, "", "")
    assert connected.ok("sync", "--quiet", "--json") == ""
    server.fail(Failure.CAPTIVE_PORTAL)
    result = connected.run("sync", "--quiet")
    assert (result.code, result.out) == (5, "")
    assert result.err
