"""Is it new: unlike its siblings, unlike what was rejected, and not what is live already?"""

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Final

from django.utils.translation import gettext as _

from personalization.drafts.checks.texts import whole
from personalization.drafts.values import Finding, Subject

CLOSE: Final = 0.85  # the share of characters in common, in order (Ratcliff and Obershelp, 1988)
LONGEST: Final = 2000  # characters that are compared


def check(subject: Subject) -> Iterator[Finding]:
    mine = _normal(whole(subject.fields, subject.block))
    if not mine:
        return
    nearest = max((_alike(mine, each) for each in subject.siblings), default=0.0)
    if nearest == 1.0:
        yield Finding("duplicate", "", _("Another variant says just the same."), is_hard=True)
    elif nearest >= CLOSE:
        yield Finding("near_duplicate", "", _("Another variant says nearly the same."))
    nearest = max((_alike(mine, each) for each in subject.rejected), default=0.0)
    if nearest == 1.0:
        sentence = _("Just this text was rejected before.")
        yield Finding("rejected_before", "", sentence, is_hard=True)
    elif nearest >= CLOSE:
        yield Finding("like_rejected", "", _("A text much like this one was rejected before."))
    if any(_alike(mine, each) >= CLOSE for each in subject.approved):
        yield Finding("like_approved", "", _("A text much like this one is approved already."))


def _alike(mine: str, other: str) -> float:
    theirs = _normal(other)
    if mine == theirs:
        return 1.0
    matcher = SequenceMatcher(None, mine, theirs, autojunk=False)
    if matcher.real_quick_ratio() < CLOSE or matcher.quick_ratio() < CLOSE:
        return 0.0
    return min(matcher.ratio(), 0.999)


def _normal(text: str) -> str:
    return " ".join(text.casefold().split())[:LONGEST]
