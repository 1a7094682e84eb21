"""The command palette's source: the commands of COMMANDS that apply on the screen beneath."""

from __future__ import annotations

from functools import partial
from typing import Protocol, runtime_checkable

from textual.command import DiscoveryHit, Hit, Hits, Provider

from tui.commands import Command, Keymap, Place, Situation, commands_in


@runtime_checkable
class CommandHost(Protocol):
    """A screen that carries out commands."""

    where: Place
    keymap: Keymap

    def situation(self) -> Situation:
        """The moment, for the reasons why a command cannot be used."""

    def action_command(self, command_id: str) -> None:
        """Carry out a command, or say why not."""


class BookCommands(Provider):
    """Finds commands by their label; the help line gives the key, or the reason why it cannot be used now."""

    async def discover(self) -> Hits:
        """All commands, before anything is typed."""
        if isinstance(host := self.screen, CommandHost):
            for command in _listed(host):
                yield DiscoveryHit(command.label, partial(host.action_command, command.id), help=_help(host, command))

    async def search(self, query: str) -> Hits:
        """The commands whose label fits `query`."""
        matcher = self.matcher(query)
        if isinstance(host := self.screen, CommandHost):
            for command in _listed(host):
                if (score := matcher.match(f"{command.label} {command.tooltip}")) > 0:
                    shown = matcher.highlight(command.label)
                    run = partial(host.action_command, command.id)
                    yield Hit(score, shown, run, text=command.label, help=_help(host, command))


# Moving one row by way of the palette helps nobody.
_UNLISTED = {
    "palette", "down", "up", "half_page_down", "half_page_up", "page_down", "page_up", "column_left", "column_right",
    "back", "more",
}  # fmt: skip


def _listed(host: CommandHost) -> list[Command]:
    return [command for command in commands_in(host.where) if command.id not in _UNLISTED]


def _help(host: CommandHost, command: Command) -> str:
    reason = command.reason(host.situation())
    key = host.keymap.key(command)
    return reason or (f"{key} - {command.tooltip}" if key else command.tooltip)
