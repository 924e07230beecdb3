"""A site whose visitors belong to camps, written straight into its tables."""

from personalization.catalog.models import Item
from personalization.collect.models import Event
from personalization.govern.models import Site
from personalization.govern.purposes import ALL_BITS
from personalization.profiles.models import Profile
from tests.workers.tastes import N_ITEMS, camp_of, camps


def fill(site: Site) -> Site:
    """Sixty visitors of three camps with their events; everybody allows everything."""
    Item.objects.bulk_create(
        Item(site=site, key=f"i{n:02}", title=f"thing {n}", category=f"camp {camp_of(n)}")
        for n in range(N_ITEMS)
    )
    events = camps(likes=7)
    profiles = Profile.objects.bulk_create(
        Profile(site=site, key=f"p{n}", purposes=ALL_BITS, sealed_id=b"", key_id="")
        for n in range(events.n_visitors)
    )
    Event.objects.bulk_create(
        Event(
            site=site,
            event=f"e{n}",
            profile=profiles[who],
            type="view",
            item=f"i{item:02}",
            at=int(at * 1e6),
            received=int(at * 1e6),
            purposes=ALL_BITS,
        )
        for n, (who, item, at) in enumerate(
            zip(events.visitors, events.items, events.at, strict=True)
        )
    )
    return site
