"""No picture of a model in a release without the yes that was given to exactly this picture.

In:  a content's fields, the pictures among them that a model drew, what shows the content.
Out: for each place where one is named its proof; or what stands in the way, with the remedy.

Whoever looks at a picture approves it with its words, in the language of its brief; what people
say of it in other languages is theirs. One that was approved for everyone suits any audience.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from personalization.blocks.advice import alternative_of
from personalization.catalog.named import names_in
from personalization.drafts.drawn import Source
from personalization.exceptions import FieldError
from personalization.publish.generated import NOT_APPROVED, Known, Shown, is_no_object
from personalization.targeting.models import Content
from rules.provenance import Drawn, Path, value_at
from rules.types import Block

Schema = Mapping[str, Any]  # JSON


def drawn_in(
    row: Content, block: Block, known: Known, uses: list[Shown], errors: list[FieldError]
) -> dict[str, tuple[Drawn, ...]]:
    """By language what a model drew of this content, as far as it is approved."""
    found: dict[str, tuple[Drawn, ...]] = {}
    for locale, fields in row.fields.items():
        proofs: list[Drawn] = []
        for at, name, address in _named(fields, known.pictures):
            source = known.pictures[name]
            said = {"content": row, "picture": source.picture, "language": locale}
            drawn = _drawn(source, at, address, block.schema, locale)
            if drawn is None:
                problems = [_unapproved(source, said)]
            else:
                problems = list(_problems(drawn, block, fields, uses, said))
                proofs.append(drawn)
            place = f"content.{row.key}.fields.{locale}.{_dotted(at)}"
            errors.extend(FieldError(place, NOT_APPROVED, detail) for detail in problems)
        if proofs:
            found[locale] = tuple(proofs)
    return found


def drawn_in_template(block: Block, known: Known) -> Iterator[FieldError]:
    """A template has no place for a proof."""
    named = {name for name, _address in names_in(block.template)} & known.pictures.keys()
    for name in sorted(named):
        detail = _(
            "The block “%(block)s” names the picture “%(picture)s”, which a model drew. Let a "
            "field of the block name it, so that its approval can be looked up."
        )
        said = {"block": block.name, "picture": known.pictures[name].picture}
        yield FieldError(f"blocks.{block.name}.template", NOT_APPROVED, detail % said)


def _named(fields: Any, known: Mapping[str, Source]) -> Iterator[tuple[Path, str, str]]:  # JSON
    for at, text in _texts(fields):
        for name, address in names_in(text):
            if name in known:
                yield at, name, address


def _texts(value: Any, at: Path = ()) -> Iterator[tuple[Path, str]]:  # JSON
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, Mapping):
        for name, each in value.items():
            yield from _texts(each, (*at, name))
    elif isinstance(value, list):
        for place, each in enumerate(value):
            yield from _texts(each, (*at, place))


def _drawn(source: Source, at: Path, address: str, schema: Schema, locale: str) -> Drawn | None:
    """None where nobody approved it."""
    if source.draft is None or source.provenance is None:
        return None
    spoken = source.draft.locale
    return Drawn(
        at=at,
        address=address,
        digest=source.picture.sha256,
        alternative=source.picture.alternative,
        locale=spoken,
        words_at=_words_at(at, schema) if _language(spoken) == _language(locale) else None,
        provenance=source.provenance,
    )


def _words_at(at: Path, schema: Schema) -> Path | None:
    """Where the block has the picture's words, beside it; None where it asks for none."""
    for step in at[:-1]:
        inner = schema.get("items") if isinstance(step, int) else _property(schema, step)
        schema = inner if isinstance(inner, Mapping) else {}
    name = at[-1]
    if not isinstance(name, str) or _property(schema, name).get("format") != "image":
        return None
    words = alternative_of(name, schema)
    return None if words is None else (*at[:-1], words)


def _property(schema: Schema, name: str) -> Schema:
    found: Schema = schema.get("properties", {}).get(name, {})
    return found


def _language(locale: str) -> str:
    return locale.replace("_", "-").split("-", maxsplit=1)[0].lower()


def _dotted(at: Path) -> str:
    """`slides[0].image`"""
    parts = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in at)
    return "".join(parts).removeprefix(".")


def _problems(
    drawn: Drawn,
    block: Block,
    fields: Mapping[str, Any],
    uses: list[Shown],
    said: Mapping[str, Any],
) -> Iterator[str]:
    segment = drawn.provenance.segment
    for shown in uses:
        if segment and shown.segment != segment:
            yield _(
                "The picture “%(picture)s” in “%(content)s” (%(language)s) was approved for "
                "“%(audience)s”, and %(where)s shows it to others. Give it that audience, or "
                "choose another picture."
            ) % {**said, "audience": segment, "where": shown.where}
    if drawn.words_at is not None and value_at(fields, drawn.words_at) != drawn.alternative:
        yield _(
            "What “%(content)s” (%(language)s) says of the picture “%(picture)s” is not what was "
            "approved: “%(words)s”. Put that back, or change it in its draft and have it approved."
        ) % {**said, "words": drawn.alternative}
    if drawn.provenance.disclose and block.kind == "json" and is_no_object(fields):
        yield (
            _(
                "Visitors must be told that a model drew a picture of “%(content)s”, and its data "
                "is no object that could say so."
            )
            % said
        )


def _unapproved(source: Source, said: Mapping[str, Any]) -> str:
    if source.draft is None:
        return (
            _(
                "A model drew the picture “%(picture)s” in “%(content)s” (%(language)s), and no "
                "draft of this site vouches for it. Choose another picture."
            )
            % said
        )
    if source.lapse:
        return _(
            "The approval of the picture “%(picture)s” in “%(content)s” (%(language)s) is not "
            "enough. %(why)s Have its draft %(draft)d looked at and approved, or choose another "
            "picture."
        ) % {**said, "why": source.lapse, "draft": source.draft.pk}
    return (
        _(
            "A model drew the picture “%(picture)s” in “%(content)s” (%(language)s), and nobody "
            "has approved it. Have its draft approved, or choose another picture."
        )
        % said
    )
