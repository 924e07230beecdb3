"""Contents: pick a block from pictures, fill its form in each language, see it as you type."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from unfold.decorators import display

from personalization import clock
from personalization.blocks.files import shipped_blocks
from personalization.catalog.models import Media
from personalization.exceptions import Refusal
from personalization.govern.models import Site
from personalization.learn.live import learned
from personalization.publish.freeze import site_settings
from personalization.render.preview import preview_block
from personalization.studio.current import current_site
from personalization.studio.documents import Document, DocumentAdmin, DocumentForm
from personalization.studio.schema_fields import MARK, field_name, form_fields, typed_values
from personalization.studio.segments import edited_site
from personalization.targeting import documents
from personalization.targeting.blocks import find_block
from personalization.targeting.catalogue import site_catalogue
from personalization.targeting.models import Content, CustomBlock
from rules.types import Block

MOST_PICTURES = 200


class ContentForm(DocumentForm):
    """A block's fields, once for each language. `block` comes with the address when it is new."""

    verb = documents.save_content
    names: ClassVar[Mapping[str, str]] = {"fields": "name"}
    block_now: ClassVar[str] = ""

    block = forms.CharField(widget=forms.HiddenInput())

    class Meta:
        model = Content
        fields = ("site", "name", "key", "block")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["block"].initial = self.block_now
        shape = self.shape()
        if shape is None:
            return
        stored = (
            self.instance.fields if self.instance.pk else {self.locales_now[0]: _example(shape)}
        )
        for locale in self.locales_now:
            typed = stored.get(locale, {})
            further = locale != self.locales_now[0]
            for name, field in form_fields(shape.schema, locale, typed, is_optional=further):
                self.fields[name] = field

    def shape(self) -> Block | None:
        if self.site_now is None:
            return None
        return find_block(self.site_now, self.block_now)

    def document(self, cleaned: dict[str, Any]) -> Document:
        shape = self.shape()
        filled = (
            {locale: typed_values(shape.schema, locale, cleaned) for locale in self.locales_now}
            if shape
            else {}
        )
        first = self.locales_now[0] if self.locales_now else ""
        return {
            "key": cleaned["key"],
            "name": cleaned["name"],
            "block": self.block_now,
            "fields": {each: values for each, values in filled.items() if values or each == first},
        }

    def place_of(self, path: str) -> str:
        """`fields.en.headline` is the form field of that language and name."""
        parts = path.replace("[", ".").split(".")
        if len(parts) >= 3 and parts[0] == "fields":
            return field_name(parts[1], parts[2])
        return super().place_of(path)


class ContentAdmin(DocumentAdmin):
    form = ContentForm
    compressed_fields = False
    list_display = ("content", "key", "block_title", "languages", "updated_at")
    list_display_links = ("content",)
    list_filter = ("site", "block")
    search_fields = ("key", "name", "fields")
    change_form_template = "studio/content_form.html"
    add_form_template = "studio/content_form.html"

    @display(description=_("content"), ordering="key")
    def content(self, row: Content) -> str:
        return str(row)

    @display(description=_("block"), ordering="block")
    def block_title(self, row: Content) -> str:
        shipped = shipped_blocks().get(row.block)
        return _t(shipped.title) if shipped else row.block

    @display(description=_("languages"))
    def languages(self, row: Content) -> str:
        return ", ".join(sorted(row.fields))

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:  # a form class of this request's own
        kwargs["fields"] = ("site", "name", "key")
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.block_now = obj.block if obj else _chosen_block(request)
        return form

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:  # Django's own type
        form = self.get_form(request, obj)
        shape = find_block(form.site_now, form.block_now) if form.site_now else None
        sets: list[Any] = [(None, {"fields": ["site", "name", "key"]})]
        if shape is None:
            return sets
        for locale in form.locales_now:
            names = [field_name(locale, name) for name in shape.schema.get("properties", {})]
            closed = locale != form.locales_now[0] and not (obj and obj.fields.get(locale))
            options = {"fields": names, "classes": ["collapse"] if closed else []}
            sets.append((language_name(locale), options))
        return sets

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if request.method == "GET" and "block" not in request.GET:
            return self.choose_block(request)
        return super().add_view(request, form_url, extra_context)

    def choose_block(self, request: HttpRequest) -> HttpResponse:
        """The blocks as pictures: each one's example, drawn small."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        site = current_site(request, "edit")
        context = {
            **self.admin_site.each_context(request),
            "title": _t("What shall it be?"),
            "opts": self.opts,
            "blocks": [*_shipped_choices(), *_own_choices(site)],
        }
        return TemplateResponse(request, "studio/choose_block.html", context)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:  # Django's own types
        obj = kwargs.get("obj")
        block = obj.block if obj else _chosen_block(request)
        context["preview_address"] = reverse("admin:personalization_content_preview", args=(block,))
        site = obj.site if obj else current_site(request)
        context["pictures"] = Media.objects.filter(site=site)[:MOST_PICTURES]
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> Any:  # Django's own type
        preview = self.admin_site.admin_view(self.preview_view)
        picture = xframe_options_sameorigin(self.admin_site.admin_view(self.picture_view))
        return [
            path("preview/<str:name>/", preview, name="personalization_content_preview"),
            path("picture/<str:name>/", picture, name="personalization_content_picture"),
            *super().get_urls(),
        ]

    def preview_view(self, request: HttpRequest, name: str) -> HttpResponse:
        """The page of a preview frame, from the form as it is being typed."""
        site = edited_site(request, Content)
        block = find_block(site, name)
        locale = request.POST.get("preview_locale") or site.locale
        context: dict[str, Any] = {
            "locale": locale,
            "is_json": bool(block and block.kind == "json"),
        }
        try:
            values = _typed(block, locale, request.POST) if block else {}
            context["html"] = _drawn(site, block, values, locale)
        except Refusal as refusal:
            context["refusal"] = refusal
        return HttpResponse(render_to_string("studio/preview.html", context, request=request))

    def picture_view(self, request: HttpRequest, name: str) -> HttpResponse:
        """A block's own example, for its picture."""
        site = edited_site(request, Content)
        block = find_block(site, name)
        context: dict[str, Any] = {"locale": site.locale}
        shipped = shipped_blocks().get(name)
        own = CustomBlock.objects.filter(site=site, key=name).first()
        example = shipped.example if shipped else own.example if own else {}
        try:
            context["html"] = _drawn(site, block, dict(example), site.locale)
        except Refusal as refusal:
            context["refusal"] = refusal
        return HttpResponse(render_to_string("studio/preview.html", context, request=request))


