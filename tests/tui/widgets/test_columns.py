import itertools

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from coterie.core.fields import FIELDS
from coterie.tui.widgets.cells import fit
from coterie.tui.widgets.columns import GAP, headings, hidden, lay_out

KEYS = st.lists(st.sampled_from([key for key in FIELDS if key != "name"]), unique=True)
SHOWN = [spec.key for spec in FIELDS.values() if spec.shown]


@given(keys=KEYS, in_bin=st.booleans(), width=st.integers(1, 300))
def test_columns_stand_side_by_side_in_the_order_asked_for_and_fill_the_width(keys, in_bin, width):
    wanted = headings(keys, in_bin)
    placed = lay_out(wanted, 5, width)
    assert placed[0].key == "name"
    order = [heading.key for heading in wanted]
    assert [column.key for column in placed] == [key for key in order if key in {column.key for column in placed}]
    for left, right in itertools.pairwise(placed):
        assert right.x == left.x + left.width + GAP
    assert placed[0].x == 5
    assert placed[-1].x + placed[-1].width == 5 + width
    assert all(column.width > 0 for column in placed)


@given(keys=KEYS, width=st.integers(1, 300))
def test_a_wider_table_never_loses_a_column(keys, width):
    wanted = headings(keys)
    narrow = {column.key for column in lay_out(wanted, 0, width)}
    wide = {column.key for column in lay_out(wanted, 0, width + 1)}
    assert narrow <= wide


@given(keys=KEYS, in_bin=st.booleans(), width=st.integers(40, 300))
def test_every_column_comes_into_sight_behind_the_name_and_in_its_order(keys, in_bin, width):
    wanted = headings(keys, in_bin)
    order = [heading.key for heading in wanted]
    for key in order:
        placed = lay_out(wanted, 5, width, key)
        seen = [column.key for column in placed]
        assert seen[0] == "name"
        assert key in seen
        assert seen == [one for one in order if one in seen]
        assert placed[-1].x + placed[-1].width == 5 + width
        assert hidden(wanted, placed) == (
            len(seen) > 1 and order.index(seen[1]) > 1,
            any(one not in seen for one in order[order.index(seen[1]) if len(seen) > 1 else 0 :]),
        )


def test_at_eighty_columns_the_next_column_comes_and_the_first_ones_go():
    wanted = headings(SHOWN)
    assert [one.key for one in lay_out(wanted, 6, 52)] == ["name", "emails", "company"]
    for key in ("job_title", "groups"):
        assert [one.key for one in lay_out(wanted, 6, 52, key)] == ["name", "company", "job_title", "groups"]


def test_the_highest_rank_gives_way_first():
    wanted = headings(SHOWN)
    seen = [{column.key for column in lay_out(wanted, 0, width)} for width in range(200, 10, -1)]
    lost = [next(iter(before - after)) for before, after in itertools.pairwise(seen) if before != after]
    assert lost == ["job_title", "groups", "company", "emails"]


def test_forty_cells_still_show_name_and_email():
    assert [column.key for column in lay_out(headings(SHOWN), 5, 34)] == ["name", "emails"]


def test_the_bin_says_when_and_by_whom():
    placed = lay_out(headings(SHOWN, in_bin=True), 5, 200)
    assert [column.label for column in placed][:4] == ["Name", "Days left", "Deleted by", "E-mail"]


@given(text=st.text(max_size=60), width=st.integers(0, 50), ellipsis=st.sampled_from(["…", "~", ""]))
def test_a_cell_takes_exactly_its_width(text, width, ellipsis):
    assert cell_len(fit(text, width, ellipsis)) == width


def test_cutting_shows_an_ellipsis_and_keeps_letters_whole():
    assert fit("Ada Lovelace", 8, "…") == "Ada Lov…"
    assert fit("Ada Lovelace", 5, "…") == "Ada… "
    assert fit("山田太郎", 6, "…") == "山田… "
    assert fit("e\u0301" * 4, 3, "…") == "e\u0301e\u0301…"
    assert fit("Zoë", 5, "…") == "Zoë  "


def test_escape_sequences_and_bidi_tricks_become_harmless():
    assert "\x1b" not in fit("\x1b[31mred", 20, "…")
    assert "\u202e" not in fit("a\u202eb", 20, "…")
