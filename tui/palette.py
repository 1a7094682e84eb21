"""The command palette's sources over a screen: the commands that apply there, and the verbs of transforms."""

from __future__ import annotations

from functools import partial
from typing import Protocol, runtime_checkable

from textual.command import DiscoveryHit, Hit, Hits, Provider

from coterie.tui.actions.command import Command, Place, Situation
from coterie.tui.commands import COMMANDS, Keymap, commands_in


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
        """The commands that fit `query` by their label, and after them those that do by their sentence."""
        matcher = self.matcher(query)
        if isinstance(host := self.screen, CommandHost):
            for command in _listed(host):
                label, sentence = matcher.match(command.label), matcher.match(f"{command.label} {command.tooltip}")
                if (score := 1 + label if label else sentence) > 0:
                    shown = matcher.highlight(command.label)
                    run = partial(host.action_command, command.id)
                    yield Hit(score, shown, run, text=command.label, help=_help(host, command))


@runtime_checkable
class TransformHost(CommandHost, Protocol):
    """A screen that transforms contacts."""

    def transform_with(self, line: str) -> None:
        """Ask for a transform that begins with this line."""


class VerbCommands(Provider):
    """Finds the verbs of transforms by their name and by what they do; their example goes into the dialog."""

    async def search(self, query: str) -> Hits:
        """The verbs that fit `query`."""
        from coterie.core.transform.verbs import VERBS

        host, matcher = self.screen, self.matcher(query)
        if isinstance(host, TransformHost) and host.where in COMMANDS["transform"].places:
            for verb in VERBS.values():
                label = f"Transform: {verb.name}"
                if (score := matcher.match(f"{label} {verb.help}")) > 0:
                    run = partial(host.transform_with, verb.example)
                    yield Hit(score, matcher.highlight(label), run, text=label, help=verb.help)


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
