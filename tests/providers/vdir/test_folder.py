"""What only a folder of vCards has to look after: other programs' files, disks that are not there, group cards."""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from coterie.core.errors import InvalidInput, Rejected, Unreachable
from coterie.core.model import Contact, Email
from coterie.core.provider import Setup
from coterie.providers.vdir.provider import VdirProvider
from tests.providers.contract import pull
from tests.providers.prompter import FakeUser, MemoryTokens

ADA = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:a\r\nFN:Ada\r\nN:;Ada;;;\r\n"
    "X-UNKNOWN;X=1:kept\r\nEMAIL:ada@x.org\r\nEND:VCARD\r\n"
)
BOB = "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:b\r\nFN:Bob\r\nEMAIL:bob@x.org\r\nEND:VCARD\r\n"
CHOIR = "BEGIN:VCARD\r\nVERSION:4.0\r\nKIND:group\r\nUID:g\r\nFN:Choir\r\nMEMBER:urn:uuid:a\r\nEND:VCARD\r\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    (tmp_path / "work").mkdir()
    (tmp_path / "home" / "ada.vcf").write_bytes(ADA.encode())
    (tmp_path / "work" / "b.vcf").write_bytes(BOB.encode())
    return tmp_path


def provider_of(root: Path, **setup: object) -> VdirProvider:
    return VdirProvider(Setup(MemoryTokens(json.dumps({"folder": str(root)})), **setup))  # type: ignore[arg-type]


async def test_subfolders_are_address_books(root: Path) -> None:
    found = await pull(provider_of(root))
    assert {one.place for one in found.changed.values()} == {"home/", "work/"}
    assert [place.name for place in found.pages[-1].places or ()] == ["home", "work"]
    assert (await pull(provider_of(root, places=frozenset({"work/"})))).names == {"Bob"}


async def test_what_other_programs_are_writing_is_nobodys_contact(root: Path) -> None:
    (root / "home" / ".ada.vcf").write_bytes(BOB.encode())
    (root / "home" / "new.vcf.tmp").write_bytes(BOB.encode())
    (root / ".git").mkdir()
    assert (await pull(provider_of(root))).names == {"Ada", "Bob"}


async def test_what_a_killed_sync_left_goes(root: Path) -> None:
    left = root / "home" / ".ada.vcf.9999999.new"  # Linux gives no process that number
    left.write_bytes(ADA.encode())
    os.utime(left, (1, 1))
    await pull(provider_of(root))
    assert not left.exists()


async def test_a_folder_that_is_not_there_deletes_nobody(root: Path) -> None:
    provider = provider_of(root)
    cursor = (await pull(provider)).cursor
    await asyncio.to_thread(root.rename, root.with_name("elsewhere"))
    with pytest.raises(Unreachable, match="is not there"):
        await pull(provider, cursor)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"BEGIN:VCARD\r\nFN:J\xf6rg\r\nEND:VCARD\r\n", "not in UTF-8"),
        ((ADA + BOB).encode(), "several cards"),
        (b"hello", "not a vCard"),
    ],
)
async def test_a_file_that_is_no_card_is_told_and_left_alone(root: Path, content: bytes, reason: str) -> None:
    path = root / "home" / "odd.vcf"
    path.write_bytes(content)
    found = await pull(provider_of(root))
    [unreadable] = [one for page in found.pages for one in page.unreadable]
    assert (unreadable.remote_id, reason in unreadable.reason) == ("home/odd.vcf", True)
    assert path.read_bytes() == content


async def test_what_is_not_changed_stays_byte_for_byte(root: Path) -> None:
    provider = provider_of(root)
    known = (await pull(provider)).changed["home/ada.vcf"]
    await provider.update(known, replace(known.contact, emails=(Email("new@x.org"),)), {"emails"})
    text = (root / "home" / "ada.vcf").read_bytes().decode()
    assert [line for line in text.split("\r\n") if "REV" not in line] == ADA.replace("ada@", "new@").split("\r\n")


