import subprocess

import pytest

from tests.tui.commandline.conftest import Command


def test_add_keeps_everything_it_is_given(coterie: Command) -> None:
    ada = coterie.json(
        "add", "--name", "  Ada Lovelace ", "--email", "ada@example.org", "--email", "a@work.example",
        "--phone", "+44 1", "--phone", "2", "--company", "Engines", "--job-title", "Programmer", "--group", "Choir",
        "--group", "Board",
        "--favorite",
    )  # fmt: skip
    assert ada == coterie.json("show", "ada@example.org")
    assert (ada["name"], ada["given_name"], ada["family_name"]) == ("Ada Lovelace", "Ada", "Lovelace")
    assert [one["address"] for one in ada["emails"]] == ["ada@example.org", "a@work.example"]
    assert [one["number"] for one in ada["phones"]] == ["+44 1", "2"]
    assert (ada["company"], ada["job_title"], ada["favorite"]) == ("Engines", "Programmer", True)
    assert ada["groups"] == ["Board", "Choir"]


def test_add_says_the_id(coterie: Command) -> None:
    assert coterie.ok("add", "--name", "Ada", "--email", "ada@example.org") == "Added Ada. Its id is 1.\n"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--email", "ada@example.org"], "needs a name"),
        (["--name", " ", "--email", "ada@example.org"], "needs a name"),
        (["--name", "Ada"], "needs an e-mail address"),
        (["--name", "Ada", "--email", ""], "needs an e-mail address"),
        (["--name", "Ada", "--email", "ada@"], "“ada@” is not an e-mail address"),
        (["--name", "Ada", "--email", "ada@example.org", "--email", "Ada"], "“Ada” is not an e-mail address"),
    ],
)
def test_add_needs_a_name_and_a_valid_address(coterie: Command, arguments: list[str], sentence: str) -> None:
    result = coterie.run("add", *arguments)
    assert result.code == 2
    assert sentence in result.err
    assert coterie.json("list") == []


def test_add_says_who_has_the_address_already(people: Command) -> None:
    result = people.run("add", "--name", "Augusta", "--email", "ADA@example.org")
    assert result.code == 0
    assert "Ada Lovelace (id 1) also has the address ADA@example.org" in result.err


def test_delete_and_restore_move_to_the_bin_and_back_with_groups_and_star(people: Command) -> None:
    before = people.json("show", "1")
    assert people.ok("delete", "--yes", "ada") == "Moved Ada Lovelace to the Bin.\n"
    binned = people.json("list", "--bin")
    assert [one["name"] for one in binned] == ["Ada Lovelace"]
    assert binned[0]["deleted_at"]
    assert binned[0]["deleted_by"] == "you"
    assert people.names() == ["Grace Hopper", "José Núñez"]
    people.ok("restore", "ada")
    after = people.json("show", "1")
    assert {**after, "updated_at": 0} == {**before, "updated_at": 0}


def test_delete_asks_and_refuses_where_nobody_can_be_asked(people: Command) -> None:
    result = people.run("delete", "ada")
    assert result.code == 2
    assert "--yes" in result.err
    assert "Ada Lovelace" in result.out, "who it would have been"
    assert len(people.json("list")) == 3


def test_delete_dry_run_changes_nothing(people: Command) -> None:
    assert "2 contacts would change" in people.ok("delete", "--dry-run", "group:choir")
    assert len(people.json("list")) == 3
    assert len(people.json("history")) == 3


@pytest.mark.parametrize("command", ["delete", "restore", "edit"])
def test_a_change_must_say_which_contacts(people: Command, command: str) -> None:
    for query in ([], [""], ["name:"], ["  "]):
        assert people.run(command, "--yes", *query).code == 2
    assert len(people.json("list")) == 3


@pytest.mark.parametrize("command", ["delete", "restore"])
def test_a_change_of_nothing_is_exit_1(people: Command, command: str) -> None:
    result = people.run(command, "--yes", "nobody")
    assert result.code == 1
    assert "“nobody”" in result.err


def test_forever_is_only_for_what_is_in_the_bin_and_cannot_be_undone(people: Command) -> None:
    assert people.run("delete", "--forever", "--yes", "ada").code == 1
    people.ok("delete", "--yes", "ada")
    people.ok("delete", "--forever", "--yes", "ada")
    assert people.json("list", "--bin") == []
    assert people.run("show", "1").code == 1
    people.run("undo")
    assert people.names() == ["Grace Hopper", "José Núñez"]


def test_undo_and_redo_reach_back_over_restarts(people: Command) -> None:
    people.ok("delete", "--yes", "ada")
    people.ok("delete", "--yes", "grace")
    assert "Undone" in people.ok("undo")
    assert people.names() == ["Grace Hopper", "José Núñez"]
    people.ok("undo")
    assert len(people.json("list")) == 3
    people.ok("redo")
    people.ok("redo")
    assert people.names() == ["José Núñez"]
    for _ in range(5):
        people.ok("undo")
    result = people.run("undo")
    assert result.code == 1
    assert people.json("list") == []


