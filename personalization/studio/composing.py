"""What the composer asks while somebody writes: what may be inserted, block pictures, languages."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from personalization import clock
from personalization.exceptions import NotFound, Refusal
from personalization.govern.models import Site
from personalization.learn.live import learned
from personalization.publish.site_settings import site_settings
from personalization.render.offered import Offered, offered
from personalization.render.preview import preview
from personalization.render.samples import with_samples
from personalization.studio.block_pages import as_html, block_page
from personalization.studio.composer_words import composer_words
from personalization.studio.current import site_in_form
from personalization.studio.field_views import field_view
from personalization.studio.languages import is_locale, language_name, languages_beside
from personalization.studio.live_preview import preview_view
from personalization.studio.onlookers import choices, may_name
from personalization.studio.schema_form import field_name, form_fields
from personalization.targeting.blocks import example_of, find_block
from personalization.targeting.catalogue import site_catalogue


def composer(request: HttpRequest, site: Site, block: str) -> dict[str, Any]:
    """What the page of a content hands to its script."""
    return {
        "site": site,
        "preview": reverse("admin:personalization_content_preview", args=(block,)),
        "fields": reverse("admin:personalization_content_fields", args=(block,)),
        "pictures": reverse("admin:personalization_content_pictures"),
        "onlookers": list(choices(site, request.user)),
        "may_name": may_name(site, request.user),
        "languages": languages_beside([site.locale]),
        "offer": [_as_json(each) for each in offered_on(site)],
        "own_pages": site.origins,
        "words": composer_words(),
    }


def offered_on(site: Site) -> Iterator[Offered]:
    known = with_samples(learned(site.pk, site.live_learned))
    return offered(site_catalogue(site), site_settings(site), known, site.locale, clock.now())


@xframe_options_sameorigin
def picture_view(request: HttpRequest, name: str) -> HttpResponse:
    """A block's own example, for its picture."""
    site = site_in_form(request)
    block = find_block(site, name)
    try:
        if block is None:
            raise NotFound(_("There is no such block on this site."))
        drawn = preview(
            block,
            {site.locale: example_of(site, name)},
            catalogue=site_catalogue(site),
            now=clock.now(),
            locale=site.locale,
            learned=learned(site.pk, site.live_learned),
            settings=site_settings(site),
        )
        shown = as_html(block, drawn.text)
    except Refusal as refusal:
        shown = format_html('<p class="refusal">{}</p>', refusal.detail)
    return HttpResponse(block_page(request, site, shown, site.locale))


def fields_view(request: HttpRequest, name: str) -> HttpResponse:
    """The fields of one more language, empty, each in a cell of its own."""
    site = site_in_form(request)
    block, locale = find_block(site, name), request.GET.get("locale", "")
    if block is None or not is_locale(locale):
        return HttpResponse(_("There is no such language."), status=404)
    made = dict(form_fields(block.schema, {}, further={}))
    cells = [
        (
            name,
            field_view(
                field_name(locale, name),
                name,
                rules,
                made[name],
                made[name].initial,
                schema=block.schema,
            ),
        )
        for name, rules in block.schema.get("properties", {}).items()
    ]
    context = {"cells": cells, "locale": locale, "language": language_name(locale)}
    return HttpResponse(render_to_string("studio/content_language.html", context, request=request))


PAGES = (
    ("preview", "preview/<str:name>/", preview_view),
    ("picture", "picture/<str:name>/", picture_view),
    ("fields", "fields/<str:name>/", fields_view),
)


def _as_json(each: Offered) -> dict[str, Any]:
    placeholder = each.placeholder
    return {
        "name": placeholder.name,
        "label": placeholder.label,
        "group": placeholder.group,
        "filter": placeholder.filter,
        "example": each.example,
        "uncertain": placeholder.is_uncertain,
        "item": each.for_items,
    }
