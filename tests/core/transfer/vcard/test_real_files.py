"""Real exports with their right answers, if the folder with them is present."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest

from coterie.core.model import Contact
from coterie.core.transfer.vcard import read

FOLDER = Path(__file__).parents[5] / "shared" / "data" / "contacts"
MANIFEST = FOLDER / "manifest.tsv"


def _cards() -> list[dict[str, str]]:
    if not MANIFEST.exists():
        return []
    with MANIFEST.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [row for row in rows if row["local"].endswith(".vcf")]


@pytest.mark.skipif(not MANIFEST.exists(), reason="the folder with real exports is not here")
@pytest.mark.parametrize("answer", _cards(), ids=lambda row: row["local"])
def test_every_real_file_gives_the_people_it_holds(answer: dict[str, str]) -> None:
    found = [one for one in read(FOLDER / answer["local"]) if isinstance(one, Contact)]
    assert len(found) == int(answer["contacts"])
    assert sum(bool(one.emails) for one in found) == int(answer["with_email"])
    for sample in json.loads(answer["samples_json"]):
        assert any(_fits(one, sample) for one in found), sample


def _fits(contact: Contact, sample: dict[str, Any]) -> bool:
    """Whether it is the person of the sample, whose name may stand as `this (or that)`."""
    accepted = re.fullmatch(r"(.*?) \(or (.*)\)", sample["name"])
    names = {sample["name"]} if accepted is None else {accepted[1], accepted[2], ""}
    return (
        contact.name in names
        and {email.address for email in contact.emails} == set(sample["emails"])
        and contact.job_title == sample["title"]
        and set(sample["groups"]) == {part for group in contact.groups for part in group.split(", ")}
    )
