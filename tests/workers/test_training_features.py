"""Metadata: what becomes a feature, and that odd text cannot break it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from personalization.learn import describing
from personalization.learn.describing import ItemText, described
from rules.types import Item
from workers.learning.describing import describe_items

TEXTS = st.builds(
    ItemText,
    st.text(max_size=30),
    st.text(max_size=10),
    st.lists(st.text(max_size=8), max_size=3).map(tuple),
    st.none() | st.floats(-1e12, 1e12),
    st.text(max_size=40),
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


def test_words_of_texts_are_features_of_their_own():
    items = [ItemText(f"thing {n}", text="warm WOOL" if n < 4 else "cold silk") for n in range(10)]

    assert {"text:warm", "text:wool"} <= set(describe_items(items).names)


def test_a_long_text_says_less_than_the_title_and_the_category():
    prose = " ".join(f"w{n}" for n in range(300))
    items = [ItemText("red lamp", "light", text=prose)] * 2 + [ItemText(f"x{n}") for n in range(8)]
    features = describe_items(items)

    prose_part = np.array([name.startswith("text:") for name in features.names])
    for row in (features.shares[0], features.unit[0].power(2)):
        weights = row.toarray().ravel()
        assert weights[prose_part].sum() == pytest.approx(0.25)
        assert weights[~prose_part].sum() == pytest.approx(0.75)


def test_of_a_text_the_rarest_words_are_read():
    common = " ".join(f"often{n}" for n in range(30))
    items = [ItemText(f"x{n}", text=f"{common if n < 4 else ''} seldom{n // 2}") for n in range(10)]
    features = describe_items(items)

    first = {features.names[column] for column in features.shares[0].indices}
    assert "text:seldom0" in first
    assert len(first) == describing.WORDS_OF_TEXT


def test_titles_keep_their_places_whatever_texts_say(monkeypatch):
    monkeypatch.setattr(describing, "MOST_WORDS", 3)
    prose = " ".join(f"w{n}" for n in range(50))
    items = [ItemText("red lamp", text=prose)] * 2 + [ItemText(f"x{n}") for n in range(8)]

    names = describe_items(items).names

    assert {"word:red", "word:lamp"} <= set(names)
    assert sum(name.startswith("text:") for name in names) == 3


def test_short_attributes_count_as_tags_and_prose_does_not():
    item = Item("lamp", "Lamp", attributes={"brand": "Lux", "watts": 40, "story": "x" * 61})

    assert described(item).tags == ("brand=Lux", "watts=40")
