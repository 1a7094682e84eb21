"""Writing a mail to several people, and inviting them: forms that say whom it reaches and how it leaves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Static

from coterie.core.errors import CoterieError, InvalidInput
from coterie.core.mail.message import Place
from coterie.core.mail.recipients import Recipients
from coterie.core.names import Called
from coterie.core.text import number_of, printable
from coterie.tui.dialogs.dialog import DIALOG_CSS
from coterie.tui.dialogs.form import Form, Save
from coterie.tui.files import Files
from coterie.tui.widgets.choice import Choice
from coterie.tui.widgets.field_editor import FieldEditor, NotesEditor
from coterie.tui.widgets.modal import Keeps
from coterie.tui.widgets.path_input import PathInput

_NAMED: Final = 5
_BATCH: Final = "50"
_PLACE_OF: Final[Mapping[str, Place]] = {"bcc": "bcc", "to": "to", "cc": "cc"}
_PLACES: Final = (("bcc", "Bcc: nobody sees the others"), ("to", "To"), ("cc", "Cc"))


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed.

    Attributes:
        texts: by the names of the fields; what is empty is left out.
        way: `send`, `mailer`, `eml` or `ics`.
        path: where files go.
        place: where addresses stand: to, cc or bcc.
        size: how many of them one mail has.
    """

    texts: Mapping[str, str]
    way: str
    path: str = ""
    place: Place = "bcc"
    size: int = 50


def whom(recipients: Recipients, called: Called) -> str:
    """How many get it, and who does not."""
    count = len(recipients.people)
    sentences = [f"{count:,} {'person gets' if count == 1 else 'people get'} it."]
    for contacts, why in ((recipients.without, "no e-mail address"), (recipients.unusable, "no usable address")):
        if contacts:
            names = ", ".join(printable(called(contact)) or f"id {contact.id}" for contact in contacts[:_NAMED])
            more = f" and {len(contacts) - _NAMED:,} more" if len(contacts) > _NAMED else ""
            has = "has" if len(contacts) == 1 else "have"
            sentences.append(f"{number_of(len(contacts))} {has} {why}: {names}{more}.")
    return " ".join(sentences)


class Writing(Form[Asked]):
    """What both forms share: whom it reaches, how it leaves.

    Args:
        heading: the title.
        reaches: see `whom`.
        files: which files can be reached.
        sends: whether it can be sent; else it can only be saved.
        opens: whether it can be opened in the user's own mail program.
        save: does it, see `Form`.
    """

    CSS_PATH = [DIALOG_CSS, "writing.tcss"]  # noqa: RUF012
    ways: ClassVar[tuple[tuple[str, str], ...]] = (("send", "send it"), ("eml", "save the mails into a folder"))
    asks: ClassVar[tuple[tuple[str, str, str], ...]] = ()
    """Of each field: its key, its label, and what shows if it is empty."""

    def __init__(
        self,
        heading: str,
        reaches: str,
        files: Files,
        *,
        sends: bool,
        opens: bool = False,
        save: Save[Asked] | None = None,
    ) -> None:
        super().__init__()
        self.heading = heading
        self.save = save
        self._reaches = reaches
        self._fields = {key: FieldEditor(key, label, placeholder=hint) for key, label, hint in self.asks}
        can = {"send": sends, "mailer": opens}
        self._way = Choice([way for way in self.ways if can.get(way[0], True)], id="way")
        self._path = PathInput(files, "~/mails", id="path")

    def compose_body(self) -> Iterable[Widget]:
        """Whom it reaches, the fields, how it leaves."""
        yield Static(self._reaches, classes="note gap", markup=False)
        yield from self._fields.values()
        yield from self.compose_more()
        yield Horizontal(Static("How", classes="field--label"), self._way, classes="line")
        yield Horizontal(Static("Path", classes="field--label"), self._path, classes="line", id="path-line")

    def compose_more(self) -> Iterable[Widget]:
        """What stands below the fields of one line."""
        return ()

    def on_mount(self) -> None:
        """Say what the main button does."""
        super().on_mount()
        self._show_way()

    @on(Choice.Changed, "#way")
    def _show_way(self) -> None:
        way = self._way.value
        self.query_one("#path-line").display = way in {"eml", "ics"}
        if self.main is not None:
            self.main.relabel({"send": "Send…", "mailer": "Open"}.get(way, "Save…"))
        if self._path.value in {"~/mails", "~/invitation.ics"}:
            self._path.value = "~/invitation.ics" if way == "ics" else "~/mails"

    @property
    def changed(self) -> bool:
        """Whether something was typed."""
        return any(field.changed for field in self._fields.values())

    @property
    def fields(self) -> Mapping[str, Keeps]:
        """Every field, by its name."""
        return {**self._fields, "way": self._way, "path": self._path}

    def check(self) -> None:
        """Go on with what was typed."""
        try:
            self.finish(self._asked())
        except InvalidInput as problem:
            self.say(problem)

    def _asked(self) -> Asked:
        texts = {key: field.value for key, field in self._fields.items() if field.value.strip()}
        return Asked(texts, self._way.value, self._path.value)


