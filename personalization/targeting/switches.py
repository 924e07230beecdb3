"""Off and on in one click: pages follow within a second, without publishing."""

from django.db import transaction

from personalization.govern import audit
from personalization.govern.models import Site
from personalization.govern.sites import touch
from personalization.targeting.models import Campaign, Slot


@transaction.atomic
def switch_slot(slot: Slot, on: bool, *, by: str) -> None:
    """Off: everybody sees the slot's default."""
    touch(slot.site)
    changed = Slot.objects.filter(pk=slot.pk).exclude(is_enabled=on).update(is_enabled=on)
    if changed:
        action = "slot.switched_on" if on else "slot.switched_off"
        audit.record(site=slot.site, actor=by, action=action, target=slot.key)
    slot.is_enabled = on


@transaction.atomic
def switch_campaign(campaign: Campaign, on: bool, *, by: str) -> None:
    """Off: rules and experiments that were published in it take nobody."""
    touch(campaign.site)
    changed = Campaign.objects.filter(pk=campaign.pk).exclude(is_enabled=on).update(is_enabled=on)
    if changed:
        action = "campaign.switched_on" if on else "campaign.switched_off"
        audit.record(site=campaign.site, actor=by, action=action, target=campaign.key)
    campaign.is_enabled = on


@transaction.atomic
def switch_site(site: Site, on: bool, *, by: str) -> None:
    """Off: every page shows its defaults, to everybody."""
    touch(site)
    changed = Site.objects.filter(pk=site.pk).exclude(is_enabled=on).update(is_enabled=on)
    if changed:
        action = "site.switched_on" if on else "site.switched_off"
        audit.record(site=site, actor=by, action=action, target=site.key)
    site.is_enabled = on
