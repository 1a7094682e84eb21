"""A user for sign-in tests: opens pages, pastes, answers, or does nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field

from coterie.core.sign_in import DeviceCode, OpenUrl, Option


@dataclass
class FakeUser:
    """Answers what a provider asks while it signs in, and remembers what was shown.

    Attributes:
        answers: values for `ask`, by the options' keys.
        browse: called with each page; returns the text to paste, or None to leave it to the browser.
    """

    answers: Mapping[str, str] = field(default_factory=dict)
    browse: Callable[[OpenUrl], Awaitable[str | None]] | None = None
    pages: list[OpenUrl] = field(default_factory=list)
    codes: list[DeviceCode] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    cancelled: bool = False

    async def device_code(self, code: DeviceCode) -> None:
        self.codes.append(code)

    async def open_url(self, page: OpenUrl) -> str:
        self.pages.append(page)
        try:
            pasted = await self.browse(page) if self.browse else None
            if pasted is not None:
                return pasted
            await asyncio.get_running_loop().create_future()
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        raise AssertionError

    async def ask(self, options: Collection[Option]) -> Mapping[str, str]:
        self.asked += [option.key for option in options]
        return {option.key: self.answers.get(option.key, "") for option in options}


@dataclass
class MemoryTokens:
    """A token store that keeps the secret in memory."""

    secret: str | None = None

    async def load(self) -> str | None:
        return self.secret

    async def save(self, secret: str) -> None:
        self.secret = secret

    async def delete(self) -> None:
        self.secret = None
