"""What the builder shows while a condition is edited: its reading, its size, what is wrong with it.

Out: JSON, `Answer` in front/src/reading/answer.ts; only `reading` and `refusal` are always there.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.utils.translation import gettext as _

from personalization import clock
from personalization.exceptions import Malformed
from personalization.figures import whole
from personalization.govern.models import Site
from personalization.govern.rounding import FLOOR, UNTOLD, shown_share
from personalization.studio.condition_blanks import odd_blanks
from personalization.studio.condition_form import labels_of
from personalization.studio.json_text import read_typed
from personalization.targeting.audience import Audience, count, fields_of_the_page
from personalization.targeting.audience_sample import MOST, Sample, sample
from personalization.targeting.audience_warnings import warnings
from personalization.targeting.catalogue import site_catalogue
from personalization.targeting.conditions import checked_condition
from personalization.targeting.models import Segment
from personalization.targeting.reading import Document
from personalization.targeting.segments import site_segments
from rules import describe, parse, segments_read

Json = dict[str, Any]  # JSON
OVERLAPS: Final = 5


def answer(site: Site, text: str, *, segment: str = "", exact: bool = True) -> Json:
    """What to say of a condition; a refusal names its place, as `rules[1].value`.

    `segment`: the key of the one that is edited. `exact`: count everybody; else a sample will do.
    """
    try:
        tree = read_typed(text)
    except ValueError:
        return _refused("", _("This is not JSON."))
    try:
        _check(site, tree, segment)
    except Malformed as refusal:
        first = refusal.errors[0]
        return _refused(first.path.removeprefix("condition").lstrip("."), first.detail)
    condition = parse(tree, site_catalogue(site))
    others = {key: each for key, each in site_segments(site).items() if key != segment}
    labels = labels_of(site, segments_read(condition))
    tried = sample(site, condition, others, now=clock.now(), labels=labels)
    of_page = fields_of_the_page(site, condition, others)
    is_counted = not of_page and (exact or tried.tried < MOST)
    audience = count(site, condition) if is_counted else None
    return {
        "reading": describe(condition, labels, _),
        "refusal": None,
        "audience": None if of_page else _shown(audience) if audience else _sampled(tried),
        "overlaps": [] if of_page else list(_overlaps(tried, site)),
        "warnings": [
            *odd_blanks(tree),
            *warnings(site, condition, others, audience),
            *_uncounted(site, of_page),
        ],
        "examples": [{"visitor": each.visitor, "why": each.why} for each in tried.examples],
    }


def _uncounted(site: Site, of_page: Iterable[str]) -> Iterator[Json]:
    """Why there is no number."""
    fields = site_catalogue(site).fields
    named = ", ".join(_(fields[name].title) for name in of_page)
    if named:
        said = _("Cannot be counted ahead: it depends on the page view (%s).")
        yield {"path": None, "text": said % named}


def _check(site: Site, tree: object, segment: str) -> None:
    """Refuse what saving would refuse."""
    document = Document({"condition": tree})
    if checked_condition(site, document, of_segment=segment) is None:
        document.refuse("condition", "required", _("Write a condition."))
    document.finish()


def _shown(audience: Audience) -> Json:
    said = _("%(shown)s visitors (%(share)s of those who allow personalization).")
    if audience.share == UNTOLD:
        said = _("%(shown)s visitors. Shares are told once 50 visitors allow personalization.")
    return {
        "text": said % {"shown": audience.shown, "share": audience.share},
        "count": audience.count,
        "share": audience.share,
        "is_sample": False,
    }


def _sampled(tried: Sample) -> Json:
    """In words that it is a sample; the exact number comes when it is saved."""
    share = shown_share(tried.matching, tried.tried)
    said = _("About %(share)s, of %(tried)s visitors drawn at random.")
    if share.startswith("<"):
        said = _("%(share)s, of %(tried)s visitors drawn at random.")
    return {
        "text": said % {"share": share, "tried": whole(tried.tried)},
        "count": None,
        "share": share,
        "is_sample": True,
    }


def _overlaps(tried: Sample, site: Site) -> Iterator[Json]:
    """The segments that most of those who match are in too."""
    if tried.matching < FLOOR:
        return
    most = sorted(tried.overlaps.items(), key=lambda pair: (-pair[1], pair[0]))[:OVERLAPS]
    names = dict(
        Segment.objects.filter(site=site, key__in=[key for key, _n in most]).values_list(
            "key", "name"
        )
    )
    for key, both in most:
        share = shown_share(both, tried.matching)
        yield {"segment": key, "name": names.get(key) or key, "share": share}


def _refused(path: str, detail: str) -> Json:
    return {"reading": "", "refusal": {"path": path, "detail": detail}}
