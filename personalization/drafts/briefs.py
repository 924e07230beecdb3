"""Briefs: `{name?, kind?, block, slot?, segment?, goal, tone?, items? | where?, facts?, locales,
variants?, limits?, due_at?}`.

In:  a document, or a template or a segment to start from.
Out: a `Brief`, open: nothing is asked of a model, and nothing costs, before `asking.ask`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from personalization.drafts.audiences import audience_in_words
from personalization.drafts.brand_models import BriefTemplate
from personalization.drafts.brief_parts import (
    checked_block,
    checked_facts,
    checked_items,
    checked_limits,
    checked_locales,
)
from personalization.drafts.models import Brief
from personalization.drafts.people import Person, demand
from personalization.exceptions import Conflict, Forbidden
from personalization.govern import audit
from personalization.govern.models import Site
from personalization.targeting.keyed import found
from personalization.targeting.models import Segment, Slot
from personalization.targeting.reading import Document, malformed

MOST_VARIANTS: Final = 8
PARTS: Final = (
    *("name", "kind", "block", "slot", "segment", "goal", "tone", "items", "where", "facts"),
    *("locales", "variants", "limits", "due_at"),
)
USUAL_BLOCK: Final = "hero_banner"


@transaction.atomic
def save_brief(
    site: Site,
    document: object,
    *,
    by: Person,
    brief: Brief | None = None,
    unchanged_since: datetime | None = None,
) -> Brief:
    """Make it, or change one's own that nobody asked a model about yet.

    `unchanged_since`: refuse if it was saved after that, in another tab say.
    """
    demand(by, "edit")
    if brief is not None:
        brief = _own_and_open(brief, by)
        if unchanged_since is not None and brief.updated_at != unchanged_since:
            raise Conflict(
                _("You saved this brief in another window meanwhile. Open it there, or copy it.")
            )
    columns = _read(site, document)
    row = brief or Brief(site=site, author=by.account, by=by.name)
    changes = {
        name: [None if brief is None else getattr(row, name), value]
        for name, value in columns.items()
        if brief is None or getattr(row, name) != value
    }
    for name, value in columns.items():
        setattr(row, name, value)
    row.save()
    if changes:
        said = {
            name: [str(each) if name == "due_at" and each else each for each in pair]
            for name, pair in changes.items()
        }
        deed = "made" if brief is None else "changed"
        audit.record(
            site=site, actor=by.name, action=f"brief.{deed}", target=str(row.pk), changes=said
        )
    return row


def brief_document(row: Brief) -> dict[str, Any]:  # JSON
    """The brief as `save_brief` takes it, to be changed or copied."""
    document = {name: getattr(row, name) for name in PARTS if name not in ("where", "due_at")}
    return {**document, "due_at": row.due_at.isoformat() if row.due_at else None}


def document_for_segment(segment: Segment, slot: Slot | None = None) -> dict[str, Any]:  # JSON
    """All that one click on a segment needs to say: the goal can be made more precise later."""
    default = slot.default if slot is not None else None
    return {
        "name": _("For %s") % segment,
        "block": default.block if default is not None else USUAL_BLOCK,
        "slot": slot.key if slot is not None else None,
        "segment": segment.key,
        "goal": _("Welcome this audience and lead it to what it is likely to look for."),
        "locales": [segment.site.locale],
    }


@transaction.atomic
def save_template(site: Site, name: str, document: object, *, by: Person) -> BriefTemplate:
    """Keep any parts of a brief under a name, to start others from."""
    demand(by, "edit")
    parts = Document({"name": name, "document": document})
    title, said = parts.text("name").strip(), parts.mapping("document")
    if not title:
        parts.refuse("name", "required", _("Give it a name."))
    for unknown in sorted(set(said) - set(PARTS)):
        parts.refuse(f"document.{unknown}", "unknown", _("There is no such field; remove it."))
    parts.finish()
    row, _is_new = BriefTemplate.objects.update_or_create(
        site=site, name=title, defaults={"document": said}
    )
    audit.record(
        site=site, actor=by.name, action="brieftemplate.changed", target=title, changes=said
    )
    return row


@transaction.atomic
def delete_template(row: BriefTemplate, *, by: Person) -> None:
    demand(by, "edit")
    audit.record(
        site=row.site,
        actor=by.name,
        action="brieftemplate.deleted",
        target=row.name,
        changes={"document": [row.document, None]},
    )
    row.delete()


def document_from_template(
    template: BriefTemplate, further: Mapping[str, Any]
) -> dict[str, Any]:  # JSON
    """`further` goes before what the template says."""
    return {**template.document, **further}


def _own_and_open(brief: Brief, by: Person) -> Brief:
    brief = Brief.objects.select_for_update(of=("self",)).select_related("author").get(pk=brief.pk)
    if brief.state != Brief.OPEN:
        raise Conflict(_("A model was asked already. Make a copy of the brief and change that."))
    if brief.author != by.account:
        raise Forbidden(_("This is the brief of %s. Make a copy and change that.") % brief.by)
    return brief


def _read(site: Site, document: object) -> dict[str, Any]:  # columns
    reading = Document(document)
    kind = reading.text("kind", default=Brief.TEXT)
    if kind not in (Brief.TEXT, Brief.IMAGE):
        reading.refuse("kind", "enum", _("Choose one of: %s.") % "text, image")
    block = checked_block(site, reading, kind)
    goal = reading.text("goal", longest=2000).strip()
    if not goal:
        reading.refuse("goal", "required", _("Say what the text is to achieve."))
    slot, segment = found(Slot, site, reading, "slot"), found(Segment, site, reading, "segment")
    columns = {
        "name": reading.text("name").strip() or goal[:60].rstrip(" ."),
        "kind": kind,
        "block": block.name if block else "",
        "slot": slot.key if slot else "",
        "segment": segment.key if segment else "",
        "audience": audience_in_words(site, segment),
        "goal": goal,
        "tone": reading.text("tone", longest=300).strip(),
        "items": checked_items(site, reading),
        "facts": checked_facts(site, reading),
        "locales": checked_locales(reading),
        "variants": reading.integer("variants", 3, least=1, most=MOST_VARIANTS),
        "limits": checked_limits(block, reading),
        "due_at": reading.moment("due_at"),
    }
    reading.finish()
    if columns["facts"] and not columns["items"]:
        raise malformed("items", "required", _("Choose the item whose facts may be used."))
    return columns
