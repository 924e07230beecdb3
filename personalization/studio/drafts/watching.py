"""Two reviewers on one draft: the second is told who else looks at it.

Kept in the cache for as long as a page says now and then that it is still open; losing it costs
nothing, since a verb refuses what somebody else decided meanwhile.
"""

from typing import Final

from django.core.cache import cache

from personalization import clock

OPEN_SECONDS: Final = 40  # after the page's last word; it speaks up every 15


def look_at(draft: int, *, person: int, name: str) -> list[str]:
    """Note that this person looks at it, and at no other; the others who do, by name."""
    before = cache.get(_of_person(person))
    if before not in (None, draft):
        _look_away(before, person)
    cache.set(_of_person(person), draft, OPEN_SECONDS)
    here = _looks(draft)
    here[person] = (name, clock.now().timestamp())
    cache.set(_of_draft(draft), here, OPEN_SECONDS)
    return sorted(said for who, (said, _at) in here.items() if who != person)


def _look_away(draft: int, person: int) -> None:
    here = _looks(draft)
    if here.pop(person, None):
        cache.set(_of_draft(draft), here, OPEN_SECONDS)


def _looks(draft: int) -> dict[int, tuple[str, float]]:
    """Person -> their name, and when they were last heard of; not those who fell silent."""
    seen: dict[int, tuple[str, float]] = cache.get(_of_draft(draft)) or {}
    since = clock.now().timestamp() - OPEN_SECONDS
    return {who: look for who, look in seen.items() if look[1] > since}


def _of_draft(draft: int) -> str:
    return f"pz-draft-looks:{draft}"


def _of_person(person: int) -> str:
    return f"pz-looks-at-draft:{person}"
