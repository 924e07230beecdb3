"""The events that may be learnt from: `training` allowed when they came, and still now."""

from django.db.models import F, QuerySet

from personalization.collect.models import Event
from personalization.govern.models import Site
from personalization.govern.purposes import TRAINING


def learnable_events(site: Site) -> QuerySet[Event]:
    """Events with an item, of visitors who did not take `training` back.

    That something was shown says nothing of a taste.
    """
    return (
        Event.objects.filter(site=site, item__isnull=False)
        .exclude(type="exposure")
        .annotate(then=F("purposes").bitand(TRAINING))
        .annotate(still=F("profile__purposes").bitand(TRAINING))
        .filter(then__gt=0, still__gt=0)
    )
