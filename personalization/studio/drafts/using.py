"""An approved draft on its way to the page: into a rule, an arm of a test, a slot's default."""

from collections.abc import Callable, Mapping
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from personalization.drafts.models import Draft
from personalization.drafts.people import Person
from personalization.drafts.using import use_as_arm, use_as_default, use_as_rule
from personalization.exceptions import Malformed
from personalization.studio.drafts.deeds import does
from personalization.studio.rules import card_address
from personalization.targeting.models import Experiment, Slot


@does("edit")
def use(request: HttpRequest, draft: Draft, who: Person) -> HttpResponse:
    """One click; what was made is a draft of the site, and live with the next release."""
    how = WAYS.get(request.POST.get("how", ""))
    slot = Slot.objects.filter(site=draft.site_id, key=request.POST.get("slot", "")).first()
    if how is None or slot is None:
        raise Malformed(_("Choose the slot in which it shall be shown."))
    to, sentence = how(request, draft, slot, who)
    messages.success(request, sentence)
    return HttpResponseRedirect(to)


def _as_rule(request: HttpRequest, draft: Draft, slot: Slot, who: Person) -> tuple[str, str]:
    rule = use_as_rule(draft, slot=slot, by=who)
    return card_address(rule), _("A rule shows it now, as a draft. Publish to make it live.")


def _as_arm(request: HttpRequest, draft: Draft, slot: Slot, who: Person) -> tuple[str, str]:
    key = request.POST.get("experiment", "")
    test = Experiment.objects.filter(site=draft.site_id, key=key).first() if key else None
    made = use_as_arm(draft, slot=slot, by=who, experiment=test)
    to = reverse("admin:personalization_experiment_change", args=(made.pk,))
    return to, _("It is an arm of this test now. Look at the shares, then publish.")


def _as_default(request: HttpRequest, draft: Draft, slot: Slot, who: Person) -> tuple[str, str]:
    use_as_default(draft, slot=slot, by=who)
    to = reverse("admin:personalization_slot_change", args=(slot.pk,))
    return f"{to}#default", _("It is the slot's default now, as a draft. Publish to make it live.")


Way = Callable[[HttpRequest, Draft, Slot, Person], tuple[str, str]]
WAYS: Final[Mapping[str, Way]] = {"rule": _as_rule, "arm": _as_arm, "default": _as_default}
VIEWS: Final = {"use": use}
