"""Drafts: the list with what to filter by, one screen a draft, many without findings at once."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import display

from personalization.blocks.files import shipped_blocks
from personalization.drafts.models import Draft, Revision
from personalization.drafts.people import has_a_hand_in, person
from personalization.drafts.reviewing import approve_all
from personalization.govern.roles import may
from personalization.studio.contents import title_of_block
from personalization.studio.current import current_site
from personalization.studio.drafts import deeds, inviting, using
from personalization.studio.drafts.queue import Queue, condition
from personalization.studio.drafts.review_words import key_list, list_words, review_words
from personalization.studio.drafts.screen import page_of, screen_context
from personalization.studio.drafts.texts import texts_of
from personalization.studio.languages import language_name
from personalization.studio.scoped import ReadOnlyAdmin
from personalization.targeting.blocks import find_block

EXCERPT = 90  # characters of a text in the list


class Kept(admin.SimpleListFilter):
    """A filter that the queue knows too."""

    choices_of: ClassVar[Iterable[tuple[str, Any]]] = ()

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:  # Django's own type
        self.person = request.user
        return list(self.choices_of)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        chosen = self.value()
        if not chosen:
            return queryset
        return queryset.filter(condition(str(self.parameter_name), chosen, request.user))


class StateFilter(Kept):
    title, parameter_name = _("state"), "state"
    choices_of = Draft._meta.get_field("state").choices or ()


class MineFilter(Kept):
    title, parameter_name, choices_of = _("for whom"), "mine", (("1", _("for me")),)


class DueFilter(Kept):
    title, parameter_name, choices_of = _("due"), "due", (("1", _("today or late")),)


class FindingsFilter(Kept):
    title, parameter_name = _("findings"), "findings"
    choices_of = (("with", _("with findings")), ("without", _("without findings")))


class LocaleFilter(Kept):
    title, parameter_name = _("language"), "locale"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:  # Django's own type
        used = _used(request, model_admin, "locale")
        return [(each, language_name(each)) for each in used]


class BlockFilter(Kept):
    title, parameter_name = _("block"), "block"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:  # Django's own type
        return [(each, title_of_block(each)) for each in _used(request, model_admin, "block")]


def _used(request: HttpRequest, page: Any, column: str) -> list[str]:
    rows = page.get_queryset(request).order_by(column).values_list(column, flat=True)
    return list(rows.distinct())


class DraftAdmin(ReadOnlyAdmin):
    list_display = ("text", "brief_name", "language", "found", "standing", "assigned_to", "due_at")
    list_display_links = ("text",)
    list_filter = (
        "site",
        StateFilter,
        MineFilter,
        DueFilter,
        FindingsFilter,
        LocaleFilter,
        BlockFilter,
    )
    search_fields = ("brief__name", "item", "slot", "segment")
    list_select_related = ("site", "brief", "assigned_to")
    ordering: Any = (F("due_at").asc(nulls_last=True), "id")
    list_before_template = "studio/drafts/list_top.html"
    actions: ClassVar = ["approve_chosen"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Draft]:
        return super().get_queryset(request).prefetch_related("revisions")

    @display(description=_("text"))
    def text(self, row: Draft) -> str:
        shipped = shipped_blocks().get(row.block)
        texts = texts_of(shipped.block.schema if shipped else {}, _newest(row).fields)
        return next((each.value[:EXCERPT] for each in texts if each.says), str(row))

    @display(description=_("brief"), ordering="brief__name")
    def brief_name(self, row: Draft) -> str:
        return " · ".join(filter(None, (str(row.brief), row.item)))

    @display(description=_("language"), ordering="locale")
    def language(self, row: Draft) -> str:
        return language_name(row.locale)

    @display(description=_("findings"), label={"hard": "danger", "soft": "warning", "": "success"})
    def found(self, row: Draft) -> tuple[str, str]:
        found = _newest(row).findings
        hard = sum(each["is_hard"] for each in found)
        if hard:
            return "hard", ngettext("%d must change", "%d must change", hard) % hard
        return ("soft", str(len(found))) if found else ("", _t("none"))

    @display(
        description=_("state"),
        ordering="state",
        label={
            "waiting": "info",
            "changes": "warning",
            "approved": "success",
            "rejected": "danger",
        },
    )
    def standing(self, row: Draft) -> tuple[str, str]:
        return row.state, row.get_state_display()

    # ---------------------------------------------------------------- one screen a draft

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        draft = deeds.draft_of(request, int(object_id) if object_id.isdigit() else 0)
        queue = Queue.asked(request, draft.site)
        query = queue.as_query()
        start = reverse("admin:personalization_draft_screen", args=(0,))
        listed = reverse("admin:personalization_draft_changelist")
        context = {
            **self.admin_site.each_context(request),
            **screen_context(request, draft, queue),
            "title": _t("Review"),
            "opts": self.opts,
            "query": query,
            "screens": f"{start}?{query}",
            "list_address": f"{listed}?{query or 'state=waiting'}",
            "words": review_words(),
            "list_words": list_words(),
            "key_list": list(key_list()),
        }
        return TemplateResponse(request, "studio/drafts/review.html", context)

    def screen(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The screen alone, for the script that shows one after the other."""
        draft = deeds.draft_of(request, pk)
        context = screen_context(request, draft, Queue.asked(request, draft.site))
        return TemplateResponse(request, "studio/drafts/screen.html", context)

    def start(self, request: HttpRequest) -> HttpResponse:
        """The first draft of the queue that the filters make."""
        site = current_site(request)
        if site is None:
            raise PermissionDenied
        first = Queue.asked(request, site).first()
        if first is None:
            messages.info(request, _t("Nothing waits here."))
            return HttpResponseRedirect(reverse("admin:personalization_draft_changelist"))
        return HttpResponseRedirect(f"{page_of(Draft(pk=first))}?{request.GET.urlencode()}")

    # ---------------------------------------------------------------- many at once

    def has_review_permission(self, request: HttpRequest) -> bool:
        return may(request.user, "review")

    @admin.action(description=_("Approve those without findings …"), permissions=["review"])
    def approve_chosen(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        """First their texts are shown; the yes is for exactly those."""
        chosen = list(queryset.filter(state=Draft.WAITING).select_related("site", "brief", "order"))
        if "confirmed" in request.POST:
            self._approved(request, chosen)
            return None
        mine = [row for row in chosen if has_a_hand_in(row, person(request.user, row.site))]
        asked = [(row, _newest(row)) for row in chosen if row not in mine]
        clear = [(row, newest) for row, newest in asked if not newest.findings]
        context = {
            **self.admin_site.each_context(request),
            "title": _t("Approve together"),
            "opts": self.opts,
            "rows": [(row, newest, _texts(row, newest)) for row, newest in clear],
            "n_mine": len(mine),
            "n_left": len(queryset) - len(mine) - len(clear),
        }
        return TemplateResponse(request, "studio/drafts/approve_together.html", context)

    def _approved(self, request: HttpRequest, chosen: list[Draft]) -> None:
        seen = {
            int(pk): sha
            for pk, _colon, sha in (each.partition(":") for each in request.POST.getlist("seen"))
            if pk.isdigit()
        }
        for site in {row.site for row in chosen}:
            rows = [row for row in chosen if row.site == site]
            done = approve_all(seen, rows, by=person(request.user, site))
            n = len(done.approved)
            if n:
                messages.success(
                    request, ngettext("%d draft is approved.", "%d drafts are approved.", n) % n
                )
            for pk, why in done.left.items():
                messages.warning(request, f"{next(r for r in rows if r.pk == pk)}: {why}")

    def get_urls(self) -> Any:  # Django's own type
        wrap = self.admin_site.admin_view
        views = {
            "screen": self.screen,
            "decide": deeds.decide,
            "undo": deeds.take_back,
            "edit": deeds.edit_text,
            "anew": deeds.anew,
            "assign": deeds.assign,
            "sights": deeds.draw,
            "watch": deeds.watch,
            **inviting.VIEWS,
            **using.VIEWS,
        }
        return [
            path("review/", wrap(self.start), name="personalization_draft_review"),
            *(
                path(f"<int:pk>/{name}/", wrap(view), name=f"personalization_draft_{name}")
                for name, view in views.items()
            ),
            *super().get_urls(),
        ]


def _newest(row: Draft) -> Revision:
    return next(each for each in row.revisions.all() if each.number == row.revision)


def _texts(row: Draft, newest: Revision) -> list[Any]:
    block = find_block(row.site, row.block)
    schema = block.schema if block else {}
    return [each for each in texts_of(schema, newest.fields) if each.says]
