"""Cells and rows: the grammar of CSV, as RFC 4180 has it and as programs write it."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coterie.core.transfer.csv.dialect import Dialect, Rows, candidates, escapes_by_backslash
from coterie.core.transfer.csv.encoding import open_text, recognize_encoding

from .support import DATA, contacts

GRAMMAR = sorted((DATA / "dialect").glob("*.csv"))


def parted(text: str, dialect: Dialect | None = None) -> list[list[str]]:
    return list(Rows(io.StringIO(text, newline=""), dialect or Dialect()))


@pytest.mark.skipif(not GRAMMAR, reason="the folder with CSV grammar is not here")
@pytest.mark.parametrize("path", GRAMMAR, ids=lambda path: path.name)
def test_grammar(path) -> None:  # type: ignore[no-untyped-def]
    if not path.stat().st_size:
        return
    encoding = recognize_encoding(path)[0]
    with open_text(path, encoding) as lines:
        text = lines.read()
    found = [row for row in parted(text, candidates(text, ",")[0]) if row and row != [""]]
    answer = path.with_suffix(".json")
    if not answer.exists():
        return
    expected = json.loads(answer.read_text("utf-8"))
    rows = [list(row.values()) if isinstance(row, dict) else row for row in expected]
    if not expected:
        assert len(found) <= 1  # a heading at most
        return
    if isinstance(expected[0], dict):
        assert found[0] == list(expected[0])
        found = found[1:]
    found = [[cell.replace("\r\n", "\n").strip(" ") for cell in row] for row in found]
    assert found == [[str(cell).replace("\r\n", "\n").strip(" ") for cell in row] for row in rows if row != [""]]


def test_a_quote_that_nothing_closes_costs_one_row() -> None:
    text = 'name,email\n"A,a@x.org\nB,b@x.org\nC,c@x.org\n'
    assert parted(text) == [["name", "email"], ["A", "a@x.org"], ["B", "b@x.org"], ["C", "c@x.org"]]


def test_a_quote_that_closes_in_another_row_costs_one_row() -> None:
    text = 'name,email\n"A,a@x.org\nB,b@x.org\n"C ""D""",c@x.org\n'
    assert parted(text)[1:] == [["A", "a@x.org"], ["B", "b@x.org"], ['C "D"', "c@x.org"]]


def test_an_endless_cell_does_not_eat_the_file() -> None:
    rows = parted('name,email\n"A,a@x.org\n' + "B,b@x.org\n" * 5000)
    assert len(rows) == 5002


def test_quotes_behind_backslashes() -> None:
    text = 'a,b\n"five\\"six","seven\n\\"eight\\""\n'
    assert escapes_by_backslash(text)
    assert parted(text, candidates(text)[0])[1] == ['five"six', 'seven\n"eight"']
    assert not escapes_by_backslash('a,b\n"C:\\dir\\",x\n')


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
def test_line_ends(end: str) -> None:
    found = contacts(f'Name,Email,Notes{end}A,a@x.org,"one\rtwo"{end}B,b@x.org,')
    assert [contact.name for contact in found] == ["A", "B"]
    assert found[0].notes == "one\ntwo"


@pytest.mark.parametrize(("text", "line"), [("a\nb\n", 2), ('"a\n\nb"\nc\n', 4)])
def test_the_line_of_a_row(text: str, line: int) -> None:
    rows = Rows(io.StringIO(text, newline=""), Dialect())
    next(rows)
    next(rows)
    assert rows.line == line
    assert rows.text == text.splitlines()[-1]


TABLES = st.lists(
    st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12), min_size=2, max_size=5),
    min_size=1,
)


@given(
    TABLES,
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
def test_what_csv_writes_is_read_back(table: list[list[str]], delimiter: str, end: str, quoting: Any) -> None:
    # A blank before a cell is dropped, as programs put blanks behind their delimiters.
    cells = [[cell.strip(" ") for cell in row] for row in table]
    if any("\r" in cell for row in cells for cell in row):
        quoting = csv.QUOTE_ALL  # Python's writer leaves a lone CR without quotes
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(cells)
    text = written.getvalue()
    assert parted(text, Dialect(delimiter)) == cells


@given(st.text(st.sampled_from('a,;"\n\r\\ \t|@.\0'), max_size=80))
def test_no_text_breaks_the_reader_or_loses_its_letters(text: str) -> None:
    rows = parted(text)
    assert sum(cell.count("a") for row in rows for cell in row) == text.count("a")


def test_an_unclosed_quote_costs_its_own_row_only() -> None:
    text = 'Bob,b@x.org,"hi\nCy,c@x.org,"a note"\nDi,d@x.org,"y\nEd,e@x.org,"z\nFay,f@x.org,\n'
    found = list(Rows(io.StringIO(text, newline=""), Dialect()))
    assert [row[0] for row in found] == ["Bob", "Cy", "Di", "Ed", "Fay"]
    assert found[1] == ["Cy", "c@x.org", "a note"]


def test_many_unclosed_quotes_are_read_in_one_pass() -> None:
    text = "".join(f'"Ann {number},ann{number}@x.org\n' for number in range(20_000))
    rows = Rows(io.StringIO(text, newline=""), Dialect())
    assert sum(row == [f"Ann {number}", f"ann{number}@x.org"] for number, row in enumerate(rows)) == 20_000


def test_a_note_of_many_lines_is_one_cell() -> None:
    note = "line\n" * 20_000
    assert list(Rows(io.StringIO(f'Ann,"{note}"\nBob,x\n', newline=""), Dialect())) == [["Ann", note], ["Bob", "x"]]
