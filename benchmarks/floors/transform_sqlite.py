"""The floor of a transform: the SQL that writes all companies in small letters, with journal and index, and its undo.

    python benchmarks/floors/transform_sqlite.py BOOK

Prints the CPU seconds of each as JSON. The texts are made by a function of Python, as the regular expressions and the
rules of a transform are; that is all it calls.
"""

# ruff: noqa: ISC004

import json
import sqlite3
import sys
import time

REST = "title, phone, notes, department, birthday, address, city, country, url, custom"
TEXTS = f"name, email, company, {REST}"
TURN = "(SELECT 'delete' AS command UNION ALL SELECT NULL)"
OLD = "(SELECT lower(c.company) FROM contact c WHERE c.id = contact_id)"
INDEX = (
    f"INSERT INTO search_index (search_index, rowid, {TEXTS}) SELECT command, contact_id, name, email,"
    f" CASE WHEN command IS NULL THEN {OLD} ELSE company END, {REST} FROM search CROSS JOIN {TURN}"
    " ORDER BY contact_id, command IS NULL"
)
CHANGES = {
    "transform": [
        "INSERT INTO journal_value SELECT 91, 'company', id, company, lowered(company) FROM contact NOT INDEXED"
        " WHERE state = 0 AND company <> lowered(company)",
        "UPDATE contact NOT INDEXED SET company = lowered(company), updated_at = 1, version = version + 1"
        " WHERE state = 0 AND company <> lowered(company)",
        INDEX,
        f"UPDATE search SET company = {OLD}",
    ],
    "undo of transform": [
        "UPDATE contact SET company = j.old, updated_at = 1, version = version + 1 FROM journal_value j"
        " WHERE j.operation_id = 91 AND j.contact_id = contact.id",
        INDEX,
        f"UPDATE search SET company = {OLD}",
    ],
}


def main(book):
    db = sqlite3.connect(book, isolation_level=None)
    db.create_function("lowered", 1, str.lower, deterministic=True)
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA cache_size = -16000")
    taken = {}
    for name, statements in CHANGES.items():
        start = time.process_time()
        db.execute("BEGIN IMMEDIATE")
        for sql in statements:
            db.execute(sql)
        db.execute("COMMIT")
        taken[name] = time.process_time() - start
    db.close()
    print(json.dumps(taken))


main(*sys.argv[1:])
