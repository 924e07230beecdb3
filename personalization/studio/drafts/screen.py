"""One draft on the reviewer's screen: what stands there, and the addresses of what can be done.

In:  a request, a draft, its place in the queue. Out: the context of `studio/drafts/screen.html`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from personalization import clock
from personalization.catalog.models import Item
from personalization.drafts.audiences import audience_in_words
from personalization.drafts.models import Draft, Review, Revision
from personalization.drafts.people import person
from personalization.drafts.reviewing import REASONS
from personalization.exceptions import Malformed
from personalization.govern.models import Site
from personalization.govern.roles import ROLES
from personalization.studio.contents import title_of_block
from personalization.studio.drafts.beside import differences, live_text, texts_of_live
from personalization.studio.drafts.edit_form import field_views
from personalization.studio.drafts.queue import Place, Queue
from personalization.studio.drafts.sights import sights
from personalization.studio.drafts.standing import LABELS, OPEN, standing
from personalization.studio.drafts.texts import numbered, texts_of, texts_shown
from personalization.studio.drafts.use_offer import use_offer
from personalization.studio.languages import language_name
from personalization.targeting.blocks import find_block
from personalization.targeting.models import Segment, Slot
from rules.types import Block

DEEDS = ("decide", "edit", "anew", "assign", "invite", "use", "watch", "sights")


@dataclass(frozen=True, slots=True)
class Step:
    """A revision, and what it changed of the one before."""

    title: str
    who: str
    at: datetime
    differences: list[Any]


def drafts_to_look_at() -> Any:  # a QuerySet of drafts
    return Draft.objects.select_related(
        "site", "brief__author", "order__author", "picture", "assigned_to"
    ).prefetch_related("revisions__author", "reviews")


def screen_context(request: HttpRequest, draft: Draft, queue: Queue) -> dict[str, Any]:
    revisions = {each.number: each for each in draft.revisions.all()}
    revision = revisions[draft.revision]
    block = find_block(draft.site, draft.block)
    schema: Mapping[str, Any] = block.schema if block else {}
    texts = list(texts_of(schema, revision.fields))
    findings = numbered(revision.findings)
    shown = texts_shown(texts, findings)
    where = standing(draft, revision, person(request.user, draft.site))
    live, no_live = live_text(draft)
    place = queue.place(draft)
    due = draft.due_at.astimezone(ZoneInfo(draft.site.zone)) if draft.due_at else None
    return {
        "draft": draft,
        "revision": revision,
        "place": place,
        "stands": stands_in_words(place) if draft.state == Draft.WAITING else "",
        "address": addresses(draft, queue),
        "facts": list(_facts(draft)),
        "item_title": _item_title(draft),
        "state_label": LABELS[draft.state],
        "due": date_format(due, "SHORT_DATETIME_FORMAT") if due else "",
        "due_input": f"{due:%Y-%m-%dT%H:%M}" if due else "",
        "is_late": bool(due and due < clock.now() and draft.state in OPEN),
        "texts": shown,
        "others": [each for each in shown if not each.text.says],
        "findings": findings,
        "n_soft": sum(not each.finding.is_hard for each in findings),
        "live": live,
        "no_live": no_live,
        "live_differences": differences(texts_of_live(live), texts) if live else [],
        "steps": list(_steps(draft, revisions, block)),
        "reviews": list(_reviews(draft)),
        "fields": field_views(block, draft.locale, revision.fields) if block else [],
        "sights": sights(request, draft, block, revision.fields),
        "asked": list(_asked(draft)),
        "reasons": [(code, str(words)) for code, words in REASONS.items()],
        "reviewers": reviewers(draft.site) if where.may_review else [],
        **{name: getattr(where, name) for name in ("may_review", "may_edit", "may_decide")},
        **{name: getattr(where, name) for name in ("may_approve", "notices", "approve_words")},
        "step": where.step,
        "audience": where.audience,
        **use_offer(request, draft),
    }


def stands_in_words(place: Place) -> str:
    """Where a draft stands in its queue: "3 of 50"."""
    return _("%(n)d of %(all)d") % {"n": place.number, "all": place.count}


def addresses(draft: Draft, queue: Queue) -> dict[str, str]:
    """Of a decision with the queue's filters: its answer names the next one."""
    found = {
        name: reverse(f"admin:personalization_draft_{name}", args=(draft.pk,)) for name in DEEDS
    }
    query = queue.as_query()
    found["decide"] += f"?{query}" if query else ""
    found["page"] = page_of(draft)
    return found


def page_of(draft: Draft) -> str:
    return reverse("admin:personalization_draft_change", args=(draft.pk,))


def reviewers(site: Site) -> Any:  # a QuerySet of the host's user model
    """Those who may say yes on this site."""
    roles = [role for role, granted in ROLES.items() if "review" in granted]
    users = get_user_model()._default_manager
    return users.filter(
        is_active=True,
        pk__in=site.members.filter(role__in=roles).values("user_id"),
    ).order_by("username")


def _facts(draft: Draft) -> Iterator[str]:
    yield title_of_block(draft.block)
    if draft.slot:
        row = Slot.objects.filter(site=draft.site_id, key=draft.slot).first()
        yield str(row or draft.slot)
    if draft.segment:
        row_of = Segment.objects.filter(site=draft.site_id, key=draft.segment).first()
        yield _("for “%s”") % (row_of or draft.segment)
    else:
        yield _("for everybody")
    yield language_name(draft.locale)
    yield _("variant %d") % draft.variant
    if draft.assigned_to:
        yield _("assigned to %s") % draft.assigned_to


def _item_title(draft: Draft) -> str:
    if not draft.item:
        return ""
    row = Item.objects.filter(site=draft.site_id, key=draft.item).first()
    return row.title if row else draft.item


def _asked(draft: Draft) -> Iterator[tuple[str, str]]:
    brief, order = draft.brief, draft.order
    said = (
        (_("Goal"), brief.goal),
        (_("Audience"), brief.audience),
        (_("Audience now"), _audience_now(draft)),
        (_("Tone"), brief.tone),
        (_("Facts that may be used"), ", ".join(brief.facts)),
        (_("Remark"), order.remark),
        (_("Asked by"), brief.by),
        (_("Model"), order.model),
        (_("Prompt"), order.prompt),
    )
    return ((label, text) for label, text in said if text)


def _audience_now(draft: Draft) -> str:
    """In words; "" where it is what the brief said."""
    segment = Segment.objects.filter(site=draft.site_id, key=draft.segment).first()
    try:
        now = audience_in_words(draft.site, segment)
    except Malformed as unreadable:
        return unreadable.detail
    return "" if now == draft.brief.audience else now


def _steps(draft: Draft, revisions: Mapping[int, Revision], block: Block | None) -> Iterator[Step]:
    """The newest first."""
    schema: Mapping[str, Any] = block.schema if block else {}
    for number in sorted(revisions, reverse=True):
        row, before = revisions[number], revisions.get(number - 1)
        changed = (
            differences(texts_of(schema, before.fields), texts_of(schema, row.fields))
            if before
            else []
        )
        yield Step(
            _("Revision %d") % number,
            row.by or draft.order.model or _("the model"),
            row.created_at,
            [each for each in changed if not each.is_same],
        )


def _reviews(draft: Draft) -> Iterator[Review]:
    for row in draft.reviews.all():
        typed: Any = row  # with words beside it, for the template
        typed.reason_in_words = REASONS.get(row.reason, "")
        yield row
