"""Metadata: what becomes a feature, and that odd text cannot break it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.training.item_features import ItemText, describe_items

TEXTS = st.builds(
    ItemText,
    st.text(max_size=30),
    st.text(max_size=10),
    st.lists(st.text(max_size=8), max_size=3).map(tuple),
    st.none() | st.floats(0, 1e12),
)


@given(st.lists(TEXTS, min_size=1, max_size=12), st.data())
def test_an_id_weighs_as_much_as_all_metadata_of_its_item(items, data):
    seen = np.array(data.draw(st.lists(st.booleans(), min_size=len(items), max_size=len(items))))
    features = describe_items(items)

    rows = features.of_all(seen)
    ids, metadata = rows[:, : seen.sum()], rows[:, seen.sum() :]

    assert np.array_equal(np.asarray(ids.sum(axis=1)).ravel(), seen)
    totals = np.asarray(metadata.sum(axis=1)).ravel()
    assert all(total == pytest.approx(1, rel=1e-5) or total == 0 for total in totals)


def test_words_categories_tags_and_price_bands_are_features():
    items = [ItemText("Red Lamp", "light", ("gift",), 5.0), ItemText("red vase", "", ("gift",))]
    items += [ItemText(f"x{n}", "light" if n < 4 else "", (), float(n)) for n in range(10)]

    names = describe_items(items).names

    assert {"word:red", "tag:gift", "category:light"} <= set(names)
    assert any(name.startswith("price:") for name in names)


def test_what_only_one_item_or_most_items_say_is_no_feature():
    items = [ItemText(f"lamp number {n}") for n in range(10)]

    assert describe_items(items).names == ()
