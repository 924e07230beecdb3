"""Who asks for a draft, edits it or decides on it, and whether one of them is another.

In:  an account of the host's, or a guest's invitation.
Out: a `Person`. Nobody approves what they asked for or edited, whatever name they come under.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from personalization.drafts.models import Draft, Review
from personalization.exceptions import Forbidden
from personalization.govern.models import Site
from personalization.govern.roles import ABILITIES, may


@dataclass(frozen=True, slots=True)
class Person:
    """An account of the host's, or a guest by the name under which a colleague invited them.

    A guest has no account, and is bound to one draft with one text: (number, sha256).
    """

    name: str
    abilities: frozenset[str]
    account: Any = None  # a user model of the host's choosing
    invited_by: str = ""
    bound_to: tuple[int, str] | None = None

    @property
    def is_guest(self) -> bool:
        return self.account is None

    @property
    def roots(self) -> frozenset[str]:
        """Behind a guest's yes stands the colleague who gave out the link: both are one yes."""
        return frozenset(folded(name) for name in (self.name, self.invited_by) if name)


def person(account: Any, site: Site) -> Person:  # a user model of the host's choosing
    """A colleague with what they may do on this site."""
    granted = frozenset(each for each in ABILITIES if may(account, each, site.pk))
    return Person(str(account), granted, account)


def demand(who: Person, *abilities: str) -> None:
    """Refuse somebody who has none of these."""
    if who.abilities.isdisjoint(abilities):
        raise Forbidden(_("Your role does not allow this. Ask an administrator of the site."))


def has_a_hand_in(draft: Draft, who: Person) -> bool:
    """Did they ask for this draft, or edit any revision of it? A guest under any name of theirs."""
    authors = list(_authors(draft))
    names = {folded(name) for _account, name in authors if name}
    accounts = {account.pk: account for account, _name in authors if account is not None}
    if who.is_guest:
        names |= {folded(name) for each in accounts.values() for name in names_of(each)}
        return folded(who.name) in names
    return who.account.pk in accounts or folded(who.name) in names


def roots_of(review: Review) -> frozenset[str]:
    return frozenset(folded(name) for name in (review.by, review.invited_by) if name)


def names_of(account: Any) -> Iterator[str]:  # likewise
    """The names under which an account could be invited as a guest."""
    names = (str(account), account.get_full_name(), getattr(account, "email", ""))
    return (name for name in names if name)


def folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _authors(draft: Draft) -> Iterator[tuple[Any, str]]:
    """(account or None, name) of whoever asked or edited. The model's own revision has neither."""
    yield draft.brief.author, draft.brief.by
    yield draft.order.author, draft.order.by
    for revision in draft.revisions.select_related("author"):
        yield revision.author, revision.by
