from hypothesis import given
from hypothesis import strategies as st

from coterie.tui.widgets.viewport import Viewport

MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("move_to"), st.integers(-5, 2_000_000)),
        st.tuples(st.just("turn"), st.sampled_from([-1.0, -0.5, 0.5, 1.0])),
        st.tuples(st.just("scroll_to"), st.integers(-5, 2_000_000)),
        st.tuples(st.just("drag_to"), st.integers(-3, 60)),
    )
)


@given(length=st.integers(0, 1_000_000), page=st.integers(1, 60), moves=MOVES)
def test_the_cursor_is_always_in_the_list_and_seen(length, page, moves):
    view = Viewport(page=page, length=length)
    for name, value in moves:
        getattr(view, name)(value)
        assert 0 <= view.position < max(1, length)
        assert view.top <= view.position < view.top + page
        assert 0 <= view.top <= max(0, length - page)


@given(length=st.integers(2, 1_000_000), page=st.integers(1, 60))
def test_the_scroll_bar_is_at_its_ends_at_the_ends_of_the_list(length, page):
    view = Viewport(page=page, length=length + page)
    view.move_to(0)
    assert view.is_thumb(0)
    view.move_to(view.length)
    assert view.is_thumb(page - 1)


def test_a_page_moves_cursor_and_view_together():
    view = Viewport(position=5, top=2, page=10, length=100)
    view.turn(1)
    assert (view.position, view.top) == (15, 12)
    view.turn(-0.5)
    assert (view.position, view.top) == (10, 7)


def test_dragging_to_three_quarters_shows_three_quarters():
    view = Viewport(page=41, length=1_000_000)
    view.drag_to(30)
    assert view.top == round(0.75 * (1_000_000 - 41))
