"""What is said of a trained model: in words, against others, and whether it still fits."""

from datetime import timedelta

import numpy as np
import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from personalization import conf
from personalization.catalog.models import Item
from personalization.clock import now, to_us
from personalization.collect.models import Event
from personalization.govern.purposes import ALL_BITS
from personalization.learn import registry
from personalization.learn.arrays import pack
from personalization.learn.models import ModelVersion
from personalization.learn.registry import Trained
from personalization.learn.serving import Serving
from personalization.profiles.models import Profile
from personalization.profiles.recent import write_entries
from personalization.report import model_words
from personalization.report.model_chart import chart
from personalization.report.model_health import divergence, health
from personalization.report.models_compared import difference
from tests.summaries import summarized

KEYS = [f"i{n:02}" for n in range(30)]
FIGURES = {"ndcg": 0.3, "precision": 0.1, "recall": 0.4, "map": 0.2, "mrr": 0.25, "f1": 0.16}
UNSURE = {**FIGURES, "visitors": 900, "intervals": {}}
MEASURED = {**FIGURES, "visitors": 900, "intervals": {"ndcg": [0.28, 0.32]}, "coverage": 0.9}


def against(number=1, **groups):
    named = {
        name: {"visitors": 100, "ndcg": (low + high) / 2, "low": low, "high": high}
        for name, (low, high) in groups.items()
    }
    return {"model": number, "groups": named}


def trained(order=KEYS, **metrics):
    """A model of popularity alone, in this order."""
    places = {key: place for place, key in enumerate(order)}
    popular = np.asarray([len(KEYS) - places[key] for key in KEYS], np.float32)
    serving = Serving({"popular": 1.0}).to_document()
    return Trained(
        "test",
        pack({"popular": popular}, {"format": 1, "keys": KEYS, "serving": serving}),
        {"serving": {**serving, "cold": {"content": 1.0}}, "validation": {"popular": 0.2}},
        {
            "model": MEASURED,
            "popularity": {**FIGURES, "ndcg": 0.1},
            "visitors": {"new": {"model": MEASURED, "popularity": FIGURES}},
            "items": {"tail": {"right": 60, "recall": {"model": 0.3, "popularity": 0.01}}},
            "until": now().timestamp(),
            "memory": 300,
            **metrics,
        },
        "f",
        {"events": 1000, "items_with_events": 30},
        2.0,
    )


@pytest.fixture
def shop(site):
    Item.objects.bulk_create(
        Item(site=site, key=key, title=f"Thing {key}", category="a" if n % 2 else "b")
        for n, key in enumerate(KEYS)
    )
    return site


@pytest.fixture
def crowd(shop):
    """Visitors who looked at one thing each."""

    def gather(count, purposes=ALL_BITS):
        entry = [to_us(now()), "e", "view", "i05", None, None, None]
        summarized(
            Profile.objects.bulk_create(
                Profile(
                    site=shop,
                    key=f"v{purposes}-{n}",
                    key_id="",
                    sealed_id=b"",
                    purposes=purposes,
                    last_seen=to_us(now()),
                    recent=write_entries([entry]),
                )
                for n in range(count)
            )
        )

    return gather


def test_how_much_better_than_popularity_is_said_in_one_sentence():
    model = ModelVersion(metrics={"model": MEASURED, "popularity": {"ndcg": 0.1}})

    assert model_words.headline(model) == (
        "Judged on what 900 visitors did that it had not seen, its lists are 3.0 times as good as "
        "the most popular items."
    )


@pytest.mark.parametrize(
    ("metrics", "said"),
    [
        ({}, "It was not measured."),
        (
            {"model": UNSURE, "popularity": {"ndcg": 0.1}},
            "not surely better",
        ),
        ({"model": MEASURED, "popularity": {"ndcg": 0.29}}, "not surely better"),
        ({"model": MEASURED, "popularity": {"ndcg": 0}}, "those of popularity none"),
    ],
)
def test_nothing_is_claimed_that_was_not_measured(metrics, said):
    assert said in model_words.headline(ModelVersion(metrics=metrics))


def test_what_improved_for_whom_and_what_nobody_can_tell():
    found = against(4, everyone=(0.01, 0.03), new=(-0.02, -0.01), regular=(-0.01, 0.02))
    model = ModelVersion(metrics={"against": found})

    assert model_words.what_improved(model) == [
        "Surely better than model 4 for everyone.",
        "Surely worse than model 4 for new visitors (1 to 4 items so far).",
        "No sure difference to model 4 for regular visitors (20 items and more).",
    ]


shares = st.dictionaries(st.sampled_from("abcd"), st.integers(1, 9), min_size=1).map(
    lambda counts: {name: count / sum(counts.values()) for name, count in counts.items()}
)


@given(shares, shares)
def test_divergence_is_symmetric_zero_of_itself_and_at_most_one_bit(one, other):
    assert divergence(one, one) == pytest.approx(0, abs=1e-12)
    assert divergence(one, other) == pytest.approx(divergence(other, one))
    assert -1e-12 <= divergence(one, other) <= 1 + 1e-12
    assert divergence({"a": 1.0}, {"b": 1.0}) == 1


