"""Two reviewers on one draft: the second is told who else looks at it.

Kept in the cache for as long as a page says now and then that it is still open; losing it costs
nothing, since a verb refuses what somebody else decided meanwhile.
"""

from typing import Final

from django.core.cache import cache

from personalization import clock
from personalization.drafts.models import Draft

OPEN_SECONDS: Final = 40  # after the page's last word; it speaks up every 15


def look_at(draft: Draft, *, person: int, name: str) -> list[str]:
    """Note that this person looks at it; the others who do, by name."""
    key = f"pz-draft-looks:{draft.pk}"
    now = clock.now().timestamp()
    seen: dict[int, tuple[str, float]] = cache.get(key) or {}
    here = {who: look for who, look in seen.items() if now - look[1] < OPEN_SECONDS}
    here[person] = (name, now)
    cache.set(key, here, OPEN_SECONDS)
    return sorted(said for who, (said, _at) in here.items() if who != person)


def look_away(draft: Draft, *, person: int) -> None:
    key = f"pz-draft-looks:{draft.pk}"
    seen: dict[int, tuple[str, float]] = cache.get(key) or {}
    if seen.pop(person, None):
        cache.set(key, seen, OPEN_SECONDS)
