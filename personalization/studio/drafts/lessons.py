"""Lessons: what reviewers taught the next briefs, to be looked at, switched off and removed."""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import display

from personalization.drafts.lessons import remove, switch
from personalization.drafts.models import Lesson
from personalization.drafts.people import person
from personalization.exceptions import Refusal
from personalization.govern.roles import may
from personalization.studio.contents import title_of_block
from personalization.studio.languages import language_name
from personalization.studio.scoped import ReadOnlyAdmin
from personalization.studio.side_by_side import side_by_side


class LessonAdmin(ReadOnlyAdmin):
    list_display = (
        "taught",
        "kind_label",
        "block_title",
        "language",
        "reason",
        "is_on",
        "created_at",
    )
    list_display_links = ("taught",)
    list_filter = ("site", "kind", "is_on", "locale", "block")
    list_select_related = ("site",)
    search_fields = ("before", "after", "reason")
    fields: Any = (
        "site",
        "kind",
        "block_title",
        "language",
        "what",
        "reason",
        "is_on",
        "created_at",
    )
    list_before_template = "studio/drafts/lessons_top.html"
    actions: ClassVar = ["switch_off", "switch_on", "take_away"]

    @display(description=_("what was taught"))
    def taught(self, row: Lesson) -> str:
        return str(row)

    @display(
        description=_("kind"),
        ordering="kind",
        label={Lesson.APPROVED: "success", Lesson.EDITED: "info", Lesson.REJECTED: "danger"},
    )
    def kind_label(self, row: Lesson) -> tuple[str, str]:
        return row.kind, row.get_kind_display()

    @display(description=_("block"), ordering="block")
    def block_title(self, row: Lesson) -> str:
        return title_of_block(row.block) if row.block else "-"

    @display(description=_("language"), ordering="locale")
    def language(self, row: Lesson) -> str:
        return language_name(row.locale)

    @display(description=_("text"))
    def what(self, row: Lesson) -> SafeString:
        """Of an edit both texts, the words that differ marked."""
        if row.kind != Lesson.EDITED:
            return format_html('<div class="pz-conflict-text">{}</div>', row.after or row.before)
        before, after = side_by_side(row.before, row.after)
        return format_html(
            '<div class="pz-columns"><div class="pz-conflict-text">{}</div>'
            '<div class="pz-conflict-text">{}</div></div>',
            before,
            after,
        )

    def has_teach_permission(self, request: HttpRequest) -> bool:
        return may(request.user, "edit") or may(request.user, "review")

    @admin.action(description=_("Switch off"), permissions=["teach"])
    def switch_off(self, request: HttpRequest, queryset: Any) -> None:
        self._each(request, queryset, lambda row, who: switch(row, is_on=False, by=who))

    @admin.action(description=_("Switch on"), permissions=["teach"])
    def switch_on(self, request: HttpRequest, queryset: Any) -> None:
        self._each(request, queryset, lambda row, who: switch(row, is_on=True, by=who))

    @admin.action(description=_("Remove for good"), permissions=["teach"])
    def take_away(self, request: HttpRequest, queryset: Any) -> None:
        self._each(request, queryset, lambda row, who: remove(row, by=who))

    def _each(
        self, request: HttpRequest, rows: Iterable[Any], deed: Callable[[Any, Any], None]
    ) -> None:
        """Of another site's lessons the person is told that they are not theirs to change."""
        done = 0
        for row in rows:
            try:
                deed(row, person(request.user, row.site))
            except Refusal as refusal:
                messages.error(request, f"{row}: {refusal.detail}")
            else:
                done += 1
        if done:
            said = ngettext("%d lesson is changed.", "%d lessons are changed.", done) % done
            messages.success(request, said)
