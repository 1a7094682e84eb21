"""The floor of an import: csv, the same mapping, executemany into the same tables, indexes and trigrams made after.

    python benchmarks/floors/import_sqlite.py CSV BOOK

No recognition, no validation, no merging, no progress; rows of the same address become contacts of their own. The
journal rows are written, since without them there is no undo. If the book has contacts, its indexes are kept - to
make them anew for a million contacts takes longer than 100,000 rows - and addresses are looked up: a row with one
that the book has is left out.
"""

import csv
import json
import re
import sqlite3
import sys
import time
import unicodedata
from itertools import islice

CHUNK = 10_000
NOT_PHONE = re.compile(r"[^0-9+]")
ACCENTS = re.compile("[\u0300-\u036f]+")
CONTACT = (
    "id, state, favorite, sort_key, name, given_name, additional_names, family_name, company, job_title, notes,"
    " addresses, urls, created_at, updated_at, version, family_key"
)
TEXTS = "name, email, company, title, phone, notes, department, birthday, address, city, country, url, custom"


def fold(text):
    return text.lower() if text.isascii() else ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold()))


def lines(*texts):
    folded = [fold(text) for text in texts if text]
    return "\n".join(("", *folded, "")) if folded else ""


def looked_up(db, rows, in_book):
    """The rows; `in_book` holds those of their addresses that the book has."""
    while chunk := list(islice(rows, CHUNK)):
        in_book.clear()
        keys = sorted({row[at].casefold() for row in chunk for at in (18, 20) if row[at]})
        for start in range(0, len(keys), 500):
            some = keys[start : start + 500]
            matches = db.execute(f"SELECT norm FROM email WHERE norm IN ({','.join('?' * len(some))})", some)
            in_book.update(key for (key,) in matches)
        yield from chunk


def main(path, book):  # noqa: C901 - one loop without calls is what makes it the floor
    db = sqlite3.connect(book, isolation_level=None)
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA cache_size = -16000")
    indexes = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL").fetchall()
    db.execute("BEGIN IMMEDIATE")
    first = number = db.execute("SELECT value FROM counter WHERE name = 'contact'").fetchone()[0]
    empty = not db.execute("SELECT 1 FROM contact LIMIT 1").fetchone()
    for name, _ in indexes if empty else ():
        db.execute(f"DROP INDEX {name}")
    now = int(time.time() * 1000)
    groups = dict(db.execute("SELECT name, id FROM contact_group"))
    operation = db.execute("SELECT count(*) + 1 FROM operation").fetchone()[0]
    contacts, emails, phones, members, texts, journal = [], [], [], [], [], []

    def flush():
        db.executemany(f"INSERT INTO contact ({CONTACT}) VALUES ({','.join('?' * 17)})", contacts)
        db.executemany("INSERT INTO email VALUES (?, ?, ?, ?, ?, ?)", emails)
        db.executemany("INSERT INTO phone VALUES (?, ?, ?, ?, ?)", phones)
        db.executemany("INSERT INTO membership VALUES (?, ?)", members)
        db.executemany(f"INSERT INTO search VALUES ({','.join('?' * 14)})", texts)
        db.executemany(f"INSERT INTO journal_value VALUES ({operation}, 'state', ?, '2', '0')", journal)
        for rows in (contacts, emails, phones, members, texts, journal):
            rows.clear()

    with open(path, encoding="utf-8", newline="") as file:  # noqa: PTH123
        rows = csv.reader(file)
        next(rows)
        in_book: set[str] = set()
        for place, row in enumerate(rows if empty else looked_up(db, rows, in_book)):
            if place % CHUNK == 0:
                flush()
            name = " ".join(part for part in (row[0], row[1], row[2]) if part)
            if not (name or row[10] or row[18] or row[22]) or (row[18] and row[18].casefold() in in_book):
                continue
            labels = [label for label in row[16].split(" ::: ") if label and label[0] != "*"]
            for label in labels:
                if label not in groups:
                    groups[label] = len(groups) + 1
                    group = (groups[label], label, label.casefold())
                    db.execute("INSERT INTO contact_group (id, name, name_key) VALUES (?, ?, ?)", group)
                members.append((number, groups[label]))
            norms = []
            for place, at in enumerate((17, 19)):
                if row[at + 1]:
                    norm = row[at + 1].casefold()
                    norms.append(norm)
                    label = row[at].lstrip("* ").lower()
                    emails.append((number, place, row[at + 1], label, int(row[at][:1] == "*"), norm))
            phone = ""
            if row[22]:
                phone = NOT_PHONE.sub("", row[22])
                phones.append((number, 0, row[22], row[21].lower(), phone))
            address = url = ""
            if row[24] or row[25]:
                keys = ("label", "street", "city", "region", "postal_code", "country")
                address = json.dumps([{key: part for key, part in zip(keys, row[23:29], strict=True) if part}])
            if row[30]:
                url = json.dumps([[row[30], row[29].lower()]])
            folded = fold(name)
            key = folded or fold(row[10] or row[18] or row[22])
            family = fold(f"{row[2]}, {row[0]} {row[1]}".rstrip()) if row[2] else key
            contacts.append((
                number, 0, int("* starred" in row[16]), key, name, row[0],
                row[1], row[2], row[10], row[11], row[14], address, url, now, now, 1, family,
            ))  # fmt: skip
            texts.append((
                number, folded, "\n".join(norms), fold(row[10]), fold(row[11]), phone, fold(row[14]), lines(row[12]),
                lines(row[13]), lines(row[24], row[26], row[27]), lines(row[25]), lines(row[28]), lines(row[30]), "",
            ))  # fmt: skip
            journal.append((number,))
            number += 1
    flush()
    if empty:
        for _, sql in indexes:
            db.execute(sql)
        db.execute("INSERT INTO search_index(search_index) VALUES ('rebuild')")
    else:
        db.execute(
            f"INSERT INTO search_index(rowid, {TEXTS})"
            f" SELECT contact_id, {TEXTS} FROM search WHERE contact_id >= {first}"
        )
    db.execute("UPDATE counter SET value = ? WHERE name = 'contact'", (number,))
    db.execute("COMMIT")
    db.close()


main(*sys.argv[1:])
