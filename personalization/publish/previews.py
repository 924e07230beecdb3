"""Previews: the site's real page, through chosen eyes, with drafts or a release; counted nowhere.

A preview is bound to what it was opened on: later drafts do not show in it. Its link is signed,
expires, and can be taken back. A link for a colleague never looks through a real visitor's eyes.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.db import transaction
from django.utils.translation import gettext as _

from personalization import clock
from personalization.exceptions import FieldError, Malformed, NotFound
from personalization.govern import audit
from personalization.govern.models import Site
from personalization.govern.purpose_words import purpose_in_words
from personalization.govern.tokens import preview_token, read_preview_token
from personalization.profiles.models import Profile
from personalization.profiles.reading import read_visitor
from personalization.profiles.visitors import raw_id
from personalization.publish.freeze import freeze
from personalization.publish.looks import (
    CONTEXT,
    PURPOSES,
    Look,
    made_up_visitor,
    read_look,
)
from personalization.publish.models import Preview
from personalization.publish.reading import checksum, read_release
from personalization.targeting.catalogue import site_catalogue
from rules import codec
from rules.forcing import force
from rules.types import NOTHING, STRANGER, Release, Visitor

PARAMETER: Final = "pz_preview"
OWN_LOOK: Final = timedelta(hours=2)
SHARED: Final = timedelta(days=7)
DRAFTS: Final = "draft"
LONGEST_PAGE: Final = 2000


@dataclass(frozen=True, slots=True)
class Sight:
    """Everything that a preview decides with."""

    release: Release
    visitor: Visitor
    look: Look
    now: datetime


@transaction.atomic
def open_preview(
    site: Site, document: object, *, version: str, page: str, by: str, lasts: timedelta = OWN_LOOK
) -> Preview:
    """`version`: "draft", or the number of a release. `page`: an address on the site's origins."""
    look = read_look(document, site_catalogue(site))
    number, text = _frozen(site, version)
    Preview.objects.filter(site=site, expires_at__lt=clock.now()).delete()
    preview = Preview.objects.create(
        site=site,
        key=secrets.token_urlsafe(16),
        look=document,
        profile=_profile(site, look, lasts),
        release=number,
        document=text,
        sha256=checksum(text),
        page=_checked_page(site, page),
        by=by[:200],
        expires_at=clock.now() + lasts,
    )
    if lasts > OWN_LOOK:
        audit.record(site=site, actor=by, action="preview.shared", target=version)
    return preview


@transaction.atomic
def take_back(preview: Preview, *, by: str) -> None:
    """Whoever holds its link sees the page as everybody does, from now on."""
    audit.record(site=preview.site, actor=by, action="preview.removed")
    preview.delete()


def link_of(preview: Preview) -> str:
    """The page's address with the signed token in it."""
    token = preview_token(preview.site_id, preview.key, int(preview.expires_at.timestamp()))
    parts = urlsplit(preview.page)
    query = "&".join(filter(None, (parts.query, urlencode({PARAMETER: token}))))
    return urlunsplit(parts._replace(query=query))


def find_preview(site_id: int, token: str | None) -> Preview | None:
    """The preview of a token; None if it is not ours, too old, or was taken back."""
    key = read_preview_token(site_id, token)
    if key is None:
        return None
    found = Preview.objects.filter(site_id=site_id, key=key, expires_at__gt=clock.now())
    return found.select_related("site", "profile").first()


def sight_of(preview: Preview) -> Sight:
    """What to decide with; of a real visitor only what they allow at this moment."""
    look = read_look(preview.look, site_catalogue(preview.site))
    now = look.at or clock.now()
    release = force(_release(preview), held=look.held, left=look.left)
    return Sight(release, _visitor(preview, look, now), look, now)


def _visitor(preview: Preview, look: Look, now: datetime) -> Visitor:
    """A real one is seen without personal words, without a unit, and never with more consent."""
    if look.visitor is None:
        return made_up_visitor(look, now)
    profile = preview.profile
    visitor_id = raw_id(profile) if profile is not None else None
    if visitor_id is None:
        return STRANGER
    real = read_visitor(preview.site, visitor_id, now=clock.now())
    return Visitor(
        unit=real.unit,
        purposes=real.purposes & look.purposes,
        facts=real.facts,
        personal=NOTHING,
        signals=real.signals,
        bought=real.bought,
        shown=real.shown,
    )


def _release(preview: Preview) -> Release:
    if preview.release is not None:
        return read_release(preview.site_id, preview.release)
    return codec.from_document(json.loads(preview.document))


def _frozen(site: Site, version: str) -> tuple[int | None, str]:
    """The number of a release, or the text of the drafts as they are now."""
    if version == DRAFTS:
        drafts = codec.to_document(freeze(site, (site.live_release or 0) + 1))
        return None, json.dumps(drafts, ensure_ascii=False, separators=(",", ":"))
    if not version.isdecimal() or len(version) > 9:
        raise _wrong("version", _("Choose the drafts, or the number of a release."))
    read_release(site.pk, int(version))
    return int(version), ""


def _profile(site: Site, look: Look, lasts: timedelta) -> Profile | None:
    if look.visitor is None:
        return None
    if lasts > OWN_LOOK:
        sentence = _("A link for colleagues shows made-up visitors only; leave the visitor out.")
        raise _wrong("visitor", sentence)
    profile = Profile.objects.filter(site=site, key=look.visitor).first()
    if profile is None:
        raise NotFound(_("No visitor of this site has this pseudonym. Copy it from a list."))
    return profile


def _checked_page(site: Site, page: str) -> str:
    if _origin(page) not in site.origins or len(page) > LONGEST_PAGE:
        known = ", ".join(site.origins) or _("none yet")
        sentence = _("Write an address on one of the site's origins: %s.") % known
        raise _wrong("page", sentence)
    return page.strip()


def _origin(page: str) -> str:
    try:
        parts = urlsplit(page.strip())
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}".lower()


def _wrong(field: str, sentence: str) -> Malformed:
    return Malformed(sentence, errors=(FieldError(field, "invalid", sentence),))


def words_of(look: Mapping[str, Any]) -> str:
    """Whose eyes these are, in a few words."""
    parts = [_in_short(look)]
    parts += [_("in “%s”") % key for key in look.get("held", ())]
    parts += [_("not in “%s”") % key for key in look.get("left", ())]
    parts += [look[name] for name in CONTEXT if look.get(name)]
    return ", ".join(parts)


def _in_short(look: Mapping[str, Any]) -> str:
    purposes = look.get("purposes", ())
    if look.get("visitor"):
        return _("visitor %s") % str(look["visitor"])[:12]
    if look.get("name"):
        return str(look["name"])
    if not purposes:
        return _("a stranger")
    if set(purposes) == set(PURPOSES):
        return _("somebody who allows everything")
    return _("somebody who allows %s") % ", ".join(map(purpose_in_words, purposes))