def _drawn(site: Site, block: Block | None, values: dict[str, Any], locale: str) -> SafeString:
    if block is None:
        return format_html("<p>{}</p>", _t("There is no such block on this site."))
    html = preview_block(
        block,
        values,
        catalogue=site_catalogue(site),
        now=clock.now(),
        locale=locale,
        learned=learned(site.pk, site.live_learned),
        settings=site_settings(site),
    )
    if block.kind == "json":
        return format_html("<pre>{}</pre>", html)
    return SafeString(html)  # made by the sandbox, which escapes what people wrote


def _typed(block: Block, locale: str, sent: Any) -> dict[str, Any]:  # JSON
    """What is typed so far, read by the same form fields that will save it."""
    form = forms.Form({key: sent[key] for key in sent if key.startswith(f"field{MARK}")})
    for name, field in form_fields(block.schema, locale, {}):
        field.required = False
        form.fields[name] = field
    form.is_valid()
    return typed_values(block.schema, locale, form.cleaned_data)


def _chosen_block(request: HttpRequest) -> str:
    return request.GET.get("block") or request.POST.get("block") or "-"


def _shipped_choices() -> Iterator[dict[str, str]]:
    for name, each in shipped_blocks().items():
        yield {"name": name, "title": _t(each.title), "text": _t(each.description)}


def _own_choices(site: Site | None) -> Iterator[dict[str, str]]:
    for row in CustomBlock.objects.filter(site=site):
        yield {"name": row.key, "title": str(row), "text": _t("Written on this site.")}


def _example(block: Block) -> dict[str, Any]:  # JSON
    shipped = shipped_blocks().get(block.name)
    return dict(shipped.example) if shipped else {}


def language_name(locale: str) -> str:
    try:
        return str(get_language_info(locale.split("-", maxsplit=1)[0])["name_local"]).capitalize()
    except KeyError:
        return locale


class CustomBlockForm(DocumentForm):
    verb = documents.save_block

    class Meta:
        model = CustomBlock
        fields = ("site", "name", "key", "template", "schema", "example")

    def document(self, cleaned: dict[str, Any]) -> Document:
        return {
            **{name: cleaned[name] for name in ("key", "name", "template", "schema")},
            "example": cleaned.get("example") or {},
        }


class CustomBlockAdmin(DocumentAdmin):
    form = CustomBlockForm
    list_display = ("block", "key", "updated_at")
    list_display_links = ("block",)
    list_filter = ("site",)
    search_fields = ("key", "name")
    fields = ("site", "name", "key", "template", "schema", "example")

    @display(description=_("block"), ordering="key")
    def block(self, row: CustomBlock) -> str:
        return str(row)
