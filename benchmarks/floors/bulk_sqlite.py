"""The floor of bulk changes: the SQL of each and of its way back, with journal and search index, typed by hand.

    python benchmarks/floors/bulk_sqlite.py BOOK

Prints the CPU seconds of each as JSON. Rows are taken in the order in which they are stored (NOT INDEXED): by the index
of names, which SQLite would take, star and group need two to three times as long. It asks nothing: not what is so
already, nor whether somebody changed it since.
"""
# ruff: noqa: ISC004

import json
import sqlite3
import sys
import time

REST = "title, phone, notes, department, birthday, address, city, country, url, custom"
TEXTS = f"name, email, company, {REST}"
TURN = "(SELECT 'delete' AS command UNION ALL SELECT NULL)"
LIVE = "FROM contact NOT INDEXED WHERE state = 0"
IN_BIN = "FROM contact NOT INDEXED WHERE state = 1"


def indexed(company):
    new = f"CASE WHEN command IS NULL THEN {company} ELSE company END"
    return (
        f"INSERT INTO search_index (search_index, rowid, {TEXTS}) SELECT command, contact_id, name, email, {new},"
        f" {REST} FROM search CROSS JOIN {TURN} ORDER BY contact_id, command IS NULL"
    )


OLD_COMPANY = "(SELECT lower(c.company) FROM contact c WHERE c.id = contact_id)"
CHANGES = {
    "star": [
        f"INSERT INTO journal_value SELECT 91, 'favorite', id, '0', '1' {LIVE} AND favorite = 0",
        "UPDATE contact NOT INDEXED SET favorite = 1, updated_at = 1, version = version + 1"
        " WHERE state = 0 AND favorite = 0",
    ],
    "undo of star": [
        "UPDATE contact SET favorite = CAST(j.old AS INTEGER), updated_at = 1, version = version + 1"
        " FROM journal_value j WHERE j.operation_id = 91 AND j.contact_id = contact.id",
    ],
    "add to a group": [
        "INSERT INTO contact_group (id, name, name_key) VALUES (9999, 'Everybody', 'everybody')",
        f"INSERT INTO journal_membership SELECT 92, 9999, id, 0, 1 {LIVE}",
        "INSERT INTO membership SELECT contact_id, 9999 FROM journal_membership WHERE operation_id = 92",
    ],
    "remove from a group": [
        "INSERT INTO journal_membership SELECT 93, 9999, contact_id, 1, 0 FROM membership"
        f" WHERE group_id = 9999 AND contact_id IN (SELECT id {LIVE})",
        "DELETE FROM membership WHERE group_id = 9999"
        " AND contact_id IN (SELECT contact_id FROM journal_membership WHERE operation_id = 93)",
    ],
    "undo of remove from a group": [
        "INSERT INTO membership SELECT contact_id, 9999 FROM journal_membership WHERE operation_id = 93",
    ],
    "undo of add to a group": [
        "DELETE FROM membership WHERE group_id = 9999"
        " AND contact_id IN (SELECT contact_id FROM journal_membership WHERE operation_id = 92)",
        "DELETE FROM contact_group WHERE id = 9999",
    ],
    "set the company": [
        f"INSERT INTO journal_value SELECT 94, 'company', id, company, 'One & Only Ltd' {LIVE}",
        "UPDATE contact NOT INDEXED SET company = 'One & Only Ltd', updated_at = 1, version = version + 1"
        " WHERE state = 0",
        indexed("'one & only ltd'"),
        "UPDATE search SET company = 'one & only ltd'",
    ],
    "undo of set the company": [
        "UPDATE contact SET company = j.old, updated_at = 1, version = version + 1 FROM journal_value j"
        " WHERE j.operation_id = 94 AND j.contact_id = contact.id",
        indexed(OLD_COMPANY),
        f"UPDATE search SET company = {OLD_COMPANY}",
    ],
    "delete": [
        f"INSERT INTO journal_value SELECT 95, 'state', id, '0', '1:1795000000000:you' {LIVE}",
        "UPDATE contact NOT INDEXED SET state = 1, deleted_at = 1795000000000, deleted_by = 'you',"
        " version = version + 1 WHERE state = 0",
    ],
    "restore": [
        f"INSERT INTO journal_value SELECT 96, 'state', id, '1:1795000000000:you', '0' {IN_BIN}",
        "UPDATE contact NOT INDEXED SET state = 0, deleted_at = NULL, deleted_by = NULL, version = version + 1"
        " WHERE state = 1",
    ],
    "undo of restore": [
        "UPDATE contact SET state = 1, deleted_at = substr(j.old, 3, 13), deleted_by = substr(j.old, 17),"
        " version = version + 1 FROM journal_value j WHERE j.operation_id = 96 AND j.contact_id = contact.id",
    ],
    "undo of delete": [
        "UPDATE contact SET state = 0, deleted_at = NULL, deleted_by = NULL, version = version + 1"
        " FROM journal_value j WHERE j.operation_id = 95 AND j.contact_id = contact.id",
    ],
}  # fmt: skip


def main(book):
    db = sqlite3.connect(book, isolation_level=None)
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
