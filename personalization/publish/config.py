"""All drafts of a site as one document, and back: to keep beside code, to copy to another site.

In:  a site; or a site and such a document.
Out: the document; or the changes that it made. Either all of it is taken in or nothing.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from personalization.drafts.adopting import adopt
from personalization.exceptions import FieldError, Malformed
from personalization.govern.models import Site
from personalization.publish.diff import Change, Things, compare
from personalization.targeting.conditions import segments_named_in
from personalization.targeting.documents import KINDS, Kind, delete, save_traits_schema
from personalization.targeting.models import Keyed, Segment
from personalization.targeting.reading import Document

FORMAT: Final = 1
TRAITS: Final = "traits"
Name = tuple[str, str]  # (kind, key)


def export_config(site: Site) -> dict[str, Any]:  # JSON
    """Everything that editors wrote, by key, in the order in which it can be taken in."""
    document: dict[str, Any] = {"format": FORMAT, TRAITS: site.traits_schema}
    for kind in KINDS.values():
        written = [kind.written(row) for row in kind.rows(site).order_by("key")]
        document[kind.name] = _in_order(kind, written)
    return document


def import_config(
    site: Site,
    content: object,
    *,
    by: str,
    prune: bool = False,
    dry_run: bool = False,
    keep: Collection[Name] = (),
) -> tuple[Change, ...]:
    """Save every document in it. `prune`: delete what it does not name. Refused as a whole.

    A model's words that were approved elsewhere become drafts that wait for a yes here.
    `keep`: (kind, key) of what stays as it is here, whatever the file says.
    """
    config = _read(content)
    try:
        with transaction.atomic():
            before = things_of(site)
            config = _with_ours(config, before, keep)
            _save(site, config, by=by)
            if prune:
                _prune(site, config, by=by)
            adopt(site, by=by)
            changes = compare(before, things_of(site))
            if dry_run:
                transaction.set_rollback(True)
    finally:
        site.refresh_from_db()
    return changes


def _with_ours(config: dict[str, Any], ours: Things, keep: Collection[Name]) -> dict[str, Any]:
    """The configuration, in which what is kept is said as it is here."""
    if not keep:
        return config
    changed = dict(config)
    for kind in KINDS:
        kept = [ours[kind, key] for name, key in keep if name == kind and (kind, key) in ours]
        stays = {key for name, key in keep if name == kind}
        taken = [each for each in config[kind] or [] if _key(each) not in stays]
        changed[kind] = [*taken, *kept] if config[kind] is not None or kept else None
    if (TRAITS, "") in keep:
        changed[TRAITS] = ours[TRAITS, ""]
    return changed


def _save(site: Site, config: Mapping[str, Any], *, by: str) -> None:
    if config[TRAITS] is not None:
        save_traits_schema(site, config[TRAITS], by=by)
    for kind in KINDS.values():
        _save_all(kind, site, config[kind.name] or [], by=by)


def _read(content: object) -> dict[str, Any]:
    reading = Document(content)
    version = reading.integer("format", FORMAT, least=1)
    if version != FORMAT:
        reading.refuse("format", "format", _("This version reads format %d.") % FORMAT)
    reading.text("site")
    config: dict[str, Any] = {TRAITS: reading.plain(TRAITS, Mapping)}
    for name in KINDS:
        config[name] = reading.plain(name, list)
    reading.finish()
    return config


def _save_all(kind: Kind, site: Site, written: Sequence[Any], *, by: str) -> None:
    """All of one kind; what is wrong with any of them is said together."""
    errors: list[FieldError] = []
    for each in _in_order(kind, written):
        try:
            with transaction.atomic():
                kind.save(site, each, by=by)
        except Malformed as refused:
            place = f"{kind.name}.{_key(each) or '?'}"
            errors.extend(
                FieldError(f"{place}.{e.path}".rstrip("."), e.code, e.detail)
                for e in refused.errors
            )
    if errors:
        first = f"{errors[0].path}: {errors[0].detail}"
        raise Malformed(_("Nothing was imported. %s") % first, errors=tuple(errors))


def _prune(site: Site, config: Mapping[str, Any], *, by: str) -> None:
    """Delete users before what they use; segments and journeys may use each other."""
    going = [
        row for kind in reversed(list(KINDS.values())) for row in _left_out(kind, site, config)
    ]
    for row in going:
        delete(row, by=by, going=going)


def _left_out(kind: Kind, site: Site, config: Mapping[str, Any]) -> Iterator[Keyed]:
    if config[kind.name] is None:
        return
    kept = {_key(each) for each in config[kind.name]}
    rows = {row.key: row for row in kind.rows(site)}
    for each in reversed(_in_order(kind, [kind.written(row) for row in rows.values()])):
        if each["key"] not in kept:
            yield rows[each["key"]]


def _in_order(kind: Kind, written: Sequence[Any]) -> list[Any]:
    """Documents as given, but segments behind those that they name."""
    by_key = {_key(each): each for each in written}
    if kind.model is not Segment or len(by_key) < len(written):
        return list(written)  # one said twice: the later changes the earlier
    order: dict[str, Any] = {}
    for key in by_key:
        order |= {found: by_key[found] for found in _with_named(key, by_key) if found not in order}
    return list(order.values())


def _with_named(key: str, by_key: Mapping[str, Any]) -> Iterator[str]:
    """`key` behind all that its condition names, each once, without recursion."""
    waiting, seen = [(key, False)], set()
    while waiting:
        here, is_done = waiting.pop()
        if is_done:
            yield here
        elif here not in seen:
            seen.add(here)
            waiting.append((here, True))
            condition = by_key[here].get("condition") if here else None
            named = segments_named_in(condition)
            waiting.extend((name, False) for name in named if name in by_key)


def _key(written: object) -> str:
    key = written.get("key") if isinstance(written, Mapping) else None
    return key if isinstance(key, str) else ""


def things_of(site: Site) -> Things:
    """Every draft of the site as its document, and the traits, by (kind, key)."""
    things: Things = {(TRAITS, ""): site.traits_schema}
    for kind in KINDS.values():
        rows: list[Keyed] = list(kind.rows(site).order_by("key"))
        things |= {(kind.name, row.key): kind.written(row) for row in rows}
    return things
