"""Who withdraws or is erased while a model is trained is not in what becomes of it."""

import pytest

from personalization.collect.models import Event
from personalization.collect.withdrawal import withdraw
from personalization.govern.purposes import ALL_BITS, TRAINING
from personalization.govern.sites import make_site
from personalization.learn.models import ModelVersion
from personalization.profiles.models import Profile
from tests.workers.shop import shop_of_camps
from workers.learning.meanwhile import RUNS
from workers.learning.training import train

LAST_STEP = "fitting on all events"
LATER = 2**52  # microseconds: after any run


def visitor(site, number):
    return Profile.objects.get(site=site, key=f"p{number}")


def take_back_training(profile):
    Profile.objects.filter(pk=profile.pk).update(purposes=ALL_BITS - TRAINING)
    withdraw(profile, TRAINING)


def vanish(profile):
    profile.delete()


class Meanwhile:
    """Hears what a run says; at its last step something happens, at most `times`."""

    def __init__(self, happens, times):
        self.happens, self.left, self.said = happens, times, []

    def __call__(self, sentence):
        self.said.append(sentence)
        if sentence == LAST_STEP and self.left:
            self.left -= 1
            self.happens(self.left)


@pytest.mark.parametrize("goes", [take_back_training, vanish])
def test_the_model_is_that_of_a_site_where_they_never_were(site, goes):
    shop_of_camps(site)
    other = shop_of_camps(make_site(name="Other", origins=[], by="test").site)
    Event.objects.filter(site=other, profile__key="p7").delete()

    overtaken = train(site, seed=1, say=Meanwhile(lambda _left: goes(visitor(site, 7)), 1)).model
    never = train(other, seed=1, say=lambda _: None).model

    assert overtaken.counts["visitors"] == 59
    assert overtaken.sha256 == never.sha256
    assert ModelVersion.objects.filter(site=site).count() == 1


def test_what_joins_meanwhile_begins_nothing_anew(site):
    shop_of_camps(site)
    heard = Meanwhile(
        lambda _left: Event.objects.create(
            site=site,
            event="new",
            profile=visitor(site, 1),
            type="view",
            item="i01",
            at=LATER,
            received=LATER,
            purposes=ALL_BITS,
        ),
        1,
    )

    train(site, seed=1, say=heard)

    assert heard.said.count(LAST_STEP) == 1


def test_where_somebody_withdraws_in_every_run_it_ends_all_the_same(site):
    shop_of_camps(site)
    heard = Meanwhile(lambda left: take_back_training(visitor(site, left)), 10)

    report = train(site, seed=1, say=heard)

    assert heard.said.count(LAST_STEP) == RUNS
    assert report.model.counts["visitors"] == 60 - (RUNS - 1)
