"""Aliases of mutt and the file of abook, as their programs write them."""

from __future__ import annotations

import pytest

from coterie.core.errors import InvalidInput
from coterie.core.model import Contact, Email
from coterie.core.transfer.readers import HowToRead, kind_of, reader_of
from coterie.core.transfer.reject import Reject

ALIASES = """# my aliases
alias bob Bob Builder <bob@builder.example>
alias -group friends -group choir ann "Lee, Ann" <ann@lee.example> # met at the fair
alias plain plain@addr.example (Plain Person)
alias team bob, ann,\\
  Carl <carl@team.example>, nobody
set from = x@y.example
"""
ABOOK = """# abook addressbook file

[format]
program=abook
version=0.6.1


[0]
name=Ann Lee
email=ann@lee.example,ann2@lee.example
phone=+44 20 7946 0000
mobile=07700 900100
city=Bath
nick=annie
groups=choir,board
anniversary=2010-05-06
custom1=shoe 43

[1]
notes=nobody
"""


def read(content: str) -> tuple[list[Contact], list[Reject]]:
    found = list(reader_of(content.encode()).read())
    return [one for one in found if isinstance(one, Contact)], [one for one in found if isinstance(one, Reject)]


def test_aliases_are_nicknames_and_those_of_several_people_are_groups() -> None:
    found, rejects = read(ALIASES)
    assert [(one.name, one.nickname, one.email, one.groups, one.notes) for one in found] == [
        ("Bob Builder", "bob", "bob@builder.example", ("team",), ""),
        ("Ann Lee", "ann", "ann@lee.example", ("choir", "friends", "team"), "met at the fair"),
        ("Plain Person", "plain", "plain@addr.example", (), ""),
        ("Carl", "", "carl@team.example", ("team",), ""),
    ]
    assert [(one.row, one.reason) for one in rejects] == [
        (7, "The line is not an alias."),
        (5, "“nobody” is neither an address nor an alias of this file."),
    ]


def test_aliases_that_name_each_other_end() -> None:
    found, rejects = read("alias a b, Ann <ann@x.org>\nalias b a, Bob <bob@x.org>\n")
    assert {one.name: one.groups for one in found} == {"Ann": ("a", "b"), "Bob": ("a", "b")}
    assert rejects == []


def test_the_file_of_abook() -> None:
    [ann], [nobody] = read(ABOOK)
    assert (ann.name, ann.nickname, ann.groups) == ("Ann Lee", "annie", ("board", "choir"))
    assert [email.address for email in ann.emails] == ["ann@lee.example", "ann2@lee.example"]
    assert [(phone.number, phone.label) for phone in ann.phones] == [
        ("+44 20 7946 0000", "home"),
        ("07700 900100", "mobile"),
    ]
    assert ann.addresses[0].city == "Bath"
    assert ann.custom == {"Anniversary": "2010-05-06", "Custom 1": "shoe 43"}
    assert (nobody.row, nobody.text) == (19, "notes=nobody")


@pytest.mark.parametrize("content", [ALIASES, ABOOK])
def test_they_have_no_columns(content: str) -> None:
    with pytest.raises(InvalidInput, match="has no columns"):
        reader_of(content.encode(), HowToRead(mapping={"name": "email"}))


ALPINE = (
    "ann\tAsh, Ann\tann@x.org\nbob\tBob Oak\t<bob@x.org>\tsent\tmet in Rome\n#DELETED-26/11/29#\told\told@x.org\n"
    "choir\tThe Choir\t(ann,bob@x.org,\n   Cy Fir <cy@x.org>,\n   gone)\n\tDee\tdee@x.org\n"
)


def test_an_address_book_of_alpine() -> None:
    found, rejects = read(ALPINE)
    choir = ("The Choir",)
    assert found == [
        Contact(name="Ann Ash", nickname="ann", emails=(Email("ann@x.org"),), groups=choir),
        Contact(name="Bob Oak", nickname="bob", emails=(Email("bob@x.org"),), groups=choir, notes="met in Rome"),
        Contact(name="Cy Fir", emails=(Email("cy@x.org"),), groups=choir),
        Contact(name="Dee", emails=(Email("dee@x.org"),)),
    ]
    assert [reject.reason for reject in rejects] == ["“gone” is neither an address nor an alias of this file."]


def test_a_table_with_tabs_is_no_address_book_of_alpine() -> None:
    assert kind_of(b"ann\tAnn\tann@x.org\nbob\tBob\tbob@x.org\n") == "table"
    assert kind_of(b"Nick\tName\tPhone\nann\tAnn\t(030) 123)\nbob\tBob\t030 1\n") == "table"
