import stat

from tests.tui.commandline.conftest import Command


def test_a_well_book_is_exit_0_and_every_place_is_named(people: Command) -> None:
    text = people.ok("doctor")
    for place in (people.book, people.home / "config" / "coterie" / "config.toml", people.log):
        assert str(place) in text
    assert "the database is intact" in text
    assert "Tokens are kept in files that only you can read" in text
    assert "3, and 0 in the Bin" in text
    assert "All is well." in text


def test_a_damaged_book_is_exit_1(people: Command) -> None:
    people.ok("list")
    for beside in ("contacts.db-wal", "contacts.db-shm"):
        people.book.with_name(beside).unlink(missing_ok=True)
    content = bytearray(people.book.read_bytes())
    content[8192:40960] = b"\xff" * (40960 - 8192)
    people.book.write_bytes(content)
    result = people.run("doctor")
    assert result.code == 1
    assert "PROBLEM" in result.out
    assert "unexpected" not in result.err
    assert "Traceback" not in result.err


def test_a_file_of_another_program_is_exit_1(coterie: Command) -> None:
    (coterie.home / "x.db").write_text("garbage")
    result = coterie.run("--database", "x.db", "doctor")
    assert result.code == 1
    assert "PROBLEM" in result.out


def test_files_that_others_can_read_are_a_problem(people: Command) -> None:
    people.ok("list")
    other = people.home / "shared.db"
    people.ok("--database", str(other), "list")
    other.chmod(0o644)
    result = people.run("--database", str(other), "doctor")
    assert result.code == 1
    assert f"Others can read {other}" in result.out
    assert stat.S_IMODE(other.stat().st_mode) == 0o600, "opening the book has taken that away"


def test_a_variable_without_effect_is_named(people: Command) -> None:
    assert "COTERIE_THEEM" in people.ok("doctor", COTERIE_THEEM="dark")


def test_bad_settings_are_exit_3(people: Command) -> None:
    assert people.run("doctor", COTERIE_BIN_DAYS="x").code == 3
