"""A visitor's choice: recorded, and what it withdraws is taken back, in one transaction."""

from dataclasses import dataclass

from django.db import transaction

from personalization.collect.withdrawal import withdraw
from personalization.govern import ledger
from personalization.govern.gpc import opted_out
from personalization.govern.models import Site
from personalization.govern.purposes import from_bits
from personalization.govern.tokens import visitor_token
from personalization.profiles.ids import check_visitor_id, new_id
from personalization.profiles.visitors import find_profile, record_choice
from rules.purposes import NONE_GRANTED, Purposes


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a visitor allows, and the receipt of that choice (None: never chose)."""

    visitor: str
    purposes: Purposes
    receipt: str | None


@dataclass(frozen=True, slots=True)
class Minted:
    """A visitor whom we gave an id, with the token that lets their browser use it."""

    visitor: str
    token: str
    purposes: Purposes
    receipt: str


@transaction.atomic
def choose(
    site: Site, visitor_id: str, *, purposes: Purposes, policy: str, source: str, gpc: bool = False
) -> Chosen:
    """Record what the visitor allows from now on. The GPC signal beats a yes in the same request.

    Where nothing is allowed, the choice itself is all that is stored.
    """
    granted = purposes - opted_out(site) if gpc else purposes
    recorded = record_choice(site, visitor_id, purposes=granted, policy=policy, source=source)
    lost = recorded.before & ~recorded.profile.purposes
    if lost:
        withdraw(recorded.profile, lost)
    return Chosen(visitor_id, granted, recorded.receipt)


def mint(site: Site, *, purposes: Purposes, policy: str, source: str, gpc: bool = False) -> Minted:
    """Give a browser an id that nobody can guess, with its token, and record its first choice."""
    visitor = new_id(16)
    chosen = choose(site, visitor, purposes=purposes, policy=policy, source=source, gpc=gpc)
    token = visitor_token(site.pk, visitor)
    return Minted(visitor, token, chosen.purposes, str(chosen.receipt))


def consent_of(site: Site, visitor_id: str) -> Chosen:
    """What the visitor allows now; of an unknown visitor: nothing."""
    profile = find_profile(site.pk, check_visitor_id(visitor_id))
    if profile is None:
        return Chosen(visitor_id, NONE_GRANTED, None)
    receipt = ledger.last_receipt(site.pk, profile.key_id)
    return Chosen(visitor_id, from_bits(profile.purposes), receipt)
