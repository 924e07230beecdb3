"""No text of a model in a release without the yes that was given to exactly this text.

In:  the contents that slots may show, as rows, and what shows them.
Out: for each language that a model wrote its provenance; or what stands in the way, with the
     remedy.

A text that claims to be somebody's own is looked for among all drafts.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from personalization.catalog.named import names_in
from personalization.drafts.adopting import claimed_hash
from personalization.drafts.approvals import Approval, approved
from personalization.drafts.drawn import Source, sources
from personalization.drafts.fingerprints import stolen, texts_in
from personalization.drafts.models import Draft
from personalization.exceptions import FieldError
from personalization.govern.models import Site
from personalization.publish import live
from personalization.targeting.models import Content
from rules.provenance import Provenance
from rules.types import Block, Slot
from rules.types import Content as FrozenContent

NOT_APPROVED = "not_approved"


@dataclass(frozen=True, slots=True)
class Known:
    """`drafts`: by hash. `stolen`: texts of drafts that nobody approved.

    `pictures`: those that a model drew, by the names of their files.
    """

    drafts: Mapping[str, Approval]
    stolen: Mapping[str, Draft]
    pictures: Mapping[str, Source]


@dataclass(frozen=True, slots=True)
class Shown:
    """Where a content is shown, and to whom: "" is everyone, None a condition of a rule's own."""

    where: str
    segment: str | None


def uses_of(slots: Mapping[str, Slot]) -> Mapping[str, list[Shown]]:
    """Content -> where it is shown."""
    found: dict[str, list[Shown]] = defaultdict(list)
    for slot in slots.values():
        if slot.default is not None:
            found[slot.default].append(Shown(_("default of “%s”") % slot.key, ""))
        for rule in slot.rules:
            segment = rule.segment if rule.audience is not None else ""
            found[rule.content].append(Shown(_("rule “%s”") % rule.key, segment))
        for test in slot.experiments:
            for arm in test.arms:
                if arm.content is not None:
                    place = _("arm “%(arm)s” of “%(test)s”") % {"arm": arm.key, "test": test.key}
                    found[arm.content].append(Shown(place, test.audience or ""))
    return found


def known_drafts(site: Site, rows: Iterable[Content], templates: Sequence[str]) -> Known:
    """All that is asked of drafts for these contents and templates, in a few queries."""
    hashes: list[str] = []
    own = [*templates]
    names = {name for template in templates for name, _address in names_in(template)}
    for row in rows:
        for locale, fields in row.fields.items():
            if locale in row.generated:
                hashes.append(claimed_hash(row, locale))
            else:
                own.extend(texts_in(fields))
            names |= {name for text in texts_in(fields) for name, _address in names_in(text)}
    return Known(approved(site, hashes), stolen(site, own), sources(site, names))


def proven(
    row: Content, block: Block, known: Known, uses: list[Shown], errors: list[FieldError]
) -> dict[str, Provenance]:
    """What a model wrote of this content, as far as it is approved; the rest is an error."""
    found: dict[str, Provenance] = {}
    for locale, fields in row.fields.items():
        if locale in row.generated:
            sha256 = claimed_hash(row, locale)
            approval = known.drafts.get(sha256)
            provenance = approval.provenance if approval else None
            problems = list(_problems(row, block, locale, uses, approval))
            if provenance is not None and not problems:
                found[locale] = provenance
        else:
            problems = list(_not_theirs(fields, known))
        place = f"content.{row.key}.fields.{locale}"
        errors.extend(FieldError(place, NOT_APPROVED, detail) for detail in problems)
    return found


def written_in_template(block: Block, known: Known) -> Iterator[FieldError]:
    """Words of a template are shown without any content that could prove them."""
    for detail in _not_theirs(block.template, known):
        yield FieldError(f"blocks.{block.name}.template", NOT_APPROVED, detail)


def _problems(
    row: Content,
    block: Block,
    locale: str,
    uses: list[Shown],
    approval: Approval | None,
) -> Iterator[str]:
    said = {"content": row, "language": locale}
    if approval is None:
        yield _unknown() % said
        return
    provenance = approval.provenance
    if provenance is None:
        lapsed = {**said, "why": approval.lapse, "draft": approval.draft.pk}
        yield (_lapsed() if approval.lapse else _unapproved()) % lapsed
        return
    for shown in uses:
        if shown.segment != provenance.segment:
            audience = provenance.segment or _("everyone")
            yield _(
                "The text of “%(content)s” (%(language)s) was approved for “%(audience)s”, and "
                "%(where)s shows it to others. Give it that audience, or have it approved for this "
                "one."
            ) % {**said, "audience": audience, "where": shown.where}
    if provenance.disclose and block.kind == "json" and is_no_object(row.fields[locale]):
        yield (
            _(
                "Visitors must be told that a model wrote “%(content)s”, and its data is no object "
                "that could say so."
            )
            % said
        )


def _unapproved() -> str:
    return _(
        "A model wrote the text of “%(content)s” (%(language)s), and nobody has approved it. "
        "Have its draft approved, or take this content out."
    )


def _lapsed() -> str:
    return _(
        "The approval of the text of “%(content)s” (%(language)s) is not enough. %(why)s Have its "
        "draft %(draft)d looked at and approved, or take this content out."
    )


def _unknown() -> str:
    return _(
        "The text of “%(content)s” (%(language)s) is not the one that was approved. Change it "
        "in its draft and have that approved, or put the approved text back."
    )


def is_no_object(fields: Mapping[str, Any]) -> bool:  # JSON
    return fields.keys() == {"data"} and not isinstance(fields["data"], dict)


def _not_theirs(fields: Any, known: Known) -> Iterator[str]:  # JSON
    for text in texts_in(fields):
        draft = known.stolen.get(text)
        if draft is not None:
            detail = _(
                "“%(text)s” was written by a model for the draft %(draft)d (%(brief)s), which is "
                "not approved. Have that approved and use it, or write something else."
            )
            shown = text if len(text) <= 60 else f"{text[:59]}…"
            yield detail % {"text": shown, "draft": draft.pk, "brief": draft.brief.name}


def live_drafts(site: Site) -> frozenset[int]:
    """Numbers of the drafts whose words or pictures the live release shows."""
    release = live.current(site.pk).release
    contents = release.contents.values() if release is not None else ()
    return frozenset(each.draft for content in contents for each in made_by_models(content))


def made_by_models(content: FrozenContent) -> Iterator[Provenance]:
    yield from content.provenance.values()
    yield from (each.provenance for drawn in content.pictures.values() for each in drawn)
