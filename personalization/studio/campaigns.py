"""Campaigns: what belongs together under one name, window and owner."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.decorators import display

from personalization import clock
from personalization.exceptions import Refusal
from personalization.govern.roles import may, sites_of
from personalization.publish import states
from personalization.publish.frozen_slots import window
from personalization.publish.reading import read_release
from personalization.studio.current import demand
from personalization.studio.documents import Document, DocumentForm
from personalization.studio.slot_page import STATES
from personalization.studio.times import MomentField, ZonedAdmin, as_typed, window_in_words
from personalization.studio.zones import in_zone_of, rendered
from personalization.targeting import documents
from personalization.targeting.campaigns import owners
from personalization.targeting.duplicating import duplicate_campaign
from personalization.targeting.models import Campaign
from personalization.targeting.switches import switch_campaign

CAMPAIGN_STATES = {
    **STATES,
    states.RUNNING: _("live"),
    states.LATER: _("scheduled"),
    states.OVER: _("ended"),
    states.DRAFT: _("draft"),
}


class CampaignForm(DocumentForm):
    verb = documents.save_campaign

    start = MomentField(label=_("From"), required=False)
    end = MomentField(
        label=_("Until"),
        required=False,
        help_text=_("Nothing of it is shown before or after, whatever its rules say."),
    )

    class Meta:
        model = Campaign
        fields = ("site", "name", "key", "start", "end", "owner", "description")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.site_now is not None and "owner" in self.fields:
            people: Any = self.fields["owner"]  # a ModelChoiceField
            people.queryset = owners(self.site_now)

    def document(self, cleaned: dict[str, Any]) -> Document:
        owner = cleaned.get("owner")
        return {
            "key": cleaned["key"],
            "name": cleaned["name"],
            "description": cleaned.get("description") or "",
            "start": as_typed(cleaned.get("start"), self.instance.start),
            "end": as_typed(cleaned.get("end"), self.instance.end),
            "owner": owner.get_username() if owner else None,
            "enabled": self.instance.is_enabled,
        }


class CampaignAdmin(ZonedAdmin):
    """The page of a campaign lists what belongs to it; its settings are behind `?settings`."""

    form = CampaignForm
    list_display = ("campaign", "key", "owner", "runs", "members", "state")
    list_display_links = ("campaign",)
    list_filter = ("site", "owner", "is_enabled")
    list_select_related = ("owner",)
    search_fields = ("key", "name", "description")
    fields = ("site", "name", "key", "start", "end", "owner", "description")

    def get_queryset(self, request: HttpRequest) -> Any:  # Django's own type
        rows = super().get_queryset(request)
        return rows.annotate(n_rules=Count("rules", distinct=True))

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"owner": request.user.pk, **super().get_changeform_initial_data(request)}

    @display(description=_("campaign"), ordering="key")
    def campaign(self, row: Campaign) -> str:
        return str(row)

    @display(description=_("runs"))
    def runs(self, row: Campaign) -> str:
        return window_in_words(row.start, row.end)

    @display(description=_("rules"))
    def members(self, row: Any) -> int:  # a campaign with its annotation
        return row.n_rules

    @display(description=_("as written"))
    def state(self, row: Campaign) -> SafeString:
        state = states.campaign_as_edited(row, clock.now())
        return format_html(
            '<span class="pz-label pz-state-{}">{}</span>', state, CAMPAIGN_STATES[state]
        )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Looking opens the page; what is sent is its settings."""
        if request.method == "GET" and "settings" not in request.GET:
            campaign = self.get_object(request, unquote(object_id))
            if campaign is not None:
                return self._page(request, campaign)
        return super().change_view(request, object_id, form_url, extra_context)

    def response_post_save_change(self, request: HttpRequest, obj: Campaign) -> HttpResponse:
        return HttpResponseRedirect(_address(obj))

    def response_post_save_add(self, request: HttpRequest, obj: Campaign) -> HttpResponse:
        return HttpResponseRedirect(_address(obj))

    def get_urls(self) -> Any:  # Django's own type
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/switch/", wrap(switch), name="personalization_switch_campaign"),
            path("<int:pk>/copy/", wrap(duplicate), name="personalization_copy_campaign"),
            *super().get_urls(),
        ]

    def _page(self, request: HttpRequest, campaign: Campaign) -> HttpResponse:
        if not self.has_view_permission(request, campaign):
            raise PermissionDenied
        with in_zone_of(campaign.site):
            context = {
                **self.admin_site.each_context(request),
                **campaign_context(campaign),
                "title": str(campaign),
                "opts": self.opts,
                "may_edit": may(request.user, "edit", campaign.site_id),
                "may_publish": may(request.user, "publish", campaign.site_id),
            }
            return rendered(TemplateResponse(request, "studio/campaign.html", context))


def campaign_context(campaign: Campaign) -> dict[str, Any]:
    """What `studio/campaign.html` shows, in a fixed number of queries."""
    now, zone = clock.now(), campaign.site.zone
    rules = list(
        campaign.rules.select_related("slot", "content", "campaign").order_by("slot", "position")
    )
    tests = list(campaign.experiments.select_related("slot", "campaign").order_by("slot"))
    edited = states.campaign_as_edited(campaign, now)
    return {
        "campaign": campaign,
        "runs": window_in_words(campaign.start, campaign.end),
        "published": _published(campaign, {row.key for row in (*rules, *tests)}),
        "edited": (edited, CAMPAIGN_STATES[edited]),
        "members": [*_members(rules, zone), *_members(tests, zone)],
        "contents": campaign.contents.order_by("name", "key"),
        "zone": zone,
    }


def _members(rows: list[Any], zone: str) -> Iterator[dict[str, Any]]:  # rules or experiments
    for row in rows:
        bounds, state = window(row), states.state_of(row, clock.now(), zone)
        yield {
            "row": row,
            "kind": row._meta.model_name,
            "runs": window_in_words(bounds.start, bounds.end),
            "state": (state, STATES[state]),
        }


def _published(campaign: Campaign, members: set[str]) -> tuple[str, Any]:
    """Its state on the pages right now, or why that cannot be told."""
    site = campaign.site
    try:
        release = read_release(site.pk, site.live_release) if site.live_release else None
    except Refusal as refusal:
        return "error", refusal.detail
    state = states.campaign_as_published(release, campaign, members, clock.now())
    return state, CAMPAIGN_STATES[state]


@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """At once, so only by those who publish."""
    campaign = _mine(request, pk, "publish")
    on = request.POST.get("on") == "1"
    switch_campaign(campaign, on, by=str(request.user))
    sentence = _t("“%s” is on.") if on else _t("“%s” is off: nothing of it is shown any more.")
    messages.success(request, sentence % campaign)
    return HttpResponseRedirect(_address(campaign))


@require_POST
def duplicate(request: HttpRequest, pk: int) -> HttpResponse:
    made = duplicate_campaign(_mine(request, pk, "edit"), by=str(request.user))
    messages.success(
        request, _t("This is the copy. It is off: change what shall differ, then switch it on.")
    )
    return HttpResponseRedirect(_address(made))


def _mine(request: HttpRequest, pk: int, ability: str) -> Campaign:
    mine = Campaign.objects.filter(site__in=sites_of(request.user)).select_related("site")
    campaign = get_object_or_404(mine, pk=pk)
    demand(request, ability, campaign.site)
    return campaign


def _address(campaign: Campaign) -> str:
    return reverse("admin:personalization_campaign_change", args=(campaign.pk,))
