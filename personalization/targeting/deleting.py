"""Deleting what editors made: refused while something uses it, and the refusal says what."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from personalization.exceptions import Conflict
from personalization.govern.models import Site
from personalization.govern.sites import touch
from personalization.targeting.conditions import segments_named_in
from personalization.targeting.keyed import remove
from personalization.targeting.models import (
    Content,
    CustomBlock,
    Experiment,
    Keyed,
    Rule,
    Segment,
    Slot,
)

SHOWN: Final = 5


@transaction.atomic
def delete(row: Keyed, *, by: str) -> None:
    """Delete a draft. Releases keep what they froze."""
    touch(row.site)
    users = users_of(row)
    if users:
        more = len(users) - SHOWN
        named = ", ".join(users[:SHOWN]) + (f" (+{more})" if more > 0 else "")
        raise Conflict(
            _("“%(key)s” is used by %(users)s. Change or delete that first.")
            % {"key": row.key, "users": named}
        )
    remove(row, by=by)


def users_of(row: Keyed) -> list[str]:
    """What refers to the row, in words: "rule spring"."""
    find = _USERS.get(type(row))
    return [] if find is None else [f"{u._meta.verbose_name} {u.key}" for u in find(row.site, row)]


def _users_of_segment(site: Site, row: Keyed) -> Iterable[Keyed]:
    yield from Rule.objects.filter(site=site, segment__key=row.key)
    yield from Experiment.objects.filter(site=site, segment__key=row.key)
    for other in Segment.objects.filter(site=site).exclude(pk=row.pk):
        if row.key in segments_named_in(other.condition):
            yield other
    for rule in Rule.objects.filter(site=site, condition__isnull=False):
        if row.key in segments_named_in(rule.condition):
            yield rule


def _users_of_content(site: Site, row: Keyed) -> Iterable[Keyed]:
    yield from Slot.objects.filter(site=site, default__key=row.key)
    yield from Rule.objects.filter(site=site, content__key=row.key)
    for experiment in Experiment.objects.filter(site=site):
        if any(arm["content"] == row.key for arm in experiment.arms):
            yield experiment


def _users_of_slot(site: Site, row: Keyed) -> Iterable[Keyed]:
    yield from Rule.objects.filter(site=site, slot__key=row.key)
    yield from Experiment.objects.filter(site=site, slot__key=row.key)


def _users_of_block(site: Site, row: Keyed) -> Iterable[Keyed]:
    return Content.objects.filter(site=site, block=row.key)


_USERS: Final[Mapping[type[Keyed], Callable[[Site, Keyed], Iterable[Keyed]]]] = {
    Segment: _users_of_segment,
    Content: _users_of_content,
    Slot: _users_of_slot,
    CustomBlock: _users_of_block,
}
