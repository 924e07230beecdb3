"""As whom an editor looks at a content: invented visitors, and real ones for those who may.

Real visitors appear under their keyed hash, and what is personal about them stays sealed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from personalization.exceptions import NotFound
from personalization.govern.models import Site
from personalization.govern.roles import may
from personalization.govern.rounding import FLOOR
from personalization.profiles.models import Profile
from personalization.profiles.reading import read_visitor
from personalization.profiles.sampling import recent_keys
from personalization.profiles.visitors import find_by_pseudonym, find_profile, raw_id
from personalization.render.personas import (
    KNOWN_KEY,
    SEGMENT_KEY,
    STRANGER_KEY,
    Persona,
    somebody_in,
    somebody_known,
)
from personalization.targeting.catalogue import site_catalogue
from personalization.targeting.conditions import segments_named_in
from personalization.targeting.models import Segment
from rules.conditions import Condition, parse
from rules.invalid import Invalid
from rules.types import Learned

REAL_KEY: Final = "visitor:"
LATEST: Final = 10
SHORT: Final = 12  # characters of a keyed hash, as other pages show it


@dataclass(frozen=True, slots=True)
class Choice:
    key: str
    label: str
    group: str = ""


def choices(site: Site, person: Any) -> Iterator[Choice]:  # the host's user model
    yield Choice(STRANGER_KEY, _("A stranger"))
    yield Choice(KNOWN_KEY, _("Somebody we know"))
    for segment in Segment.objects.filter(site=site).order_by("name", "key"):
        yield Choice(f"{SEGMENT_KEY}{segment.key}", str(segment), _("Somebody who belongs to"))
    if may_name(site, person):
        for key in latest(site):
            yield Choice(f"{REAL_KEY}{key}", key[:SHORT], _("A real visitor"))


def may_name(site: Site, person: Any) -> bool:
    """Whether this person may look as any visitor, by their id."""
    return may(person, "privacy", site.pk)


def named(site: Site, visitor: str) -> str:
    """The key of a visitor: by the website's own id, or the keyed hash or its shown beginning."""
    profile = find_profile(site.pk, visitor)
    if profile is None and len(visitor) >= SHORT:
        profile = find_by_pseudonym(site, visitor)
    return f"{REAL_KEY}{visitor if profile is None else profile.key}"


def onlooker(site: Site, key: str, learned: Learned, now: datetime, person: Any) -> Persona:
    """Refuses (`NotFound`) whom nobody can be, and whom this person may not look at."""
    catalogue = site_catalogue(site)
    if key == KNOWN_KEY:
        return somebody_known(catalogue, learned, now)
    if key.startswith(SEGMENT_KEY):
        segment = key.removeprefix(SEGMENT_KEY)
        conditions = _conditions(site, segment)
        member = segment in conditions and somebody_in(segment, catalogue, conditions, learned, now)
        if not member:
            raise NotFound(_("Nobody can be invented who belongs to this segment."))
        return member
    if key.startswith(REAL_KEY):
        return _real(site, key.removeprefix(REAL_KEY), now, person)
    return Persona(STRANGER_KEY)


def _real(site: Site, key: str, now: datetime, person: Any) -> Persona:
    profile = Profile.objects.filter(site=site, key=key).first()
    visitor_id = raw_id(profile) if profile and may(person, "privacy", site.pk) else None
    if visitor_id is None:
        raise NotFound(_("There is no such visitor."))
    return Persona(f"{REAL_KEY}{key}", read_visitor(site, visitor_id, now=now))


def latest(site: Site) -> Iterator[str]:
    """Pseudonyms of those seen last who allow it; of nobody while one would stand out."""
    if Profile.objects.filter(site=site)[:FLOOR].count() < FLOOR:
        return
    yield from recent_keys(site, LATEST)


def _conditions(site: Site, key: str) -> dict[str, Condition]:
    """The segment's condition and those that it names; what cannot be read is left out."""
    trees = dict(Segment.objects.filter(site=site).values_list("key", "condition"))
    catalogue = site_catalogue(site)
    found: dict[str, Condition] = {}
    wanted = [key]
    while wanted:
        name = wanted.pop()
        if name in found or name not in trees:
            continue
        try:
            found[name] = parse(trees[name], catalogue)
        except Invalid:
            continue
        wanted.extend(segments_named_in(trees[name]))
    return found
