"""Conditions as they are saved: parsed against the site's catalogue, their segments known.

In:  the tree of one field of a document.
Out: the same tree, proven; what is wrong is refused in the document, with its path.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from personalization.govern.models import Site
from personalization.targeting.catalogue import site_catalogue
from personalization.targeting.models import Segment
from personalization.targeting.reading import Document, dotted
from rules.conditions import SEGMENT, parse
from rules.invalid import Invalid

Tree = dict[str, Any]  # react-querybuilder's JSON


def checked_condition(
    site: Site, document: Document, name: str = "condition", *, of_segment: str = ""
) -> Tree | None:
    """The condition in `name`; None where there is none, or where it was refused."""
    tree = document.value(name)
    if tree is None:
        return None
    try:
        parse(tree, site_catalogue(site))
    except Invalid as invalid:
        document.refuse(dotted(f"{name}/{invalid.path}"), "condition", invalid.said(_))
        return None
    _check_segments(site, document, name, tree, of_segment)
    checked: Tree = tree
    return checked


def segments_named_in(tree: object) -> Iterator[str]:
    """Keys of the segments that a stored condition refers to, in order, repeats included."""
    return (key for key, _path in _named(tree, ""))


def _named(tree: object, path: str) -> Iterator[tuple[str, str]]:
    """Keys of segments, each with the path of the rule that names it."""
    if not isinstance(tree, Mapping):
        return
    if tree.get("field") == SEGMENT:
        keys = tree.get("value")
        keys = keys.split(",") if isinstance(keys, str) else keys
        yield from (
            (key.strip(), path) for key in keys or () if isinstance(key, str) and key.strip()
        )
    for index, inner in enumerate(tree.get("rules") or ()):
        yield from _named(inner, f"{path}/rules/{index}")


def _check_segments(site: Site, document: Document, name: str, tree: Tree, of_segment: str) -> None:
    named: dict[str, str] = {}  # key -> where it is named first
    for key, path in _named(tree, name):
        named.setdefault(key, path)
    if not named:
        return
    known = dict(Segment.objects.filter(site=site).values_list("key", "condition"))
    if of_segment:
        known[of_segment] = tree
    for key, path in named.items():
        if key not in known:
            document.refuse(
                dotted(path),
                "unknown_reference",
                _("There is no segment “%s”. Make it first, or correct the key.") % key,
            )
    circle = _circle(of_segment, known) if of_segment else []
    if circle:
        document.refuse(
            name,
            "cycle",
            _("The segments refer to each other in a circle: %s.") % " → ".join(circle),
        )


def _circle(start: str, known: Mapping[str, Tree]) -> list[str]:
    """The way from `start` back to itself, if there is one."""
    came_from: dict[str, str] = {}
    to_visit = [start]
    while to_visit:
        here = to_visit.pop()
        for key in segments_named_in(known.get(here)):
            if key == start:
                return [*_way(start, here, came_from), start]
            if key in known and key not in came_from:
                came_from[key] = here
                to_visit.append(key)
    return []


def _way(start: str, end: str, came_from: Mapping[str, str]) -> list[str]:
    way = [end]
    while way[-1] != start:
        way.append(came_from[way[-1]])
    return way[::-1]
