"""The floor of an export: four ordered cursors merged by hand, csv.writer, the same columns.

    python benchmarks/floors/export_sqlite.py BOOK CSV

In the order of the ids, which is the order of the tables; no protection against formulas, no progress.
"""

import csv
import json
import sqlite3
import sys

FIXED = (
    "name, prefix, given_name, additional_names, family_name, suffix, nickname, company, department, job_title,"
    " birthday, favorite, notes, addresses, urls, custom"
)
ADDRESS = ("label", "street", "city", "po_box", "region", "postal_code", "country", "extended")


def main(book, target):  # noqa: C901 - one loop without calls is what makes it the floor
    db = sqlite3.connect(book, isolation_level=None)
    db.execute("PRAGMA cache_size = -16000")
    groups = dict(db.execute("SELECT id, name FROM contact_group"))
    most = {
        table: (db.execute(f"SELECT MAX(position) FROM {table}").fetchone()[0] or -1) + 1
        for table in ("email", "phone")
    }
    for column in ("urls", "addresses"):
        lengths = f"SELECT MAX(json_array_length({column})) FROM contact WHERE state = 0 AND {column} <> ''"
        most[column] = db.execute(lengths).fetchone()[0] or 0
    headings = [
        row[0]
        for row in db.execute(
            "SELECT DISTINCT j.key FROM contact c, json_each(c.custom) j WHERE c.state = 0 AND c.custom <> ''"
        )
    ]
    contacts = db.cursor().execute(f"SELECT id, {FIXED} FROM contact NOT INDEXED WHERE state = 0 ORDER BY id")
    emails = db.cursor().execute(
        "SELECT contact_id, label, address, is_primary FROM email ORDER BY contact_id, position"
    )
    phones = db.cursor().execute("SELECT contact_id, label, number FROM phone ORDER BY contact_id, position")
    members = db.cursor().execute("SELECT contact_id, group_id FROM membership ORDER BY contact_id")
    last = (1 << 62,)
    email, phone, member = next(emails, last), next(phones, last), next(members, last)
    emails_end = 14 + 2 * most["email"]
    phones_end = emails_end + 2 * most["phone"]
    urls_end = phones_end + 2 * most["urls"]
    addresses_end = urls_end + len(ADDRESS) * most["addresses"]
    with open(target, "w", encoding="utf-8", newline="") as file:  # noqa: PTH123
        write = csv.writer(file, lineterminator="\r\n").writerow
        write([
            *FIXED.split(", ")[:11], "groups", "favorite", "notes",
            *[f"E-mail {n} - {part}" for n in range(1, most["email"] + 1) for part in ("Label", "Value")],
            *[f"Phone {n} - {part}" for n in range(1, most["phone"] + 1) for part in ("Label", "Value")],
            *[f"Website {n} - {part}" for n in range(1, most["urls"] + 1) for part in ("Label", "Value")],
            *[f"Address {n} - {part}" for n in range(1, most["addresses"] + 1) for part in ADDRESS],
            *headings,
        ])  # fmt: skip
        for row in contacts:
            number = row[0]
            while member[0] < number:
                member = next(members, last)
            names = []
            while member[0] == number:
                names.append(groups[member[1]])
                member = next(members, last)
            cells = [*row[1:12], "; ".join(sorted(names)), "yes" if row[12] else "", row[13]]
            while email[0] < number:
                email = next(emails, last)
            while email[0] == number:
                cells += (f"* {email[1]}" if email[3] else email[1], email[2])
                email = next(emails, last)
            cells += [""] * (emails_end - len(cells))
            while phone[0] < number:
                phone = next(phones, last)
            while phone[0] == number:
                cells += (phone[1], phone[2])
                phone = next(phones, last)
            cells += [""] * (phones_end - len(cells))
            if row[15]:
                for url, label in json.loads(row[15]):
                    cells += (label, url)
            cells += [""] * (urls_end - len(cells))
            if row[14]:
                for address in json.loads(row[14]):
                    cells += [address.get(part, "") for part in ADDRESS]
            cells += [""] * (addresses_end - len(cells))
            if headings:
                custom = json.loads(row[16]) if row[16] else {}
                cells += [custom.get(heading, "") for heading in headings]
            write(cells)
    db.close()


main(*sys.argv[1:])
