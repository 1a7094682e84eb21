"""All dialogs of the program, each with what it needs to be opened alone: what holds for one is tried on all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from coterie.core.book import Book
from coterie.core.bulk import make_action, survey_of
from coterie.core.bulk.swap_fields import SwapFields
from coterie.core.checks import Checks
from coterie.core.cleanup import KINDS
from coterie.core.cleanup.step import CleanUp
from coterie.core.errors import Unreachable
from coterie.core.fields import FIELDS
from coterie.core.listing import Listing, Sort
from coterie.core.model import Account, Conflict, Group, Operation, Refusal
from coterie.core.names import as_named
from coterie.core.places import Place
from coterie.core.store.accounts.places import Leaving
from coterie.core.store.journal.entries import Trace
from coterie.core.store.journal.past import Past
from coterie.core.sync.accounts import Options
from coterie.core.transfer.choices import Clash
from coterie.core.transfer.reject import Reject
from coterie.tui.dialogs.account_options import AccountOptions
from coterie.tui.dialogs.add_people import AddPeople
from coterie.tui.dialogs.book_as_it_was import PastContact
from coterie.tui.dialogs.bulk_action import ActionDialog
from coterie.tui.dialogs.bulk_edit import BulkEdit
from coterie.tui.dialogs.bulk_preview import BulkPreview
from coterie.tui.dialogs.certain_merges import CertainMerges
from coterie.tui.dialogs.clashes import ClashesDialog
from coterie.tui.dialogs.cleanup import CleanupDesk
from coterie.tui.dialogs.cleanup_preview import CleanupPreview
from coterie.tui.dialogs.columns import ColumnsDialog
from coterie.tui.dialogs.confirm import Confirm
from coterie.tui.dialogs.conflicts import ConflictsDialog
from coterie.tui.dialogs.connect import ConnectDialog
from coterie.tui.dialogs.contact_form import ContactForm
from coterie.tui.dialogs.contact_history import ContactHistory
from coterie.tui.dialogs.dialog import Dialog
from coterie.tui.dialogs.disconnect import DisconnectDialog
from coterie.tui.dialogs.duplicates import DuplicatesDialog
from coterie.tui.dialogs.export_contacts import Exportable, ExportDialog
from coterie.tui.dialogs.fate import FateDialog
from coterie.tui.dialogs.file_picker import FilePicker
from coterie.tui.dialogs.form import Form
from coterie.tui.dialogs.group_form import GroupForm
from coterie.tui.dialogs.group_picker import GroupPicker
from coterie.tui.dialogs.history import HistoryDialog
from coterie.tui.dialogs.history_entry import HistoryEntry
from coterie.tui.dialogs.import_contacts import ImportDialog
from coterie.tui.dialogs.in_common import Common
from coterie.tui.dialogs.leave_places import LeavePlaces
from coterie.tui.dialogs.live_preview import LivePreview
from coterie.tui.dialogs.merge_checked import MergeChecked
from coterie.tui.dialogs.not_shown import NotShown
from coterie.tui.dialogs.not_the_same import NotTheSame
from coterie.tui.dialogs.pick import Pick
from coterie.tui.dialogs.places import PlacesDialog
from coterie.tui.dialogs.previewing import PreviewDialog
from coterie.tui.dialogs.prompt import Prompt
from coterie.tui.dialogs.rejects import RejectsView
from coterie.tui.dialogs.set_field import SetForAll
from coterie.tui.dialogs.theme import ThemePicker
from coterie.tui.dialogs.transform import TransformDialog, Transforming
from coterie.tui.dialogs.unfinished import Unfinished
from coterie.tui.dialogs.unreadable import ReasonsDialog, RefusedDialog, UnreadableDialog
from coterie.tui.dialogs.writing import InviteDialog, WriteDialog, Writing
from coterie.tui.files import Files
from coterie.tui.memory import Memory
from coterie.tui.recipients import Recipients
from coterie.tui.screens.sync import Sync
from coterie.tui.screens.write_to import WriteTo
from coterie.tui.state import State
from coterie.tui.target import Target
from tests.tui.dialogs.stage import ADA, Details, Stage, until

Make = Callable[[Book, Path], Dialog[Any]]
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
OPERATION = Operation(1, NOW, "ada@host", "edit", "Edited 1.", 1)
ACCOUNT = Account(1, "example", "ada@example.org")
RENAME = make_action("replace", field="company", value="Engines", new="Looms")


async def _settle(conflicts: object, theirs: bool) -> None: ...


async def _sign_in(prompter: object, options: object) -> Account:
    await asyncio.get_running_loop().create_future()
    raise AssertionError


async def _no_server() -> list[Place]:
    raise Unreachable("example.org does not answer.")


async def _leaving(kept: object) -> Leaving:
    return Leaving(12, (1, 2, 3))


def _conflict(field: str) -> Conflict:
    return Conflict("example:ada@example.org", "1", 1, field, "", "ours", "theirs", '"theirs"')


async def _added(_: int) -> bool:
    return True


DIALOGS: dict[str, Make] = {
    "confirm": lambda book, home: Confirm("Delete the group Choir?", "Its members stay.", "Delete group"),
    "danger": lambda book, home: Confirm("Delete 3 contacts forever?", "It cannot be undone.", "Delete", danger=True),
    "prompt": lambda book, home: Prompt("Create a group", "Name", completions=["Choir"], yes="Create group"),
    "not finished": lambda book, home: Unfinished([("at 14:02", "adding a contact"), ("at 13:55", "editing a cell")]),
    "pick": lambda book, home: Pick("What?", [("a", "A"), ("b", "B")]),
    "file picker": lambda book, home: FilePicker(Files(home), home),
    "group picker": lambda book, home: GroupPicker("Add", [Group(1, "Choir", 12), Group(2, "Chess", 4)]),
    "group form": lambda book, home: GroupForm(Group(1, "Choir", 12), lambda name: None),
    "add people": lambda book, home: AddPeople(book, "Choir", _added),
    "themes": lambda book, home: ThemePicker("nord", "nord", lambda name: None, ("nord", "gruvbox")),
    "columns": lambda book, home: ColumnsDialog(("name", "emails"), Sort()),
    "clashes": lambda book, home: ClashesDialog([Clash(n, "Ada", "Company", "Book", "File") for n in range(3)]),
    "contact form": lambda book, home: ContactForm(ADA, ["Choir"]),
    "bulk edit": lambda book, home: BulkEdit(Common(3, {"company": None}, ("Choir",), None), ["Choir"]),
    "bulk preview": lambda book, home: BulkPreview("Edit", survey_of([RENAME], [ADA, replace(ADA, id=2)]), Files(home)),
    "history entry": lambda book, home: HistoryEntry("Edited 300 contacts.", 300, [Trace("Ada", "Name", "a", "b")] * 2),
    "history": lambda book, home: HistoryDialog(
        [Operation(number, NOW, "ada@host", "edit", f"Edited {number}.", 1) for number in (2, 1)],
        "ada@host",
        now=NOW,
        details=Details(),
    ),
    "past contact": lambda book, home: PastContact("Ada", ADA, replace(ADA, company="Looms")),
    "contact history": lambda book, home: ContactHistory(
        "Ada", [Past(OPERATION, Trace("", "Company", "a", "b"), None)] * 2, "ada@host", now=NOW, editable=True
    ),
    "import": lambda book, home: ImportDialog(book, Files(home), ["Choir"], Memory(), path="people.csv"),
    "export": lambda book, home: ExportDialog(book, Files(home), [Exportable("this list", Listing(), 2)]),
    "rejects": lambda book, home: RejectsView([Reject(2, "No name.", ";;;"), Reject(3, "No name.", ";;")], "~/r.csv"),
    "unreadable": lambda book, home: UnreadableDialog("ada@example.org", [("1", "No name."), ("2", "No name.")]),
    "refused": lambda book, home: RefusedDialog("ada@example.org", [Refusal("x", "update", "Ada", "Too long.")] * 2),
    "conflicts": lambda book, home: ConflictsDialog(
        "ada@example.org", [_conflict("company"), _conflict("notes")], {1: ADA}, _settle
    ),
    "connect": lambda book, home: ConnectDialog("Example", _sign_in, where="Tokens are kept in a box."),
    "disconnect": lambda book, home: DisconnectDialog("ada@example.org", 12, 3),
    "account options": lambda book, home: AccountOptions("ada@example.org", "Example", Options()),
    "places": lambda book, home: PlacesDialog(
        ACCOUNT, [Place("1", "Home"), Place("2", "Team", False)], {"1": 12}, _no_server, _leaving
    ),
    "leave places": lambda book, home: LeavePlaces(12, 3),
    "duplicates": lambda book, home: DuplicatesDialog(book, patience=60),
    "sync": lambda book, home: Sync(book, State(None)),
    "certain merges": lambda book, home: CertainMerges([(ADA, ADA), (ADA, ADA)], as_named),
    "cleanup": lambda book, home: CleanupDesk(book, Files(home)),
    "cleanup preview": lambda book, home: CleanupPreview(book, KINDS["name-case"], SHOUTED, Files(home)),  # type: ignore[has-type]  # of a circle
    "not the same": lambda book, home: NotTheSame(book, [(ADA, ADA, "ada@host")] * 2),
    "merge checked": lambda book, home: MergeChecked([ADA, replace(ADA, id=2, name="Ada Lovelace")], as_named),
    "not shown": lambda book, home: NotShown("Delete", Target(Checks.of([1, 2]), hidden=1), Target(Checks.of([1]))),
    "set field": lambda book, home: SetForAll(FIELDS["company"], Target(Checks.of([1, 2])), {"a", "b"}, row=True),
    "transform": lambda book, home: TransformDialog(
        Files(home), Transforming(book, Checks.of([1, 2]), "2 contacts", "company")
    ),
    "swap fields": lambda book, home: ActionDialog(Files(home), book, Target(Checks.of([1, 2])), SwapFields),
    "write to": lambda book, home: WriteTo("Choir", Recipients((("Ada King", "ada@example.org"),), 0), clipboard=True),
    "write a mail": lambda book, home: WriteDialog("Write to Choir", "2 people get it.", Files(home), sends=True),
    "invite": lambda book, home: InviteDialog("Invite Choir", "2 people get it.", Files(home), sends=True),
}
SHOUTED = survey_of([CleanUp(KINDS["name-case"])], [replace(ADA, id=n, name="ADA KING") for n in (1, 2)])
BASES = (Dialog, FateDialog, Form, LivePreview, PreviewDialog, ReasonsDialog, Writing)


def kinds(kind: type[Dialog[Any]]) -> Iterator[type[Dialog[Any]]]:
    for one in kind.__subclasses__():
        yield one
        yield from kinds(one)


async def ready(stage: Stage, pilot: Pilot[None]) -> Dialog[Any]:
    """The dialog, once what it begins with is there."""
    dialog = stage.screen
    assert isinstance(dialog, Dialog)
    if isinstance(dialog, ImportDialog):
        await until(lambda: "Import 2" in stage.seen())
    elif isinstance(dialog, DuplicatesDialog):
        await until(lambda: "Same e-mail" in stage.seen())
    await pilot.pause()
    return dialog


def bottom(stage: Stage) -> str:
    return stage.seen().splitlines()[-1]
