"""Write to: the addresses of several people in the ways that mail programs take them."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from coterie.core.text import number_of, printable
from coterie.tui.dialogs.dialog import DIALOG_CSS, Dialog, DialogButton
from coterie.tui.recipients import Recipients, count_of

_SHOWN = 300
"""Characters of the addresses that the dialog shows, and of the link; copying takes all."""


class NextStep(Enum):
    """What the user wants to do next."""

    WRITE = "write"
    INVITE = "invite"
    LIST = "list"


class WriteTo(Dialog[str | NextStep]):
    """Answers the sentence about what was copied, or what comes next; None if nothing was.

    Args:
        whom: who they are: a group's name, or how many contacts.
        recipients: their addresses.
        clipboard: whether the clipboard may be written to.
        writes: whether mails can be written here.
        lists: whether contacts can be listed here.
    """

    CSS_PATH = [DIALOG_CSS, "write_to.tcss"]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w", "write", "write", tooltip="Write a mail to them here."),
        Binding("i", "invite", "invite", tooltip="Invite them to something."),
        Binding("l", "list_without", "no address", tooltip="List those who have no address, and check them."),
        Binding("n", "copy_named", "names", tooltip="Copy the addresses with their names."),
        Binding("b", "copy_link", "Bcc link", tooltip="Copy a link that opens a mail to them, as blind copies."),
    ]

    AUTO_FOCUS = "#dialog-buttons Button"

    def __init__(self, whom: str, recipients: Recipients, *, clipboard: bool, writes: bool = False,
                 lists: bool = False) -> None:  # fmt: skip
        super().__init__()
        self.heading = f"Write to {whom}"
        self._recipients = recipients
        self._clipboard = clipboard
        self._writes = writes
        self._lists = lists

    def compose_body(self) -> Iterable[Widget]:
        """How many they are, their addresses, and a link for terminals that open links."""
        people = self._recipients
        without = f" {number_of(people.without)} without an address left out." if people.without else ""
        yield Static(f"{count_of(people)}.{without}", classes="note gap", markup=False)
        yield Static(_short(people.named), classes="gap", markup=False)
        link = people.mailto("bcc" if len(people.people) > 1 else "to")
        yield Static(Content.assemble((_short(link), "underline")), classes="note", markup=False)

    def compose_buttons(self) -> Iterable[Widget]:
        """Three ways to copy."""
        if self._clipboard:
            yield DialogButton("Copy", "confirm", main=True, id="confirm")
            yield DialogButton("Names", "copy_named", key="n", id="named")
            yield DialogButton("Bcc link", "copy_link", key="b", id="link")
        if self._writes:
            yield DialogButton("Write", "write", key="w", id="write")
            yield DialogButton("Invite", "invite", key="i", id="invite")
        yield DialogButton("Close", "cancel", key="esc", id="cancel")

    def action_confirm(self) -> None:
        """Copy the bare addresses, for To or Bcc."""
        if self._clipboard:
            self._copy(self._recipients.addresses)
        else:
            self.answer(None)

    def action_copy_named(self) -> None:
        """Copy names and addresses."""
        self._copy(self._recipients.named)

    def action_copy_link(self) -> None:
        """Copy a link that starts a mail to all, none of whom sees the others."""
        self._copy(self._recipients.mailto("bcc"))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Mails are written only if they can leave."""
        if action == "list_without":
            return bool(self._recipients.without) and self._lists
        return self._writes if action in {"write", "invite"} else super().check_action(action, parameters)

    def action_list_without(self) -> None:
        """List those without an address."""
        self.answer(NextStep.LIST)

    def action_write(self) -> None:
        """Write a mail."""
        self.answer(NextStep.WRITE)

    def action_invite(self) -> None:
        """Invite them."""
        self.answer(NextStep.INVITE)

    def _copy(self, text: str) -> None:
        self.app.copy_to_clipboard(text)
        self.answer(self._recipients.copied)


def _short(text: str) -> str:
    text = printable(text)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
