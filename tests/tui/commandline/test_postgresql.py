"""The commands on a live PostgreSQL, where a team's book is."""

import json

from tests.tui.commandline.conftest import Command


def test_the_main_job(coterie: Command, postgresql_url: str) -> None:
    coterie.environment |= {"COTERIE_DATABASE_URL": postgresql_url, "LANG": "C"}
    coterie.ok("add", "--name=Ada Lovelace", "--email=ada@example.org", "--group=Choir", "--favorite")
    report = coterie.json("import", "-", "--group=Board", stdin="Name,Email\nZoë Müller,zoe@example.org\n,\n")
    assert (report["total"], report["created"], report["groups_created"]) == (1, 1, ["Board"])
    assert coterie.names("muller") == ["Zoë Müller"]
    coterie.ok("edit", "group:board", "--set", "company=Acme", "--yes")
    assert coterie.ok("query", "zoe").splitlines()[1] == "zoe@example.org\tZoë Müller\tAcme"
    coterie.ok("delete", "ada", "--yes")
    assert coterie.names("--bin") == ["Ada Lovelace"]
    coterie.ok("undo")
    assert coterie.names("--favorites") == ["Ada Lovelace"]
    coterie.ok("export", "-o", "all.vcf")
    assert coterie.json("import", "all.vcf")["unchanged"] == 2
    assert [one["summary"] for one in coterie.json("history", "--limit", "2")] == [
        "Moved Ada Lovelace to the Bin.",
        "Set Company of Zoë Müller.",
    ]
    assert "PostgreSQL" in coterie.ok("doctor")
    assert not coterie.book.exists()


def test_a_server_that_is_not_there_is_exit_3(coterie: Command) -> None:
    result = coterie.run("list", COTERIE_DATABASE_URL="postgresql://ada:secret@127.0.0.1:9/book")
    assert result.code == 3
    assert "secret" not in result.out + result.err
    assert 1 <= len(result.err.splitlines()) <= 2
    assert json.loads(coterie.ok("list", "--json")) == []
