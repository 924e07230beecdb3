"""What reviewers teach: approved texts, edits and refusals, as examples for the next briefs.

Bounded for each site, block, language and kind; each can be looked at, switched off and removed.
"""

from typing import Final

from django.db import transaction

from personalization.drafts.checks.texts import whole
from personalization.drafts.models import Draft, Lesson, Revision
from personalization.drafts.people import Person, demand
from personalization.drafts.subjects import block_of
from personalization.drafts.values import Example
from personalization.govern import audit
from personalization.govern.models import Site
from personalization.targeting.blocks import find_block
from rules.types import Block

MOST_KEPT: Final = 40  # of a kind, for a block in a language of a site
ORDER: Final = (Lesson.EDITED, Lesson.REJECTED, Lesson.APPROVED)  # what teaches most comes first
LONGEST: Final = 1500  # characters of a text


def learn_from_yes(draft: Draft, revision: Revision) -> None:
    """An approved text; where somebody edited it, what the model had written beside it."""
    block = block_of(draft)
    after = _said(revision, block)
    before = _said(draft.revisions.get(number=1), block)
    kind = Lesson.APPROVED if before == after else Lesson.EDITED
    _keep(draft, kind, before="" if kind == Lesson.APPROVED else before, after=after)


def learn_from_no(draft: Draft, revision: Revision, *, why: str) -> None:
    """Of a block that was deleted nobody learns any more; the no counts all the same."""
    block = find_block(draft.site, draft.block)
    if block is not None:
        _keep(draft, Lesson.REJECTED, before=_said(revision, block), reason=why[:300])


def unlearn(draft: Draft) -> None:
    """The decision was taken back, and what it taught with it."""
    Lesson.objects.filter(draft=draft).delete()


def lessons_for(site: Site, block: str, locale: str, most: int) -> tuple[Example, ...]:
    """At most so many, taken from the kinds in turn, newest first."""
    rows = Lesson.objects.filter(site=site, block=block, locale=locale, is_on=True)
    by_kind = [list(rows.filter(kind=kind).order_by("-pk")[:most]) for kind in ORDER]
    in_turn = [kind[place] for place in range(most) for kind in by_kind if place < len(kind)]
    return tuple(Example(row.kind, row.before, row.after, row.reason) for row in in_turn[:most])


@transaction.atomic
def switch(lesson: Lesson, *, is_on: bool, by: Person) -> None:
    demand(by, "edit", "review")
    if Lesson.objects.filter(pk=lesson.pk, is_on=not is_on).update(is_on=is_on):
        _note(lesson, "switched_on" if is_on else "switched_off", by)


@transaction.atomic
def remove(lesson: Lesson, *, by: Person) -> None:
    demand(by, "edit", "review")
    _note(lesson, "removed", by)
    lesson.delete()


def _said(revision: Revision, block: Block) -> str:
    return whole(revision.fields, block)[:LONGEST]


def _keep(draft: Draft, kind: str, *, before: str = "", after: str = "", reason: str = "") -> None:
    """The oldest make room."""
    unlearn(draft)
    where = {"site": draft.site, "block": draft.block, "locale": draft.locale, "kind": kind}
    Lesson.objects.create(**where, draft=draft, before=before, after=after, reason=reason)
    newest = Lesson.objects.filter(**where).order_by("-pk").values_list("pk", flat=True)
    Lesson.objects.filter(**where).exclude(pk__in=list(newest[:MOST_KEPT])).delete()


def _note(lesson: Lesson, deed: str, by: Person) -> None:
    audit.record(
        site=lesson.site,
        actor=by.name,
        action=f"lesson.{deed}",
        target=str(lesson.pk),
        changes={"text": [lesson.before, lesson.after]},
    )
