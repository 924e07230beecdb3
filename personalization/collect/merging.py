"""An anonymous visitor turns out to be a known one: what is known moves, the target's choice wins.

A target who never chose takes over the anonymous visitor's choice. The anonymous unit stays the
unit of running experiments. The anonymous visitor's key is destroyed; what they chose is kept in a
record of the target's ledger.
"""

import orjson
from django.db import transaction
from django.utils.translation import gettext as _

from personalization import conf
from personalization.clock import now
from personalization.collect import statements
from personalization.collect.behaviour import Behaviour, merged, visits
from personalization.collect.models import Event, Exposure
from personalization.collect.withdrawal import withdraw
from personalization.exceptions import FieldError, Malformed
from personalization.govern import audit, keystore, ledger
from personalization.govern.models import Site
from personalization.govern.pseudonyms import candidates
from personalization.govern.purposes import ANALYTICS, PERSONALIZATION, as_document, from_bits
from personalization.profiles.ids import check_visitor_id
from personalization.profiles.joining import join_traits
from personalization.profiles.models import Profile
from personalization.profiles.moving import join_journeys, unsettle
from personalization.profiles.places import fill
from personalization.profiles.recent import dump, merge_shown
from personalization.profiles.summaries import summarize
from personalization.profiles.units import open_unit, seal_unit
from personalization.profiles.visitors import find_profile, record_choice
from rules.purposes import NONE_GRANTED, Purposes

EXPERIMENTS = ANALYTICS | PERSONALIZATION


@transaction.atomic
def merge(site: Site, visitor_id: str, into: str, *, by: str) -> Purposes:
    """Move what is known of the visitor to `into`; what that person allows from now on.

    Repeatable: of a visitor whom we do not know (any more) nothing moves.
    """
    if check_visitor_id(visitor_id) == check_visitor_id(into, "into"):
        detail = _("Name two different visitors.")
        raise Malformed(detail, errors=(FieldError("into", "same", detail),))
    both = candidates(site.pk, visitor_id) + candidates(site.pk, into)
    statements.lock_profiles(site.pk, both)
    source = find_profile(site.pk, visitor_id, lock=True)
    target = find_profile(site.pk, into, lock=True)
    if source is None:
        return from_bits(target.purposes) if target else NONE_GRANTED
    if target is None:
        target = _follow(site, source, into)
    withdraw(source, source.purposes & ~target.purposes)
    _note_choices(site, source, target, into)
    _move_behaviour(source, target)
    join_traits(source, target)
    join_journeys(source, target)
    if site.has_journeys and target.purposes & PERSONALIZATION:
        unsettle(target)
    _keep_unit(source, target, visitor_id, into)
    target.save()
    summarize([target.pk])
    fill(site.pk, [target.pk])
    source.delete()
    audit.record(site=site, actor=by, action="visitor.merged", target=target.key[:8])
    transaction.on_commit(lambda: keystore.destroy(source.key_id))
    return from_bits(target.purposes)


def _follow(site: Site, source: Profile, into: str) -> Profile:
    """The target never chose: the same person's choice goes on."""
    granted = from_bits(source.purposes)
    recorded = record_choice(site, into, purposes=granted, policy=source.policy, source="merge")
    return recorded.profile


def _note_choices(site: Site, source: Profile, target: Profile, into: str) -> None:
    """Keep the proof of what the source chose, under the key that stays."""
    closing, lasting = keystore.open_key(source.key_id), keystore.open_key(target.key_id)
    if closing is None or lasting is None:
        return
    record = {
        "visitor": into,
        "purposes": as_document(from_bits(target.purposes)),
        "policy": target.policy,
        "source": "merge",
        "merged": list(ledger.records_of(site, source.key_id, closing)),
    }
    ledger.append(site=site, key_id=target.key_id, cipher=lasting, record=record, at=now())


def _move_behaviour(source: Profile, target: Profile) -> None:
    times = [_times(source), _times(target)]
    after = merged(
        Behaviour.of(target),
        Behaviour.of(source),
        limit=int(conf.get("RECENT_EVENTS")),
        visits_of_both=visits(times[0] + times[1]),
        visits_of_each=visits(times[0]) + visits(times[1]),
    )
    for model in (Event, Exposure):
        model._default_manager.filter(profile=source).update(profile=target)
    after.write_to(target)
    shown = orjson.loads(source.shown).items()
    target.shown = dump(
        merge_shown(orjson.loads(target.shown), ((at, rule) for rule, ats in shown for at in ats))
    )


def _times(profile: Profile) -> list[int]:
    return statements.stored_times(profile.pk, 0, 2**62)


def _keep_unit(source: Profile, target: Profile, visitor_id: str, into: str) -> None:
    """Experiments that run go on with the unit they began with, where consent allows them."""
    if target.sealed_unit or target.purposes & EXPERIMENTS != EXPERIMENTS:
        return
    kept = bytes(source.sealed_unit)
    unit = open_unit(source.site_id, visitor_id, kept) if kept else None
    target.sealed_unit = seal_unit(target.site_id, into, unit or visitor_id)
