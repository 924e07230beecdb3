"""A site may set how small an audience may be: below that, nothing is published for it."""

from django.utils.translation import gettext as _

from personalization.exceptions import FieldError, Malformed
from personalization.govern.models import Site
from personalization.targeting.audience import exact_count, fields_of_the_page, named_segments
from rules.types import Release


def refuse_small_audiences(site: Site, release: Release) -> None:
    """Refuse audiences below `site.min_audience`; those of a page view cannot be counted ahead."""
    if not site.min_audience:
        return
    errors = tuple(_too_small(name) for name in _used(release) if _is_small(site, release, name))
    if errors:
        raise Malformed(errors[0].detail, errors=errors)


def _used(release: Release) -> list[str]:
    used = {rule.audience for slot in release.slots.values() for rule in slot.rules}
    used |= {one.audience for slot in release.slots.values() for one in slot.experiments}
    return sorted(name for name in used if name is not None)


def _is_small(site: Site, release: Release, name: str) -> bool:
    condition = release.conditions[name]
    if fields_of_the_page(site, condition, named_segments(site, condition)):
        return False
    return exact_count(site, condition) < site.min_audience


def _too_small(name: str) -> FieldError:
    kind, _colon, key = name.rpartition(":")
    place = f"rules.{key}.condition" if kind else f"segments.{key}"
    detail = _("“%s” matches fewer visitors than this site allows. Widen its condition.") % key
    return FieldError(place, "small_audience", detail)
