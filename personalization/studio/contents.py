"""Contents: pick a block from pictures, fill its form in each language, see it as you type."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from personalization.blocks.files import shipped_blocks
from personalization.exceptions import FieldError
from personalization.govern.models import Site
from personalization.studio import composing, item_conditions, picture_picker
from personalization.studio.current import current_site
from personalization.studio.documents import Document, DocumentAdmin, DocumentForm
from personalization.studio.drafts.provenance import drawn_of, written_of
from personalization.studio.field_views import FieldView, field_view
from personalization.studio.languages import Language, is_locale, language_name, languages
from personalization.studio.schema_form import ListField, field_name, form_fields, typed_values
from personalization.studio.shelf_form import PREFIX, has_shelf, shelf_document, shelf_fields
from personalization.targeting import documents
from personalization.targeting.blocks import example_of, find_block
from personalization.targeting.models import Content, CustomBlock
from rules.types import Block

INSIDE = re.compile(r"fields\.[^.]+\.[^.\[]+([.\[].+)")  # what stands behind the property


class ContentForm(DocumentForm):
    """A block's fields, once for each language. `block` comes with the address when it is new."""

    verb = documents.save_content
    names: ClassVar[Mapping[str, str]] = {"fields": "name"}
    block_now: ClassVar[str] = ""

    block = forms.CharField(widget=forms.HiddenInput())

    class Meta:
        model = Content
        fields = ("site", "name", "key", "campaign", "block")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["block"].initial = self.block_now
        self.shape = find_block(self.site_now, self.block_now) if self.site_now else None
        if self.shape is None:
            return
        stored = self._stored()
        for locale in self.locales_now:
            for name, field in language_fields(self.shape, locale, self.locales_now[0], stored):
                self.fields[name] = field
        if self.site_now is not None and has_shelf(self.shape):
            self.fields.update(shelf_fields(self.site_now, self.instance.shelf))

    def _stored(self) -> Mapping[str, Any]:  # JSON by language
        if self.instance.pk:
            return dict(self.instance.fields)
        if self.site_now is None:
            return {}
        return {self.locales_now[0]: example_of(self.site_now, self.block_now)}

    def rows(self) -> Iterator[dict[str, Any]]:
        """For each property of the block its field in every language, for the template."""
        if self.shape is None:
            return
        for name, rules in self.shape.schema.get("properties", {}).items():
            cells = [(locale, self._view(locale, name, rules)) for locale in self.locales_now]
            yield {"name": name, "cells": cells}

    def shelf(self) -> list[Any]:  # bound fields
        """Which items are shown, for the template; empty for a block that suggests none."""
        return [self[name] for name in self.fields if name.startswith(PREFIX)]

    @property
    def opens_shelf(self) -> bool:
        """Whether there is something to see in it."""
        return bool(self.instance.shelf or any(field.errors for field in self.shelf()))

    def _view(self, locale: str, name: str, rules: Mapping[str, Any]) -> FieldView:
        bound = self[field_name(locale, name)]
        schema = self.shape.schema if self.shape else {}
        errors = map(str, bound.errors)
        return field_view(
            bound.name, name, rules, bound.field, bound.value(), schema=schema, errors=errors
        )

    def languages(self) -> list[Language]:
        return languages(self.locales_now)

    def document(self, cleaned: dict[str, Any]) -> Document:
        filled = {
            locale: typed_language(self.shape, locale, cleaned) for locale in self.locales_now
        }
        first = self.locales_now[0] if self.locales_now else ""
        return {
            "key": cleaned["key"],
            "name": cleaned["name"],
            "block": self.block_now,
            "fields": {each: values for each, values in filled.items() if values or each == first},
            "shelf": self._shelf(cleaned),
            "campaign": cleaned["campaign"].key if cleaned.get("campaign") else None,
            **({"generated": self.instance.generated} if self.instance.generated else {}),
        }

    def _shelf(self, cleaned: dict[str, Any]) -> Document | None:
        if not has_shelf(self.shape):
            return None
        return shelf_document(self.site(cleaned), cleaned, self.instance.shelf)

    def place_of(self, path: str) -> str:
        """`fields.en.steps[0].title` is the form field of that language and property."""
        parts = path.replace("[", ".").split(".")
        if len(parts) >= 3 and parts[0] == "fields":
            return field_name(parts[1], parts[2])
        if len(parts) >= 2 and parts[0] == "shelf":
            return f"{PREFIX}{parts[1]}"
        return super().place_of(path)

    def label_of(self, path: str) -> str:
        parts = path.split(".")
        label = super().label_of(path)
        return f"{label} ({language_name(parts[1])})" if len(parts) >= 3 else label

    def say(self, field: str | None, error: FieldError) -> None:
        """Inside a list or a group, at the very part."""
        of = self.fields.get(field or "")
        inside = INSIDE.match(error.path)
        if field and isinstance(of, ListField) and inside:
            of.say(inside[1], self[field].value(), error.detail)
            self.add_error(field, _t("Something is missing or wrong in the parts below."))
        else:
            super().say(field, error)


