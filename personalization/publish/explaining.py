"""Why a page showed what it showed.

In:  a site and an exposure: its signed token, or the id under which it was recorded.
Out: a JSON document: the release, each rule that was looked at with the truth of its parts for
     what the visitor is now, the bucket of the experiment, and what was allowed at the time.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from personalization import clock
from personalization.collect import exposures
from personalization.collect.exposures import Claims
from personalization.collect.models import Exposure
from personalization.exceptions import NotFound
from personalization.govern import keystore, ledger
from personalization.govern.models import Site
from personalization.govern.purposes import as_document, from_bits
from personalization.profiles.models import Profile
from personalization.profiles.reading import read_visitor
from personalization.profiles.visitors import raw_id
from personalization.publish.models import PublishedRelease
from personalization.publish.reading import release_of
from personalization.publish.truths import truths
from rules.consent import permitted_view
from rules.provenance import Provenance
from rules.schedules import write_schedule
from rules.types import STRANGER, Facts, Release, Slot

Document = dict[str, Any]  # JSON
LONGEST_ID = 40  # of a recorded exposure


def explain(site: Site, exposure: str, *, now: datetime | None = None) -> Document:
    claims = exposures.read(site.pk, exposure) or _recorded(site, exposure)
    if claims is None:
        raise NotFound(_("This is no exposure of this site, or its token has expired."))
    row = PublishedRelease.objects.filter(site=site, number=claims.release).first()
    if row is None:
        raise NotFound(_("The release that showed it (%d) is gone.") % claims.release)
    release = release_of(row)
    profile = Profile.objects.filter(site=site, key=claims.visitor or "").first()
    facts = _facts_now(site, profile, release, now or clock.now())
    return {
        "exposure": claims.token,
        "at": clock.from_us(claims.at).isoformat(),
        "slot": claims.slot,
        "content": claims.content or None,
        "reason": _reason(claims, release),
        "release": _about(row),
        "learned": claims.learned,
        "rules": list(_rules(claims, release, facts, now or clock.now())),
        "experiment": _experiment(claims, release),
        "items": list(claims.items),
        **_made_by_models(claims, release),
        "visitor": _visitor(site, profile, claims),
    }


def _recorded(site: Site, token: str) -> Claims | None:
    if not token.isprintable() or len(token) > LONGEST_ID:
        return None
    row = Exposure.objects.filter(site=site, token=token).select_related("profile").first()
    if row is None:
        return None
    return Claims(
        token=row.token,
        visitor=row.profile.key,
        at=row.at,
        release=row.release,
        slot=row.slot,
        learned=row.learned,
        content=row.content,
        reason=row.reason,
        rule=row.rule,
        experiment=row.experiment,
        arm=row.arm,
        phase=row.phase,
        bucket=row.bucket,
        propensity=row.propensity,
        items=tuple(json.loads(row.items)) if row.items else (),
        draft=row.draft,
    )


def _facts_now(site: Site, profile: Profile | None, release: Release, now: datetime) -> Facts:
    """What may be known of the visitor today; of the page view of then, nothing is kept."""
    visitor_id = None if profile is None else raw_id(profile)
    visitor = STRANGER if visitor_id is None else read_visitor(site, visitor_id, now=now)
    return permitted_view(visitor, visitor.purposes, release.catalogue).facts


def _about(row: PublishedRelease) -> Document:
    return {
        "number": row.number,
        "published": row.created_at.isoformat(),
        "by": row.author,
        "note": row.note,
    }


def _reason(claims: Claims, release: Release) -> Document:
    slot = release.slots.get(claims.slot)
    rule = next((r for r in slot.rules if r.key == claims.rule), None) if slot else None
    return {
        "kind": claims.reason,
        "rule": claims.rule or None,
        "segment": rule.segment if rule else None,
    }


def _rules(claims: Claims, release: Release, facts: Facts, now: datetime) -> Iterator[Document]:
    """The slot's rules in order, up to the one that was taken."""
    slot = release.slots.get(claims.slot, Slot(claims.slot))
    at = clock.from_us(claims.at)
    for rule in slot.rules:
        yield {
            "rule": rule.key,
            "segment": rule.segment,
            "content": rule.content,
            "taken": rule.key == claims.rule,
            "window_was_open": rule.is_open(at, release.settings.zone),
            "when": write_schedule(rule.when),
            "cap": None if rule.cap is None else {"times": rule.cap.times},
            "audience": truths(rule.audience, release, facts, now),
        }
        if rule.key == claims.rule:
            return


def _experiment(claims: Claims, release: Release) -> Document | None:
    if not claims.experiment:
        return None
    slot = release.slots.get(claims.slot, Slot(claims.slot))
    found = next((one for one in slot.experiments if one.key == claims.experiment), None)
    return {
        "key": claims.experiment,
        "arm": claims.arm,
        "phase": claims.phase,
        "bucket": claims.bucket,
        "propensity": claims.propensity,
        "seed": found.seed if found else None,
        "coverage": found.coverage if found else None,
        "weights": list(found.weights) if found else None,
    }


def _made_by_models(claims: Claims, release: Release) -> Document:
    """Where a generated text and its pictures came from; nothing where people made them.

    An exposure names one draft: the text's, else a picture's. It tells the language too.
    """
    content = release.contents.get(claims.content)
    if content is not None and claims.draft is not None:
        for locale in content.fields:
            written, drawn = content.provenance.get(locale), content.pictures.get(locale, ())
            pictures = list(dict.fromkeys(each.provenance for each in drawn))
            made = (written, *pictures) if written is not None else pictures
            if made and claims.draft in {each.draft for each in made}:
                return {
                    "written": None if written is None else _came_from(written),
                    "drawn": [_came_from(each) for each in pictures],
                }
    return {"written": None, "drawn": []}


def _came_from(found: Provenance) -> Document:
    return {
        "model": found.model,
        "prompt": found.prompt,
        "asked_by": found.author,
        "asked_at": found.asked_at,
        "approved_by": list(found.reviewers),
        "approved_at": found.approved_at,
        "draft": found.draft,
        "revision": found.revision,
    }


def _visitor(site: Site, profile: Profile | None, claims: Claims) -> Document:
    if profile is None:
        return {"known": False, "allowed_then": None, "allowed_now": None}
    return {
        "known": True,
        "allowed_then": _allowed_at(site, profile, clock.from_us(claims.at)),
        "allowed_now": as_document(from_bits(profile.purposes)),
    }


def _allowed_at(site: Site, profile: Profile, at: datetime) -> dict[str, bool] | None:
    """The visitor's newest choice of that time, from the ledger."""
    cipher = keystore.open_key(profile.key_id)
    if cipher is None:
        return None
    allowed = None
    for record in ledger.records_of(site, profile.key_id, cipher):
        if datetime.fromisoformat(record["at"]) <= at:
            allowed = record["purposes"]
    return allowed
