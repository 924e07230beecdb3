"""Blocks that editors write: template, schema and example, proven while they are written."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget

from personalization import clock
from personalization.blocks.files import shipped_blocks
from personalization.blocks.flaws import Draft, read_draft
from personalization.exceptions import Malformed
from personalization.govern.models import Site
from personalization.learn.live import learned
from personalization.publish.site_settings import site_settings
from personalization.render.preview import preview
from personalization.studio.block_pages import as_html, block_page
from personalization.studio.code_words import code_words, completions
from personalization.studio.current import current_site, site_in_form
from personalization.studio.documents import Document, DocumentAdmin, DocumentForm
from personalization.studio.json_text import JSONText, readable
from personalization.targeting import documents
from personalization.targeting.catalogue import site_catalogue
from personalization.targeting.models import CustomBlock

FIRST_TEMPLATE = """<figure class="quote">
  <blockquote>{{ content.words }}</blockquote>
  {% if content.name %}<figcaption>{{ content.name }}</figcaption>{% endif %}
</figure>
"""
FIRST_SCHEMA = {
    "title": "Quotation",
    "description": "What somebody says.",
    "type": "object",
    "required": ["words"],
    "properties": {
        "words": {"type": "string", "title": "Words", "maxLength": 300},
        "name": {"type": "string", "title": "Who says it", "maxLength": 80},
    },
}
FIRST_EXAMPLE = {"words": "I would buy them again.", "name": "Marta"}


class CustomBlockForm(DocumentForm):
    verb = documents.save_block
    begin_as: ClassVar[str] = ""  # a shipped block whose copy a new one begins as

    template = forms.CharField(
        label=capfirst(_("template")), strip=False, widget=UnfoldAdminTextareaWidget({"rows": 16})
    )
    schema = JSONText(label=capfirst(_("fields")), widget=UnfoldAdminTextareaWidget({"rows": 16}))
    example = JSONText(
        label=capfirst(_("example")), required=False, widget=UnfoldAdminTextareaWidget({"rows": 10})
    )

    class Meta:
        model = CustomBlock
        fields = ("site", "name", "key", "template", "schema", "example")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None and "template" in self.fields:
            for name, value in _beginning(self.begin_as).items():
                self.fields[name].initial = value

    def document(self, cleaned: dict[str, Any]) -> Document:
        return {
            **{name: cleaned[name] for name in ("key", "name", "template", "schema")},
            "example": cleaned.get("example") or {},
        }


class CustomBlockAdmin(DocumentAdmin):
    form = CustomBlockForm
    list_display = ("block", "key", "what_for", "updated_at")
    list_display_links = ("block",)
    list_filter = ("site",)
    search_fields = ("key", "name")
    fieldsets = ((None, {"fields": (("name", "site", "key"),)}),)
    compressed_fields = False
    change_form_template = "studio/content_code.html"
    add_form_template = "studio/content_code.html"

    class Media:
        css: ClassVar = {"all": ("personalization/composer.css", "personalization/code.css")}
        js = ("personalization/code.js",)

    @display(description=_("block"), ordering="key")
    def block(self, row: CustomBlock) -> str:
        return str(row)

    @display(description=_("what for"))
    def what_for(self, row: CustomBlock) -> str:
        return str(row.schema.get("description") or "-")

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:  # a form class of this request's own
        kwargs["fields"] = ("site", "name", "key", "template", "schema", "example")
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.begin_as = request.GET.get("from", "")
        return form

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:  # Django's own types
        obj = kwargs.get("obj")
        site = obj.site if obj else current_site(request)
        context["code"] = {
            "draft": reverse("admin:personalization_customblock_draft"),
            "words": code_words(),
            "offer": completions(site) if site else {},
            "beginnings": [] if obj else list(_beginnings()),
            **({} if obj is None else _as_texts(obj)),
        }
        context["may_write"] = (
            self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        )
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> Any:  # Django's own type
        view = self.admin_site.admin_view(draft_view)
        return [
            path("draft/", view, name="personalization_customblock_draft"),
            *super().get_urls(),
        ]


@require_POST
def draft_view(request: HttpRequest) -> HttpResponse:
    """JSON: what is wrong and where, and the example's picture where the rest is right."""
    site = site_in_form(request)
    texts = [request.POST.get(name, "") for name in ("template", "schema", "example")]
    draft = read_draft(texts[0], texts[1], texts[2], site_catalogue(site))
    return JsonResponse(
        {"flaws": [asdict(flaw) for flaw in draft.flaws], **_drawn(request, site, draft)}
    )


def _drawn(request: HttpRequest, site: Site, draft: Draft) -> dict[str, str]:
    block = draft.block(request.POST.get("key") or "draft")
    if block is None:
        return {}
    try:
        shown = preview(
            block,
            {site.locale: draft.example or {}},
            catalogue=site_catalogue(site),
            now=clock.now(),
            locale=site.locale,
            learned=learned(site.pk, site.live_learned),
            settings=site_settings(site),
        )
    except Malformed as refused:
        return {"refusal": refused.detail}
    return {"page": block_page(request, site, as_html(block, shown.text), site.locale)}


def _beginning(name: str) -> dict[str, Any]:
    """A new block begins as a small one that works, or as a copy of one of ours."""
    shipped = shipped_blocks().get(name)
    if shipped is None:
        return {"template": FIRST_TEMPLATE, "schema": FIRST_SCHEMA, "example": FIRST_EXAMPLE}
    block = shipped.block
    return {"template": block.template, "schema": block.schema, "example": shipped.example}


def _as_texts(row: CustomBlock) -> dict[str, str]:
    """For who may only look, whom the form shows no fields."""
    parts = {"schema": row.schema, "example": row.example}
    return {name: readable(value) for name, value in parts.items()}


def _beginnings() -> Iterator[tuple[str, str]]:
    for name, each in shipped_blocks().items():
        yield name, _t(each.title)
