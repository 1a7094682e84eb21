import csv
import io
import json
import os
import signal
import stat
import subprocess
import time
from pathlib import Path

import pytest

from tests.tui.commandline.conftest import Command
from tests.tui.terminal_harness import Terminal

THREE = "Name,E-mail,Company\nAda,ada@example.org,Engines\nGrace,grace@example.org,\nAda,ada@example.org,Engines\n"
KEYS = {
    "total", "created", "merged", "unchanged", "skipped", "rejected", "restored", "groups_created", "rejects",
    "sharing",
}  # fmt: skip
REJECTED = "Name,E-mail\nAda,ada@example.org\n,not an address\n"


def counts(report: dict[str, object]) -> dict[str, object]:
    """What is not zero and not empty."""
    assert set(report) == KEYS
    parts = ("created", "merged", "unchanged", "skipped", "rejected")
    assert report["total"] == sum(int(str(report[part])) for part in parts)
    return {key: value for key, value in report.items() if value}


def test_import_from_standard_input_and_again(coterie: Command) -> None:
    first = coterie.json("import", "-", stdin=THREE)
    assert counts(first) == {"total": 3, "created": 2, "unchanged": 1}
    assert coterie.names() == ["Ada", "Grace"]
    again = coterie.json("import", "-", stdin=THREE)
    assert counts(again) == {"total": 3, "unchanged": 3}
    assert len(coterie.json("history")) == 1, "a second import of the same file changes nothing"
    coterie.ok("undo")
    assert coterie.names() == []


def test_import_from_a_file_with_groups(coterie: Command) -> None:
    (coterie.home / "people.csv").write_text(THREE)
    report = coterie.json("import", "people.csv", "--group", "Choir", "--group", "New")
    assert sorted(report["groups_created"]) == ["Choir", "New"]
    assert [one["groups"] for one in coterie.json("list")] == [["Choir", "New"]] * 2


def test_import_of_several_files_goes_on_after_one_that_cannot_be_read(coterie: Command) -> None:
    (coterie.home / "a.csv").write_text(THREE)
    (coterie.home / "b.csv").write_text("nothing here\n")
    (coterie.home / "c.vcf").write_text("BEGIN:VCARD\nFN:Zoe\nEND:VCARD\n")
    done = coterie.run("import", "a.csv", "b.csv", "c.vcf")
    assert done.code == 1
    assert "b.csv: No e-mail or name column was found." in done.err
    assert coterie.names() == ["Ada", "Grace", "Zoe"]
    coterie.ok("undo")
    assert coterie.names() == ["Ada", "Grace"]
    assert coterie.run("import", "a.csv", "b.csv", "--rejects", "r.csv").code == 2


def test_import_confirms_in_words(coterie: Command) -> None:
    (coterie.home / "people.csv").write_text(THREE)
    text = coterie.ok("import", "people.csv")
    assert text.startswith("Imported 2 contacts from people.csv")
    assert "2 new" in text
    assert "1 unchanged" in text


def test_import_dry_run_tells_all_and_changes_nothing(coterie: Command) -> None:
    report = coterie.json("import", "-", "--dry-run", "--group", "X", stdin=THREE)
    assert counts(report) == {"total": 3, "created": 2, "unchanged": 1, "groups_created": ["X"]}
    assert coterie.json("list") == []
    assert coterie.json("groups") == []
    assert coterie.json("history") == []


def test_what_is_rejected_is_told_with_its_row_and_kept_in_a_file(coterie: Command) -> None:
    result = coterie.run("import", "-", "--json", "--rejects", "rejects.csv", stdin=REJECTED)
    report = json.loads(result.out)
    assert result.code == 1
    assert counts(report)["rejected"] == 1
    [reject] = report["rejects"]
    assert reject["row"] == 3
    assert reject["reason"]
    assert "not an address" in reject["text"]
    assert "Row 3: " in result.err
    heading, row = csv.reader(io.StringIO((coterie.home / "rejects.csv").read_text()))
    assert heading == ["Rejected because", "Name", "E-mail"]
    assert row == [reject["reason"], "", "not an address"]


def test_a_mended_rejects_file_imports(coterie: Command) -> None:
    coterie.run("import", "-", "--rejects", "rejects.csv", stdin=REJECTED)
    rejects = coterie.home / "rejects.csv"
    rejects.write_text(rejects.read_text().replace("not an address", "grace@example.org"))
    assert coterie.json("import", "rejects.csv")["created"] == 1
    assert coterie.json("show", "grace@example.org")["custom"] == {}


