"""Traits that a site declared and sends: typed, stored for page views and for counting audiences.

Ordinary traits stand in `Profile.traits` and, typed and indexed, in `Trait`, some in a column of
the summary too (`places`); personal ones stand only in `Profile.sealed_personal`. One transaction
writes all of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from personalization.exceptions import FieldError, Malformed
from personalization.govern import keystore
from personalization.govern.models import Site
from personalization.govern.purposes import from_bits
from personalization.profiles.ids import check_visitor_id
from personalization.profiles.locking import AT_ONCE, in_lots
from personalization.profiles.models import Profile, Summary, Trait
from personalization.profiles.moving import unsettle
from personalization.profiles.personal import open_personal, seal_personal
from personalization.profiles.places import fill, places_of
from personalization.profiles.trait_rows import rows_of
from personalization.profiles.trait_values import Unfit, typed
from personalization.profiles.traits_text import read_traits, write_traits
from personalization.profiles.visitors import find_profile
from rules.fields import Catalogue, Field
from rules.purposes import Purpose


@dataclass(frozen=True, slots=True)
class Patched:
    """Names of the traits that were stored (or deleted), and withheld for lack of consent."""

    stored: tuple[str, ...]
    withheld: tuple[str, ...]


def patch(site: Site, visitor_id: str, traits: object) -> Patched:
    """Set the traits named; null deletes one. Nothing is stored unless every value fits."""
    check_visitor_id(visitor_id)
    declared = declared_traits(site)
    values = _checked(traits, declared)
    with transaction.atomic():
        profile = find_profile(site.pk, visitor_id, lock=True)
        granted = from_bits(profile.purposes) if profile else frozenset()
        allowed = {
            name: value
            for name, value in values.items()
            if declared[name].purposes | {Purpose.PERSONALIZATION} <= granted
        }
        if profile and allowed:
            if site.has_journeys:
                unsettle(profile)
            _write(profile, allowed, declared)
    return Patched(tuple(allowed), tuple(name for name in values if name not in allowed))


def declared_traits(site: Site) -> Mapping[str, Field]:
    return Catalogue().extended(site.traits_schema).fields


def drop(profile: Profile, names: Iterable[str], declared: Mapping[str, Field]) -> None:
    """Delete these traits of one visitor."""
    _write(profile, dict.fromkeys(names), declared)


def forget(site: Site, names: Iterable[str]) -> None:
    """Delete the stored values of these traits from every visitor of the site."""
    gone = set(names)
    rows = Trait.objects.filter(site=site, name__in=gone)
    columns = {place.column: None for name, place in places_of(site).items() if name in gone}
    for ids in in_lots(_holders(site, gone, columns)):
        rows_of_lot = Profile.objects.filter(pk__in=ids).order_by("pk")
        for profile in rows_of_lot.select_for_update(no_key=True):
            traits = read_traits(profile.traits).items()
            kept = {name: value for name, value in traits if name not in gone}
            Profile.objects.filter(pk=profile.pk).update(traits=write_traits(kept))
            Summary.objects.filter(pk=profile.pk).update(**columns)
    rows.delete()
    sealed = Profile.objects.filter(site=site).exclude(sealed_personal=b"")
    for profile in sealed.iterator(chunk_size=AT_ONCE):
        _write_personal(profile, dict.fromkeys(gone))
        profile.save(update_fields=["sealed_personal"])


def _holders(site: Site, names: Iterable[str], columns: Iterable[str]) -> set[int]:
    """A column that was not filled yet may still hold values of what stood there before."""
    rows = Trait.objects.filter(site=site, name__in=names).order_by()
    found = set(rows.values_list("profile_id", flat=True))
    for column in columns:
        placed = Summary.objects.filter(site=site, **{f"{column}__isnull": False})
        found.update(placed.values_list("pk", flat=True))
    return found


def _checked(traits: object, declared: Mapping[str, Field]) -> dict[str, object]:
    if not isinstance(traits, Mapping):
        detail = _("Send an object: trait to value.")
        raise Malformed(detail, errors=(FieldError("traits", "type", detail),))
    values: dict[str, object] = {}
    errors: list[FieldError] = []
    for name, value in traits.items():
        try:
            values[name] = _fitting(name, value, declared)
        except Unfit as unfit:
            errors.append(unfit.error)
    if errors:
        raise Malformed(_("Some traits do not fit their declaration."), errors=tuple(errors))
    return values


def _fitting(name: str, value: object, declared: Mapping[str, Field]) -> object:
    path = f"traits.{name}"
    if name not in declared:
        raise Unfit(path, "unknown_field", _("The site does not declare this trait."))
    return None if value is None else typed(value, declared[name], path)


def _write(profile: Profile, values: Mapping[str, object], declared: Mapping[str, Field]) -> None:
    personal = {name: value for name, value in values.items() if declared[name].personal}
    plain = {name: value for name, value in values.items() if name not in personal}
    if plain:
        profile.traits = write_traits(_merged(read_traits(profile.traits), plain))
        Trait.objects.filter(profile=profile, name__in=list(plain)).delete()
        Trait.objects.bulk_create(
            row for name, value in plain.items() for row in rows_of(profile, declared[name], value)
        )
    if personal:
        _write_personal(profile, personal)
    profile.save(update_fields=["traits", "sealed_personal", "is_unsettled"])
    fill(profile.site_id, [profile.pk], plain)


def _write_personal(profile: Profile, values: Mapping[str, object]) -> None:
    cipher = keystore.open_key(profile.key_id)
    if cipher is None:
        profile.sealed_personal = b""
        return
    kept = _merged(open_personal(cipher, profile.sealed_personal), values)
    profile.sealed_personal = seal_personal(cipher, kept)


def _merged(before: Mapping[str, object], more: Mapping[str, object]) -> dict[str, object]:
    """With null as deletion."""
    return {name: value for name, value in {**before, **more}.items() if value is not None}
