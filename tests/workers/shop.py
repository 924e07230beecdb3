"""A site whose visitors belong to camps: catalogue, profiles and events, as training reads them."""

from personalization.catalog.models import Item
from personalization.collect.models import Event
from personalization.govern.models import Site
from personalization.govern.purposes import ALL_BITS
from personalization.profiles.models import Profile
from tests.workers.tastes import N_ITEMS, camp_of, camps
from workers.training.interactions import Interactions


def shop_of_camps(site: Site, events: Interactions | None = None) -> Site:
    """Sixty visitors of three camps with their events; everybody allows everything."""
    Item.objects.bulk_create(
        Item(site=site, key=f"i{n:02}", title=f"thing {n}", category=f"camp {camp_of(n)}")
        for n in range(N_ITEMS)
    )
    store(site, camps(likes=7) if events is None else events)
    return site


def store(site: Site, events: Interactions, name: str = "") -> None:
    """Visitor n is the profile `p<n>`, made where it is not there yet."""
    known = {profile.key: profile for profile in Profile.objects.filter(site=site)}
    missing = [f"p{n}" for n in range(events.n_visitors) if f"p{n}" not in known]
    made = Profile.objects.bulk_create(
        Profile(site=site, key=key, purposes=ALL_BITS, sealed_id=b"", key_id="") for key in missing
    )
    known |= {profile.key: profile for profile in made}
    rows = zip(events.visitors, events.items, events.at, strict=True)
    Event.objects.bulk_create(
        Event(
            site=site,
            event=f"e{name}{n}",
            profile=known[f"p{who}"],
            type="view",
            item=f"i{item:02}",
            at=int(at * 1e6),
            received=int(at * 1e6),
            purposes=ALL_BITS,
        )
        for n, (who, item, at) in enumerate(rows)
    )
