"""Contacts as a book may hold them, for hypothesis: texts are cleaned, addresses valid, groups in order."""

from __future__ import annotations

from hypothesis import strategies as st

from coterie.core.model import Address, Contact, Email, Phone, Url
from coterie.core.text import clean_address, clean_line, clean_lines, clean_number, email_key, group_key
from coterie.core.transfer.system_groups import sort_out
from coterie.core.wellknown import WELL_KNOWN, detailed

# What parsers stumble over, beside letters of all kinds.
_PIECES = st.sampled_from(
    [
        *"=+-@'\"\t;,:\\|*[]{}()<>&#%^ \nŽ名🙂\u202e\x85\u2028",
        *("\\n", "\\,", "::: ", "=20", "END:VCARD", "e\u0301", "n/a", "* ", "tel:", "http://"),
    ]
)
_RAW = st.one_of(
    st.text(max_size=20),
    st.lists(_PIECES | st.text(max_size=4), max_size=8).map("".join),
    st.text("ab é\n", max_size=120),
)
lines = _RAW.map(clean_line)
texts = _RAW.map(clean_lines)
filled = lines.filter(bool)
labels = st.sampled_from(["", "home", "work", "Home", "mobile", "work fax", "home page"]) | lines
_local = st.text("abcdefghijklmnopqrstuvwxyzäéž0123456789.+-_=", min_size=1, max_size=12)
addresses = st.builds(
    "{}@{}".format, _local, st.sampled_from(["example.org", "exämple.cz", "invalid", "a.b.example.com"])
).map(clean_address)
numbers = lines.map(clean_number).filter(bool)
_dates = st.dates().map(lambda day: day.isoformat())
birthdays = st.one_of(st.just(""), _dates, _dates.map(lambda day: f"--{day[5:]}"), lines)


@st.composite
def email_lists(draw: st.DrawFn) -> tuple[Email, ...]:
    unique = draw(st.lists(addresses, max_size=4, unique_by=email_key))
    primary = draw(st.integers(-1, 3))
    return tuple(Email(address, draw(labels), number == primary) for number, address in enumerate(unique))


def _groups(names: list[str]) -> tuple[str, ...]:
    return sort_out({group_key(name): name for name in names}.values())[0]


_postal = st.builds(Address, texts, texts, texts, texts, texts, texts, texts, labels).filter(
    lambda address: any((address.street, address.city, address.region, address.postal_code, address.country,
                         address.po_box, address.extended))
)  # fmt: skip


_details = st.sampled_from(["", "2", "Skype", "work", "Skype, home", "mastodon", "friend", "Godmother"]) | filled
headings = st.one_of(
    filled,
    st.sampled_from(sorted(WELL_KNOWN)),
    st.builds(detailed, st.sampled_from(sorted(WELL_KNOWN)), _details),
)
_values = st.one_of(
    texts,
    _dates,
    _dates.map(lambda day: f"--{day[5:]}"),
    st.lists(_dates | lines, min_size=2, max_size=3).map("\n".join).map(clean_lines),
    st.sampled_from(
        [
            *(
                "20090808",
                "20090808T1430-0500",
                "2009-08-08T14:30:01-05:00",
                "2009-08-08T00:00:00Z",
                "1985-04",
                "1985",
                "---12",
                "0000-00-00",
            ),
            *("geo:48.85,2.35", "48.85, 2.35", "48.85;2.35", "skype:ada", "xmpp:ada@example.org", "C:\\x,y;z"),
            *("https://example.org/a.png", "http://x y", "urn:uuid:1", "BEGIN:VCARD\nFN:Bob"),
        ]
    ),
).filter(bool)


@st.composite
def contacts(draw: st.DrawFn) -> Contact:
    parts = draw(st.tuples(lines, lines, lines, lines, lines) | st.just(("", "", "", "", "")))
    name = draw(filled if any(parts) else lines)
    return Contact(
        name=name,
        prefix=parts[0],
        given_name=parts[1],
        additional_names=parts[2],
        family_name=parts[3],
        suffix=parts[4],
        nickname=draw(lines),
        emails=draw(email_lists()),
        phones=tuple(draw(st.lists(st.builds(Phone, numbers, labels), max_size=3, unique=True))),
        company=draw(lines),
        department=draw(lines),
        job_title=draw(lines),
        groups=_groups(draw(st.lists(lines, max_size=4))),
        favorite=draw(st.booleans()),
        notes=draw(texts),
        birthday=draw(birthdays),
        addresses=tuple(draw(st.lists(_postal, max_size=2, unique=True))),
        urls=tuple(draw(st.lists(st.builds(Url, filled, labels), max_size=2, unique=True))),
        custom=draw(st.dictionaries(headings, _values, max_size=3)),
    )
