"""Deleting what editors made: refused while something uses it, and the refusal says what."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from personalization.exceptions import Conflict
from personalization.govern.models import Site
from personalization.govern.sites import touch
from personalization.targeting.conditions import segments_named_in
from personalization.targeting.keyed import remove
from personalization.targeting.models import (
    Campaign,
    Content,
    CustomBlock,
    Experiment,
    Journey,
    Keyed,
    Rule,
    Segment,
    Slot,
    Webhook,
)
from personalization.targeting.stages import note_stages, trees_of, users_of_stages
from rules.journeys import named

SHOWN: Final = 5


@transaction.atomic
def delete(
    row: Keyed, *, written: Mapping[str, Any], by: str, going: Collection[Keyed] = ()
) -> None:
    """Delete a draft. Releases keep what they froze; the audit trail, what was `written`.

    `going`: what is deleted in the same transaction, and so need not be asked.
    """
    touch(row.site)
    users = users_of(row, going)
    if users:
        more = len(users) - SHOWN
        named = ", ".join(users[:SHOWN]) + (f" (+{more})" if more > 0 else "")
        raise Conflict(
            _("“%(key)s” is used by %(users)s. Change or delete that first.")
            % {"key": row.key, "users": named}
        )
    remove(row, written=written, by=by)
    if isinstance(row, Journey):
        note_stages(row.site)


def users_of(row: Keyed, going: Collection[Keyed] = ()) -> list[str]:
    """What refers to the row, in words: "rule spring"."""
    find = _USERS.get(type(row))
    found = () if find is None else find(row.site, row)
    return [f"{user._meta.verbose_name} {user.key}" for user in found if user not in going]


def _users_of_segment(site: Site, row: Keyed) -> Iterable[Keyed]:
    yield from Rule.objects.filter(site=site, segment__key=row.key)
    yield from Experiment.objects.filter(site=site, segment__key=row.key)
    for other in Segment.objects.filter(site=site).exclude(pk=row.pk):
        if row.key in segments_named_in(other.condition):
            yield other
    for rule in Rule.objects.filter(site=site, condition__isnull=False):
        if row.key in segments_named_in(rule.condition):
            yield rule
    for journey in Journey.objects.filter(site=site):
        if any(row.key in segments_named_in(tree) for tree in trees_of(journey.stages)):
            yield journey


def _users_of_journey(site: Site, row: Keyed) -> Iterable[Keyed]:
    stages = row.stages if isinstance(row, Journey) else ()
    asked = {named(row.key, stage["key"]) for stage in stages}
    yield from users_of_stages(site, asked, besides=row)


def _users_of_webhook(site: Site, row: Keyed) -> Iterable[Keyed]:
    for journey in Journey.objects.filter(site=site):
        if any(stage["webhook"] == row.key for stage in journey.stages):
            yield journey


def _users_of_content(site: Site, row: Keyed) -> Iterable[Keyed]:
    yield from Slot.objects.filter(site=site, default__key=row.key)
    yield from Rule.objects.filter(site=site, content__key=row.key)
    for experiment in Experiment.objects.filter(site=site):
        if any(arm["content"] == row.key for arm in experiment.arms):
            yield experiment


def _users_of_slot(site: Site, row: Keyed) -> Iterable[Keyed]:
    yield from Rule.objects.filter(site=site, slot__key=row.key)
    yield from Experiment.objects.filter(site=site, slot__key=row.key)


def _users_of_campaign(site: Site, row: Keyed) -> Iterable[Keyed]:
    """Without its campaign a rule would run beyond the campaign's window."""
    yield from Rule.objects.filter(site=site, campaign__key=row.key)
    yield from Experiment.objects.filter(site=site, campaign__key=row.key)
    yield from Journey.objects.filter(site=site, campaign__key=row.key)


def _users_of_block(site: Site, row: Keyed) -> Iterable[Keyed]:
    return Content.objects.filter(site=site, block=row.key)


_USERS: Final[Mapping[type[Keyed], Callable[[Site, Keyed], Iterable[Keyed]]]] = {
    Segment: _users_of_segment,
    Content: _users_of_content,
    Slot: _users_of_slot,
    Campaign: _users_of_campaign,
    Journey: _users_of_journey,
    Webhook: _users_of_webhook,
    CustomBlock: _users_of_block,
}
