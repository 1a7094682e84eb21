"""With `name_order = "family"`, family names come first wherever contacts are called by their names."""

from __future__ import annotations

from tests.tui.commandline.conftest import Command
from tests.tui.terminal.test_first_rows import COTERIE, early
from tests.tui.terminal_harness import Terminal

FAMILY = {"COTERIE_NAME_ORDER": "family"}
PEOPLE = """\
Name,Given Name,Family Name,E-mail,Company
Ada Lovelace,Ada,Lovelace,ada@example.org,
Ada M. Lovelace,Ada,Lovelace,ada@example.net,
Zoe Abel,Zoe,Abel,zoe@example.org,
Acme Ltd,,,info@acme.example,Acme Ltd
"""


def test_the_screen(coterie: Command) -> None:
    coterie.ok("import", "-", stdin=PEOPLE)
    with Terminal(COTERIE, size="80x24", environment=coterie.environment | FAMILY) as terminal:
        first = "\n".join(early(terminal))
        places = [first.index(name) for name in ("Abel, Zoe", "Acme Ltd", "Lovelace, Ada")]
        assert places == sorted(places)
        terminal.wait_for("4 contacts").wait_for("Abel, Zoe")
        terminal.send("\r").wait_for("Abel, Zoe").wait_for("Zoe Abel")  # the title, and the name as it is
        terminal.send("e").wait_for("Edit Abel, Zoe")
        terminal.send("\x1b").wait_for("E-mail").send("\x1b").wait_for("4 contacts")
        terminal.send("M").wait_for("Ada M. Lovelace")  # names that differ stay apart
        terminal.send("\x1b").wait_for("4 contacts")
        terminal.send("/lov\r").wait_for("2 found").wait_for("Lovelace, Ada")


def test_the_commands(coterie: Command) -> None:
    coterie.ok("import", "-", stdin=PEOPLE)

    def shown(*arguments: str) -> list[str]:
        return [line.split("\t")[2] for line in coterie.ok(*arguments, **FAMILY).splitlines()]

    assert shown("list") == ["Abel, Zoe", "Acme Ltd", "Lovelace, Ada", "Lovelace, Ada"]
    assert shown("list", "--sort", "-name")[-1] == "Abel, Zoe"
    assert shown("list", "--sort", "family") == ["Abel, Zoe", "Lovelace, Ada", "Lovelace, Ada", "Acme Ltd"]
    assert coterie.ok("query", "abel", **FAMILY).splitlines()[1:] == ["zoe@example.org\tZoe Abel\t"]
    assert '"Zoe Abel"' in coterie.ok("list", "--json", "zoe", **FAMILY)
    assert coterie.run("list", COTERIE_NAME_ORDER="sideways").code == 3
