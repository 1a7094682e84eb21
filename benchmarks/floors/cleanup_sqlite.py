"""The floor of a look at what could be cleaned up: reading the values that are judged, and nothing else.

python benchmarks/floors/cleanup_sqlite.py BOOK
"""

import sqlite3
import sys
from collections import deque

VALUES = "name, given_name, family_name, prefix, suffix, company, birthday, custom, addresses, notes"
QUERIES = (
    f"SELECT id, {VALUES} FROM contact WHERE state = 0",
    "SELECT contact_id, address FROM email ORDER BY contact_id",
    "SELECT contact_id, number FROM phone ORDER BY contact_id",
    "SELECT contact_id, group_id FROM membership",
)

connection = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
for query in QUERIES:
    deque(connection.execute(query), maxlen=0)
