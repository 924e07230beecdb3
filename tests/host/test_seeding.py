"""The demo's site as `seed` leaves it: whole, published, and the same when it is called again."""

import json

import pytest
from django.contrib.auth import authenticate

from personalization.catalog.models import Item
from personalization.clock import now
from personalization.collect.models import Event
from personalization.govern.models import ConsentRecord
from personalization.govern.purposes import PERSONALIZATION
from personalization.govern.roles import may
from personalization.host.demo import audiences, journey, offers
from personalization.host.demo.colleagues import prepare_colleagues
from personalization.host.demo.people import make_people
from personalization.host.demo.seeding import SEED, is_seeded, seed
from personalization.host.demo.visits import DAYS
from personalization.host.demo.website import prepare_keys, prepare_site
from personalization.host.shop.key import keys_file, publishable_key
from personalization.profiles.models import Profile, Stay, Step
from personalization.targeting.models import Content, Journey, Rule, Segment, Slot

VISITORS = 40
CROWD = 300  # enough for some to stand in stages, whatever day it is
ORIGIN = "http://127.0.0.1:8000"

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def demo_site(tmp_path, settings):
    settings.PERSONALIZATION = {**settings.PERSONALIZATION, "DATA_DIR": str(tmp_path)}
    return prepare_site([ORIGIN])


def test_a_seeded_site_holds_everything_that_its_documents_name(demo_site):
    seed(demo_site, visitors=VISITORS, now=now(), say=str)

    assert is_seeded(demo_site)
    assert Item.objects.filter(is_available=True).count() == 306
    assert Segment.objects.count() == len(audiences.segments())
    assert Content.objects.count() == len(offers.contents())
    assert Rule.objects.count() == len(offers.rules())
    assert Journey.objects.count() == len(journey.journeys())
    assert {"home.hero", "home.carousel", "home.promotion"} <= set(
        Slot.objects.values_list("key", flat=True)
    )


def test_only_who_allowed_something_is_known_and_every_choice_is_in_the_ledger(demo_site):
    seed(demo_site, visitors=VISITORS, now=now(), say=str)
    asked = make_people(SEED, VISITORS, DAYS)
    allowed = sum(bool(each.purposes) for each in asked)

    assert 0 < allowed < VISITORS
    assert Profile.objects.count() == ConsentRecord.objects.count() == allowed


def test_seeding_again_changes_nothing(demo_site):
    seed(demo_site, visitors=VISITORS, now=now(), say=str)
    models = (Item, Event, Profile, ConsentRecord, Content, Rule, Journey, Stay, Step)
    before = [model.objects.count() for model in models]

    seed(demo_site, visitors=VISITORS, now=now(), say=str)

    assert [model.objects.count() for model in models] == before


def test_visitors_stand_in_the_stages_to_which_what_they_did_led_them(demo_site):
    seed(demo_site, visitors=CROWD, now=now(), say=str)
    (written,) = journey.journeys()
    inside = Stay.objects.exclude(stage="")

    assert {"reminded", "coupon"} <= {stay.stage for stay in inside}
    assert {stay.stage for stay in inside} <= {stage["key"] for stage in written["stages"]}
    assert set(Step.objects.values_list("by", flat=True)) == {"event", "time"}
    assert all(stay.profile.purposes & PERSONALIZATION for stay in inside.select_related("profile"))
    assert {row.stages for row in Profile.objects.filter(pk__in=inside.values("profile"))} == {
        f'["{stay.named}"]' for stay in inside
    }


def test_every_content_speaks_english_and_german():
    for content in offers.contents():
        assert set(content["fields"]) == {"en", "de"}, content["key"]
        assert set(content["fields"]["en"]) <= {*content["fields"]["de"], "code_label"}


def test_the_keys_open_the_site_and_survive_a_lost_file(demo_site):
    first = prepare_keys(demo_site)
    assert prepare_keys(demo_site) == first
    assert publishable_key() == first["publishable"]

    keys_file().unlink()
    assert set(prepare_keys(demo_site)) == {"publishable", "secret"}
    assert json.loads(keys_file().read_text())["secret"] != first["secret"]


def test_a_demo_on_another_port_talks_to_its_own_pages(demo_site):
    other = "http://127.0.0.1:9001"
    assert prepare_site([other]).origins == [ORIGIN, other]


def test_colleagues_log_in_and_may_do_what_their_role_says(demo_site):
    passwords = prepare_colleagues(demo_site)
    people = {
        login: authenticate(username=login, password=password)
        for login, password in passwords.items()
    }

    assert prepare_colleagues(demo_site) == passwords
    assert all(person is not None and person.is_staff for person in people.values())
    assert may(people["marketer"], "publish", demo_site.pk)
    assert not may(people["reviewer"], "publish", demo_site.pk)
    assert may(people["privacy"], "privacy", demo_site.pk)
    assert may(people["admin"], "manage", demo_site.pk)
