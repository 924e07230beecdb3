"""A hash stands for one text for one use, and for no other."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import parse
from rules.fields import BUILT_IN
from rules.invalid import Invalid
from rules.provenance import Provenance, audience_binding, binding, picture_binding

texts = st.text(max_size=12)
fields = st.dictionaries(texts, texts | st.lists(texts, max_size=3) | st.booleans(), max_size=4)
uses = st.fixed_dictionaries(dict.fromkeys(("block", "segment", "locale", "prompt"), texts))


@given(fields, uses)
def test_equal_values_have_one_hash_in_whatever_order_they_stand(said, use):
    turned = dict(reversed(list(said.items())))
    stored = json.loads(json.dumps(said))

    assert binding(said, **use) == binding(turned, **use) == binding(stored, **use)


@given(fields, uses, fields, uses)
def test_another_text_or_use_has_another_hash(said, use, other, elsewhere):
    is_same = json.dumps([said, use], sort_keys=True) == json.dumps(
        [other, elsewhere], sort_keys=True
    )

    assert (binding(said, **use) == binding(other, **elsewhere)) == is_same


@given(fields, uses)
def test_words_do_not_wander_from_one_part_into_the_next(said, use):
    moved = {**use, "block": use["block"] + use["segment"], "segment": ""}

    assert (binding(said, **use) == binding(said, **moved)) == (moved == use)


@given(fields, uses, st.lists(texts, max_size=3))
def test_it_is_written_down_and_read_back_without_loss(said, use, reviewers):
    provenance = Provenance(
        draft=1,
        revision=2,
        sha256=binding(said, **use),
        segment=use["segment"],
        prompt=use["prompt"],
        model="m",
        author="a",
        reviewers=tuple(reviewers),
        asked_at="",
        approved_at="",
    )
    again = Provenance.from_document(json.loads(json.dumps(provenance.to_document())))

    assert again == provenance
    assert again.is_of(said, block=use["block"], locale=use["locale"])


def conditions(**trees):
    return {key: parse(tree, BUILT_IN) for key, tree in trees.items()}


def where(field, value):
    operator = "in" if field == "segment" else "="
    return {
        "combinator": "and",
        "rules": [{"field": field, "operator": operator, "value": value}],
    }


def test_an_audience_is_its_condition_and_those_inside_it():
    both = conditions(outer=where("segment", ["inner"]), inner=where("country", "DE"))
    inner_changed = conditions(outer=where("segment", ["inner"]), inner=where("country", "AT"))
    beside = both | conditions(another=where("country", "FR"))

    assert audience_binding("outer", both) == audience_binding("outer", beside)
    assert audience_binding("outer", both) != audience_binding("outer", inner_changed)
    assert audience_binding("", both) == ""
    with pytest.raises(Invalid):
        audience_binding("gone", both)


@given(st.lists(texts, min_size=4, max_size=4), st.lists(texts, min_size=4, max_size=4))
def test_another_picture_or_use_has_another_hash(one, other):
    def bound(digest, words, segment, prompt):
        return picture_binding(digest, words, segment=segment, locale="en", prompt=prompt)

    assert (bound(*one) == bound(*other)) == (one == other)
