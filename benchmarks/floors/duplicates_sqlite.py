"""The floor of finding duplicates: SQL that groups equal texts, and rapidfuzz over the names of who shares a sign.

    python benchmarks/floors/duplicates_sqlite.py BOOK

All pairs and the names of everybody are kept in dictionaries, nothing is shown before the end, and nothing can stop it.
It compares less: similar names only of those who have the family name, or the given name, and the company or the mail
domain in common, names only as they are written, and the name before the @ is no sign to it. It takes initials for
other names, and the Bin for a part of the book. Prints how many pairs.
"""

import sqlite3
import sys
from itertools import combinations

from rapidfuzz.fuzz import ratio

MOST = 20
NUMBER = "substr(replace(norm, '+', ''), -9)"
DOMAIN = "substr(e.norm, instr(e.norm, '@') + 1)"
PUBLIC = "('gmail.com', 'yahoo.com', 'outlook.com', 'hotmail.com', 'icloud.com')"
EQUAL = {
    "same e-mail": "SELECT group_concat(contact_id) FROM email GROUP BY norm",
    "same phone": f"SELECT group_concat(contact_id) FROM phone WHERE length(norm) > 6 GROUP BY {NUMBER}",
    "same name and company": (
        "SELECT group_concat(id) FROM contact WHERE state = 0 AND name <> '' AND company <> ''"
        " GROUP BY sort_key, company"
    ),
    "same name, one has nothing else": (
        "SELECT group_concat(id) FROM contact c WHERE state = 0 AND name <> '' GROUP BY sort_key HAVING count(*) > 1"
        " AND max(NOT EXISTS (SELECT 1 FROM email WHERE contact_id = c.id)"
        " AND NOT EXISTS (SELECT 1 FROM phone WHERE contact_id = c.id))"
    ),
}
BLOCKS = [
    f"SELECT group_concat(c.id) FROM contact c WHERE state = 0 AND company <> '' AND {name} <> ''"
    f" GROUP BY company, {name}"
    for name in ("family_name", "given_name")
] + [
    "SELECT group_concat(c.id) FROM email e JOIN contact c ON c.id = e.contact_id"
    f" WHERE c.state = 0 AND {name} <> '' AND {DOMAIN} NOT IN {PUBLIC} GROUP BY {DOMAIN}, {name}"
    for name in ("family_name", "given_name")
]


def pairs(rows):
    for (ids,) in rows:
        if "," in ids:
            members = sorted(set(map(int, ids.split(","))))
            if len(members) <= MOST:
                yield from combinations(members, 2)


def main(book):
    connection = sqlite3.connect(book)
    connection.execute("PRAGMA cache_size = -16000")
    reasons = {}
    for reason, sql in EQUAL.items():
        for pair in pairs(connection.execute(sql)):
            reasons.setdefault(pair, []).append(reason)
    names = dict(connection.execute("SELECT id, sort_key FROM contact WHERE state = 0"))
    for sql in BLOCKS:
        for first, second in pairs(connection.execute(sql)):
            if ratio(names[first], names[second], score_cutoff=90):
                reasons.setdefault((first, second), []).append("similar name")
    print(f"pairs {len(reasons)}")


main(sys.argv[1])
