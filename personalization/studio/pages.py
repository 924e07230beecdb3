"""The pages of the studio that are not a list or a form of one table."""

from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path

from personalization.studio import configuration, previewing, publishing, releases, switching
from personalization.studio.calendar import calendar_page
from personalization.studio.connect import connect_page
from personalization.studio.drafts.figures_page import figures_page
from personalization.studio.drafts.prompt_pages import prompts_page
from personalization.studio.drafts.settings_pages import guide_page, policy_page
from personalization.studio.expecting import expected_page
from personalization.studio.found import decide_on_group, found_page
from personalization.studio.missing import bring_back, told_where_missing
from personalization.studio.why import why_page
from personalization.studio.zones import by_the_clock_of_the_site

View = Callable[..., HttpResponse]

PAGES: tuple[tuple[str, View, str], ...] = (
    ("publish/", publishing.publish_page, "publish"),
    ("publish/expected/", expected_page, "expected"),
    ("publish/<int:number>/expected/", expected_page, "expected_of"),
    ("publish/<int:number>/", releases.release_page, "release"),
    ("publish/<int:number>/switch/", releases.switch_to, "switch_to"),
    ("publish/<int:number>/unschedule/", releases.unschedule, "unschedule"),
    ("publish/<int:number>/decide/", releases.decide, "decide"),
    ("calendar/", calendar_page, "calendar"),
    ("configuration/", configuration.configuration_page, "configuration"),
    ("configuration/file/", configuration.download, "configuration_file"),
    ("preview/", previewing.preview_page, "preview"),
    ("preview/<int:pk>/take-back/", previewing.take_back, "take_back_preview"),
    ("found/", found_page, "found"),
    ("found/<int:pk>/<slug:deed>/", decide_on_group, "decide_on_group"),
    ("deleted/<int:entry>/bring-back/", bring_back, "bring_back"),
    ("connect/", connect_page, "connect"),
    ("why/", why_page, "why"),
    ("drafts/", figures_page, "copy_figures"),
    ("guide/", guide_page, "guide"),
    ("policy/", policy_page, "policy"),
    ("prompts/", prompts_page, "prompts"),
    ("prompts/<str:name>/", prompts_page, "prompt"),
    ("<int:pk>/switch/", switching.switch_site_view, "switch_site"),
    ("slot/<int:pk>/switch/", switching.switch_slot_view, "switch_slot"),
)


def addresses(wrap: Callable[[Any], Any]) -> Iterator[URLPattern]:
    """`wrap` lets in whoever may see the studio; each page asks for what more it needs."""
    for address, view, name in PAGES:
        page = told_where_missing(by_the_clock_of_the_site(view))
        yield path(address, wrap(page), name=f"personalization_{name}")
