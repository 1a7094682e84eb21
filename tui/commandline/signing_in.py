"""Signing in from the command line: what a provider asks, as text for people or as JSON for programs."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping

from coterie.core.errors import CoterieError, InvalidInput
from coterie.core.model import Account
from coterie.core.sign_in import DeviceCode, OpenUrl, Option
from coterie.core.text import number_of, printable
from coterie.tui.commandline import output
from coterie.tui.commandline.lines import Lines, unseen


class _Prompter:
    """Asks for the options that were not given on the command line."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self._given = given
        self._lines = Lines()

    async def ask(self, options: Collection[Option]) -> Mapping[str, str]:
        """The values of these options, by key. Raises InvalidInput if one is needed and standard input ends."""
        return {
            option.key: self._given[option.key] if option.key in self._given else await self._answer(option)
            for option in options
        }

    async def _answer(self, option: Option) -> str:
        self._question(option)
        line = await self._lines.next()
        if option.required and not (line or "").strip():
            raise InvalidInput(f"“{option.label}” is needed to sign in.", option.help)
        return (line or "").strip()

    def _question(self, option: Option) -> None:
        raise NotImplementedError


class TextPrompter(_Prompter):
    """For people: what to open is written on standard output, questions on standard error."""

    async def device_code(self, code: DeviceCode) -> None:
        """Write the page and the code."""
        _say(f"Open {printable(code.verification_uri)} on any device and enter this code:\n")
        _say(f"    {printable(code.user_code)}\n")
        _say(f"Waiting up to {_minutes(code.expires_in)}; ctrl+c stops.")

    async def open_url(self, page: OpenUrl) -> str:
        """Write the page, and take the next line as what the browser could not open."""
        if page.problem:
            output.note(page.problem)
        else:
            _say(f"Open this page in your browser and allow access:\n\n{printable(page.url)}\n")
            if page.ssh_forward:
                _say("Is the browser on another machine? Then run this there first:\n")
                _say(f"    {printable(page.ssh_forward)}\n")
            _say("Or, when the browser says that it cannot open the next page, paste that page's address here.")
            _say(f"Waiting up to {_minutes(page.expires_in)}; ctrl+c stops.")
        return await self._lines.next() or ""

    async def _answer(self, option: Option) -> str:
        if option.secret and output.can_ask():
            with unseen():
                return await super()._answer(option)
        return await super()._answer(option)

    def _question(self, option: Option) -> None:
        for line in option.guide:
            output.note(f"- {line}")
        if option.help and not option.secret:
            output.note(option.help)
        print(f"{printable(option.label)}: ", end="", file=sys.stderr, flush=True)

    def signed_in(self, account: Account, where: str) -> None:
        """Say so, and how to go on."""
        _say(f"Signed in as {printable(account.address)}. {printable(where)}")
        _say(f"Now fetch the contacts: coterie sync {printable(account.name)}")

    def failed(self, error: CoterieError) -> None:
        """The command says it at its end."""


class JsonPrompter(_Prompter):
    """For programs: an event a line on standard output, an answer a line on standard input."""

    async def device_code(self, code: DeviceCode) -> None:
        """The event `device_code`."""
        self._event(
            "device_code",
            user_code=code.user_code,
            verification_uri=code.verification_uri,
            expires_in=code.expires_in,
        )

    async def open_url(self, page: OpenUrl) -> str:
        """The event `open_url`; the next line is the pasted address."""
        problem = {"problem": page.problem} if page.problem else {}
        self._event("open_url", url=page.url, ssh_forward=page.ssh_forward, expires_in=page.expires_in, **problem)
        return await self._lines.next() or ""

    async def _answer(self, option: Option) -> str:
        return "" if option.hint else await super()._answer(option)

    def _question(self, option: Option) -> None:
        self._event("ask", key=option.key, label=option.label, help=option.help, secret=option.secret)

    def signed_in(self, account: Account, where: str) -> None:
        """The event `signed_in`."""
        self._event("signed_in", account=account.name)

    def failed(self, error: CoterieError) -> None:
        """The event `error`."""
        self._event("error", message=error.title, hint=error.hint)

    def _event(self, name: str, **values: object) -> None:
        output.write_json({"event": name, **values})
        sys.stdout.flush()


def _say(text: str) -> None:
    print(text, flush=True)


def _minutes(seconds: int) -> str:
    return number_of(max(round(seconds / 60), 1), "minute")
