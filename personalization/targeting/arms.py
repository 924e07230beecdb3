"""The split of an experiment: its arms, their weights, and its share of a namespace."""

from collections import Counter
from typing import Any

from django.utils.translation import gettext as _

from personalization.govern.models import Site
from personalization.targeting.keyed import look_up
from personalization.targeting.models import Content
from personalization.targeting.reading import KEY, Document

MOST_ARMS = 20


def checked_arms(site: Site, reading: Document) -> list[dict[str, str | None]]:
    """`[{"key": "a", "content": "hero-a"}, …]`; content null shows the slot's default."""
    given = reading.sequence("arms")
    if not 2 <= len(given) <= MOST_ARMS:
        reading.refuse("arms", "arms", _("Give it from 2 to %d arms.") % MOST_ARMS)
    arms = [_arm(site, reading, arm, f"arms[{place}]") for place, arm in enumerate(given)]
    for key, times in Counter(arm["key"] for arm in arms).items():
        if key and times > 1:
            reading.refuse("arms", "duplicate", _("Two arms are called “%s”.") % key)
    return arms


def checked_weights(reading: Document, arms: int) -> list[float]:
    """One weight an arm, summing to 1; equal ones where none are given."""
    given = reading.sequence("weights", required=False)
    if not given:
        return [1 / arms] * arms if arms else []
    if any(isinstance(w, bool) or not isinstance(w, int | float) or w < 0 for w in given):
        reading.refuse("weights", "share", _("Weights are numbers from 0 to 1."))
    elif len(given) != arms:
        reading.refuse("weights", "weights", _("Give one weight for each of the %d arms.") % arms)
    elif abs(sum(given) - 1) > 0.001:
        reading.refuse("weights", "weights", _("Weights sum to 1; yours to %g.") % sum(given))
    else:
        return [float(weight) for weight in given]
    return []


def checked_namespace(reading: Document) -> list[Any] | None:  # [name, start, end]
    """`["checkout", 0, 0.5]`: experiments of a namespace in ranges that do not overlap exclude."""
    given = reading.value("namespace")
    if given is None:
        return None
    match given:
        case [str(name), int() | float() as start, int() | float() as end] if (
            name and len(name) <= 100 and 0 <= start < end <= 1
        ):
            return [name, float(start), float(end)]
    reading.refuse(
        "namespace",
        "namespace",
        _("Write a namespace as [name, start, end], like [“cart”, 0, 0.5]."),
    )
    return None


def _arm(site: Site, reading: Document, arm: object, path: str) -> dict[str, str | None]:
    if not isinstance(arm, dict):
        reading.refuse(path, "type", _("An arm is an object: {key, content}."))
        return {"key": "", "content": None}
    for unknown in set(arm) - {"key", "content"}:
        reading.refuse(f"{path}.{unknown}", "unknown", _("An arm has a key and a content."))
    key, content = arm.get("key"), arm.get("content")
    if not isinstance(key, str) or not KEY.fullmatch(key):
        reading.refuse(f"{path}.key", "key", _("Name the arm: letters, digits, dots and dashes."))
        key = ""
    if content is not None and not isinstance(content, str):
        reading.refuse(f"{path}.content", "type", _("Name a content by its key."))
        content = None
    if content is not None:
        look_up(Content, site, reading, f"{path}.content", content)
    return {"key": key, "content": content}
