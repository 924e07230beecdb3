"""The traits of two visitors who are one: the target's win, the source's fill in."""

from personalization.govern import keystore
from personalization.profiles.models import Profile, Trait
from personalization.profiles.personal import open_personal, seal_personal
from personalization.profiles.traits_text import read_traits, write_traits


def join_traits(source: Profile, target: Profile) -> None:
    """Change the target, unsaved; its typed traits are moved at once."""
    own, other = read_traits(target.traits), read_traits(source.traits)
    target.traits = write_traits({**other, **own})
    Trait.objects.filter(profile=source, name__in=other.keys() - own.keys()).update(profile=target)
    if source.sealed_personal:
        _join_personal(source, target)


def _join_personal(source: Profile, target: Profile) -> None:
    closing, lasting = keystore.open_key(source.key_id), keystore.open_key(target.key_id)
    if closing is None or lasting is None:
        return
    other = open_personal(closing, source.sealed_personal)
    own = open_personal(lasting, target.sealed_personal)
    target.sealed_personal = seal_personal(lasting, {**other, **own})
