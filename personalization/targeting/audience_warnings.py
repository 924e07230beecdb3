"""What an editor should know of an audience before it is used."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from personalization.govern.models import Site
from personalization.govern.purposes import to_bits
from personalization.govern.rounding import FLOOR, shown_share
from personalization.profiles.allowing import allowing, drawn_by_purposes
from personalization.targeting.audience import Audience
from personalization.targeting.catalogue import site_catalogue
from personalization.targeting.models import Segment
from rules import Condition, analyse, fields_read, same_as

MOST: Final = 1000  # visitors whose consents are looked at
Warning_ = dict[str, Any]  # JSON: the path of a node (None: the whole), and a sentence


def warnings(
    site: Site,
    condition: Condition,
    segments: Mapping[str, Condition],
    audience: Audience | None,
) -> Iterator[Warning_]:
    """`segments`: the site's others. `audience`: where it was counted."""
    analysis = analyse(condition, segments, say=_)
    if analysis.always and condition.rules:
        yield _of_all(_("Everybody matches this, whatever is known of them."))
    for reason in analysis.reasons:
        yield {"path": reason.path or None, "text": reason.detail}
    for key, other in segments.items():
        if condition.rules and same_as(condition, other):
            named = Segment.objects.filter(site=site, key=key).first() or key
            yield _of_all(_("The segment “%s” says the same.") % named)
    yield from _seldom_allowed(site, condition, segments)
    if audience is not None and audience.warning:
        yield _of_all(audience.warning)


def _seldom_allowed(
    site: Site, condition: Condition, segments: Mapping[str, Condition]
) -> Iterator[Warning_]:
    """Fields that need a consent which most visitors did not give."""
    fields = site_catalogue(site).fields
    read = [fields[name] for name in fields_read(condition, segments) if name in fields]
    needed = {to_bits(each.purposes): each for each in read if each.purposes}
    if not needed:
        return
    counts = drawn_by_purposes(site, MOST)
    everyone = sum(counts.values())
    for bits, field in sorted(needed.items()):
        allow = allowing(counts, bits)
        if everyone >= FLOOR and allow * 2 < everyone:
            said = {"field": field.title, "share": shown_share(allow, everyone)}
            yield _of_all(_("Only %(share)s of the visitors allow what “%(field)s” needs.") % said)


def _of_all(text: str) -> Warning_:
    return {"path": None, "text": text}