def test_undo_and_redo_go_as_far_as_an_entry_of_the_history(people: Command) -> None:
    people.ok("edit", "id:1", "--set", "company=Acme", "--yes")
    people.ok("edit", "id:1", "--set", "company=Bell", "--yes")
    entry = str(people.json("history")[1]["id"])
    assert people.ok("history", entry) == "Ada Lovelace\tCompany\tAnalytical Engines\tAcme\n"
    asked = people.run("undo", entry)
    assert (asked.code, asked.err.splitlines()[-1]) == (2, "Add --yes to go ahead.")
    assert people.ok("undo", entry, "--yes") == "Undone: 2 changes, 1 contact.\n"
    again = people.run("undo", entry)
    assert again.err == f"coterie: Entry {entry} is undone already.\ncoterie redo {entry} would redo it.\n"
    people.ok("redo", entry)
    assert people.json("show", "1")["company"] == "Acme"
    assert people.run("undo", "999").code == 1
    assert people.run("history", "x").err.startswith("coterie: “x” is not the number of an entry.")


def test_history_tells_the_latest_first(people: Command) -> None:
    people.ok("delete", "--yes", "ada")
    people.ok("undo")
    operations = people.json("history")
    assert [one["kind"] for one in operations] == ["delete", "add", "add", "add"]
    assert operations[0]["undone_at"]
    assert operations[1]["undone_at"] is None
    assert set(operations[0]) == {
        "id",
        "at",
        "actor",
        "kind",
        "summary",
        "contacts",
        "undone_at",
        "undoable",
        "redoable",
    }
    assert len(people.json("history", "--limit", "2")) == 2
    first = people.ok("history").splitlines()[0].split("\t")
    assert first[2] == "Moved Ada Lovelace to the Bin. (undone)"


def test_groups_are_made_renamed_and_deleted_and_members_stay(people: Command) -> None:
    assert people.ok("groups") == "Board\t1\nChoir\t2\n"
    people.ok("groups", "create", "Newsletter")
    people.ok("groups", "rename", "choir", "Singers")
    people.ok("groups", "delete", "Board")
    assert [(one["id"], one["name"], one["size"]) for one in people.json("groups")] == [
        (3, "Newsletter", 0),
        (1, "Singers", 2),
    ]
    assert people.json("show", "1")["groups"] == ["Singers"]
    people.ok("undo")
    assert people.json("show", "1")["groups"] == ["Board", "Singers"]


def test_groups_have_a_color_and_a_note_and_are_merged(people: Command) -> None:
    people.ok("groups", "create", "Newsletter", "--color", "Red", "--note", "Once a month")
    assert people.ok("groups", "edit", "choir", "--color=blue") == "Changed the color of the group Choir.\n"
    said = people.ok("groups", "merge", "Board", "newsletter", "CHOIR", "--into", "choir")
    assert said == "Merged the groups Board, Newsletter into Choir.\n"
    [choir] = people.json("groups")
    assert choir.pop("changed_at").endswith("Z")
    assert choir == {
        "id": 1, "name": "Choir", "size": 2, "without_address": 0, "color": "blue", "note": "",
        "change": "Merged the groups Board, Newsletter into Choir.",
    }  # fmt: skip
    people.ok("undo")
    assert [(one["name"], one["color"], one["note"]) for one in people.json("groups")] == [
        ("Board", None, ""),
        ("Choir", "blue", ""),
        ("Newsletter", "red", "Once a month"),
    ]
    assert people.ok("groups", "delete", "Board", "Choir") == "Deleted 2 groups: Board, Choir; their members stay.\n"
    assert people.ok("groups", "edit", "newsletter", "--note=", "--color=auto")
    assert [(one["color"], one["note"]) for one in people.json("groups")] == [(None, "")]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["edit", "choir"], 2),
        (["edit", "choir", "--color", "mauve"], 2),
        (["merge", "choir", "--into", "CHOIR"], 2),
        (["merge", "chor", "--into", "choir"], 1),
        (["merge", "choir"], 2),
        (["create", "choir"], 2),
        (["create", " "], 2),
        (["rename", "Choir", "BOARD"], 2),
        (["rename", "Chor", "X"], 1),
        (["delete", "Chor"], 1),
        (["create"], 2),
        (["shuffle"], 2),
    ],
)
def test_what_groups_cannot_do_is_said(people: Command, arguments: list[str], code: int) -> None:
    result = people.run("groups", *arguments)
    assert result.code == code, result
    assert result.err.startswith("coterie: ")
    assert people.ok("groups") == "Board\t1\nChoir\t2\n"


def test_many_at_once_all_arrive(people: Command) -> None:
    running = [
        people.start("add", f"--name=P{n}", f"--email=p{n}@example.org", "--group=Together", stderr=subprocess.PIPE)
        for n in range(8)
    ]
    assert [(one.wait(60), one.communicate()[1]) for one in running] == [(0, b"")] * 8
    assert len(people.json("list", "--group", "Together")) == 8


def test_undo_says_what_it_could_not_bring_back(people: Command) -> None:
    people.ok("delete", "ada", "--yes")
    people.ok("delete", "ada", "--forever", "--yes")
    undone = people.run("undo")
    assert undone.code == 1
    assert undone.out.startswith("Could not undo (deleted forever): ")
    assert undone.err == "coterie: 1 contact: deleted forever since then\n"