class InviteDialog(Writing):
    """Asks to what people are invited."""

    ways: ClassVar = (*Writing.ways, ("ics", "save one calendar, in which all see each other"))
    asks: ClassVar = (
        ("title", "Title", "Summer party"),
        ("start", "When", "2026-12-24 18:00, 2026-12-24 18:00 Europe/Berlin, 2026-12-24"),
        ("duration", "How long", "1h, 90m, 3d"),
        ("place", "Place", ""),
        ("url", "Link", "https://meet.example.org/party"),
        ("repeat", "Repeats", "weekly, every 2 weeks, monthly 6 times"),
        ("text", "Message", ""),
    )
    AUTO_FOCUS = "#field-title Input"
    confirm_label = "Send…"


class WriteDialog(Writing):
    """Asks for a mail. `{given_name}` in it is each one's own; then each gets a mail alone."""

    ways: ClassVar = (*Writing.ways, ("mailer", "open it in my mail program"))
    asks: ClassVar = (("subject", "Subject", ""),)
    AUTO_FOCUS = "#field-subject Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+o", "editor", "editor", priority=True, tooltip="Write the text in $EDITOR.")
    ]
    confirm_label = "Send…"

    def __init__(
        self,
        heading: str,
        reaches: str,
        files: Files,
        *,
        sends: bool,
        editor: bool = True,
        save: Save[Asked] | None = None,
    ) -> None:
        super().__init__(heading, reaches, files, sends=sends, opens=editor, save=save)
        self._editor = editor
        self._text = NotesEditor("text", "Text")
        self._place = Choice(_PLACES, id="place")
        self._batch = FieldEditor("size", "In one mail", _BATCH, placeholder="how many addresses")

    def compose_more(self) -> Iterable[Widget]:
        """The text, and how addresses are put into mails."""
        yield self._text
        yield Static("{given_name} is each one's own: each gets a mail alone.", classes="note", markup=False)
        yield Horizontal(Static("Addresses", classes="field--label"), self._place, classes="line")
        yield self._batch

    @property
    def changed(self) -> bool:
        """Whether something was typed."""
        return super().changed or self._text.changed

    @property
    def fields(self) -> Mapping[str, Keeps]:
        """Every field, by its name."""
        return {**super().fields, "text": self._text, "place": self._place, "size": self._batch}

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A restricted account has no editor."""
        return self._editor if action == "editor" else super().check_action(action, parameters)

    @work(group="editor", exclusive=True)
    async def action_editor(self) -> None:
        """Open the text in the user's own editor."""
        from coterie.tui.editor import EditedText

        with EditedText(self._text.value) as text:
            try:
                with self.app.suspend():
                    self._text.area.text = await text.open()
            except CoterieError as problem:
                self.say(problem)

    def _asked(self) -> Asked:
        asked = super()._asked()
        size = self._batch.value.strip()
        if not (size.isascii() and size.isdigit() and 0 < int(size) <= 500):
            raise InvalidInput("How many addresses one mail has must be a number from 1 to 500.", "For example: 50.")
        texts = {**asked.texts, "text": self._text.value}
        if not texts["text"].strip():
            raise InvalidInput("The mail has no text.", "Type it, or open your editor with ctrl+o.")
        return Asked(texts, asked.way, asked.path, _PLACE_OF[self._place.value], int(size))
