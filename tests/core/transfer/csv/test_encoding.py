"""Encodings: Unicode by marks and zeros, everything else by what the text would be."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coterie.core.errors import UnreadableFile
from coterie.core.transfer.csv import recognize

from .support import contacts

GERMAN = "Vorname;Nachname;E-Mail;Ort\nJürgen;Größmann;j@x.de;Köln\n"
POLISH = "Imię;Nazwisko;E-mail\nŁukasz;Wiśniewski;l@x.pl\nŻaneta;Ździebło;z@x.pl\n"
CZECH = "Jméno;Příjmení;E-mail\nJiří;Dvořák;j@x.cz\nLuděk;Šťastný;l@x.cz\n"
RUSSIAN = "Имя;Фамилия;Почта\nИван;Петров;i@x.ru\n"
JAPANESE = "姓,名,メール,会社名\n山田,太郎,y@x.jp,表示ソフト\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (GERMAN, "utf-8"), (GERMAN, "utf-8-sig"), (GERMAN, "utf-16"), (GERMAN, "utf-16-le"), (GERMAN, "utf-16-be"),
        (GERMAN, "cp1252"), (GERMAN, "latin-1"), (GERMAN, "mac_roman"),
        (POLISH, "iso8859_2"), (POLISH, "cp1250"), (CZECH, "iso8859_2"), (CZECH, "cp1250"),
        (RUSSIAN, "cp1251"), (RUSSIAN, "koi8_r"), (RUSSIAN, "utf-16-le"),
        (JAPANESE, "shift_jis"), (JAPANESE, "euc_jp"), (JAPANESE, "utf-16-be"),
        ("姓名,手机,邮箱\n王小明,13800138000,w@x.cn\n", "gb18030"),
        ("姓名,手機,信箱\n王小明,0912345678,w@x.tw\n", "big5"),
        ("이름,전화,이메일\n김철수,010-1234-5678,k@x.kr\n", "cp949"),
        ("Ad,Soyad,E-posta,Şirket\nAyşe,Yılmaz,a@x.tr,Koç\n", "cp1254"),
        ("Όνομα,Επώνυμο,E-mail\nΝίκος,Παππάς,n@x.gr\n", "cp1253"),
    ],
)  # fmt: skip
def test_text_is_the_same_in_every_encoding(text: str, encoding: str) -> None:
    (*_, expected) = contacts(text)
    (*_, found) = contacts(text.encode(encoding))
    assert found == expected
    assert found.name
    assert found.emails


@given(st.binary(min_size=500, max_size=500).filter(lambda noise: len(set(noise)) > 150))
def test_noise_is_no_text(noise: bytes) -> None:
    with pytest.raises(UnreadableFile):
        recognize(noise)


def test_utf_16_big_endian_with_a_mark() -> None:
    assert contacts(codecs.BOM_UTF16_BE + GERMAN.encode("utf-16-be")) == contacts(GERMAN)


def test_one_wrong_byte_in_a_large_file_is_read_as_windows_1252() -> None:
    rows = "".join(f"Zoë {place},z{place}@x.org\n" for place in range(40_000))
    content = ("Name,Email\n" + rows).encode() + b"M\xfcller,m@x.org\n"
    assert contacts(content)[-1].name == "Müller"
    assert contacts(content)[0].name == "Zoë 0"


def test_damaged_letters_stay_and_damaged_headings_are_understood() -> None:
    content = "Vorname,Stra\ufffde gesch\ufffdftlich,E-Mail-Adresse\nJ\ufffdrg,Weg 1,j@x.de\n"
    (contact,) = contacts(content)
    assert contact.given_name == "J\ufffdrg"
    assert contact.addresses[0].street == "Weg 1"


def test_nul_bytes_vanish() -> None:
    assert contacts(b"Name,Email\nA\0da,a@x.org\n")[0].name == "Ada"


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n\n", b",,,\n,,\n", b"\t\t\n"])
def test_an_empty_file_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableFile, match="The file is empty"):
        recognize(content)


@pytest.mark.parametrize("content", [b"PK\3\4" + bytes(60), bytes(range(256)) * 9, b"\x89PNG\r\n" + bytes(40)])
def test_what_is_no_text_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableFile):
        recognize(content)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path, words in ((tmp_path / "none.csv", "cannot be read"), (tmp_path, "is a folder")):
        with pytest.raises(UnreadableFile, match=words):
            recognize(path)


def test_the_user_knows_the_encoding_better() -> None:
    assert recognize("Name,Email\nJosé,j@x.org\n".encode("cp437"), encoding="cp437").encoding == "cp437"
    with pytest.raises(UnreadableFile, match="no encoding"):
        recognize(b"Name,Email\n", encoding="klingon")


@given(st.binary(max_size=300))
def test_no_bytes_do_anything_but_read_or_be_refused(content: bytes) -> None:
    try:
        contacts(b"Name,Email\nA,a@x.org\n" + content)
    except (UnreadableFile, AssertionError):  # refused as a whole, or some rows rejected
        return


@pytest.mark.parametrize(
    ("row", "encoding"),
    [
        ("D’Arcy,Renée", "cp1252"), ("Hansen,Bjørn", "cp1252"), ("Zoë,Chloé", "cp1252"), ("Müller,Jürgen", "cp1252"),
        ("כהן,דוד", "cp1255"), ("Иванов,Сергей", "cp1251"), ("山田,太郎", "cp932"), ("김,철수", "cp949"),
        ("陳,美玲", "big5"), ("王,小明", "gb18030"), ("สมชาย,ใจดี", "cp874"),
    ],
)  # fmt: skip
def test_one_name_tells_the_encoding(row: str, encoding: str) -> None:
    table = f"Last name,First name,E-mail\r\n{row},a@x.org\r\n"
    assert contacts(table.encode(encoding))[0].given_name == row.partition(",")[2]
