"""The switches: a slot, or everything, off and on again in one click."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from personalization.govern.models import Site
from personalization.studio.current import demand
from personalization.targeting.models import Slot
from personalization.targeting.switches import switch_site, switch_slot


@require_POST
def switch_site_view(request: HttpRequest, pk: int) -> HttpResponse:
    site = get_object_or_404(Site, pk=pk)
    demand(request, "publish", site)
    on = request.POST.get("on") == "1"
    switch_site(site, on, by=str(request.user))
    messages.success(
        request,
        _("Personalization is on.") if on else _("Everything is off: pages show the defaults."),
    )
    return HttpResponseRedirect(reverse("admin:index"))


@require_POST
def switch_slot_view(request: HttpRequest, pk: int) -> HttpResponse:
    slot = get_object_or_404(Slot.objects.select_related("site"), pk=pk)
    demand(request, "publish", slot.site)
    on = request.POST.get("on") == "1"
    switch_slot(slot, on, by=str(request.user))
    sentence = _("“%(slot)s” is on.") if on else _("“%(slot)s” is off: it shows its default.")
    messages.success(request, sentence % {"slot": slot})
    return HttpResponseRedirect(_way_back(request))


def _way_back(request: HttpRequest) -> str:
    if request.GET.get("back") == "slots":
        return reverse("admin:personalization_slot_changelist")
    return reverse("admin:index")
