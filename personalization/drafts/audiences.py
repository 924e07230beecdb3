"""For whom a brief is: a segment in plain words, which is all that a model learns of anybody."""

from django.utils.translation import gettext as _

from personalization.exceptions import Malformed
from personalization.govern.models import Site
from personalization.targeting.catalogue import site_catalogue
from personalization.targeting.models import Segment
from personalization.targeting.reading import malformed
from rules import Invalid, describe, parse


def audience_in_words(site: Site, segment: Segment | None) -> str:
    """ "" is everyone."""
    if segment is None:
        return ""
    names = dict(Segment.objects.filter(site=site).exclude(name="").values_list("key", "name"))
    try:
        return describe(parse(segment.condition, site_catalogue(site)), names, _)
    except Invalid as invalid:
        raise _unreadable(segment, invalid) from invalid


def _unreadable(segment: Segment, invalid: Invalid) -> Malformed:
    detail = _("The segment “%(key)s” cannot be read: %(detail)s")
    return malformed(
        "segment", "condition", detail % {"key": segment.key, "detail": invalid.said(_)}
    )
