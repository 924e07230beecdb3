"""A site where a model writes: who asks, edits and decides; drafts as a worker makes them."""

import pytest
from django.contrib.auth import get_user_model

from personalization.drafts.briefs import save_brief
from personalization.drafts.models import Draft, Order
from personalization.drafts.people import person
from personalization.drafts.revisions import current, first_revision
from personalization.govern.models import Membership
from personalization.targeting import documents
from tests.targeting.conftest import hero, note  # noqa: F401 - fixtures

GERMANS = {
    "combinator": "and",
    "rules": [{"field": "country", "operator": "=", "value": "DE"}],
}
WARM = "Stay warm this winter, with boots that last."
DRY = "Dry feet on every path: boots for wet days."


@pytest.fixture
def people(site):
    """A colleague by name and role, as the verbs know them."""

    def find(name, role="reviewer"):
        users = get_user_model().objects
        user = users.filter(username=name).first() or users.create_user(
            name, f"{name.lower()}@shop.example", "secret"
        )
        Membership.objects.get_or_create(site=site, user=user, defaults={"role": role})
        return person(get_user_model().objects.get(pk=user.pk), site)

    return find


@pytest.fixture
def mara(people):
    return people("Mara", "marketer")


@pytest.fixture
def ruben(people):
    return people("Ruben")


@pytest.fixture
def grace(people):
    return people("Grace")


@pytest.fixture
def lena(people):
    return people("Lena", "legal_reviewer")


@pytest.fixture
def germans(site):
    return documents.save_segment(
        site, {"key": "germans", "name": "Germans", "condition": GERMANS}, by="test"
    )


@pytest.fixture
def brief(site, hero, germans, mara):  # noqa: F811
    """Make a brief of Mara's for the note, in the slot `home.hero`."""

    def make(by=mara, **changes):
        document = {
            "block": "note",
            "slot": "home.hero",
            "goal": "Sell boots",
            "locales": ["en"],
            **changes,
        }
        return save_brief(site, document, by=by)

    return make


@pytest.fixture
def written(brief):
    """A draft as a worker makes it of a model's answer."""

    def write(text=WARM, *, order=None, **changes):
        if order is None:
            asked = brief(**changes)
            order = order_of(asked)
        return receive(order, {"text": text})

    return write


def order_of(brief, locale="en", **columns):
    return Order.objects.create(
        brief=brief,
        locale=locale,
        author=brief.author,
        by=brief.by,
        prompt="shipped:1a2b3c4d",
        model="writer-1",
        state=Order.WRITTEN,
        **columns,
    )


def receive(order, fields):
    brief = order.brief
    draft = Draft.objects.create(
        site=brief.site,
        order=order,
        brief=brief,
        variant=order.drafts.count() + 1,
        block=brief.block,
        slot=brief.slot,
        segment=brief.segment,
        item=order.item,
        locale=order.locale,
    )
    first_revision(draft, fields)
    return draft


def sha_of(draft):
    draft.refresh_from_db()
    return current(draft).sha256


def soft_of(draft):
    """All soft findings, as a reviewer ticks them off."""
    draft.refresh_from_db()
    found = current(draft).findings
    return [(each["code"], each["path"]) for each in found if not each["is_hard"]]
