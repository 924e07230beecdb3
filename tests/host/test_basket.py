"""The basket: whatever a browser sends as its cookie, it is read as something sensible."""

from hypothesis import given
from hypothesis import strategies as st

from personalization.host.shop.basket import MOST_OF_ONE, Basket
from personalization.host.shop.shelf import shelf

KEYS = list(shelf())
BASKETS = st.dictionaries(st.sampled_from(KEYS), st.integers(1, MOST_OF_ONE), max_size=6).map(
    Basket
)


@given(BASKETS)
def test_what_is_written_is_read_again(basket):
    assert Basket.read(basket.write()) == basket


@given(st.text())
def test_any_cookie_is_read_without_failing(text):
    assert all(0 < count <= MOST_OF_ONE for count in Basket.read(text).counts.values())


def test_counts_that_only_look_like_numbers_are_left_out():
    assert Basket.read(f"{KEYS[0]}.²~{KEYS[1]}.-3~{KEYS[2]}.9999~{KEYS[3]}.2") == Basket(
        {KEYS[3]: 2}
    )


@given(BASKETS, st.sampled_from(KEYS), st.integers())
def test_prices_add_up_and_none_takes_a_product_out(basket, key, count):
    changed = basket.with_count(key, count)

    assert changed.price == sum(shelf()[k].price * n for k, n in changed.counts.items())
    assert (key in changed.counts) == (count > 0)
    assert changed.total - changed.price in (0, 490)
