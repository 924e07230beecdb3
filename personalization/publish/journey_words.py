"""A journey in words: how visitors come into a stage, how they leave it, where they go on.

In:  a stage of a frozen journey, the names that editors gave.
Out: short phrases, for a change that is to be published and for the drawing of the journey.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from rules import describe
from rules.conditions import Group, Test
from rules.journeys import Journey, Stage, Trigger, fitting

DEEDS: Final = {
    "add_to_cart": gettext_lazy("puts something in the cart"),
    "click": gettext_lazy("clicks on something"),
    "conversion": gettext_lazy("reaches a goal"),
    "exposure": gettext_lazy("is shown something"),
    "purchase": gettext_lazy("buys something"),
    "view": gettext_lazy("looks at something"),
}
ABOUT: Final = {"item": gettext_lazy("item"), "category": gettext_lazy("category")}
SIMPLE: Final = ("type", "item", "category")  # what an event is asked for mostly
Labels = Mapping[str, str]


def stage_in_words(stage: Stage, journey: Journey, labels: Labels) -> str:
    """Everything that a stage does, as one sentence without its full stop."""
    said = [_way_in(stage, journey, labels), *_ways_out(stage, journey, labels)]
    if stage.webhook:
        said.append(_("tells the webhook “%s”") % stage.webhook)
    return "; ".join(part for part in said if part)


def trigger_in_words(trigger: Trigger, labels: Labels) -> str:
    if trigger.by_event:
        return _deed(fitting(trigger.condition))
    return describe(trigger.condition, labels, _)


def name_of(journey: Journey, key: str) -> str:
    stage = journey.stage(key)
    return stage.name or key if stage is not None else key


def after_in_words(length: timedelta) -> str:
    """Whole phrases, since other languages bend their words after "after"."""
    minutes = length // timedelta(minutes=1)
    if minutes % 1440 == 0:
        return ngettext("after %d day", "after %d days", minutes // 1440) % (minutes // 1440)
    if minutes % 60 == 0:
        return ngettext("after %d hour", "after %d hours", minutes // 60) % (minutes // 60)
    return ngettext("after %d minute", "after %d minutes", minutes) % minutes


def simple_event(fits: Group) -> dict[str, str] | None:
    """Type, item and category that an event must have; None where more is asked than that."""
    if fits.negated or (fits.combinator == "or" and len(fits.rules) > 1):
        return None
    found: dict[str, str] = {}
    for test in fits.rules:
        if not isinstance(test, Test) or test.operator != "=" or test.field not in SIMPLE:
            return None
        if test.field in found:
            return None
        found[test.field] = str(test.values[0])
    return found


def _way_in(stage: Stage, journey: Journey, labels: Labels) -> str:
    if stage.enter is None:
        return ""
    when = trigger_in_words(stage.enter, labels)
    if not stage.origins:
        return _("comes in from outside: %s") % when
    origins = ", ".join(_("“{}”").format(name_of(journey, key)) for key in stage.origins)
    return _("comes in from %(stages)s: %(when)s") % {"stages": origins, "when": when}


def _ways_out(stage: Stage, journey: Journey, labels: Labels) -> Iterator[str]:
    if stage.leave is not None:
        yield _("leaves: %s") % trigger_in_words(stage.leave, labels)
    if stage.after is not None and stage.to is not None:
        said = {"after": after_in_words(stage.after), "stage": name_of(journey, stage.to)}
        yield _("%(after)s goes on to “%(stage)s”") % said
    elif stage.after is not None:
        yield _("%s leaves the journey") % after_in_words(stage.after)


def _deed(fits: Group) -> str:
    asked = simple_event(fits)
    if asked is None:
        return _("does something where %s") % describe(fits, {"type": "kind"}, _)
    kind = asked.pop("type", None)
    deed = str(DEEDS.get(kind, kind)) if kind else _("does something")
    about = ", ".join(f"{ABOUT[name]} {value}" for name, value in asked.items())
    return f"{deed} ({about})" if about else deed
