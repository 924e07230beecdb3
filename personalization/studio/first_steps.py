"""What a new site still has to do, in the order in which it goes well.

In:  a site, and who asks.
Out: the steps, each with what it is, whether it is done and where to do it; none when all is done.
"""

from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from personalization.govern.models import Site
from personalization.studio.current import allowed
from personalization.targeting.models import Content, Slot


@dataclass(frozen=True, slots=True)
class Step:
    title: str
    is_done: bool
    link: str  # "" for who may not do it


def first_steps(request: HttpRequest, site: Site) -> list[Step]:
    arrived = (site.live_release, site.first_render_at, site.first_event_at)
    if all(moment is not None for moment in arrived):
        return []
    is_writer = allowed(request, "edit", site)
    slot = Slot.objects.filter(site=site).order_by("pk").first()
    connect = reverse("admin:personalization_connect")
    return [
        Step(_("Name a first slot"), slot is not None, _adding("slot") if is_writer else ""),
        Step(
            _("Compose a first content"),
            Content.objects.filter(site=site).exists(),
            _adding("content") if is_writer else "",
        ),
        Step(_("Let the slot show it"), _is_any_filled(site), _page_of(slot)),
        Step(
            _("Publish a first release"),
            site.live_release is not None,
            reverse("admin:personalization_publish"),
        ),
        Step(_("Put a slot on a page"), site.first_render_at is not None, connect),
        Step(_("Receive a first event"), site.first_event_at is not None, connect),
    ]


def _adding(model: str) -> str:
    return reverse(f"admin:personalization_{model}_add")


def _page_of(slot: Slot | None) -> str:
    if slot is None:
        return ""
    return reverse("admin:personalization_slot_change", args=[slot.pk])


def _is_any_filled(site: Site) -> bool:
    shows = Q(default__isnull=False) | Q(rules__isnull=False) | Q(experiments__isnull=False)
    return Slot.objects.filter(shows, site=site).exists()
