"""Where a person mends what a sentence names: "rules.spring.condition" is the page of that rule."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from personalization.govern.models import Site
from personalization.targeting.documents import KINDS
from personalization.targeting.models import Keyed


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    address: str


Places = Mapping[tuple[str, str], Place]
_OTHER_NAMES: Final = {"contents": "content", "segment": "segments", "rule": "rules"}


def places(site: Site, paths: Iterable[str]) -> Places:
    """The page of each thing that a path names; one query for each kind."""
    wanted: dict[str, set[str]] = {}
    for path in paths:
        kind, keys = _candidates(path)
        if kind in KINDS:
            wanted.setdefault(kind, set()).update(keys)
    return {
        (kind, row.key): Place(str(row), _address(row))
        for kind, keys in wanted.items()
        for row in KINDS[kind].model._default_manager.filter(site=site, key__in=keys)
    }


def place_of(there: Places, path: str) -> Place | None:
    """The longest key that fits: keys may hold dots themselves."""
    kind, keys = _candidates(path)
    return next((there[kind, key] for key in keys if (kind, key) in there), None)


def _candidates(path: str) -> tuple[str, list[str]]:
    kind, *parts = path.split(".")
    keys = [".".join(parts[:end]) for end in range(len(parts), 0, -1)]
    return _OTHER_NAMES.get(kind, kind), keys


def _address(row: Keyed) -> str:
    return reverse(f"admin:personalization_{row._meta.model_name}_change", args=(row.pk,))
