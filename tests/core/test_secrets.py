import asyncio
import os
import stat
import time
from pathlib import Path

import keyring
import keyring.backends.fail
import keyring.backends.null
import keyring.errors
import pytest
from keyring.backend import KeyringBackend

from coterie.core.errors import CannotOpen
from coterie.core.secrets import Secrets

ADA = "google:ada@example.org"


class Working(KeyringBackend):
    """A keyring in memory."""

    priority = 5  # type: ignore[assignment]
    name = "Working keyring"

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.kept:
            raise keyring.errors.PasswordDeleteError
        del self.kept[service, username]


class Hanging(Working):
    """A keyring that waits for a password on a screen that nobody sees."""

    def set_password(self, service: str, username: str, password: str) -> None:
        time.sleep(60)


class Locked(Working):
    def set_password(self, service: str, username: str, password: str) -> None:
        raise keyring.errors.KeyringLocked


class Forgetful(Working):
    def get_password(self, service: str, username: str) -> str | None:
        return None

    def delete_password(self, service: str, username: str) -> None:
        return


@pytest.fixture
def use_keyring(monkeypatch: pytest.MonkeyPatch):
    def use(backend: KeyringBackend) -> None:
        monkeypatch.setattr(keyring, "get_keyring", lambda: backend)

    return use


@pytest.fixture
def secrets(tmp_path: Path, use_keyring) -> Secrets:
    use_keyring(keyring.backends.fail.Keyring())
    return Secrets(tmp_path / "data" / "tokens")


def modes(folder: Path) -> dict[str, int]:
    return {one.name: stat.S_IMODE(one.stat().st_mode) for one in [folder, *folder.iterdir()]}


async def test_without_a_keyring_a_secret_is_kept_in_a_file_that_only_the_user_can_read(secrets: Secrets) -> None:
    tokens = secrets.tokens(ADA)
    assert await tokens.load() is None
    previous = os.umask(0)
    try:
        await tokens.save('{"refresh_token": "á"}')
    finally:
        os.umask(previous)
    assert await tokens.load() == '{"refresh_token": "á"}'
    assert set(modes(secrets.folder).values()) == {0o700, 0o600}
    assert stat.S_IMODE(secrets.folder.parent.stat().st_mode) == 0o700
    assert len(list(secrets.folder.iterdir())) == 1, "no temporary file stays"


async def test_the_secret_outlives_the_program_and_each_account_has_its_own(secrets: Secrets) -> None:
    await secrets.tokens(ADA).save("first")
    await secrets.tokens("carddav:ada@example.org").save("second")
    later = Secrets(secrets.folder)
    assert await later.tokens(ADA).load() == "first"
    assert await later.tokens("carddav:ada@example.org").load() == "second"
    await later.tokens(ADA).delete()
    await later.tokens(ADA).delete()
    assert await secrets.tokens(ADA).load() is None
    assert await secrets.tokens("carddav:ada@example.org").load() == "second"


async def test_a_file_that_others_could_read_is_tightened(secrets: Secrets) -> None:
    await secrets.tokens(ADA).save("secret")
    path = secrets.path(ADA)
    path.chmod(0o644)
    secrets.folder.chmod(0o755)
    assert await secrets.tokens(ADA).load() == "secret"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    await secrets.tokens(ADA).save("newer")
    assert stat.S_IMODE(secrets.folder.stat().st_mode) == 0o700


async def test_a_failed_write_leaves_the_old_secret(secrets: Secrets, monkeypatch: pytest.MonkeyPatch) -> None:
    await secrets.tokens(ADA).save("old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CannotOpen, match="no space left on device"):
        await secrets.tokens(ADA).save("new")
    assert await secrets.tokens(ADA).load() == "old"
    assert len(list(secrets.folder.iterdir())) == 1, "no temporary file stays"


@pytest.mark.parametrize("account", ["../../etc/passwd", "..", "", "a/b", "x" * 3000, "carddav:ada@höst.example\n"])
async def test_no_account_name_leaves_the_folder(secrets: Secrets, account: str) -> None:
    await secrets.tokens(account).save("secret")
    assert await secrets.tokens(account).load() == "secret"
    assert [one.parent for one in secrets.folder.rglob("*")] == [secrets.folder]


async def test_two_long_names_with_the_same_beginning_are_two(secrets: Secrets) -> None:
    await secrets.tokens("x" * 300 + "a").save("first")
    await secrets.tokens("x" * 300 + "b").save("second")
    assert await secrets.tokens("x" * 300 + "a").load() == "first"


async def test_a_keyring_that_works_keeps_the_secret_and_no_file_is_made(secrets: Secrets, use_keyring) -> None:
    backend = Working()
    use_keyring(backend)
    await secrets.tokens(ADA).save("secret")
    assert backend.kept == {("coterie", ADA): "secret"}
    assert not secrets.folder.exists()
    assert await secrets.tokens(ADA).load() == "secret"
    assert "keyring (Working keyring)" in await secrets.where()
    await secrets.tokens(ADA).delete()
    await secrets.tokens(ADA).delete()
    assert backend.kept == {}


async def test_a_secret_moves_from_its_file_into_a_keyring_that_appears(secrets: Secrets, use_keyring) -> None:
    await secrets.tokens(ADA).save("from the file")
    use_keyring(Working())
    later = Secrets(secrets.folder)
    assert await later.tokens(ADA).load() == "from the file"
    await later.tokens(ADA).save("newer")
    assert not secrets.path(ADA).exists()
    assert await later.tokens(ADA).load() == "newer"


@pytest.mark.parametrize(
    ("backend", "why"),
    [
        (Hanging(), "does not answer"),
        (Locked(), "does not work here"),
        (Forgetful(), "does not return"),
        (keyring.backends.null.Keyring(), "there is no keyring here"),
        (keyring.backends.fail.Keyring(), "there is no keyring here"),
    ],
)
async def test_a_keyring_that_does_not_work_is_passed_over_in_time(
    tmp_path: Path, use_keyring, backend: KeyringBackend, why: str
) -> None:
    use_keyring(backend)
    secrets = Secrets(tmp_path / "tokens", patience=0.2)
    async with asyncio.timeout(3):
        await secrets.tokens(ADA).save("secret")
        assert await secrets.tokens(ADA).load() == "secret"
        sentence = await secrets.where()
    assert why in sentence
    assert str(secrets.folder) in sentence


async def test_a_keyring_that_breaks_later_gives_way_to_the_file(secrets: Secrets, use_keyring) -> None:
    backend = Working()
    use_keyring(backend)
    await secrets.tokens(ADA).save("old")
    backend.set_password = Locked().set_password  # type: ignore[method-assign]
    await secrets.tokens(ADA).save("new")
    assert await secrets.tokens(ADA).load() == "new"
    assert secrets.path(ADA).exists()


async def test_a_secret_takes_the_name_of_its_account_once_that_is_known(secrets: Secrets) -> None:
    await secrets.tokens("google:pending").save("secret")
    await secrets.rename("google:pending", ADA)
    await secrets.rename("google:pending", ADA)
    assert await secrets.tokens(ADA).load() == "secret"
    assert await secrets.tokens("google:pending").load() is None


async def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path, use_keyring) -> None:
    use_keyring(keyring.backends.fail.Keyring())
    (tmp_path / "tokens").write_text("in the way")
    with pytest.raises(CannotOpen, match="cannot be used"):
        await Secrets(tmp_path / "tokens").tokens(ADA).save("secret")
