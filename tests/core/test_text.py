"""Texts as they are stored: addresses and numbers without what cannot be seen."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from coterie.core.book import Book
from coterie.core.changes import Create, Plan
from coterie.core.model import Contact, Email, Phone
from coterie.core.text import clean_address, clean_line, clean_lines, clean_number, email_key, is_email


@pytest.mark.parametrize(
    ("pasted", "address"),
    [
        ("nina@example.org\xa0", "nina@example.org"),
        ("\u200bzoe@example.org\u200b", "zoe@example.org"),
        ("\ufeffbom@example.org", "bom@example.org"),
        ("\u202abidi@example.org\u202c", "bidi@example.org"),
        ("so\xadft@example.org", "soft@example.org"),
        ("dot@example.org.", "dot@example.org"),
        ("comma@example.org, ", "comma@example.org"),
        ("info@ex\u200cample.org", "info@example.org"),
        ("info@نامه\u200cای.example", "info@نامه\u200cای.example"),  # Persian domains hold joiners
        (" plain@example.org ", "plain@example.org"),
    ],
)
def test_what_cannot_be_seen_leaves_addresses(pasted: str, address: str) -> None:
    assert clean_address(pasted) == address
    assert email_key(pasted) == email_key(address)


def test_a_domain_and_how_mail_systems_see_it_are_one() -> None:
    assert email_key("info@xn--exmple-cua.de") == email_key("INFO@exämple.de")
    assert email_key("a@mail.xn--fiqs8s") == email_key("a@mail.中国")
    assert email_key("a@xn--ä.de") != email_key("a@xn--.de")  # stands for nothing, and stays


@pytest.mark.parametrize(
    ("pasted", "number"),
    [
        ("\u202a+44 20 7946 0000\u202c", "+44 20 7946 0000"),
        ("+49\xa030\u202f123456", "+49 30 123456"),
        ("\u200e0170 1234567\u200f", "0170 1234567"),
        ("0123,", "0123"),
        ("'+31612345678", "+31612345678"),
        ("030\u200b1234567.", "0301234567"),
        ("+1 (555) 010-9999 ext. 3", "+1 (555) 010-9999 ext. 3"),
    ],
)
def test_what_cannot_be_seen_leaves_numbers(pasted: str, number: str) -> None:
    assert clean_number(pasted) == number


@pytest.mark.parametrize(
    ("pasted", "line"),
    [
        ("\u200eAnn\xa0Ash\u200b", "Ann Ash"),
        ("\ufeffZoe", "Zoe"),
        ("Mme\u202fDupont\xad", "Mme Dupont"),
        ("\u202bדנה\u202c", "דנה"),
        ("\u3000山田\u3000太郎\u3000", "山田\u3000太郎"),  # as wide as the letters beside it
        ("Ann\u200d\u200b", "Ann"),
        ("\u200b\u200d", ""),
        ("نامه\u200cای", "نامه\u200cای"),
        ("രാജന\u0d4d\u200d\u200b", "രാജന\u0d4d\u200d"),  # the joiner makes the last letter
        ("Kim 👩\u200d🚀", "Kim 👩\u200d🚀"),
        ("Ann 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
         "Ann 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"),
        ("Ann\x00Ash\u2028", "Ann Ash"),
    ],
)  # fmt: skip
def test_what_cannot_be_seen_leaves_the_ends_of_every_text(pasted: str, line: str) -> None:
    assert clean_line(pasted) == line
    assert clean_lines(pasted).split() == (line if "\x00" not in pasted else "AnnAsh").split()


@given(st.text(st.characters() | st.sampled_from("\u200b\u200d\xa0\xad\u200e\ufeff \n'.,;"), max_size=30))
@example("0',")
def test_cleaning_again_changes_nothing(text: str) -> None:
    assert clean_address(clean_address(text)) == clean_address(text)
    assert clean_number(clean_number(text)) == clean_number(text)
    assert clean_line(clean_line(text)) == clean_line(text)
    assert clean_lines(clean_lines(text)) == clean_lines(text)


@pytest.mark.parametrize(
    "address",
    ['"john doe"@example.org', "user@[192.168.1.10]", "user@[IPv6:2001:db8::1]", "o'neil@example.ie", "root@localhost",
     "info@exämple.de", "hähnchen@käse.example", "ann+tag@example.org"],
)  # fmt: skip
def test_every_form_of_address_is_one(address: str) -> None:
    assert is_email(address)


@pytest.mark.parametrize(
    "text",
    ["", "ann", "@", "ann@", "@example.org", "a b@example.org", '"ann"', "ann@[]", "<a@x.org>", '"a\n"@x.org',
     "zoe\u200b@example.org", "dot@example.org."],
)  # fmt: skip
def test_other_texts_are_none(text: str) -> None:
    assert not is_email(text)


async def test_the_book_cleans_what_comes_from_anywhere(book: Book) -> None:
    pasted = Contact(
        name="Zoe", emails=(Email("\u200bzoe@example.org."),), phones=(Phone("\u202a+44\xa020 7946\u202c"),)
    )
    outcome = await book.apply(Plan("add", "Added Zoe", [Create(pasted)]))
    stored = await book.contact(outcome.created_ids[0])
    assert (stored.emails, stored.phones) == ((Email("zoe@example.org"),), (Phone("+44 20 7946"),))
