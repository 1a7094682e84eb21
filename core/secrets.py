"""Where the secrets of accounts live: in the system's keyring if one works, else in files only the user can read.

A keyring can be missing (most servers), locked, or wait for a password on a screen that nobody sees; so each call to it
has a time limit, and the first one that fails sends us to the files for the rest of this run.
"""

from __future__ import annotations

import asyncio
import stat
from collections.abc import Callable
from concurrent.futures import Future
from hashlib import sha256
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import quote

from coterie.core.errors import CannotOpen
from coterie.core.files import FILE_MODE, private_folder, reason, write_whole

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")

SERVICE: Final = "coterie"
_PROBE: Final = "coterie works here"
_LONGEST_NAME: Final = 200  # bytes; file systems allow 255, and the temporary file's name is a little longer


class Secrets:
    """The secrets of this user, one text for each account.

    Args:
        folder: where the files go if there is no keyring; made when it is needed.
        patience: seconds that a keyring may take to answer.
    """

    def __init__(self, folder: Path, *, patience: float = 5.0) -> None:
        self.folder = folder
        self.patience = patience
        self._probing: asyncio.Task[KeyringBackend | None] | None = None
        self._without_keyring = "there is no keyring here"

    def tokens(self, account: str) -> AccountTokens:
        """The secret of the account of that name, as the `TokenStore` that its provider is given."""
        return AccountTokens(self, account)

    async def rename(self, old: str, new: str) -> None:
        """Keep the secret of `old` under the name `new`, in place of what was there; fine if there is none."""
        source = self.tokens(old)
        secret = await source.load()
        if secret is not None and old != new:
            await self.tokens(new).save(secret)
            await source.delete()

    async def where(self) -> str:
        """One sentence that tells the user where secrets are kept."""
        backend = await self.keyring()
        if backend is not None:
            return f"Tokens are kept in the keyring ({backend.name})."
        return f"Tokens are kept in files that only you can read, in {self.folder}, because {self._without_keyring}."

    # The keyring -----------------------------------------------------------------------------------------------

    async def keyring(self) -> KeyringBackend | None:
        """The keyring, if one works here: it is asked once to keep, give back and forget a text."""
        if self._probing is None:
            self._probing = asyncio.ensure_future(self._probe())
        return await asyncio.shield(self._probing)

    async def ask_keyring(self, work: Callable[[KeyringBackend], T]) -> tuple[bool, T | None]:
        """What the keyring answers, after whether it did; it is not asked again once it has failed."""
        backend = await self.keyring()
        if backend is None:
            return False, None
        try:
            return True, await _in_thread(lambda: work(backend), self.patience)
        except Exception as error:  # noqa: BLE001 - each of the many backends fails in its own way
            self._without_keyring = _why_not(error)
            self._probing = asyncio.ensure_future(_no_keyring())
            return False, None

    async def _probe(self) -> KeyringBackend | None:
        try:
            backend = await _in_thread(_working_keyring, self.patience)
        except Exception as error:  # noqa: BLE001 - each of the many backends fails in its own way
            self._without_keyring = _why_not(error)
            return None
        return backend

    # The files -------------------------------------------------------------------------------------------------

    def path(self, account: str) -> Path:
        """The file of one account."""
        name = quote(account, safe="@+ ")
        if len(name) > _LONGEST_NAME:
            name = f"{name[: _LONGEST_NAME - 65]}-{sha256(account.encode()).hexdigest()}"
        return self.folder / f"{name}.token"


