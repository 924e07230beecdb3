"""The order of a slot's rules, saved as a whole: the first that applies is shown."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from personalization import clock
from personalization.exceptions import Conflict, Malformed
from personalization.govern import audit
from personalization.targeting.models import Rule, Slot


class OrderChanged(Conflict):
    """Somebody else moved, added or deleted a rule; `theirs` is the order as it is now."""

    code = "order_changed"

    def __init__(self, detail: str, theirs: tuple[str, ...]) -> None:
        super().__init__(detail)
        self.theirs = theirs


@transaction.atomic
def reorder(slot: Slot, order: Sequence[str], *, seen: Sequence[str], by: str) -> None:
    """Put the slot's rules in this order, by key. `seen`: the order that the person saw before."""
    Slot.objects.select_for_update().get(pk=slot.pk)
    rules = {rule.key: rule for rule in slot.rules.order_by("position", "key")}
    before = tuple(rules)
    if tuple(order) == before:  # perhaps since somebody else had the same thought
        return
    if tuple(seen) != before:
        detail = _("Somebody else changed these rules meanwhile. Nothing of yours is lost.")
        raise OrderChanged(detail, before)
    if sorted(order) != sorted(before):
        raise Malformed(_("The order names each rule of the slot once, and no other."))
    _place([rules[key] for key in order])
    changes = {"order": [list(before), list(order)]}
    audit.record(
        site=slot.site, actor=by, action="slot.reordered", target=slot.key, changes=changes
    )


def _place(rules: Sequence[Rule]) -> None:
    moved = []
    for position, rule in enumerate(rules):
        if rule.position != position:
            rule.position, rule.updated_at = position, clock.now()
            moved.append(rule)
    Rule.objects.bulk_update(moved, ["position", "updated_at"])
