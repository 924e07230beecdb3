"""A preview shows what it was opened on, through the eyes that were chosen, and counts nowhere."""

from datetime import timedelta

import pytest

from personalization import clock
from personalization.collect.consent import choose
from personalization.exceptions import Malformed, NotFound
from personalization.govern.erasure import erase
from personalization.govern.sites import make_site
from personalization.profiles import traits
from personalization.profiles.models import Profile
from personalization.publish.models import Preview
from personalization.publish.previews import (
    SHARED,
    find_preview,
    link_of,
    open_preview,
    sight_of,
    take_back,
)
from personalization.render.core import page
from personalization.targeting import documents
from rules.purposes import Purpose
from rules.types import NOTHING_LEARNED, Request

PAGE = "https://shop.example/coats?size=m"
ALL = [str(purpose) for purpose in Purpose]


@pytest.fixture
def shop(drafts, publish):
    """Pros see `servus`, Germans too; pros are told by a trait."""
    drafts.origins = ["https://shop.example"]
    drafts.save()
    schema = {"plan": {"type": "string"}, "first_name": {"type": "string", "personal": True}}
    documents.save_traits_schema(drafts, schema, by="test")
    rules = [{"field": "plan", "operator": "=", "value": "pro"}]
    tree = {"combinator": "and", "rules": rules}
    documents.save_segment(drafts, {"key": "pro", "condition": tree}, by="test")
    rule = {"key": "pros", "slot": "home.hero", "segment": "pro", "content": "servus"}
    documents.save_rule(drafts, rule, by="test")
    publish()
    drafts.refresh_from_db()
    return drafts


@pytest.fixture
def other_site(db):
    return make_site(name="Elsewhere", origins=["https://elsewhere.example"], by="test").site


def opened(site, look=None, version="draft", **more):
    return open_preview(site, look or {}, version=version, page=PAGE, by="Ada", **more)


def shown(preview):
    sight = sight_of(preview)
    context = dict(sight.look.context)
    request = Request(slots=("home.hero",), now=sight.now, context=context)
    return page(sight.release, NOTHING_LEARNED, sight.visitor, request).slots["home.hero"].content


def token(preview):
    return link_of(preview).partition("pz_preview=")[2]


def test_drafts_written_later_do_not_show_in_it(shop, note):
    pro = {"purposes": ALL, "facts": {"plan": "pro"}}
    preview = opened(shop, pro)
    documents.save_rule(
        shop, {"key": "pros", "slot": "home.hero", "segment": "pro", "content": "plain"}, by="test"
    )

    assert shown(preview) == "servus"
    assert shown(opened(shop, pro)) == "plain"
    assert shown(opened(shop, pro, version="1")) == "servus"


@pytest.mark.parametrize(
    ("look", "content"),
    [
        ({}, "plain"),
        ({"country": "DE"}, "servus"),
        ({"purposes": ALL, "facts": {"plan": "pro"}}, "servus"),
        ({"purposes": ["analytics"], "facts": {"plan": "pro"}}, "plain"),
        ({"held": ["pro"]}, "servus"),
        ({"purposes": ALL, "facts": {"plan": "pro"}, "left": ["pro"]}, "plain"),
        ({"country": "DE", "left": ["german"]}, "plain"),
    ],
)
def test_it_looks_through_the_eyes_that_were_chosen(shop, look, content):
    assert shown(opened(shop, look)) == content


def test_another_time_opens_and_closes_windows(shop):
    rule = {"key": "pros", "slot": "home.hero", "segment": "pro", "content": "servus"}
    documents.save_rule(shop, rule | {"end": "2030-01-01T00:00:00Z"}, by="test")
    pro = {"purposes": ALL, "facts": {"plan": "pro"}}

    assert shown(opened(shop, pro | {"at": "2029-12-31T23:59:00+00:00"})) == "servus"
    assert shown(opened(shop, pro | {"at": "2030-01-01T00:01:00+00:00"})) == "plain"


