from tests.tui.commandline.conftest import Command


def test_the_demo_is_thrown_away(coterie: Command) -> None:
    (coterie.home / "tmp").mkdir()
    coterie.environment["TMPDIR"] = str(coterie.home / "tmp")
    assert len(coterie.ok("--demo", "list").splitlines()) > 250
    assert "Choir\t" in coterie.ok("--demo", "groups")
    assert list((coterie.home / "tmp").iterdir()) == []
    assert not coterie.book.exists()
    assert coterie.json("list") == []


def test_the_demo_is_thrown_away_after_an_error_too(coterie: Command) -> None:
    (coterie.home / "tmp").mkdir()
    coterie.environment["TMPDIR"] = str(coterie.home / "tmp")
    assert coterie.run("--demo", "show", "0").code == 1
    assert list((coterie.home / "tmp").iterdir()) == []
