"""Who may do what on which site: roles give abilities, memberships give roles."""

from collections.abc import Mapping
from typing import Any, Final

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import QuerySet

from personalization.govern.models import Membership, Site

ABILITIES: Final = frozenset(
    {"view", "edit", "publish", "review", "legal", "report", "privacy", "train", "manage"}
)
ROLES: Final[Mapping[str, frozenset[str]]] = {
    "marketer": frozenset({"view", "edit", "publish", "report", "train"}),
    "editor": frozenset({"view", "edit"}),
    "reviewer": frozenset({"view", "review"}),
    "legal_reviewer": frozenset({"view", "review", "legal"}),
    "privacy_officer": frozenset({"view", "privacy"}),
    "analyst": frozenset({"view", "report"}),
    "admin": ABILITIES,
}

Person = AbstractBaseUser | AnonymousUser


def may(person: Person, ability: str, site_id: int | None = None) -> bool:
    """May this person do it on this site; without a site: on any site at all?"""
    if _is_everywhere(person):
        return True
    by_site = _abilities(person)
    if site_id is None:
        return any(ability in granted for granted in by_site.values())
    return ability in by_site.get(site_id, frozenset())


def sites_of(person: Person, ability: str = "view") -> QuerySet[Site]:
    """The sites on which this person may do it."""
    allowed = site_ids_of(person, ability)
    return Site.objects.all() if allowed is None else Site.objects.filter(pk__in=allowed)


def site_ids_of(person: Person, ability: str = "view") -> frozenset[int] | None:
    """The numbers of `sites_of`; None where that is all of them, those to come included."""
    if _is_everywhere(person):
        return None
    return frozenset(site for site, granted in _abilities(person).items() if ability in granted)


def _is_everywhere(person: Person) -> bool:
    return bool(person.is_active and getattr(person, "is_superuser", False))


def _abilities(person: Any) -> dict[int, frozenset[str]]:  # a user model of the host's choosing
    """Site -> abilities; asked once for each loaded user object, so once a request."""
    kept: dict[int, frozenset[str]] | None = getattr(person, "_personalization_abilities", None)
    if kept is None:
        kept = {}
        if person.is_authenticated and person.is_active:
            rows = Membership.objects.filter(user_id=person.pk).values_list("site_id", "role")
            kept = {site: ROLES.get(role, frozenset()) for site, role in rows}
        person._personalization_abilities = kept
    return kept
