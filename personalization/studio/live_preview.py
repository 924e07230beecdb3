"""The picture beside the form: what is typed so far, drawn as somebody would see it.

In:  the form as it is being typed, the languages that are shown, as whom one looks.
Out: JSON: the frames' pages by language, what saving would refuse, advice, what is asked of whom.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from personalization import clock
from personalization.blocks.advice import advise
from personalization.exceptions import Refusal
from personalization.govern.models import Site
from personalization.learn.live import learned
from personalization.publish.site_settings import site_settings
from personalization.render.personas import Persona
from personalization.render.preview import Preview, preview
from personalization.render.samples import with_samples
from personalization.studio.block_pages import as_html, block_page
from personalization.studio.current import site_in_form
from personalization.studio.item_reasons import Telling, asks_for_page_item
from personalization.studio.languages import is_locale, language_name
from personalization.studio.onlookers import named, onlooker
from personalization.studio.schema_form import field_name, form_fields, typed_values
from personalization.studio.shelf_form import has_shelf, shelf_document, shelf_fields
from personalization.targeting.blocks import find_block
from personalization.targeting.catalogue import site_catalogue
from rules.types import Block, Learned

Typed = dict[str, dict[str, Any]]  # JSON by language


@require_POST
def preview_view(request: HttpRequest, name: str) -> HttpResponse:
    site = site_in_form(request)
    block = find_block(site, name)
    if block is None:
        return JsonResponse({"refusal": _("There is no such block on this site.")}, status=404)
    known = with_samples(learned(site.pk, site.live_learned))
    typed = _typed(block, _locales(request, "locale"), request)
    shelf = _shelf(site, block, request)
    try:
        seen_by = onlooker(site, _asked(site, request), known, clock.now(), request.user)
        drawn = {
            locale: _drawn(site, block, typed, locale, seen_by, known, shelf)
            for locale in _locales(request, "shown")
        }
    except Refusal as refusal:
        return JsonResponse({"refusal": refusal.detail, "errors": _errors(refusal.errors)})
    first = next(iter(drawn.values()), None)
    return JsonResponse(
        {
            "frames": {
                locale: _frame(request, site, block, each, locale) for locale, each in drawn.items()
            },
            "errors": _errors(first.errors) if first else [],
            "advice": list(_advice(block, typed, first)),
            "known": _known(site, first, seen_by) if first else [],
            "items": _items(first, known, seen_by) if first else None,
        }
    )


def _asked(site: Site, request: HttpRequest) -> str:
    """As whom one looks: a visitor who is named beats the one that is chosen."""
    visitor = request.POST.get("_visitor", "").strip()
    return named(site, visitor) if visitor else request.POST.get("as", "")


def _locales(request: HttpRequest, name: str) -> list[str]:
    return [each for each in request.POST.getlist(name) if is_locale(each)]


def _typed(block: Block, locales: list[str], request: HttpRequest) -> Typed:
    """What is typed so far, read by the same form fields that will save it."""
    form = forms.Form(request.POST)
    for locale in locales:
        for name, field in form_fields(block.schema, {}, further={}):
            form.fields[field_name(locale, name)] = field
    form.is_valid()
    filled = {
        locale: typed_values(
            block.schema,
            {
                name: form.cleaned_data.get(field_name(locale, name), _raw(form, locale, name))
                for name in block.schema.get("properties", {})
            },
        )
        for locale in locales
    }
    return {locale: values for locale, values in filled.items() if values} or {
        locale: {} for locale in locales[:1]
    }


def _raw(form: forms.Form, locale: str, name: str) -> Any:  # JSON
    """A text that is too long is drawn all the same."""
    value = form[field_name(locale, name)].value()
    return value if isinstance(value, str) else None


def _shelf(site: Site, block: Block, request: HttpRequest) -> Mapping[str, Any]:  # JSON
    """Which items are asked for so far, read by the form fields that will save it."""
    if not has_shelf(block):
        return {}
    form = forms.Form(request.POST)
    form.fields.update(shelf_fields(site, {}))
    form.is_valid()
    return shelf_document(site, form.cleaned_data, {})


def _items(drawn: Preview, known: Learned, seen_by: Persona) -> Any:  # JSON
    """The list that this visitor would get, and why each item stands in it."""
    if not drawn.items:
        return None
    page = _page_item(known, seen_by)
    told = Telling(known, seen_by.visitor, known.items.get(page or ""), clock.now())
    rows = [
        {"title": each.item.title, "image": each.item.image, "why": told.why(each)}
        for each in drawn.items
    ]
    return {"rows": rows, "page": told.page_in_words(drawn.items)}


def _page_item(known: Learned, seen_by: Persona) -> str | None:
    """What the page is about, for what is like it: what they saw last, else what most like."""
    signals = seen_by.visitor.signals
    if signals:
        return signals[0].item
    return known.popular[0].item if known.popular else None


def _drawn(
    site: Site,
    block: Block,
    typed: Typed,
    locale: str,
    seen_by: Persona,
    known: Learned,
    shelf: Mapping[str, Any],
) -> Preview:
    return preview(
        block,
        typed,
        catalogue=site_catalogue(site),
        now=clock.now(),
        locale=locale,
        learned=known,
        settings=site_settings(site),
        visitor=seen_by.visitor,
        context=seen_by.context,
        shelf=shelf,
        item=_page_item(known, seen_by) if asks_for_page_item(typed) else None,
    )


def _frame(
    request: HttpRequest, site: Site, block: Block, drawn: Preview, locale: str
) -> dict[str, str]:
    """`fallback` names the language that stands in where this one says nothing yet."""
    page = block_page(request, site, as_html(block, drawn.text), locale)
    stands_in = "" if drawn.locale in (None, locale) else language_name(str(drawn.locale))
    return {"page": page, "fallback": stands_in}


def _errors(errors: Any) -> list[dict[str, str]]:
    """`fields.en.steps[0].title` as its language and path."""
    found = []
    for error in errors:
        top, _dot, rest = error.path.partition(".")
        locale, _dot, path = rest.partition(".") if top == "fields" else ("", "", "")
        found.append({"locale": locale, "path": path, "code": error.code, "text": error.detail})
    return found


def _advice(block: Block, typed: Typed, drawn: Preview | None) -> Iterator[dict[str, str]]:
    """Of a field that cannot be saved as it is, the refusal is enough."""
    refused = {error.path for error in drawn.errors} if drawn else set()
    for locale, fields in typed.items():
        for each in advise(block, fields):
            if f"fields.{locale}.{each.path}" not in refused:
                yield {
                    "locale": locale,
                    "path": each.path,
                    "code": each.code,
                    "text": each.sentence,
                }


def _known(site: Site, drawn: Preview, seen_by: Persona) -> list[tuple[str, str]]:
    """What this content asks of the visitor, and what this one answers."""
    catalogue = site_catalogue(site)
    facts: Mapping[str, Any] = {
        **seen_by.visitor.facts,
        **seen_by.visitor.personal,
        **seen_by.context,
    }
    named = [catalogue.fields[name] for name in sorted(drawn.reads) if name in catalogue.fields]
    return [
        (_(field.title), _in_words(facts.get(field.name)))
        for field in named
        if field.type != "list" and (field.purposes or field.personal)
    ]


def _in_words(value: object) -> str:
    if value is None:
        return _("unknown")
    if isinstance(value, datetime):
        return date_format(localtime(value), "SHORT_DATETIME_FORMAT")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return f"{value:.4g}" if isinstance(value, float) else str(value)
