"""What publishing would change.

In:  the live release of a site and its drafts.
Out: one `Change` for each thing that was added, changed or removed, in the words of a document.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from personalization.govern.models import Site
from personalization.publish.differences import differences
from personalization.publish.freeze import freeze
from personalization.publish.reading import read_release
from rules import codec
from rules.fields import BUILT_IN
from rules.types import Release

Things = dict[tuple[str, str], Any]  # (kind, key) -> JSON
LONGEST: Final = 80


@dataclass(frozen=True, slots=True)
class Change:
    """`before` and `after` are JSON; None where there is nothing."""

    kind: str
    key: str
    what: str  # "added", "changed" or "removed"
    before: Any  # JSON
    after: Any  # JSON

    @property
    def summary(self) -> str:
        """Which parts differ, from what to what; "" for what is new or gone."""
        if not (isinstance(self.before, Mapping) and isinstance(self.after, Mapping)):
            return ""
        return "; ".join(
            f"{'.'.join(path)}: {_short(old)} → {_short(new)}"
            for path, old, new in differences(self.before, self.after)
        )


def changes(site: Site, *, frozen: Release | None = None) -> tuple[Change, ...]:
    """Raises `Malformed` where the drafts cannot be published.

    `frozen`: the drafts as they would be published, where the caller has them already.
    """
    number = site.live_release
    before: Things = {}
    if number is not None:
        before = _things(codec.to_document(read_release(site.pk, number)))
    after = frozen or freeze(site, number or 1)
    return compare(before, _things(codec.to_document(after)))


def between(site: Site, older: int | None, newer: int) -> tuple[Change, ...]:
    """What changed from one release to another; from none, everything is added."""
    before = {} if older is None else _things(codec.to_document(read_release(site.pk, older)))
    return compare(before, _things(codec.to_document(read_release(site.pk, newer))))


def compare(before: Things, after: Things) -> tuple[Change, ...]:
    found = []
    for kind, key in [*after, *(name for name in before if name not in after)]:
        old, new = before.get((kind, key)), after.get((kind, key))
        if old != new:
            what = "added" if old is None else "removed" if new is None else "changed"
            found.append(Change(kind, key, what, old, new))
    return tuple(found)


def _things(document: Mapping[str, Any]) -> Things:
    """Everything in a release that has a key of its own."""
    things: Things = {("settings", ""): document["settings"]}
    traits = set(document["catalogue"]) - set(BUILT_IN.fields)
    things |= {("trait", name): document["catalogue"][name] for name in sorted(traits)}
    for slot in document["slots"]:
        for kind in ("rules", "experiments"):
            for place, one in enumerate(slot[kind]):
                things[kind[:-1], one["key"]] = {"slot": slot["key"], "place": place, **one}
        parts = {name: slot[name] for name in ("default", "min_height")}
        things["slot", slot["key"]] = {"key": slot["key"], **parts}
    things |= {("content", each["key"]): each for each in document["contents"]}
    things |= {("block", each["name"]): each for each in document["blocks"]}
    things |= {("journey", each["key"]): each for each in document.get("journeys", ())}
    for name, tree in document["conditions"].items():
        kind = "condition" if name.startswith("rule:") else "segment"
        things[kind, name.removeprefix("rule:")] = {"condition": tree}
    return things


def _short(value: Any) -> str:  # JSON
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
