"""What audiences ask most stands in columns of a visitor's summary, and says what rows say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from personalization.collect.consent import choose
from personalization.outbox import Job
from personalization.profiles import traits
from personalization.profiles.models import Profile, Summary
from personalization.profiles.places import PLACES, Place, columns_of_kind, places_of
from personalization.profiles.scores import Scores, forget_other_scores, write_scores
from personalization.profiles.summaries import strayed
from personalization.profiles.visitors import find_profile
from personalization.targeting import audience, documents
from personalization.targeting import places as placing
from personalization.targeting.catalogue import site_catalogue
from personalization.targeting.models import Segment
from personalization.targeting.places import SETTLE, assigned, settle
from rules import number_key, parse
from rules.fields import Field
from rules.purposes import Purpose
from workers.tasks import perform

pytestmark = pytest.mark.django_db

EVERYTHING = frozenset(Purpose)
TEXTS = {f"word_{n}": {"type": "string"} for n in range(6)}  # two more than there are columns


def fields(**kinds):
    return {name: Field(name, type=kind) for name, kind in kinds.items()}


def asks(field, operator="=", value="pro"):
    rules = [{"field": field, "operator": operator, "value": value}]
    return {"combinator": "and", "rules": rules}


def count(site, field, operator="=", value="pro"):
    site.refresh_from_db()
    return audience.exact_count(site, parse(asks(field, operator, value), site_catalogue(site)))


# ---------------------------------------------------------------- who gets a column


def test_traits_get_columns_of_their_kind_in_the_order_of_their_declaration():
    found = assigned({}, fields(plan="string", age="number", vip="boolean", since="datetime"), [])

    assert {name: place.column for name, place in found.items()} == {
        "plan": "text_1",
        "age": "number_1",
        "vip": "number_2",
        "since": "time_1",
    }
    assert not any(place.is_filled for place in found.values())


def test_what_segments_ask_goes_before_what_was_declared_earlier():
    declared = fields(**dict.fromkeys("abcdefg", "string"))

    found = assigned({}, declared, ["g", "f"])

    assert list(found) == ["g", "f", "a", "b"]


def test_what_somebody_asks_takes_the_column_of_what_nobody_asks():
    declared = fields(**dict.fromkeys("abcde", "string"))
    held = {name: Place(f"text_{n}", is_filled=True) for n, name in enumerate("abcd", start=1)}

    found = assigned(held, declared, ["e", "d"])

    assert found == {**{n: held[n] for n in "abd"}, "e": Place("text_3")}


def test_what_is_asked_is_never_displaced():
    declared = fields(**dict.fromkeys("abcde", "string"))
    held = {name: Place(f"text_{n}", is_filled=True) for n, name in enumerate("abcd", start=1)}

    assert assigned(held, declared, list("abcde")) == held


def test_a_trait_that_became_of_another_kind_leaves_its_column():
    held = {"plan": Place("text_1", is_filled=True)}

    assert assigned(held, fields(plan="number"), []) == {"plan": Place("number_1")}


@given(
    declared=st.dictionaries(
        st.sampled_from("abcdefghijklmnop"),
        st.sampled_from(["string", "number", "boolean", "datetime", "version"]),
    ),
    before=st.dictionaries(st.sampled_from("abcdefghijklmnop"), st.sampled_from(PLACES)),
    asked=st.lists(st.sampled_from("abcdefghijklmnopq"), unique=True),
)
def test_no_two_share_a_column_and_none_stays_empty_while_something_wants_it(
    declared, before, asked
):
    held, columns = {}, set()
    for name, column in before.items():
        if column not in columns:
            held[name] = Place(column, is_filled=True)
            columns.add(column)

    found = assigned(held, fields(**declared), asked)

    taken = [place.column for place in found.values()]
    assert len(set(taken)) == len(taken)
    for name, kind in declared.items():
        kind_of_column = placing.KINDS[kind]
        if name in found:
            assert found[name].kind == kind_of_column
        else:
            holders = [n for n, place in found.items() if place.kind == kind_of_column]
            assert len(holders) == len(columns_of_kind(kind_of_column))
            assert name not in asked or set(holders) <= set(asked)


# ---------------------------------------------------------------- what they hold


@pytest.fixture
def shop(site):
    documents.save_traits_schema(site, TEXTS, by="test")
    choose(site, "ada", purposes=EVERYTHING, policy="p", source="test")
    return site


def test_a_segment_that_asks_for_a_trait_without_a_column_gets_it_one(shop):
    traits.patch(shop, "ada", {"word_5": "pro", "word_3": "pro"})
    assert "word_5" not in places_of(shop)

    documents.save_segment(shop, {"key": "pros", "condition": asks("word_5")}, by="test")
    job = Job.objects.get(task=SETTLE)
    assert perform(job.task, job.arguments, print) == {"filled": 1}

    shop.refresh_from_db()
    place = places_of(shop)["word_5"]
    assert place.is_filled
    assert Summary.objects.values_list(place.column, flat=True).get() == "pro"
    assert count(shop, "word_5") == count(shop, "word_3") == 1


def test_a_segment_that_asks_for_what_has_a_column_asks_for_no_work(shop):
    documents.save_segment(shop, {"key": "pros", "condition": asks("word_0")}, by="test")

    assert not Job.objects.filter(task=SETTLE).exists()


def test_counts_are_right_while_a_column_is_being_filled_and_after_a_worker_died_at_it(
    shop, monkeypatch
):
    for number in range(5):
        choose(shop, f"v{number}", purposes=EVERYTHING, policy="p", source="test")
        traits.patch(shop, f"v{number}", {"word_5": "pro", "word_3": "plain"})
    documents.save_segment(shop, {"key": "pros", "condition": asks("word_5")}, by="test")
    monkeypatch.setattr(placing, "AT_ONCE", 2)
    seen = []
    fill = placing._fill

    def die_at_the_third(*arguments):
        fill(*arguments)
        seen.append((count(shop, "word_5"), count(shop, "word_3", value="plain")))
        if len(seen) == 3:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(placing, "_fill", die_at_the_third)
        settle(shop.pk)
    traits.patch(shop, "v1", {"word_5": "pro", "word_3": None})

    assert seen == [(5, 5)] * 3
    assert (count(shop, "word_5"), count(shop, "word_3", value="plain")) == (5, 4)
    assert settle(shop.pk) == 1
    assert (count(shop, "word_5"), count(shop, "word_3", value="plain")) == (5, 4)
    assert settle(shop.pk) == 0


def test_a_trait_that_goes_leaves_nothing_in_its_column_for_the_next_one(shop):
    traits.patch(shop, "ada", {"word_0": "secret"})

    documents.save_traits_schema(shop, {"other": {"type": "string"}}, by="test")

    assert places_of(shop)["other"] == Place("text_1", is_filled=True)
    assert Summary.objects.values_list("text_1", flat=True).get() is None
    assert count(shop, "other", "null", None) == 1


def test_a_trait_that_goes_while_its_column_was_being_filled_leaves_nothing_either(shop):
    traits.patch(shop, "ada", {"word_3": "secret"})
    documents.save_segment(shop, {"key": "pros", "condition": asks("word_5")}, by="test")
    placing._reassigned(shop.pk)  # the worker died before the first visitor
    shop.refresh_from_db()
    column = places_of(shop)["word_5"].column
    assert Summary.objects.values_list(column, flat=True).get() == "secret"
    documents.delete(Segment.objects.get(site=shop, key="pros"), by="test")

    documents.save_traits_schema(shop, {"other": {"type": "string"}}, by="test")

    assert not Summary.objects.exclude(**{f"{column}__isnull": True}).exists()


@pytest.mark.parametrize("operator", ["=", "!=", "<", "<=", ">", ">=", "beginsWith", "contains",
                                      "doesNotContain", "endsWith", "matches"])  # fmt: skip
def test_texts_that_are_cut_in_their_column_are_asked_as_a_whole(shop, operator):
    texts = [
        letter * length + end
        for letter in "a𝕏"
        for length in (99, 100, 101, 500)
        for end in ("", "b")
    ]
    for number, text in enumerate(texts):
        choose(shop, f"v{number}", purposes=EVERYTHING, policy="p", source="test")
        traits.patch(shop, f"v{number}", {"word_0": text})
    is_true = {
        "=": str.__eq__, "!=": str.__ne__, "<": str.__lt__, "<=": str.__le__, ">": str.__gt__,
        ">=": str.__ge__, "beginsWith": str.startswith, "contains": str.__contains__,
        "doesNotContain": lambda text, value: value not in text, "endsWith": str.endswith,
        "matches": str.__eq__,
    }[operator]  # fmt: skip

    for value in (*(text for text in texts if len(text) <= 200), "a", "b"):
        assert count(shop, "word_0", operator, value) == sum(is_true(each, value) for each in texts)


def test_a_trait_with_values_that_inherits_a_column_is_counted_by_its_rows_until_it_is_filled(shop):
    traits.patch(shop, "ada", {"word_4": "pro"})
    assert "word_4" not in places_of(shop)

    documents.save_traits_schema(shop, {"word_4": TEXTS["word_4"]}, by="test")

    assert places_of(shop) == {"word_4": Place("text_1")}
    assert count(shop, "word_4") == 1
    assert settle(shop.pk) == 1
    shop.refresh_from_db()
    assert places_of(shop) == {"word_4": Place("text_1", is_filled=True)}
    assert count(shop, "word_4") == 1


def test_a_place_that_went_to_another_trait_while_it_was_filled_stays_there(shop, monkeypatch):
    documents.save_segment(shop, {"key": "pros", "condition": asks("word_5")}, by="test")
    fill = placing._fill

    def declare_meanwhile(*arguments):
        fill(*arguments)
        documents.delete(Segment.objects.get(site=shop, key="pros"), by="test")
        documents.save_traits_schema(shop, {"other": {"type": "string"}}, by="test")

    monkeypatch.setattr(placing, "_fill", declare_meanwhile)

    assert settle(shop.pk) == 0
    shop.refresh_from_db()
    assert places_of(shop) == {"other": Place("text_1", is_filled=True)}


def test_what_workers_found_stands_in_a_column_once_a_segment_asks_for_it(shop):
    def who_buys():
        return count(shop, "propensity_buy", ">=", 0.5)

    ada = find_profile(shop.pk, "ada").pk
    write_scores(shop, {ada: Scores(propensity_buy=0.7)})
    tree = asks("propensity_buy", ">=", 0.5)
    documents.save_segment(shop, {"key": "buyers", "condition": tree}, by="test")
    assert settle(shop.pk) == 1
    shop.refresh_from_db()
    place = places_of(shop)["propensity_buy"]

    assert Summary.objects.values_list(place.column, flat=True).get() == number_key(0.7)
    assert who_buys() == 1
    forget_other_scores(shop, {})
    assert Summary.objects.values_list(place.column, flat=True).get() is None
    assert who_buys() == 0


def test_a_column_in_which_something_was_left_is_not_read_before_it_is_filled(shop):
    two = {name: {"type": "string"} for name in ("one", "two")}
    documents.save_traits_schema(shop, {"one": two["one"]}, by="test")
    Summary.objects.update(text_2="left by a worker that was cut off")

    documents.save_traits_schema(shop, two, by="test")

    assert places_of(shop)["two"] == Place("text_2")
    assert count(shop, "two", "notNull", None) == 0
    assert Job.objects.filter(task=SETTLE).exists()
    assert settle(shop.pk) == 1
    assert count(shop, "two", "notNull", None) == 0
    assert Summary.objects.values_list("text_2", flat=True).get() is None


def test_whom_an_older_process_wrote_is_brought_up_to_date(shop, visitor):
    visitor("bob")
    traits.patch(shop, "bob", {"word_0": "pro"})
    ada, bob = find_profile(shop.pk, "ada"), find_profile(shop.pk, "bob")
    Profile.objects.filter(pk=ada.pk).update(purposes=0, last_seen=None)
    Summary.objects.filter(pk=ada.pk).update(last_seen=7, number_4=7)  # no trait stands there
    Summary.objects.filter(pk=bob.pk).delete()

    settle(shop.pk)

    assert strayed(shop.pk) == []
    withdrawn = Summary.objects.filter(pk=ada.pk)
    assert withdrawn.values_list("purposes", "last_seen", "number_4").get() == (0, None, None)
    assert count(shop, "word_0") == 1
