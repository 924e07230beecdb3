"""The next model starts from the last, and never from the trace of somebody who is gone."""

from dataclasses import replace

import numpy as np
import pytest

from personalization import conf
from personalization.collect.models import Event
from personalization.govern.purposes import ALL_BITS, TRAINING
from personalization.govern.sites import make_site
from personalization.learn.models import ModelVersion
from personalization.profiles.models import Profile
from tests.workers.shop import shop_of_camps, store
from tests.workers.tastes import camps
from workers.learning import starting
from workers.learning.training import train

FIRST = camps(likes=7)
DAY = 86_400.0


def later(visitors=60, seed=3):
    """The same visitors, some days after."""
    more = camps(visitors=visitors, likes=4, seed=seed)
    return replace(more, at=more.at + 10 * DAY)


def trained(site, **options):
    return train(site, seed=1, say=lambda _: None, **options).model


@pytest.fixture
def shop(site):
    shop_of_camps(site)
    trained(site)
    return site


def test_the_next_model_starts_from_the_last(shop):
    store(shop, later(), "later")

    second = trained(shop)

    assert second.parameters["started_from"] == 1
    assert second.sha256 != trained(shop, is_fresh=True).sha256 or not second.parameters["started"]


def test_asked_to_start_afresh_it_does(shop):
    store(shop, later(), "later")

    assert trained(shop, is_fresh=True).parameters["started_from"] is None


def test_the_same_events_again_give_the_same_bytes_whatever_was_trained_between(shop):
    store(shop, later(), "later")
    second, again = trained(shop), trained(shop)

    assert (again.parameters["started_from"], again.sha256) == (1, second.sha256)


def test_a_site_where_a_visitor_withdrew_has_the_model_of_one_where_they_never_were(shop):
    """By bytes, although the model before it had learnt from them."""
    store(shop, later(), "later")
    trained(shop)
    Profile.objects.filter(site=shop, key="p7").update(purposes=ALL_BITS - TRAINING)
    other = make_site(name="Other", origins=[], by="test").site
    shop_of_camps(other)
    store(other, later(), "later")
    Event.objects.filter(site=other, profile__key="p7").delete()

    after, never = trained(shop), trained(other)

    assert after.parameters["started_from"] is None
    assert after.sha256 == never.sha256


def test_who_came_after_the_last_model_and_withdrew_leaves_the_model_before(site):
    shop_of_camps(site)
    before = trained(site)
    store(site, replace(later(visitors=1), visitors=np.full(4, 60), n_visitors=61), "guest")
    Profile.objects.filter(site=site, key="p60").update(purposes=ALL_BITS)
    between = trained(site)
    Profile.objects.filter(site=site, key="p60").update(purposes=0)

    after = trained(site)

    assert before.sha256 == after.sha256 != between.sha256


@pytest.mark.parametrize("goes", ["aged", "moved", "deleted"])
def test_any_row_that_is_gone_or_changed_means_a_fresh_start(shop, goes):
    one = Event.objects.filter(site=shop).order_by("at", "id")[5]
    if goes == "moved":
        Event.objects.filter(pk=one.pk).update(item="i23" if one.item != "i23" else "i22")
    elif goes == "aged":
        Event.objects.filter(site=shop, at__lte=one.at).delete()
    else:
        one.delete()
    store(shop, later(), "later")

    assert trained(shop).parameters["started_from"] is None


def test_a_start_that_was_changed_is_none(shop):
    store(shop, later(), "later")
    model = ModelVersion.objects.get(site=shop)
    (conf.data_dir() / model.artefact / starting.FILE).write_bytes(b"changed")

    assert trained(shop).parameters["started_from"] is None


def test_on_the_tail_it_is_never_worse_than_from_nothing(shop):
    store(shop, later(), "later")
    on = trained(shop).parameters["validation"]
    afresh = trained(shop, is_fresh=True).parameters["validation"]

    assert on["vectors"] >= afresh["vectors"]
    assert on["factors"] >= afresh["factors"]
