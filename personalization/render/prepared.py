"""A content of a release made ready to be rendered in one language; kept with the release.

In:  a release, a content's key, the language that was asked for.
Out: its fields ready to fill, its compiled template, what it reads.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from personalization.blocks.fields import Filling, as_json, filling
from personalization.blocks.sandbox import Compiled
from personalization.render.disclosure import note_of, with_mark
from rules.provenance import Provenance
from rules.types import Block, Content, Release, SuggestionSpec

JSON_KIND = "json"


@dataclass(frozen=True, slots=True)
class Prepared:
    """`provenance`: of a language that a model wrote; `pictures`: of those in it that one drew.

    `note`: what visitors are told of that.
    """

    locale: str
    filling: Filling
    template: Compiled | None  # None: a JSON block
    trusted: bool
    suggestions: SuggestionSpec | None
    visitor_reads: frozenset[str]
    personal_reads: frozenset[str]
    page_reads: frozenset[str]
    site: Mapping[str, str]
    provenance: Provenance | None = None
    pictures: tuple[Provenance, ...] = ()
    note: str = ""

    def render(self, names: Mapping[str, Any]) -> str:
        return "" if self.template is None else self.template.render(names) + self.note

    def json(self, content: Mapping[str, Any]) -> Any:  # JSON
        """A JSON block whose schema has one field called `data` gives that field's value."""
        value = content["data"] if content.keys() == {"data"} else dict(content)
        said = as_json(value)
        return with_mark(said) if self.note else said


class UnknownContent(LookupError):
    """The release names a content that it does not hold."""


class NotApproved(Exception):
    """A model wrote or drew it, and it is not, to the letter, what somebody said yes to."""


def prepared(release: Release, key: str, asked: str | None) -> Prepared:
    """What was prepared once is kept in the release's memory, by content and language."""
    content = release.contents.get(key)
    if content is None:
        raise UnknownContent(key)
    locale = best_locale(content.fields, asked, release.settings.locale)
    kept: dict[tuple[str, str], Prepared] = release.memory.setdefault("prepared", {})
    found = kept.get((key, locale))
    if found is None:
        found = kept[key, locale] = _prepare(release, content, locale)
    return found


def best_locale(offered: Mapping[str, Any], asked: str | None, site: str) -> str:
    """`de-CH`, then `de`, then the site's, then whatever the content has."""
    if asked is not None and asked in offered:
        return asked
    by_name = {each.lower(): each for each in offered}
    for wanted in (*_ever_wider(asked), *_ever_wider(site)):
        if wanted in by_name:
            return by_name[wanted]
    return next(iter(offered), site)


def _ever_wider(locale: str | None) -> Iterator[str]:
    """`zh-hant-tw`, `zh-hant`, `zh`."""
    rest = (locale or "").lower().replace("_", "-")
    while rest:
        yield rest
        rest = rest.rpartition("-")[0]


def _prepare(release: Release, content: Content, locale: str) -> Prepared:
    block = release.blocks[content.block]
    written, pictures = _proven(release, content, locale)
    fields = release.catalogue.fields
    known = {name: fields[name] for name in content.reads if name in fields}
    personal = frozenset(name for name, each in known.items() if each.personal)
    of_visitor = frozenset(name for name, each in known.items() if each.purposes) - personal
    return Prepared(
        locale=locale,
        filling=filling(content.fields.get(locale, {}), block.schema),
        template=None if block.kind == JSON_KIND else _template(release, block),
        trusted=block.trusted,
        suggestions=content.suggestions,
        visitor_reads=of_visitor,
        personal_reads=personal,
        page_reads=frozenset(known) - of_visitor - personal,
        site={
            "key": release.site,
            "locale": locale,
            "currency": release.settings.currency,
            "zone": release.settings.zone,
        },
        provenance=written,
        pictures=pictures,
        note=note_of(
            locale,
            is_written=written is not None and written.disclose,
            is_drawn=any(each.disclose for each in pictures),
        ),
    )


def _proven(
    release: Release, content: Content, locale: str
) -> tuple[Provenance | None, tuple[Provenance, ...]]:
    """Where the text and the pictures of this language came from, checked against their hashes.

    What says of a language that is not there that a model wrote it, was tampered with.
    """
    written, drawn = content.provenance.get(locale), content.pictures.get(locale, ())
    is_whole = content.provenance.keys() | content.pictures.keys() <= content.fields.keys()
    fields = content.fields.get(locale, {})
    is_it = written is None or written.is_of(fields, block=content.block, locale=locale)
    pictures = tuple(each.provenance for each in drawn)
    made = pictures if written is None else (written, *pictures)
    are_theirs = all(each.is_for(release.conditions) for each in made)
    if not (is_whole and is_it and are_theirs and all(each.is_in(fields) for each in drawn)):
        raise NotApproved(f"{content.key} ({locale})")
    return written, pictures


def _template(release: Release, block: Block) -> Compiled:
    kept: dict[str, Compiled] = release.memory.setdefault("templates", {})
    if block.name not in kept:
        kept[block.name] = Compiled(block.template, guarded=not block.trusted, html=True)
    return kept[block.name]
