"""Real exports of many programs, with their right answers, if the folder is present."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator

import pytest

from coterie.core.errors import UnreadableFile
from coterie.core.model import Contact
from coterie.core.transfer.csv import read, recognize

from .support import DATA, addresses, both, merged


def manifest(name: str) -> Iterator[dict[str, str]]:
    path = DATA / name
    if path.exists():
        with path.open(encoding="utf-8", newline="") as lines:
            yield from csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


EXPORTS = [row for row in manifest("contacts/manifest.tsv") if not row["local"].endswith((".vcf", ".vcard"))]
COMPOSED = list(manifest("composed/MANIFEST.tsv"))
pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the folder with real exports is not here")


def is_expected(contact: Contact, sample: dict[str, object]) -> bool:
    name = str(sample["name"])
    return (
        (contact.name == name or (("or " in name or "(and" in name) and contact.name in name))
        and addresses(contact) == sample["emails"]
        and contact.company == sample["company"]
        and contact.job_title == sample["title"]
        and set(contact.groups) == set(sample["groups"])  # type: ignore[call-overload]
    )


@pytest.mark.parametrize("row", EXPORTS, ids=lambda row: str(row["local"]))
def test_a_real_export_has_its_contacts(row: dict[str, str]) -> None:
    path = DATA / "contacts" / row["local"]
    if row["kind"] == "not-contacts":
        with pytest.raises(UnreadableFile, match="No e-mail or name column was found"):
            recognize(path)
        return
    found, _ = both(path)
    with_email = sum(bool(contact.emails) for contact in found)
    assert (len(found), with_email, merged(found)) == (
        int(row["contacts"]), int(row["with_email"]), int(row["after_merge"]),
    )  # fmt: skip
    for sample in json.loads(row["samples_json"]):
        assert any(is_expected(contact, sample) for contact in found), (sample, found)


@pytest.mark.parametrize("row", COMPOSED, ids=lambda row: str(row["file"]))
def test_localised_outlook_headings(row: dict[str, str]) -> None:
    path = DATA / "composed" / row["file"]
    recognition = recognize(path)
    found = [one for one in read(path, recognition) if isinstance(one, Contact)]
    assert recognition.layout.startswith("Outlook (")
    assert (len(found), merged(found)) == (int(row["contacts"]), int(row["after_merge"]))
    for contact in found:
        assert (contact.name or contact.company) in row["right answer"]
        assert all(address.lower() in row["right answer"].lower() for address in addresses(contact))
        assert contact.job_title in row["right answer"]
        assert contact.company in row["right answer"]


def test_nothing_but_addresses_of_the_contact_itself() -> None:
    """A relative's, an owner's or a host's address in its own column is nobody's address here."""
    (susie,), _ = both(DATA / "contacts" / "civicrm-related-people.csv")
    assert addresses(susie) == ["susie@example.com"]
    assert susie.custom["Mum-email"] == "mum@example.com"
