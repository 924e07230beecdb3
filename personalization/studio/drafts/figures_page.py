"""How good the models are here: what reviewers accepted and changed, cost, what it earned."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from personalization import clock
from personalization.drafts.figures import Figures, Line, figures
from personalization.drafts.lift import Lift
from personalization.drafts.spending import budget_of
from personalization.figures import percent, whole
from personalization.govern.rounding import shown_count
from personalization.publish.generated import live_drafts
from personalization.studio.current import allowed, current_site
from personalization.studio.drafts.money import money

DAYS: Final = (30, 90, 365)
NOTHING: Final = "–"


@dataclass(frozen=True, slots=True)
class Row:
    model: str
    prompt: str
    cells: tuple[tuple[str, str], ...]  # label, value
    lift: str
    is_sure: bool


def figures_page(request: HttpRequest) -> HttpResponse:
    site = current_site(request)
    if site is None:
        raise PermissionDenied
    days = next((each for each in DAYS if str(each) == request.GET.get("days")), DAYS[1])
    since = clock.now() - timedelta(days=days)
    whole, lines = figures(site, live=live_drafts(site), since=since)
    budget = budget_of(site)
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("How good the drafts are"),
        "figures": list(in_words(whole)),
        "n_drafts": whole.drafts,
        "rows": [_row(line) for line in lines],
        "may_report": allowed(request, "report", site),
        "days": days,
        "choices": DAYS,
        "spent": money(budget.spent),
        "limit": money(budget.limit),
        "share": min(100, round(100 * budget.spent / budget.limit)) if budget.limit else 100,
    }
    return TemplateResponse(request, "studio/drafts/figures.html", context)


def in_words(found: Figures) -> Iterator[tuple[str, str]]:
    yield _("drafts"), whole(found.drafts)
    yield _("accepted of those decided"), _share(found.accepted)
    yield _("of an accepted text changed by people"), _share(found.edited)
    yield _("from draft to decision, the middle one"), _time(found.hours)
    yield _("live now"), whole(found.live)
    per_live = found.cost_per_live
    yield _("cost of a live variant"), NOTHING if per_live is None else money(per_live)


def _row(line: Line) -> Row:
    return Row(
        line.model or NOTHING,
        line.prompt or NOTHING,
        tuple(in_words(line.figures)),
        _lift(line.lift),
        line.lift is not None and line.lift.is_sure,
    )


def _share(value: float | None) -> str:
    return NOTHING if value is None else percent(value)


def _time(hours: float | None) -> str:
    if hours is None:
        return NOTHING
    if hours < 1:
        minutes = max(1, round(hours * 60))
        return ngettext("%d minute", "%d minutes", minutes) % minutes
    if hours < 48:
        return ngettext("%d hour", "%d hours", round(hours)) % round(hours)
    return ngettext("%d day", "%d days", round(hours / 24)) % round(hours / 24)


def _lift(lift: Lift | None) -> str:
    """More or fewer visitors who converted than where people wrote, and how sure that is."""
    if lift is None:
        return _("too few visitors in tests")
    said = {
        "change": f"{lift.ratio - 1:+.0%}",
        "low": f"{lift.low - 1:+.0%}",
        "high": f"{lift.high - 1:+.0%}",
        "visitors": shown_count(lift.visitors),
    }
    return _("%(change)s (95 %%: %(low)s to %(high)s), %(visitors)s visitors") % said
