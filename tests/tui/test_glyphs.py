"""What is drawn with `--ascii`: signs become ASCII in as many cells, and letters stay."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from coterie.tui.glyphs import in_ascii


@pytest.mark.parametrize("sign", "“”„‘’‚…←→↑↓‹›·•–—−×─━│┃╭╮╰╯■")
def test_a_sign_becomes_one_of_as_many_cells(sign: str) -> None:
    assert in_ascii(sign).isascii()
    assert cell_len(in_ascii(sign)) == cell_len(sign) == 1


def test_letters_stay() -> None:
    assert in_ascii("Åke “Świerczek” 李") == 'Åke "Świerczek" 李'
