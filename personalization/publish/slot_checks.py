"""Slots that show nothing, rules that never get their turn, experiments in each other's way."""

from collections.abc import Iterator
from datetime import datetime
from itertools import combinations

from django.utils.translation import gettext as _

from personalization.publish.findings import Finding, warn
from personalization.publish.hiding import audiences_of, hidden_rules, hider_of
from personalization.publish.wording import name_of
from rules.inclusion import Inclusions
from rules.schedules import FAR
from rules.types import Experiment, Release, Rule, Slot, Window


def check_slots(release: Release, now: datetime) -> Iterator[Finding]:
    for slot in release.slots.values():
        yield from _without_default(slot)
        yield from _unreachable(slot, audiences_of(slot, release.conditions), release)
        yield from _over(slot, now)
        yield from _never_open(slot, release.settings.zone)
        yield from _overlapping(slot)
        yield from _alike(slot)


def _without_default(slot: Slot) -> Iterator[Finding]:
    if slot.default is None:
        yield warn(
            "slot_without_default",
            f"slots.{slot.key}",
            _("Visitors for whom nothing else applies see nothing here. Give it a default."),
        )


def _unreachable(slot: Slot, audiences: Inclusions, release: Release) -> Iterator[Finding]:
    for key, hider in hidden_rules(slot, audiences).items():
        yield warn("unreachable_rule", f"rules.{key}", _never(hider, release))
    for experiment in slot.experiments:
        whole = Rule(experiment.key, "", experiment.audience, window=experiment.window)
        before = hider_of(whole, slot.rules, audiences)
        if before is not None:
            yield warn(
                "unreachable_experiment", f"experiments.{experiment.key}", _never(before, release)
            )


def _never(hider: Rule, release: Release) -> str:
    called = name_of(release, "rule", hider.key)
    if hider.audience is None:
        return _("It never shows: “%s” stands before it and is for everyone.") % called
    return _("It never shows: “%s” stands before it and takes all of its visitors.") % called


def _over(slot: Slot, now: datetime) -> Iterator[Finding]:
    named = [(f"rules.{rule.key}", rule.window) for rule in slot.rules]
    named += [(f"experiments.{one.key}", one.window) for one in slot.experiments]
    for where, window in named:
        if window.start is not None and window.end is not None and window.end <= window.start:
            sentence = _("Its window and that of its campaign never meet, so it never shows.")
            yield warn("window_empty", where, sentence)
        elif window.end is not None and window.end <= now:
            yield warn("window_over", where, _("Its time is over. Delete it, or move its end."))


def _never_open(slot: Slot, zone: str) -> Iterator[Finding]:
    """Its window is so short that none of its days and hours fall into it."""
    for rule in slot.rules:
        start, end = rule.window.start, rule.window.end
        if rule.when is None or start is None or end is None or not start < end <= start + FAR:
            continue
        first = rule.when.next_turn(start, zone, end - start)
        if not rule.when.is_open(start, zone) and (first is None or first == end):
            sentence = _("None of its days and hours fall into its window, so it never shows.")
            yield warn("hours_outside", f"rules.{rule.key}", sentence)


def _overlapping(slot: Slot) -> Iterator[Finding]:
    for first, second in combinations(slot.experiments, 2):
        if _meet(first.window, second.window) and not _exclude(first, second):
            yield warn(
                "experiments_overlap",
                f"experiments.{second.key}",
                _("It gets only visitors whom “%s” leaves. Put both into one namespace.")
                % first.key,
            )


def _alike(slot: Slot) -> Iterator[Finding]:
    """All arms show the same, so there is nothing to compare."""
    for experiment in slot.experiments:
        shown = {arm.content or slot.default for arm in experiment.arms}
        if len(shown) == 1:
            sentence = _("All of its arms show the same. Choose another content for one of them.")
            yield warn("arms_alike", f"experiments.{experiment.key}", sentence)


def _meet(one: Window, other: Window) -> bool:
    starts = [window.start for window in (one, other) if window.start is not None]
    ends = [window.end for window in (one, other) if window.end is not None]
    return not starts or not ends or max(starts) < min(ends)


def _exclude(one: Experiment, other: Experiment) -> bool:
    """In ranges of one namespace that do not meet, no visitor is in both."""
    if one.namespace is None or other.namespace is None or one.namespace[0] != other.namespace[0]:
        return False
    return one.namespace[2] <= other.namespace[1] or other.namespace[2] <= one.namespace[1]