def test_mapping_by_hand(coterie: Command) -> None:
    text = "A,B,C\nAda,ada@example.org,Engines\n"
    coterie.ok("import", "-", "--map", "A=name", "--map", "B=email", "--map", "C=company", stdin=text)
    [ada] = coterie.json("list")
    assert (ada["name"], ada["emails"][0]["address"], ada["company"]) == ("Ada", "ada@example.org", "Engines")


def test_encoding_and_delimiter_by_hand(coterie: Command) -> None:
    text = "Name|E-mail\nJosé|jose@example.org\n".encode("cp1252")
    coterie.ok("import", "-", "--encoding", "cp1252", "--delimiter", "|", stdin=text)
    assert coterie.names() == ["José"]


def test_duplicates_can_be_merged_skipped_or_made(people: Command) -> None:
    text = "Name,E-mail,Phone\nAda Lovelace,ada@example.org,999\n"
    assert counts(people.json("import", "-", "--duplicates", "skip", stdin=text)) == {"total": 1, "skipped": 1}
    assert counts(people.json("import", "-", stdin=text)) == {"total": 1, "merged": 1}
    assert [one["number"] for one in people.json("show", "1")["phones"]] == ["+44 20 7946 0123", "999"]
    assert counts(people.json("import", "-", "--duplicates", "create", stdin=text)) == {"total": 1, "created": 1}


def test_an_update_lets_the_file_win(people: Command) -> None:
    text = "Name,E-mail,Company\nAda Lovelace,ada@example.org,Royal Society\n"
    assert counts(people.json("import", "-", "--duplicates", "update", stdin=text)) == {"total": 1, "merged": 1}
    assert people.json("show", "1")["company"] == "Royal Society"
    assert counts(people.json("import", "-", "--duplicates", "update", stdin=text)) == {"total": 1, "unchanged": 1}
    people.ok("undo")
    assert people.json("show", "1")["company"] == "Analytical Engines"


def test_people_who_share_an_address_are_told_of(coterie: Command) -> None:
    text = "Name,E-mail\nJohn Smith,smiths@example.org\nMary Smith,smiths@example.org\n"
    assert "1 of them shares an address with somebody else: see Duplicates\n" in coterie.ok("import", "-", stdin=text)
    assert coterie.names() == ["John Smith", "Mary Smith"]


def test_matches_in_the_bin_are_skipped_or_restored(people: Command) -> None:
    people.ok("delete", "--yes", "ada")
    text = "Name,E-mail\nAda Lovelace,ada@example.org\n"
    assert counts(people.json("import", "-", stdin=text)) == {"total": 1, "skipped": 1}
    assert people.names("--bin") == ["Ada Lovelace"]
    report = people.json("import", "-", "--restore", stdin=text)
    assert report["restored"] == 1
    assert people.names("--favorites") == ["Ada Lovelace"]


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["missing.csv"], 2, "missing.csv"),
        (["."], 2, "."),
        (["empty.csv"], 1, "empty"),
        (["photo.csv"], 1, "photo.csv"),
        (["people.csv", "--map", "Name"], 2, "Column=field"),
        (["people.csv", "--map", "Nope=email"], 2, "Nope"),
        (["people.csv", "--map", "Name=shoe"], 2, "shoe"),
        (["people.csv", "--encoding", "klingon"], 2, "klingon"),
        (["people.csv", "--delimiter", "ab"], 2, "ab"),
        (["people.csv", "--duplicates", "maybe"], 2, "maybe"),
        (["people.csv", "--rejects", "/nowhere/x.csv"], 2, "/nowhere/x.csv"),
    ],
)
def test_what_cannot_be_imported_is_said(coterie: Command, arguments: list[str], code: int, sentence: str) -> None:
    (coterie.home / "people.csv").write_text(THREE)
    (coterie.home / "empty.csv").write_text("")
    (coterie.home / "photo.csv").write_bytes(bytes(range(256)) * 40)
    result = coterie.run("import", *arguments)
    assert result.code == code, result
    assert sentence in result.err
    assert "unexpected" not in result.err
    assert coterie.json("list") == []