def test_an_old_model_and_one_that_misses_many_items_is_worrying(shop):
    old = (now() - timedelta(days=9)).timestamp()
    model = registry.register(shop, trained(until=old))
    for n in range(5):
        Item.objects.create(site=shop, key=f"new{n}", title="New")

    found = health(shop, model, now())

    assert found.sentences[0] == "It learnt from events up to 9 days ago."
    assert len(found.worries) == 2
    assert "5 of 35 items joined" in found.worries[1]


def test_a_fresh_model_of_the_whole_catalogue_is_not(shop):
    found = health(shop, registry.register(shop, trained()), now())

    assert (found.sentences, found.worries) == (("It learnt from events up to today.",), ())


@pytest.mark.parametrize(
    ("mix", "said"),
    [({"a": 1.0}, "about the same"), ({"a": 0.1, "b": 0.9}, "clearly other")],
)
def test_drift_is_told_by_what_visitors_ask_for_since(shop, crowd, mix, said):
    since = now() - timedelta(days=1)
    model = registry.register(shop, trained(until=since.timestamp(), mix=mix))
    crowd(1)
    profile, at = Profile.objects.get(), to_us(now())
    Event.objects.bulk_create(
        Event(site=shop, event=f"e{n}", profile=profile, type="view", item="i01", at=at,
              received=at, purposes=ALL_BITS)
        for n in range(200)
    )  # fmt: skip

    found = health(shop, model, now())

    assert any(said in each for each in (*found.sentences, *found.worries))


def test_what_would_change_for_visitors_is_counted(shop, crowd):
    crowd(60)
    crowd(10, purposes=0)
    forward, backward = KEYS, [*KEYS[10:20], *KEYS[:10], *KEYS[20:]]
    mine, other = (registry.register(shop, trained(order)) for order in (forward, backward))

    found = difference(shop, mine, other, now())
    same = difference(shop, mine, mine, now())

    assert (found.visitors, found.first) == ("60", 1.0)
    assert found.same == pytest.approx(0.1)  # i05 is had: its place goes to the next of each list
    assert {each.title for each in found.gained} <= {f"Thing {key}" for key in KEYS[:10]}
    assert {each.title for each in found.lost} <= {f"Thing {key}" for key in KEYS[10:20]}
    assert (same.same, same.first, same.gained, same.lost) == (1.0, 0.0, (), ())


def test_of_too_few_visitors_nothing_is_said(shop, crowd):
    crowd(49)
    model = registry.register(shop, trained())

    assert difference(shop, model, model, now()) is None


def test_a_course_needs_two_versions_and_stays_in_its_picture(shop):
    models = [registry.register(shop, trained()) for _ in range(3)]

    drawn = chart(models)

    assert chart(models[:1]) is None
    for point in drawn.points:
        assert 0 <= point.top <= point.y <= point.bottom <= drawn.height
        assert drawn.left <= point.x <= drawn.width


def test_the_page_of_a_model_says_all_of_it(shop, crowd, client, django_user_model):
    crowd(60)
    first = registry.register(shop, trained())
    registry.promote(first, by="test")
    second = registry.register(shop, trained(KEYS[::-1], against=against(everyone=(0.01, 0.02))))
    boss = django_user_model.objects.create_superuser("boss", "b@example.com", "a long password")
    client.force_login(boss)
    where = reverse("admin:personalization_modelversion_change", args=(second.pk,))

    page = client.get(where, {"with": "1"}).content.decode()

    for said in (
        "3.0 times as good",
        "Surely better than model 1 for everyone.",
        "Every version so far",
        "new visitors (1 to 4 items so far)",
        "all other items with events",
        "items that are described alike (TF-IDF)",
        "Of 60 visitors seen last",
        "Thing i2",
        "300 MB",
    ):
        assert said in page
    live = client.get(reverse("admin:personalization_modelversion_change", args=(first.pk,)))
    assert "It learnt from events up to today." in live.content.decode()


def test_the_page_says_what_trained_a_model(shop, client, django_user_model):
    mine, sparks = (registry.register(shop, trained()) for _ in range(2))
    sparks.parameters["engine"] = "spark"
    sparks.save()
    boss = django_user_model.objects.create_superuser("boss", "b@example.com", "a long password")
    client.force_login(boss)

    for model, said in ((mine, "one machine"), (sparks, "Apache Spark")):
        where = reverse("admin:personalization_modelversion_change", args=(model.pk,))
        assert said in client.get(where).content.decode()


def test_changed_bytes_of_a_model_are_said_on_its_page(shop, crowd, client, django_user_model):

    models = [registry.register(shop, trained()) for _ in range(2)]
    (conf.data_dir() / models[1].artefact / registry.FILE).write_bytes(b"changed")
    boss = django_user_model.objects.create_superuser("boss", "b@example.com", "a long password")
    client.force_login(boss)
    where = reverse("admin:personalization_modelversion_change", args=(models[0].pk,))

    assert "no answer" in client.get(where, {"with": "2"}).content.decode()
