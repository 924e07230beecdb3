"""A catalogue, and visitors with events."""

import itertools

import pytest

from personalization.catalog.models import Item
from personalization.collect.models import Event
from personalization.govern.purposes import ALL_BITS
from personalization.profiles.models import Profile

DAY_US = 86_400_000_000


@pytest.fixture
def catalogue(site):
    """Make items by key, in one category."""

    def make(*keys, category="", **more):
        return [
            Item.objects.create(site=site, key=key, title=key, category=category, **more)
            for key in keys
        ]

    return make


@pytest.fixture
def acts(site):
    """Store one event: who, which item, how many days after the first day, under which bits."""
    numbers = itertools.count()

    def act(who, item, day=0.0, *, then=ALL_BITS, still=ALL_BITS, type="view"):
        profile, _ = Profile.objects.get_or_create(
            site=site, key=who, defaults={"purposes": still, "sealed_id": b"", "key_id": ""}
        )
        at = int(1_700_000_000_000_000 + day * DAY_US)
        return Event.objects.create(
            site=site,
            event=f"e{next(numbers)}",
            profile=profile,
            type=type,
            item=item,
            at=at,
            received=at,
            purposes=then,
        )

    return act
