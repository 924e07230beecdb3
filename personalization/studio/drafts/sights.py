"""What a draft will look like to three invented visitors, on a phone and on a computer.

In:  a draft's fields as they stand, or as somebody is typing them.
Out: `Sight`s: a page for a frame, and who sees it; who sees the same shares one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest
from django.utils.translation import gettext as _

from personalization import clock
from personalization.drafts.models import Draft
from personalization.exceptions import Refusal
from personalization.learn.live import learned
from personalization.publish.site_settings import site_settings
from personalization.render.personas import (
    SEGMENT_KEY,
    STRANGER_KEY,
    Persona,
    somebody_in,
    somebody_known,
)
from personalization.render.preview import preview
from personalization.render.samples import with_samples
from personalization.studio.block_pages import as_html, block_page
from personalization.targeting.catalogue import site_catalogue
from personalization.targeting.models import Segment
from personalization.targeting.segments import site_segments
from rules.types import Block, Learned

THREE: Final = 3


@dataclass(frozen=True, slots=True)
class Sight:
    who: tuple[str, ...]
    page: str
    refusal: str = ""


def sights(
    request: HttpRequest, draft: Draft, block: Block | None, fields: Mapping[str, Any]
) -> list[Sight]:
    """The personas in order; those who would see the very same page stand together."""
    if block is None:
        return [Sight((), "", _("This block is not on this site any more."))]
    known = with_samples(learned(draft.site_id, draft.site.live_learned))
    seen: dict[str, list[str]] = {}
    for name, persona in _onlookers(draft, known):
        try:
            seen.setdefault(_drawn(draft, block, fields, persona, known), []).append(name)
        except Refusal as refusal:
            return [Sight((), "", refusal.detail)]
    return [
        Sight(tuple(who), block_page(request, draft.site, as_html(block, text), draft.locale))
        for text, who in seen.items()
    ]


def _drawn(
    draft: Draft, block: Block, fields: Mapping[str, Any], persona: Persona, known: Learned
) -> str:
    return preview(
        block,
        {draft.locale: fields},
        catalogue=site_catalogue(draft.site),
        now=clock.now(),
        locale=draft.locale,
        learned=known,
        settings=site_settings(draft.site),
        visitor=persona.visitor,
        context=persona.context,
        item=draft.item or None,
    ).text


def _onlookers(draft: Draft, known: Learned) -> Iterator[tuple[str, Persona]]:
    """A stranger, somebody we know well, and a member of the draft's segment, else of another."""
    catalogue, now = site_catalogue(draft.site), clock.now()
    yield _("a stranger"), Persona(STRANGER_KEY)
    yield _("somebody we know well"), somebody_known(catalogue, known, now)
    conditions = site_segments(draft.site)
    wanted = [draft.segment] if draft.segment in conditions else list(conditions)[:THREE]
    for key in wanted:
        member = somebody_in(key, catalogue, conditions, known, now)
        if member is not None:
            yield _("somebody in “%s”") % _name(draft, key), member
            return


def _name(draft: Draft, key: str) -> str:
    row = Segment.objects.filter(site=draft.site_id, key=key).first()
    return str(row) if row else key.removeprefix(SEGMENT_KEY)
