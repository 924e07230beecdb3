"""An approved draft goes to the page in one step: a rule, an arm of a test, a slot's default.

In:  a draft that has its yeses. Out: the content that carries it, and what shows that content.

Other languages of the same brief and variant join the same content. A content's claim to be
generated is made here; nothing is live before the next release, which looks at every claim again.
"""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from personalization.drafts.approvals import is_approved, provenance_of
from personalization.drafts.models import Brief, Draft
from personalization.drafts.people import Person, demand
from personalization.drafts.revisions import current, locked, note
from personalization.exceptions import Conflict
from personalization.targeting.contents import content_document, save_content
from personalization.targeting.experiments import experiment_document, save_experiment
from personalization.targeting.models import Content, Experiment, Rule, Slot
from personalization.targeting.slot_rules import save_rule
from personalization.targeting.slots import save_slot, slot_document

CONTROL = "control"


@transaction.atomic
def use_as_content(draft: Draft, *, by: Person, into: Content | None = None) -> Content:
    """Put it into its language of `into`, or of the content of its brief and variant."""
    demand(by, "edit")
    draft = locked(draft)
    _refuse_unready(draft)
    row = into or Content.objects.filter(site=draft.site, key=key_of(draft)).first()
    if row is not None and row.block != draft.block:
        detail = _("“%(content)s” is another block (%(block)s). Choose a content of the same.")
        raise Conflict(detail % {"content": row, "block": row.block})
    document: dict[str, Any] = content_document(row) if row else _new_content(draft)
    fields = {**document["fields"], draft.locale: current(draft).fields}
    generated = {draft.locale: provenance_of(draft).to_document()}
    saved = save_content(
        draft.site, {**document, "fields": fields, "generated": generated}, by=by.name
    )
    note(draft, "taken_up", by, {"content": saved.key})
    return saved


@transaction.atomic
def use_as_rule(draft: Draft, *, slot: Slot, by: Person) -> Rule:
    """Show it in the slot to the audience that it was approved for, behind the slot's rules."""
    content = use_as_content(draft, by=by)
    existing = Rule.objects.filter(site=draft.site, slot=slot, content=content).first()
    if existing is not None:
        return existing
    document = {
        "key": _free_key(content.key, draft),
        "name": content.name,
        "slot": slot.key,
        "segment": draft.segment or None,
        "content": content.key,
    }
    return save_rule(draft.site, document, by=by.name)


@transaction.atomic
def use_as_arm(
    draft: Draft, *, slot: Slot, by: Person, experiment: Experiment | None = None
) -> Experiment:
    """Try it against the slot's default, or as a further arm of a test of the same audience."""
    content = use_as_content(draft, by=by)
    if experiment is None:
        document = _new_test(draft, slot, content)
    else:
        _refuse_other_audience(draft, experiment)
        document = _with_arm(experiment, content)
    return save_experiment(draft.site, document, by=by.name)


@transaction.atomic
def use_as_default(draft: Draft, *, slot: Slot, by: Person) -> Slot:
    """Everybody sees a default, so it must have been approved for everybody."""
    if draft.segment:
        detail = _("It was approved for “%s”; a default is for everyone. Make it a rule instead.")
        raise Conflict(detail % draft.segment)
    content = use_as_content(draft, by=by)
    document = {**slot_document(slot), "default": content.key}
    return save_slot(draft.site, document, by=by.name)


def key_of(draft: Draft) -> str:
    """`copy-12-v2`; of a batch with the item's place, of a later round with its number."""
    brief, order = draft.brief, draft.order
    parts = [f"copy-{brief.pk}"]
    if len(brief.items) > 1:
        parts.append(f"i{brief.items.index(draft.item) + 1}")
    if order.round > 1:
        parts.append(f"r{order.round}")
    return "-".join([*parts, f"v{draft.variant}"])


def contents_of(draft: Draft) -> list[Content]:
    """The contents that claim a text of this draft in its language."""
    hashes = {revision.sha256 for revision in draft.revisions.all()}
    rows = Content.objects.filter(site_id=draft.site_id).exclude(generated={})
    claimed = ((row, row.generated.get(draft.locale)) for row in rows)
    return [row for row, claim in claimed if claim and claim["sha256"] in hashes]


def _refuse_unready(draft: Draft) -> None:
    if draft.brief.kind == Brief.IMAGE:
        raise Conflict(_("A picture waits in the media library; choose it there for a content."))
    if not is_approved(draft):
        raise Conflict(_("This text is not approved. Have it reviewed first."))


def _new_content(draft: Draft) -> dict[str, Any]:  # JSON
    name = _("%(brief)s, variant %(number)d") % {
        "brief": draft.brief.name[:150],
        "number": draft.variant,
    }
    return {"key": key_of(draft), "name": name, "block": draft.block, "fields": {}}


def _free_key(key: str, draft: Draft) -> str:
    """A rule may have this key already, in another slot."""
    taken = set(
        Rule.objects.filter(site=draft.site, key__startswith=key).values_list("key", flat=True)
    )
    numbered = (f"{key}-{number}" for number in range(2, len(taken) + 3))
    return next(each for each in (key, *numbered) if each not in taken)


def _new_test(draft: Draft, slot: Slot, content: Content) -> dict[str, Any]:  # JSON
    key = f"test-{content.key}"
    existing = Experiment.objects.filter(site=draft.site, key=key).first()
    if existing is not None:
        return experiment_document(existing)
    return {
        "key": key,
        "name": content.name,
        "slot": slot.key,
        "segment": draft.segment or None,
        "arms": [{"key": CONTROL, "content": None}, {"key": "new", "content": content.key}],
    }


def _with_arm(experiment: Experiment, content: Content) -> dict[str, Any]:  # JSON
    """Shares are equal again. An arm that shows it already is enough."""
    document = experiment_document(experiment)
    if any(arm["content"] == content.key for arm in experiment.arms):
        return document
    arms = [*experiment.arms, {"key": content.key, "content": content.key}]
    return {**document, "arms": arms, "weights": []}


def _refuse_other_audience(draft: Draft, experiment: Experiment) -> None:
    named = experiment.segment.key if experiment.segment else ""
    if named != draft.segment:
        detail = _("The text was approved for “%(mine)s”, and this test is for “%(theirs)s”.")
        everyone = _("everyone")
        said = {"mine": draft.segment or everyone, "theirs": named or everyone}
        raise Conflict(detail % said)
