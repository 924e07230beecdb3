"""A stored shop of two kinds of visitors: regulars into boots who buy, others who like lamps."""

import random
from datetime import UTC, datetime, timedelta

from personalization.clock import to_us
from personalization.collect.models import Event
from personalization.govern.purposes import (
    ALL_BITS,
    ANALYTICS,
    PERSONALIZATION,
    PROFILING_AI,
    TRAINING,
)
from personalization.profiles.models import Profile

NOW = datetime(2026, 11, 29, 3, 40, tzinfo=UTC)
VISITORS, DAYS = 400, 60
UNTAUGHT = ANALYTICS | PERSONALIZATION | PROFILING_AI  # scored, and not learnt from
UNSCORED = ANALYTICS | PERSONALIZATION | TRAINING  # learnt from, and not scored


def bits_of(number):
    """Of ten visitors seven allow everything."""
    return {7: UNTAUGHT, 8: UNSCORED, 9: PERSONALIZATION}.get(number % 10, ALL_BITS)


def is_regular(number):
    return number % 2 == 0


def populate(site, visitors=VISITORS):
    """Their rows, as requests would have stored them; a profile's key is its number."""
    profiles = Profile.objects.bulk_create(
        Profile(site=site, key=f"v{n:04}", key_id="", sealed_id=b"", purposes=bits_of(n))
        for n in range(visitors)
    )
    Event.objects.bulk_create(
        event for n, profile in enumerate(profiles) for event in _deeds(site, n, profile)
    )


def number_of(profile):
    return int(profile.key[1:])


def _deeds(site, number, profile):
    chance = random.Random(number)
    own, other = ("boots", "lamps") if is_regular(number) else ("lamps", "boots")
    for visit in range(8 if is_regular(number) else 5):
        ago = timedelta(days=chance.random() * DAYS)
        category = own if chance.random() < 0.9 else other
        kinds = ["view"]
        if chance.random() < (0.7 if is_regular(number) else 0.1):
            kinds += ["add_to_cart", "purchase"]
        for place, kind in enumerate(kinds):
            at = to_us(NOW - ago + timedelta(seconds=60 * place))
            yield Event(
                site=site,
                event=f"{number}-{visit}-{place}",
                profile=profile,
                type=kind,
                item=f"{category}-1",
                category=category,
                at=at,
                received=at,
                value=2_000 if kind == "purchase" else None,
                purposes=profile.purposes,
            )
