"""The demo's journey: a basket is forgotten, brought to mind, and at last made cheaper.

In:  the published site, and now. Out: visitors in its stages, moved by what always moves them.
"""

from datetime import datetime, timedelta
from typing import Final

from personalization.govern.models import Site
from personalization.govern.purposes import PERSONALIZATION, granting
from personalization.host.demo.audiences import Document
from personalization.journeys.models import LiveJourney
from personalization.journeys.moving import move
from personalization.profiles.models import Profile

KEY: Final = "forgotten-basket"
REMINDED, COUPON = "reminded", "coupon"
LIVE_FOR: Final = timedelta(days=30)


def journeys() -> list[Document]:
    bought = _event("purchase")
    return [
        {
            "key": KEY,
            "name": "Forgotten basket",
            "description": "Who put something in and left is reminded, and helped a little later.",
            "again": "7d",
            "stages": [
                {
                    "key": "in-basket",
                    "name": "Put in the basket",
                    "enter": _event("add_to_cart"),
                    "leave": bought,
                    "after": "2d",
                    "to": REMINDED,
                },
                {"key": REMINDED, "name": "Reminded", "after": "3d", "to": COUPON},
                {"key": COUPON, "name": "Ten per cent off", "after": "7d"},
                {
                    "key": "came-back",
                    "name": "Came back and bought",
                    "enter": bought,
                    "from": [REMINDED, COUPON],
                    "after": "30d",
                },
            ],
        }
    ]


def in_stage(stage: str) -> Document:
    rule = {"field": "stage", "operator": "hasAny", "value": [f"{KEY}:{stage}"]}
    return {"combinator": "and", "not": False, "rules": [rule]}


def walk(site: Site, *, now: datetime) -> int:
    """Let it have been live for a month; how many steps visitors made in that time."""
    begun = [LiveJourney(site=site, key=KEY, began=now - LIVE_FOR)]
    LiveJourney.objects.bulk_create(begun, ignore_conflicts=True)
    allowed = Profile.objects.filter(site=site, purposes__in=granting(PERSONALIZATION))
    allowed.update(is_unsettled=True)
    return move(site)["steps"]


def _event(kind: str) -> Document:
    rule = {"field": "type", "operator": "=", "value": kind}
    return {"event": {"combinator": "and", "not": False, "rules": [rule]}}
