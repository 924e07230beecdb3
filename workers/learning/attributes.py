"""The groups by which a site has its models audited, read for one training run.

In:  a site, and the visitors and items of the run.
Out: an `Audit`. Attributes are read for this alone and are not kept beside a visitor. A visitor is
     in a group only while they allow reports (`analytics`), training, and what the attribute itself
     needs (`personalization`, for all that we know of visitors).
"""

from collections.abc import Iterator, Mapping
from typing import Final

from personalization.catalog.models import Item
from personalization.govern.models import Site
from personalization.govern.purposes import ANALYTICS, TRAINING, granting, to_bits
from personalization.learn.audited import CATEGORY, COUNTERS, offered
from personalization.money import to_major
from personalization.profiles.models import Profile, Trait
from rules.fields import Field
from workers.learning.auditing import Audit
from workers.learning.study import Study
from workers.training.groups import Groups

REPORTED: Final = ANALYTICS | TRAINING
CHUNK: Final = 10_000


def read_audit(site: Site, study: Study, *, reweight: str | None = None) -> Audit:
    """`reweight`: the attribute to weigh by in this run; None is the site's own choice.

    What the site named and declares no longer is not looked at.
    """
    known = offered(site)
    weighed = site.reweighted_by if reweight is None else reweight
    fields = {name: each for name, each in known.items() if name in {*site.audited, weighed}}
    return Audit(
        {name: _visitors_by(site, field, study.names) for name, field in fields.items()},
        site.provider,
        _items_by(site, study.keys),
        weighed if weighed in fields else "",
    )


def _visitors_by(site: Site, field: Field, names: Mapping[object, int]) -> Groups:
    values = {names[profile]: value for profile, value in _values(site, field) if profile in names}
    if field.type == "number":
        numbers = {visitor: float(str(value)) for visitor, value in values.items()}
        return Groups.by_quarters(numbers, len(names))
    return Groups.by_words({visitor: str(value) for visitor, value in values.items()}, len(names))


def _values(site: Site, field: Field) -> Iterator[tuple[int, object]]:
    allowing = granting(REPORTED | to_bits(field.purposes))
    if field.name in COUNTERS:
        rows = Profile.objects.filter(site=site, purposes__in=allowing)
        for profile, count in rows.values_list("pk", field.name).iterator(chunk_size=CHUNK):
            is_money = field.name == "monetary"
            yield profile, to_major(count, site.currency) if is_money else count
        return
    column = {"string": "text", "number": "number", "boolean": "truth"}[field.type]
    traits = Trait.objects.filter(
        site=site, name=field.name, position=0, member="", profile__purposes__in=allowing
    ).exclude(**{column: None})
    yield from traits.values_list("profile_id", column).iterator(chunk_size=CHUNK)


def _items_by(site: Site, keys: tuple[str, ...]) -> Groups:
    rows = Item.objects.filter(site=site).values_list("key", "category", "attributes")
    positions = {key: position for position, key in enumerate(keys)}
    words: dict[int, str] = {}
    for key, category, attributes in rows.iterator(chunk_size=CHUNK):
        value = category if site.provider == CATEGORY else attributes.get(site.provider)
        if value not in (None, "") and key in positions:
            words[positions[key]] = str(value)
    return Groups.by_words(words, len(keys))
