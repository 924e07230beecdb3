"""What is taken from a visitor's row when a purpose is withdrawn."""

from django.db.models import Model

from personalization.govern.purposes import PERSONALIZATION, PROFILING_AI, from_bits
from personalization.profiles.models import (
    Affinity,
    Profile,
    Score,
    Stay,
    Step,
    Summary,
    Trait,
)
from personalization.profiles.places import NOTHING_PLACED, fill
from personalization.profiles.scores import PLAIN_SCORES
from personalization.profiles.summaries import summarize
from personalization.profiles.traits import declared_traits, drop
from rules.purposes import Purposes

BEHAVIOUR = {
    "first_seen": None,
    "last_seen": None,
    "visits": 0,
    "frequency": 0,
    "monetary": 0,
    "applied": 0,
    "recent": "[]",
    "recent_at": 0,
    "recent_id": "",
    "traits": "{}",
    "shown": "{}",
    "stages": "[]",
    "is_unsettled": False,
    "sealed_personal": b"",
    "sealed_unit": b"",
}
PREDICTIONS = {"scores": "{}"}


def clear(profile: Profile, lost: int) -> None:
    """Remove from the profile and its typed traits what only the lost purposes allowed."""
    cleared: dict[str, object] = {}
    if lost & (PERSONALIZATION | PROFILING_AI):
        cleared |= PREDICTIONS
        _delete(profile, Score, Affinity)
        fill(profile.site_id, [profile.pk], PLAIN_SCORES)
    if lost & PERSONALIZATION:
        cleared |= BEHAVIOUR
        _delete(profile, Trait, Stay, Step)
        Summary.objects.filter(profile=profile).update(**NOTHING_PLACED)
    elif lost:
        _drop_traits(profile, from_bits(lost))
    for name, value in cleared.items():
        setattr(profile, name, value)
    if cleared:
        profile.save(update_fields=list(cleared))
        summarize([profile.pk])


def _delete(profile: Profile, *models: type[Model]) -> None:
    for model in models:
        model._default_manager.filter(profile=profile).delete()


def _drop_traits(profile: Profile, lost: Purposes) -> None:
    """Traits that a site declared for a further purpose go with it."""
    declared = declared_traits(profile.site)
    names = [name for name, each in declared.items() if each.purposes & lost]
    if names:
        drop(profile, names, declared)
