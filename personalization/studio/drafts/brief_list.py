"""The list of briefs, with how far each is and what it has cost; its pages stand beside it."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from personalization.drafts.models import Brief
from personalization.studio.contents import title_of_block
from personalization.studio.drafts import brief_deeds, brief_pages
from personalization.studio.drafts.progress import Progress, progress_of
from personalization.studio.scoped import NEVER, SiteScopedAdmin
from personalization.targeting.models import Segment, Slot


class BriefAdmin(SiteScopedAdmin):
    abilities: ClassVar = {"view": "view", "add": "edit", "change": "edit", "delete": NEVER}
    list_display = ("brief", "place", "for_whom", "standing", "progress", "cost", "author")
    list_display_links = ("brief",)
    list_filter = ("site", "state", "kind")
    search_fields = ("name", "goal", "slot", "segment", "block")
    list_select_related = ("site", "author")
    list_before_template = "studio/drafts/briefs_top.html"

    class Media:
        css: ClassVar = {"all": ["personalization/review.css"]}
        js: ClassVar = ["personalization/briefs.js"]

    @display(description=_("brief"), ordering="name")
    def brief(self, row: Brief) -> str:
        return str(row)

    @display(description=_("where"))
    def place(self, row: Brief) -> str:
        named: Any = row  # with what its page found
        return " · ".join(filter(None, (named.slot_name, title_of_block(row.block))))

    @display(description=_("for whom"), ordering="segment")
    def for_whom(self, row: Brief) -> str:
        named: Any = row  # with what its page found
        return named.segment_name or _t("everybody")

    @display(
        description=_("state"),
        ordering="state",
        label={Brief.OPEN: "info", Brief.ASKED: "success", Brief.CANCELLED: "warning"},
    )
    def standing(self, row: Brief) -> tuple[str, str]:
        return row.state, row.get_state_display()

    @display(description=_("progress"))
    def progress(self, row: Brief) -> SafeString:
        """A script asks for it again while something of it is being written."""
        found = self._of(row)
        return format_html(
            '<span data-pzd-progress="{}"{}>{}</span>',
            row.pk,
            SafeString(" data-running") if found.is_running else "",
            found.in_words(),
        )

    @display(description=_("cost"))
    def cost(self, row: Brief) -> SafeString:
        return format_html(
            '<span data-pzd-cost="{}">{}</span>', row.pk, self._of(row).cost_in_words
        )

    def get_changelist_instance(self, request: HttpRequest) -> Any:  # Django's own type
        """What the page shows of all its rows is asked for at once."""
        shown = super().get_changelist_instance(request)
        found = progress_of(shown.result_list)
        sites = {row.site_id for row in shown.result_list}
        slots, segments = names_of(Slot, sites), names_of(Segment, sites)
        for row in shown.result_list:
            row.progress_now = found[row.pk]
            row.slot_name = slots.get((row.site_id, row.slot), row.slot)
            row.segment_name = segments.get((row.site_id, row.segment), row.segment)
        return shown

    def _of(self, row: Any) -> Progress:  # a brief with what its page found
        found: Progress = row.progress_now
        return found

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return brief_pages.new_brief(request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return brief_pages.brief_page(request, int(object_id) if object_id.isdigit() else 0)

    def get_urls(self) -> Any:  # Django's own type
        wrap = self.admin_site.admin_view
        own = {
            "estimate/": (brief_deeds.estimate_view, "estimate"),
            "items/": (brief_deeds.items_view, "items"),
            "audience/": (brief_deeds.audience_view, "audience"),
            "progress/": (brief_deeds.progress_view, "progress"),
            "<int:pk>/edit/": (brief_pages.edit_brief, "edit"),
            "<int:pk>/written/": (brief_pages.written_part, "written"),
            "<int:pk>/ask/": (brief_deeds.ask, "ask"),
            "<int:pk>/cancel/": (brief_deeds.cancel, "cancel"),
            "<int:pk>/again/<int:order>/": (brief_deeds.again, "again"),
            "<int:pk>/template/": (brief_deeds.keep_as_template, "template"),
            "templates/<int:pk>/delete/": (brief_deeds.drop_template, "drop_template"),
        }
        return [
            *(
                path(route, wrap(view), name=f"personalization_brief_{name}")
                for route, (view, name) in own.items()
            ),
            *super().get_urls(),
        ]


def names_of(model: type[Slot] | type[Segment], sites: Iterable[int]) -> dict[tuple[int, str], str]:
    """(site, key) -> the name that an editor gave."""
    rows = model._default_manager.filter(site__in=sites).exclude(name="")
    return {(site, key): name for site, key, name in rows.values_list("site", "key", "name")}