def test_a_real_visitor_is_seen_as_far_as_they_allow_and_without_their_words(shop):
    choose(shop, "ada", purposes=frozenset(Purpose), policy="p", source="test")
    traits.patch(shop, "ada", {"plan": "pro", "first_name": "Ada"})
    look = {"visitor": Profile.objects.get(site=shop).key, "purposes": ALL}
    preview = opened(shop, look)

    assert shown(preview) == "servus"
    assert not sight_of(preview).visitor.personal

    choose(shop, "ada", purposes=frozenset(), policy="p", source="test")
    assert shown(preview) == "plain"


def test_erasing_a_visitor_takes_their_previews_along(shop):
    choose(shop, "ada", purposes=frozenset(Purpose), policy="p", source="test")
    opened(shop, {"visitor": Profile.objects.get(site=shop).key})

    erase(shop, "ada", by="test")

    assert not Preview.objects.exists()


def test_a_colleagues_link_never_looks_through_a_real_visitor(shop):
    choose(shop, "ada", purposes=frozenset(Purpose), policy="p", source="test")
    look = {"visitor": Profile.objects.get(site=shop).key}

    with pytest.raises(Malformed, match="made-up visitors only"):
        opened(shop, look, lasts=SHARED)


def test_the_link_keeps_the_pages_own_query_and_proves_the_preview(shop, other_site):
    preview = opened(shop)

    assert link_of(preview).startswith(f"{PAGE}&pz_preview=")
    assert find_preview(shop.pk, token(preview)) == preview
    assert find_preview(other_site.pk, token(preview)) is None
    assert find_preview(shop.pk, token(preview)[:-1] + "x") is None
    assert find_preview(shop.pk, None) is None


def test_it_expires_and_can_be_taken_back(shop):
    brief, taken = opened(shop, lasts=timedelta(seconds=-1)), opened(shop, lasts=SHARED)
    take_back(taken, by="Ada")

    assert find_preview(shop.pk, token(brief)) is None
    assert find_preview(shop.pk, token(taken)) is None


@pytest.mark.parametrize(
    "page", ["https://elsewhere.example/", "javascript:alert(1)", "", "//shop.example", "http://["]
)
def test_a_page_that_is_not_the_sites_own_is_refused(shop, page):
    with pytest.raises(Malformed, match="origins"):
        open_preview(shop, {}, version="draft", page=page, by="Ada")


@pytest.mark.parametrize(
    ("look", "path"),
    [
        ({"purposes": ["everything"]}, "purposes"),
        ({"facts": {"plann": "pro"}}, "facts.plann"),
        ({"facts": {"visits": "many"}}, "facts.visits"),
        ({"facts": {"first_name": "Ada"}}, "facts.first_name"),
        ({"deeds": [{"type": "view", "ago": "soon"}]}, "deeds[0].ago"),
        ({"deeds": ["view"]}, "deeds[0]"),
        ({"at": "tomorrow"}, "at"),
        ({"held": ["pro"], "left": ["pro"]}, "left"),
        ({"eyes": 2}, "eyes"),
        ([], ""),
    ],
)
def test_a_look_that_cannot_be_read_names_the_place(shop, look, path):
    with pytest.raises(Malformed) as refused:
        open_preview(shop, look, version="draft", page=PAGE, by="Ada")
    assert path in [error.path for error in refused.value.errors]
    assert not Preview.objects.exists()


@pytest.mark.parametrize("version", ["99", "-1", "x", "9" * 40])
def test_a_version_that_is_not_there_is_refused(shop, version):
    with pytest.raises((Malformed, NotFound)):
        opened(shop, version=version)


def test_opening_one_clears_away_what_has_expired(shop):
    old = opened(shop)
    Preview.objects.filter(pk=old.pk).update(expires_at=clock.now() - timedelta(days=1))

    opened(shop)

    assert Preview.objects.count() == 1
