"""Contacts in and out: import and export."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Final, Protocol

from coterie.core.checks import Checks
from coterie.core.listing import Listing, View
from coterie.core.text import fold, number_of
from coterie.tui.actions.book import cleanup
from coterie.tui.actions.changes import tell_shown
from coterie.tui.actions.command import CONTACTS, NOT_BIN, ON_GROUPS, Command, Section, rank
from coterie.tui.actions.context import Context, Rows, Selecting
from coterie.tui.actions.views import show_found
from coterie.tui.widgets.modal import Origin

if TYPE_CHECKING:
    from coterie.core.bulk.recipes import Applying
    from coterie.tui.dialogs.export_contacts import Exportable


class Exporting(Selecting, Protocol):
    """A list that can be exported."""

    async def exportables(self) -> tuple[list[Exportable], list[Exportable]]:
        """What of this list can be exported: what is likelier than the whole book, and what is less likely."""


def import_file(here: Context) -> Awaitable[None]:
    """Import a file, or rows that are pasted."""
    return import_from(here, "")


async def import_from(here: Context, path: str) -> None:
    """Open the import dialog, with a path in it if it is there already."""
    from coterie.tui.dialogs.import_contacts import ImportDialog

    groups = [group.name for group in await here.book.groups.all()]
    applying = _on_import(here)
    dialog = ImportDialog(here.book, here.state.files, groups, here.state.memory, path=path, applying=applying)
    report = await here.ask(dialog)
    if report and report.outcome:
        await tell_shown(here, report.outcome)
        if applying and applying.refused:
            here.app.notify(applying.remark, markup=False)
    if dialog.is_cleanup_wanted:
        await cleanup(here)
    if report and report.outcome and dialog.is_list_wanted:
        await show_found(here, f"change:{report.outcome.operation_id}")


def _on_import(here: Context) -> Applying | None:
    """The recipes that are applied to every contact that is imported. Raises what reading them raises."""
    from coterie.core.bulk.recipes import Applying, Recipes

    folder = here.state.options.recipes_folder
    recipes = Recipes(folder).on_import() if folder else []
    return Applying(recipes) if recipes else None


async def export(here: Exporting) -> None:
    """Choose what to export, in which format, and to where."""
    from coterie.core.transfer.export import all_formats
    from coterie.tui.dialogs.export_contacts import ExportDialog

    await asyncio.to_thread(all_formats)  # those of other packages are read from files
    clipboard = here.state.options.clipboard
    dialog = ExportDialog(here.book, here.state.files, await _exportables(here), clipboard=clipboard)
    dialog.origin = Origin("export", "exporting contacts", {"checks": f"{here.state.checks.bits:x}"})
    if exported := await here.ask(dialog):
        here.say(exported.sentence)


async def _exportables(here: Exporting) -> list[Exportable]:
    """What can be exported from here, the likeliest first."""
    from coterie.tui.dialogs.export_contacts import Exportable

    everything, favorites = Listing(), Listing(View.FAVORITES)
    book = [
        Exportable("all contacts", everything, await here.book.lists.count(everything)),
        Exportable("the favorites", favorites, await here.book.lists.count(favorites), "favorites"),
    ]
    if group := here.group_under_cursor:
        listing = Listing(View.GROUP, group.id)
        return [Exportable(f"the group {group.name}", listing, group.size, fold(group.name)), *book]
    likely, unlikely = await here.exportables()
    return [*likely, *book, *unlikely]


async def exportables_of(here: Rows) -> tuple[list[Exportable], list[Exportable]]:
    """What is checked and what is listed; the contact under the cursor."""
    from coterie.tui.dialogs.export_contacts import Exportable

    choices = []
    if checks := here.checks:
        hidden = await here.book.lists.hidden(checks, here.listing)
        not_shown = f" ({hidden:,} not shown here)" if hidden else ""
        choices.append(Exportable(f"{number_of(len(checks))} that {_are(len(checks))} checked{not_shown}", checks))
    listing, total = here.listing, here.table.total
    word = fold(here.heading).replace(" ", "-") or "contacts"
    if listing.query:
        choices.append(Exportable("what the search finds", listing, total, "found"))
    elif listing.view is not View.ALL:
        choices.append(Exportable(f"this list ({here.heading})", listing, total, word))
    if checks or not (row := here.row):
        return choices, []
    return choices, [Exportable(f"only {row.name}", Checks.of([row.id]), 1, fold(row.name).replace(" ", "-"))]


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


COMMANDS: Final[tuple[Command, ...]] = (
    Command("import", import_file, ("i",), "Import", "Import contacts from CSV, vCard or a workbook.", Section.BOOK,
            NOT_BIN, footer=rank(8), short="import", menu=True),
    Command("export", export, ("x",), "Export", "Export what is checked, or this list, to a file or to the clipboard.",
            Section.BOOK, CONTACTS | ON_GROUPS, short="export", bar=6, menu=True),
)  # fmt: skip
