"""The command palette's sources: the commands of COMMANDS that apply on the screen beneath, or the keys of a dialog."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from textual.command import DiscoveryHit, Hit, Hits, Provider

from coterie.tui.commands import COMMANDS, Command, Keymap, Place, Situation, commands_in

if TYPE_CHECKING:
    from coterie.tui.widgets.dialog_keys import Key


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


@runtime_checkable
class KeyHost(Protocol):
    """A dialog: its keys are what it can do."""

    def keys_here(self) -> list[Key]:
        """The keys that work now."""


class KeyCommands(Provider):
    """Finds what a dialog can do by the sentence that its help has of it."""

    def _sentences(self) -> Iterator[tuple[Key, str]]:
        if isinstance(host := self.screen, KeyHost):
            yield from ((key, key.sentence) for key in host.keys_here() if key.sentence and key.action != "palette")

    async def discover(self) -> Hits:
        """All of it, before anything is typed."""
        for key, sentence in self._sentences():
            yield DiscoveryHit(sentence, key.press, help=key.shown)

    async def search(self, query: str) -> Hits:
        """What fits `query`."""
        matcher = self.matcher(query)
        for key, sentence in self._sentences():
            if (score := matcher.match(sentence)) > 0:
                yield Hit(score, matcher.highlight(sentence), key.press, text=sentence, help=key.shown)