def language_fields(
    shape: Block, locale: str, first: str, stored: Mapping[str, Any]
) -> Iterator[tuple[str, forms.Field]]:
    """The fields of one language; `first` is the site's own, which is the one to be complete."""
    further = None if locale == first else stored.get(first, {})
    for name, field in form_fields(shape.schema, stored.get(locale, {}), further=further):
        yield field_name(locale, name), field


def typed_language(shape: Block | None, locale: str, cleaned: Mapping[str, Any]) -> Document:
    if shape is None:
        return {}
    names = shape.schema.get("properties", {})
    return typed_values(shape.schema, {n: cleaned.get(field_name(locale, n)) for n in names})


class ContentAdmin(DocumentAdmin):
    form = ContentForm
    compressed_fields = False
    list_display = ("content", "key", "block_title", "written_in", "updated_at")
    list_display_links = ("content",)
    list_filter = ("site", "block")
    search_fields = ("key", "name", "fields")
    change_form_template = "studio/content_form.html"
    add_form_template = "studio/content_form.html"

    class Media:
        css: ClassVar = {"all": ("personalization/composer.css",)}
        js: ClassVar = ["personalization/composer.js"]

    @display(description=_("content"), ordering="key")
    def content(self, row: Content) -> str:
        return str(row)

    @display(description=_("block"), ordering="block")
    def block_title(self, row: Content) -> str:
        return title_of_block(row.block)

    @display(description=_("languages"))
    def written_in(self, row: Content) -> str:
        return ", ".join(language_name(each) for each in sorted(row.fields))

    def what_now(self, row: Any) -> str:  # a content
        if row.is_shown_somewhere():
            return super().what_now(row)
        return _t(
            "Saved as a draft. No slot shows it yet: give it to one, by a rule or as default."
        )

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:  # a form class of this request's own
        kwargs["fields"] = ("site", "name", "key", "campaign")
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.block_now = obj.block if obj else _chosen_block(request)
        added = [each for each in request.POST.getlist("locale") if is_locale(each)]
        form.locales_now = tuple(dict.fromkeys([*form.locales_now, *added]))
        return form

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:  # Django's own type
        return [(None, {"fields": [("name", "site", "key", "campaign")]})]

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
            "media": self.media,
            "blocks": [*_shipped_choices(), *_own_choices(site)],
        }
        return TemplateResponse(request, "studio/choose_block.html", context)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:  # Django's own types
        obj = kwargs.get("obj")
        site = obj.site if obj else current_site(request)
        block = obj.block if obj else _chosen_block(request)
        context["composer"] = composing.composer(request, site, block) if site else None
        context["may_write"] = (
            self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        )
        context["block_title"] = title_of_block(block)
        context["written"] = [*written_of(obj), *drawn_of(obj)] if obj else []
        context["choose_address"] = reverse("admin:personalization_content_add")
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> Any:  # Django's own type
        guarded = self.admin_site.admin_view
        return [
            *(
                path(route, guarded(view), name=f"personalization_content_{name}")
                for name, route, view in (
                    *composing.PAGES,
                    *item_conditions.PAGES,
                    *picture_picker.PAGES,
                )
            ),
            *super().get_urls(),
        ]


def title_of_block(name: str) -> str:
    shipped = shipped_blocks().get(name)
    return _t(shipped.title) if shipped else name


def _chosen_block(request: HttpRequest) -> str:
    return request.GET.get("block") or request.POST.get("block") or "-"


def _shipped_choices() -> Iterator[dict[str, str]]:
    for name, each in shipped_blocks().items():
        yield {"name": name, "title": _t(each.title), "text": _t(each.description)}


def _own_choices(site: Site | None) -> Iterator[dict[str, str]]:
    for row in CustomBlock.objects.filter(site=site):
        text = row.schema.get("description") or _t("Written on this site.")
        yield {"name": row.key, "title": str(row), "text": str(text), "is_own": "1"}