class AccountTokens:
    """One account's secret. A file goes before the keyring: it is there only if the keyring did not work."""

    def __init__(self, secrets: Secrets, account: str) -> None:
        self._secrets = secrets
        self._account = account

    async def load(self) -> str | None:
        """The secret text, or None. Raises CannotOpen if its file cannot be read."""
        path = self._secrets.path(self._account)
        try:
            if stat.S_IMODE(path.stat().st_mode) & 0o077:
                path.chmod(FILE_MODE)
            return path.read_text("utf-8")
        except (FileNotFoundError, NotADirectoryError):
            pass
        except OSError as error:
            raise CannotOpen(f"{path} cannot be read: {reason(error)}.", "Check its owner and permissions.") from error
        _, secret = await self._secrets.ask_keyring(lambda keyring: keyring.get_password(SERVICE, self._account))
        return secret

    async def save(self, secret: str) -> None:
        """Keep the text in place of the one before. Raises CannotOpen if it cannot be kept."""
        path = self._secrets.path(self._account)
        kept, _ = await self._secrets.ask_keyring(lambda keyring: keyring.set_password(SERVICE, self._account, secret))
        try:
            if kept:
                path.unlink(missing_ok=True)
            else:
                private_folder(path.parent)
                write_whole(path, secret.encode())
        except OSError as error:
            raise CannotOpen(
                f"{path} cannot be written: {reason(error)}.", "Check its owner, permissions and free space."
            ) from error

    async def delete(self) -> None:
        """Forget it, wherever it is; fine if there is none. Raises CannotOpen if its file cannot be removed."""
        path = self._secrets.path(self._account)

        def forget(keyring: KeyringBackend) -> None:
            if keyring.get_password(SERVICE, self._account) is not None:
                keyring.delete_password(SERVICE, self._account)

        try:
            path.unlink(missing_ok=True)
        except NotADirectoryError:
            pass
        except OSError as error:
            raise CannotOpen(f"{path} cannot be removed: {reason(error)}.", "Remove it by hand.") from error
        await self._secrets.ask_keyring(forget)


class NoSecrets(Secrets):
    """For the throw-away book: secrets that are kept nowhere and are gone when the program ends."""

    def __init__(self) -> None:
        super().__init__(Path())
        self._texts: dict[str, str] = {}

    async def where(self) -> str:
        """One sentence that tells the user where secrets are kept."""
        return "This is a throw-away book: tokens are not kept."

    def tokens(self, account: str) -> AccountTokens:
        """The secret of the account of that name."""
        return _InMemory(self, account, self._texts)


class _InMemory(AccountTokens):
    def __init__(self, secrets: Secrets, account: str, texts: dict[str, str]) -> None:
        super().__init__(secrets, account)
        self._texts = texts

    async def load(self) -> str | None:
        return self._texts.get(self._account)

    async def save(self, secret: str) -> None:
        self._texts[self._account] = secret

    async def delete(self) -> None:
        self._texts.pop(self._account, None)


def _working_keyring() -> KeyringBackend:
    """The system's keyring after a test of it. Raises anything if there is none."""
    import keyring

    backend = keyring.get_keyring()
    if backend.priority < 1:  # the null and fail backends, and those that only scramble
        raise LookupError("there is no keyring here")
    backend.set_password(SERVICE, _PROBE, _PROBE)
    answer = backend.get_password(SERVICE, _PROBE)
    backend.delete_password(SERVICE, _PROBE)
    if answer != _PROBE:
        raise LookupError("the keyring does not return what it was given")
    return backend


async def _no_keyring() -> None:
    return


def _why_not(error: Exception) -> str:
    """A clause for the user; texts of backends are neither in plain words nor safe to show."""
    if isinstance(error, TimeoutError):
        return "the keyring does not answer"
    if isinstance(error, LookupError) and error.args:
        return str(error.args[0])
    return "the keyring does not work here"


async def _in_thread(work: Callable[[], T], seconds: float) -> T:
    """What `work` returns. A daemon thread: one that hangs is left behind and does not keep the program from ending."""
    answer: Future[T] = Future()

    def run() -> None:
        try:
            answer.set_result(work())
        except Exception as error:  # noqa: BLE001 - handed to the one who waits
            answer.set_exception(error)

    answer.set_running_or_notify_cancel()
    Thread(target=run, name="keyring", daemon=True).start()
    return await asyncio.wait_for(asyncio.wrap_future(answer), seconds)
