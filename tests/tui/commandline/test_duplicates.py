import pytest

from tests.tui.commandline.conftest import Command


@pytest.fixture
def twins(people: Command) -> Command:
    people.ok("add", "--name", "Ada King", "--email", "ADA@example.org", "--phone", "555 0100", "--group", "Family")
    return people


def test_candidates_are_listed_with_their_reasons(twins: Command) -> None:
    [pair] = twins.json("duplicates")
    assert pair["a"] == {"id": 1, "name": "Ada Lovelace", "email": "ada@example.org"}
    assert pair["b"] == {"id": 4, "name": "Ada King", "email": "ADA@example.org"}
    assert pair["reasons"] == ["same e-mail"]
    assert isinstance(pair["score"], int)
    assert twins.ok("duplicates").splitlines() == [
        "1\tAda Lovelace\tada@example.org\t4\tAda King\tADA@example.org\tsame e-mail"
    ]


def test_without_candidates_there_is_nothing_to_list(people: Command) -> None:
    for arguments in (["duplicates"], ["duplicates", "--json"]):
        result = people.run(*arguments)
        assert result.code == 1
        assert result.err == "coterie: There are no duplicates.\n"
        assert result.out.strip() == ("[]" if "--json" in arguments else "")


def test_merge_keeps_the_first_and_loses_nothing(twins: Command) -> None:
    planned = twins.json("duplicates", "merge", "1", "4", "--dry-run")
    assert len(twins.json("list")) == 4, "nothing was changed"
    merged = twins.json("duplicates", "merge", "1", "4")
    assert {**merged, "updated_at": 0} == {**planned, "updated_at": 0}
    assert merged["id"] == 1
    assert merged["name"] == "Ada Lovelace"
    assert [one["number"] for one in merged["phones"]] == ["+44 20 7946 0123", "555 0100"]
    assert merged["groups"] == ["Board", "Choir", "Family"]
    assert "Ada King" in str(merged)
    [gone] = twins.json("list", "--bin")
    assert gone["deleted_by"] == "merged into Ada Lovelace"
    assert twins.run("duplicates").code == 1


def test_merge_is_one_undo_step(twins: Command) -> None:
    before = twins.json("list")
    twins.ok("duplicates", "merge", "4", "1", "2")
    assert len(twins.json("list")) == 2
    twins.ok("undo")
    after = twins.json("list")
    assert [{**one, "updated_at": 0} for one in after] == [{**one, "updated_at": 0} for one in before]


@pytest.mark.parametrize(("ids", "code"), [(["1"], 2), (["1", "1"], 2), (["1", "99"], 1), (["1", "x"], 2)])
def test_what_cannot_be_merged_is_said(twins: Command, ids: list[str], code: int) -> None:
    result = twins.run("duplicates", "merge", *ids)
    assert result.code == code
    assert result.err.startswith("coterie: ")
    assert len(twins.json("list")) == 4


def test_nothing_is_merged_from_the_bin(twins: Command) -> None:
    twins.ok("delete", "--yes", "id:4")
    result = twins.run("duplicates", "merge", "1", "4")
    assert result.code == 2
    assert "in the Bin" in result.err


def test_each_value_can_be_chosen(twins: Command) -> None:
    merged = twins.json("duplicates", "merge", "1", "4", "--take", "name=4")
    assert (merged["id"], merged["name"]) == (1, "Ada King")
    assert "Ada Lovelace" in str(merged["custom"])


@pytest.mark.parametrize("take", ["name", "name=9", "shoe=4", "emails=4"])
def test_what_cannot_be_chosen_is_said(twins: Command, take: str) -> None:
    result = twins.run("duplicates", "merge", "1", "4", "--take", take)
    assert result.code == 2
    assert result.err.startswith("coterie: ")
    assert len(twins.json("list")) == 4


def test_not_the_same_is_remembered_and_can_be_taken_back(twins: Command) -> None:
    assert twins.run("duplicates", "not-same").code == 1
    assert twins.ok("duplicates", "not-same", "4", "1") == "They are not the same: Ada King (4), Ada Lovelace (1).\n"
    assert twins.run("duplicates").code == 1
    [pair] = twins.json("duplicates", "not-same")
    assert (pair["a"], pair["b"]) == (1, 4)
    assert "Ada Lovelace" in twins.ok("duplicates", "not-same")
    twins.ok("duplicates", "not-same", "1", "4", "--undo")
    assert len(twins.json("duplicates")) == 1


def test_all_that_are_certain_are_merged(twins: Command) -> None:
    assert twins.json("duplicates")[0]["certain"] is False
    assert twins.run("duplicates", "merge", "--certain", "--yes").code == 1
    twins.ok("add", "--name", "Grace Hopper", "--email", "grace@example.org", "--company", "Eckert")
    expected = [{"kept": 2, "merged": [5], "name": "Grace Hopper"}]
    assert twins.json("duplicates", "merge", "--certain", "--dry-run") == expected
    assert twins.run("duplicates", "merge", "--certain").code == 2, "nobody can be asked"
    assert len(twins.json("list")) == 5
    assert twins.ok("duplicates", "merge", "--certain", "--yes") == "Merged 2 contacts into 1.\n"
    twins.ok("undo")
    assert len(twins.json("list")) == 5


def test_what_to_merge_must_be_said(twins: Command) -> None:
    for arguments in ([], ["1", "4", "--certain"], ["--certain", "--take", "name=1"]):
        result = twins.run("duplicates", "merge", *arguments)
        assert result.code == 2
        assert "--certain" in result.err
