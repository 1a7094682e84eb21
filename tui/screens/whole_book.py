"""What the keys do with the whole book: import, export, duplicates, sync, the history."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import datetime
from typing import TYPE_CHECKING

from textual import events, on

from coterie.core.listing import Listing, View
from coterie.core.model import Contact
from coterie.core.text import number_of
from coterie.tui import plans
from coterie.tui.files import IMPORTABLE, typed_path
from coterie.tui.screens.base import CommandScreen
from coterie.tui.time_words import when_words
from coterie.tui.widgets.modal import Origin
from coterie.tui.widgets.search_bar import SearchBar

if TYPE_CHECKING:
    from coterie.core.bulk.recipes import Applying
    from coterie.tui.dialogs.export_contacts import Exportable
    from coterie.tui.dialogs.history import Look


class BookCommands(CommandScreen):
    """Contacts in and out, and what happened to them. Lists of contacts and of groups have these commands."""

    def action_import(self) -> Awaitable[None]:
        """Import a file, or rows that are pasted."""
        return self.import_from("")

    async def import_from(self, path: str) -> None:
        """Open the import dialog, with a path in it where it is known already."""
        from coterie.tui.dialogs.import_contacts import ImportDialog

        groups = [group.name for group in await self.book.groups.all()]
        applying = self._on_import()
        dialog = ImportDialog(self.book, self.state.files, groups, self.state.memory, path=path, applying=applying)
        report = await self.app.push_screen_wait(dialog)
        if report and report.outcome:
            self.tell(report.outcome)
            if applying and applying.refused:
                self.app.notify(applying.remark, markup=False)
        await self.refreshed()
        if dialog.is_cleanup_wanted:
            await self.action_cleanup()
        if report and report.outcome and dialog.is_list_wanted:
            await self.show_found(f"change:{report.outcome.operation_id}")

    def _on_import(self) -> Applying | None:
        """The recipes that are applied to every contact that is imported. Raises what reading them raises."""
        from coterie.core.bulk.recipes import Applying, Recipes

        folder = self.state.options.recipes_folder
        recipes = Recipes(folder).on_import() if folder else []
        return Applying(recipes) if recipes else None

    async def show_found(self, query: str) -> None:
        """Show what a search finds among all contacts."""
        await self.action_show_all()
        self.app.screen.query_one(SearchBar).text = query

    @on(events.Paste)
    def _dropped(self, event: events.Paste) -> None:
        """A file that is dropped onto the terminal arrives as its path: offer to import it."""
        path = typed_path(event.text)
        if "\n" not in path and any(path.lower().endswith(ending) for ending in IMPORTABLE):
            event.stop()
            self.later(self.import_from(event.text.strip()))

    async def exportables(self) -> list[Exportable]:
        """What can be exported from here, the likeliest first."""
        from coterie.tui.dialogs.export_contacts import Exportable

        everything = Listing()
        favorites = Listing(View.FAVORITES)
        return [
            Exportable("all contacts", everything, await self.book.lists.count(everything)),
            Exportable("the favorites", favorites, await self.book.lists.count(favorites), "favorites"),
        ]

    async def action_export(self) -> None:
        """Choose what to export, in which format, and to where."""
        from coterie.core.transfer.export import all_formats
        from coterie.tui.dialogs.export_contacts import ExportDialog

        await asyncio.to_thread(all_formats)  # those of other packages are read from files
        dialog = ExportDialog(
            self.book, self.state.files, await self.exportables(), clipboard=self.state.options.clipboard
        )
        dialog.origin = Origin("export", "exporting contacts", {"checks": f"{self.state.checks.bits:x}"})
        exported = await self.app.push_screen_wait(dialog)
        if exported:
            self.say(exported.sentence)

    async def action_duplicates(self) -> None:
        """Find contacts that seem to be the same, and go through them pair by pair."""
        from coterie.tui.dialogs.duplicates import DuplicatesDialog

        merged = await self.app.push_screen_wait(DuplicatesDialog(self.book))
        if merged:
            self.say(f"Merged {number_of(merged, 'pair')} of contacts.", undo=True)
        await self.refreshed()

    async def action_cleanup(self) -> None:
        """Show what could be cleaned up, and do it kind by kind."""
        from coterie.tui.dialogs.cleanup import CleanupDesk

        done = await self.app.push_screen_wait(CleanupDesk(self.book, self.state.files))
        if done and done.changed:
            self.say(f"Cleaned up in {number_of(done.changed, 'step')}.", undo=True)
        await self.refreshed()
        if done and done.check is not None:
            self.state.checks = done.check
            await self.show_found(done.query)
            self.say(f"Checked {number_of(len(done.check))}.")

    async def action_sync(self) -> None:
        """Show the connected accounts."""
        from coterie.tui.screens.sync import Sync

        await self.app.push_screen(Sync(self.book, self.state))

    async def action_history(self) -> None:
        """Show what was changed, when and why, and undo or redo as far as the user chooses."""
        from coterie.tui.dialogs.history import HistoryDialog, Look

        operations = await self.book.history.latest(500)
        dialog = HistoryDialog(operations, self.book.actor, now=self.book.now(), details=self.book.history)
        meant = await self.app.push_screen_wait(dialog)
        if isinstance(meant, Look):
            await self.show_as_it_was(meant)
        elif meant is not None:
            turn = self.book.history.undo if meant.back else self.book.history.redo
            way_back = "redo" if meant.back else "undo"
            await self.run_long(meant.words, lambda progress: turn(progress, meant.ids), way_back)

    async def show_as_it_was(self, look: Look) -> None:
        """Show the book as it was before a change, or on a day that is asked for."""
        from coterie.core.store.journal.as_of import Moment
        from coterie.tui.dialogs.book_as_it_was import BookAsItWas

        now = self.book.now()
        if look.before:
            moment = Moment.before(look.before)
            when = f"before “{look.before.summary.rstrip('.')}”, {when_words(look.before.at, now)}"
        elif at := await self._ask_for_moment(now):
            moment, when = Moment.of(at), f"as it was at {at:%Y-%m-%d %H:%M}"
        else:
            return
        past = await self.book.history.as_of(moment)
        columns = self.state.memory.arrangement(View.ALL).columns
        await self.app.push_screen_wait(BookAsItWas(past, when, columns, self.state.glyphs, self._put_back))

    async def _ask_for_moment(self, now: datetime) -> datetime | None:
        from coterie.tui.dialogs.prompt import Prompt
        from coterie.tui.moments import moment_of

        label = "A day, such as 2026-11-24, tuesday or yesterday; a time may follow: yesterday 14:05"
        prompt = Prompt("The book as it was on", label, yes="Show", check=lambda text: moment_of(text, now))
        text = await self.app.push_screen_wait(prompt)
        return moment_of(text, now) if text else None

    async def _put_back(self, then: Contact, now: Contact | None) -> str:
        """Make a contact what it was then; a sentence about it."""
        plan = plans.put_back(now, then) if now else None
        if plan is None:
            return f"{then.shown_name} is now as it was then." if now else "It was deleted forever."
        return f"{(await self.carry_out_quietly(plan)).summary} Undo takes that back."
