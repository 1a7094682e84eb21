from coterie.core.settings import DECLARED
from coterie.tui.commandline.manual import manual
from coterie.tui.commandline.reference import DOCS, commands_page, search_page, settings_page, transform_page


def test_the_pages_are_those_that_the_program_makes() -> None:
    """Mend with `python -m coterie.tui.commandline.reference`."""
    assert (DOCS / "commands.md").read_text() == commands_page()
    assert (DOCS / "settings.md").read_text() == settings_page()
    assert (DOCS / "coterie.1").read_text() == manual()
    assert (DOCS / "transform.md").read_text() == transform_page((DOCS / "transform.md").read_text())
    assert (DOCS / "search.md").read_text() == search_page((DOCS / "search.md").read_text())


def test_every_setting_is_described() -> None:
    for one in DECLARED.values():
        assert f"`{one.key}" in settings_page()
        assert one.variable in settings_page()