def test_kill_9_in_an_import_leaves_the_book_whole(people: Command) -> None:
    many = "Name,E-mail\n" + "".join(f"Person {n},p{n}@example.org\n" for n in range(60_000))
    (people.home / "many.csv").write_text(many)
    log = people.book.with_name("contacts.db-wal")
    process = people.start("import", "many.csv", stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 30
    while (
        not (log.exists() and log.stat().st_size > 100_000) and time.monotonic() < deadline and process.poll() is None
    ):
        time.sleep(0.01)
    assert process.poll() is None, "the import must still be running when it is killed"
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert people.names() == ["Ada Lovelace", "Grace Hopper", "José Núñez"]
    assert "All is well" in people.ok("doctor")


def test_export_comes_back_unchanged_through_import(people: Command) -> None:
    people.ok("add", "--name", "=HYPERLINK(1)", "--email", "evil@example.org", "--phone", "+44 1", "--company", "@x")
    before = people.json("list")
    for name in ("all.csv", "all.vcf", "all.json"):
        people.ok("export", "-o", name)
    for name in ("all.csv", "all.vcf"):
        people.ok("delete", "--yes", "has:email")
        people.ok("delete", "--yes", "--forever", "has:email")
        people.ok("import", name)
        after = people.json("list")
        assert [without_moments(one) for one in after] == [without_moments(one) for one in before]
    exported = json.loads((people.home / "all.json").read_text())
    assert [without_moments(one) for one in exported] == [without_moments(one) for one in before]


def without_moments(contact: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in contact.items() if key not in {"id", "created_at", "updated_at"}}


def test_export_has_the_filters_of_list(people: Command) -> None:
    def names(*arguments: str) -> list[str]:
        return [one["name"] for one in json.loads(people.ok("export", "--format", "json", *arguments))]

    assert names("--favorites") == ["Ada Lovelace"]
    assert names("--group", "Choir") == ["Ada Lovelace", "Grace Hopper"]
    assert names("title:programmer") == ["Ada Lovelace", "José Núñez"]
    people.ok("delete", "--yes", "ada")
    assert names("--bin") == ["Ada Lovelace"]


@pytest.mark.parametrize(
    ("arguments", "start"),
    [
        ([], "Name"),
        (["--format", "google"], "First Name"),
        (["--format", "outlook"], "\ufeff"),
        (["--format", "vcard"], "BEGIN:VCARD\r\nVERSION:4.0"),
        (["--format", "vcard3"], "BEGIN:VCARD\r\nVERSION:3.0"),
        (["--format", "json"], "["),
    ],
)
def test_export_to_standard_output_in_every_format(people: Command, arguments: list[str], start: str) -> None:
    text = people.ok("export", *arguments)
    assert text.startswith(start)
    assert "ada@example.org" in text


def test_export_takes_the_format_from_the_file(people: Command) -> None:
    people.ok("export", "-o", "a.vcf")
    assert (people.home / "a.vcf").read_text().startswith("BEGIN:VCARD")
    people.ok("export", "-o", "a.vcf", "--format", "json")
    assert (people.home / "a.vcf").read_text().startswith("[")


def test_formulas_are_guarded_unless_raw_is_asked_for(coterie: Command) -> None:
    coterie.ok("add", "--name", "=1+1", "--email", "a@example.org", "--phone", "+44 20 7946")
    assert "'=1+1" in coterie.ok("export")
    assert "+44 20 7946" in coterie.ok("export")
    assert "'+44" not in coterie.ok("export")
    assert "'=1+1" not in coterie.ok("export", "--raw")


def test_export_is_utf_8_whatever_the_locale(people: Command) -> None:
    done = subprocess.run(
        people.arguments("export"),
        env=people.environment | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        capture_output=True,
        check=True,
    )
    assert "José Núñez" in done.stdout.decode()


def test_a_failed_export_leaves_the_file_before(people: Command) -> None:
    (people.home / "kept").mkdir()
    (people.home / "kept" / "a.csv").write_text("before")
    (people.home / "kept").chmod(0o500)
    result = people.run("export", "-o", "kept/none/a.csv")
    assert result.code == 2
    assert "kept/none/a.csv" in result.err
    assert (people.home / "kept" / "a.csv").read_text() == "before"
    (people.home / "kept").chmod(0o700)
    people.ok("export", "-o", "kept/a.csv")
    assert [path.name for path in (people.home / "kept").iterdir()] == ["a.csv"]


def test_export_writes_into_pipes_and_devices(people: Command) -> None:
    people.ok("export", "-o", "/dev/null")
    assert Path("/dev/null").is_char_device()
    assert "Ada" in people.ok("export", "-o", "/dev/stdout")


def test_an_export_is_for_its_user_only_and_a_file_that_is_there_keeps_its_rights(people: Command) -> None:
    (people.home / "link.csv").symlink_to("target.csv")
    previous = os.umask(0)
    try:
        people.ok("export", "-o", "link.csv")
        assert (people.home / "link.csv").is_symlink()
        assert stat.S_IMODE((people.home / "target.csv").stat().st_mode) == 0o600
        people.run("import", "-", "--rejects", "rejects.csv", stdin=REJECTED)
        assert stat.S_IMODE((people.home / "rejects.csv").stat().st_mode) == 0o600
        (people.home / "target.csv").chmod(0o640)
        people.ok("export", "-o", "link.csv")
    finally:
        os.umask(previous)
    assert stat.S_IMODE((people.home / "target.csv").stat().st_mode) == 0o640


def test_export_writes_the_columns_that_are_named(people: Command) -> None:
    text = people.ok("export", "--columns", "name, email,groups,custom.Size,city,id")
    assert text.splitlines()[:2] == [
        "Name,E-mail,Groups,Size,City,Id",
        "Ada Lovelace,ada@example.org; ada@work.example,Board; Choir,,,1",
    ]
    for arguments in (["--columns", "colour"], ["--columns", ","], ["--columns", "name", "--format", "vcard"]):
        result = people.run("export", *arguments)
        assert (result.code, result.out) == (2, "")
        assert "column" in result.err


def test_export_of_nothing_found_is_exit_1(people: Command) -> None:
    result = people.run("export", "nobody")
    assert result.code == 1
    assert "“nobody”" in result.err


@pytest.mark.parametrize("arguments", [["--format", "xml"], ["colour:red"]])
def test_what_cannot_be_exported_is_said(people: Command, arguments: list[str]) -> None:
    assert people.run("export", *arguments).code == 2


TURNED = "Eve \u202egro.elpmaxe\u202c \u2066x\u2069"


def test_an_export_to_a_terminal_turns_no_letters_around_but_a_file_has_every_mark(coterie: Command) -> None:
    coterie.ok("add", f"--name={TURNED}", "--email=eve@example.org", "--job-title=an \u202ereenigne")
    assert "an \u202ereenigne" in coterie.ok("export")
    coterie.ok("export", "-o", "all.csv")
    assert "an \u202ereenigne" in (coterie.home / "all.csv").read_text("utf-8")
    with Terminal(coterie.arguments("export"), environment=coterie.environment, cwd=coterie.home) as terminal:
        terminal.wait_for("reenigne")
        assert terminal.wait_for_end() == 0
    assert not {*"\u202e\u202c\u2066\u2069"} & {*terminal.written.decode()}


# Restricted accounts


@pytest.fixture
def restricted(people: Command) -> Command:
    people.restrict()
    (people.home / "secret.csv").write_text("Name,E-mail\nSecret,secret@example.org\n")
    return people


def test_a_restricted_account_works_inside_its_folder(restricted: Command) -> None:
    folder = restricted.book.parent / "files"
    restricted.ok("export", "-o", "all.csv")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert (folder / "all.csv").exists()
    restricted.ok("import", "all.csv")
    restricted.ok("import", str(folder / "all.csv"))
    restricted.ok("import", "-", stdin=THREE)
    restricted.ok("export", "--format", "json")


@pytest.mark.parametrize("path", ["../secret.csv", "/etc/passwd", "{home}/secret.csv", "link.csv", "folder/secret.csv"])
def test_a_restricted_account_gets_nowhere_else(restricted: Command, path: str) -> None:
    restricted.ok("export", "-o", "first.csv")
    folder = restricted.book.parent / "files"
    (folder / "link.csv").symlink_to(restricted.home / "secret.csv")
    (folder / "folder").symlink_to(restricted.home)
    path = path.format(home=restricted.home)
    for arguments in (["import", path], ["export", "-o", path], ["import", "-", "--rejects", path]):
        result = restricted.run(*arguments, stdin=REJECTED)
        assert result.code == 1, arguments
        assert str(folder) in result.err
    assert "Secret" not in restricted.names()
    assert (restricted.home / "secret.csv").read_text().startswith("Name,E-mail\nSecret")


@pytest.mark.parametrize("form", ["csv", "google", "outlook", "json"])
def test_export_takes_the_filters_of_list(people: Command, form: str) -> None:
    text = people.ok("export", "--group=Choir", "--limit=1", "--format", form)
    assert "ada@example.org" in text
    assert "grace@example.org" not in text
    assert "jose@example.org" not in text


def test_the_number_exported_is_that_of_the_limit(people: Command) -> None:
    result = people.run("export", "--limit=2", "-o", "two.csv")
    assert "Exported 2 contacts" in result.err
    assert len((people.home / "two.csv").read_text().splitlines()) == 3


def test_import_from_a_pipe_with_a_name(coterie: Command) -> None:
    """As shells give it: coterie import <(…)."""
    pipe = coterie.home / "pipe"
    os.mkfifo(pipe)
    process = coterie.start("import", "pipe", "--json", stdout=subprocess.PIPE)
    pipe.write_text(THREE)
    out, _ = process.communicate(timeout=30)
    assert counts(json.loads(out)) == {"total": 3, "created": 2, "unchanged": 1}