async def test_group_cards_are_groups_and_change_with_their_members(root: Path) -> None:
    (root / "home" / "g.vcf").write_bytes(CHOIR.encode())
    provider = provider_of(root)
    first = await pull(provider)
    ada = first.changed["home/ada.vcf"]
    assert (set(first.changed), ada.contact.groups) == ({"home/ada.vcf", "work/b.vcf"}, ("Choir",))
    left = await provider.update(ada, replace(ada.contact, groups=("Friends",)), {"groups"})
    assert left.contact.groups == ("Friends",)
    assert "MEMBER" not in (root / "home" / "g.vcf").read_text()
    cursor = (await pull(provider, first.cursor)).cursor
    (root / "home" / "g.vcf").write_bytes(CHOIR.replace("Choir", "Old choir").encode())
    again = await pull(provider, cursor)
    assert again.changed["home/ada.vcf"].contact.groups == ("Friends", "Old choir")


async def test_a_first_group_card_finds_its_members_wherever_they_are(root: Path) -> None:
    provider = provider_of(root)
    cursor = (await pull(provider)).cursor
    (root / "home" / "g.vcf").write_bytes(CHOIR.encode())
    assert (await pull(provider, cursor)).changed["home/ada.vcf"].contact.groups == ("Choir",)


async def test_places_that_the_user_keeps_as_they_are(root: Path) -> None:
    provider = provider_of(root, read_only=frozenset({"home/"}))
    known = (await pull(provider)).changed["home/ada.vcf"]
    for work in (provider.update(known, known.contact, {"name"}), provider.delete(known)):
        with pytest.raises(Rejected, match="read-only"):
            await work
    assert (await provider.create(Contact(name="Cy"))).place == "work/"
    assert (await provider.create(Contact(name="Di"), place="work/")).place == "work/"
    with pytest.raises(Rejected, match="home"):
        await provider.create(Contact(name="Em"), place="home/")


async def test_a_new_file_is_the_users_alone(root: Path) -> None:
    created = await provider_of(root).create(Contact(name="Cy"), place="home/")
    assert (root / created.remote_id).stat().st_mode & 0o777 == 0o600
    assert [one.name for one in (root / "home").iterdir()].count(created.remote_id.partition("/")[2]) == 1


async def test_signing_in_asks_for_the_folder(root: Path) -> None:
    provider = VdirProvider(Setup(MemoryTokens()))
    identity = await provider.sign_in(FakeUser({"folder": str(root)}))
    assert (identity.address, identity.person, await provider.person()) == (str(root), str(root), str(root))
    for typed in ("", str(root / "nowhere"), str(root / "home" / "ada.vcf"), "x" * 300, "~nobody-here/x", "\0"):
        with pytest.raises(InvalidInput, match="no folder"):
            await provider.sign_in(FakeUser({"folder": typed}))
    with pytest.raises(InvalidInput, match="cannot be connected here"):
        await VdirProvider(Setup(MemoryTokens(), restricted=True)).sign_in(FakeUser({"folder": str(root)}))


async def test_a_glance_tells_that_something_has_changed(root: Path) -> None:
    provider = provider_of(root)
    marks = [await provider.mark(), await provider.mark()]
    assert marks[0] == marks[1]
    (root / "home" / "ada.vcf").write_text(ADA.replace("Ada", "Adelaide"))
    marks.append(await provider.mark())
    (root / "work" / "c.vcf").write_text(BOB)
    marks.append(await provider.mark())
    (root / "work" / "c.vcf").unlink()
    marks.append(await provider.mark())
    assert len(set(marks)) == 3
    assert marks[-1] == marks[2]
    await asyncio.to_thread(root.rename, root.with_name(f"{root.name}-moved"))
    with pytest.raises(Unreachable, match="is not there"):
        await provider.mark()
