"""A campaign once more, with its rules, contents and experiments, switched off to be changed."""

from collections.abc import Mapping
from typing import Any, Final, TypeVar

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from personalization.govern import audit
from personalization.govern.models import Site
from personalization.targeting.models import Campaign, Content, Experiment, Keyed, Rule

LONGEST: Final = 100  # of a key
Row = TypeVar("Row", bound=Keyed)
Changes = Mapping[str, Any]  # values of columns


@transaction.atomic
def duplicate_campaign(campaign: Campaign, *, by: str) -> Campaign:
    """Copies of contents are shown by the copied rules; everything else stays shared.

    A copied experiment has a seed of its own, so that the same visitors are not split alike.
    """
    site = campaign.site
    name = _("%s (copy)") % campaign
    made = _copy(campaign, {"name": name[:200], "is_enabled": False})
    contents = {
        content.key: _copy(content, {"campaign": made})
        for content in Content.objects.filter(campaign=campaign)
    }
    rules = [_copy_rule(rule, made, contents) for rule in campaign.rules.order_by("position")]
    tests = [_copy_test(test, made, contents) for test in campaign.experiments.all()]
    changes = {
        "from": campaign.key,
        "content": [content.key for content in contents.values()],
        "rules": [rule.key for rule in rules],
        "experiments": [test.key for test in tests],
    }
    audit.record(
        site=site, actor=by, action="campaign.duplicated", target=made.key, changes=changes
    )
    return made


def _copy_rule(rule: Rule, campaign: Campaign, contents: Mapping[str, Content]) -> Rule:
    last = Rule.objects.filter(slot=rule.slot_id).aggregate(last=Max("position"))["last"]
    content = contents.get(rule.content.key, rule.content)
    changes = {"campaign": campaign, "content": content, "position": (last or 0) + 1}
    return _copy(rule, changes)


def _copy_test(test: Experiment, campaign: Campaign, contents: Mapping[str, Content]) -> Experiment:
    arms = [
        {
            **arm,
            "content": contents[arm["content"]].key
            if arm["content"] in contents
            else arm["content"],
        }
        for arm in test.arms
    ]
    key = _free_key(Experiment, test.site, test.key)
    return _copy(test, {"campaign": campaign, "arms": arms, "seed": key, "phase": 1})


def _copy(row: Row, changes: Changes) -> Row:
    """A new row with the same columns but for these, under a key of its own."""
    model = type(row)
    columns = {
        field.attname: getattr(row, field.attname)
        for field in model._meta.concrete_fields
        if field.name not in ("id", "key", "updated_at")
    }
    made = model(**columns, key=_free_key(model, row.site, row.key))
    for name, value in changes.items():
        setattr(made, name, value)
    made.save()
    return made


def _free_key(model: type[Keyed], site: Site, key: str) -> str:
    """`spring` becomes `spring-copy`, then `spring-copy-2`."""
    stem = f"{key[: LONGEST - 10]}-copy"
    taken = set(
        model._default_manager.filter(site=site, key__startswith=stem).values_list("key", flat=True)
    )
    numbered = (f"{stem}-{n}" for n in range(2, len(taken) + 3))
    return next(each for each in (stem, *numbered) if each not in taken)
