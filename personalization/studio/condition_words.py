"""Every word that the builder of conditions says; it knows them as front/src/fields/words.ts."""

from typing import Any

from django.utils.translation import gettext as _

Json = dict[str, Any]  # JSON


def words() -> Json:
    return {**_frame(), **_adding(), **_blanks(), **_behaviour(), **_moving(), **_said()}


def _frame() -> Json:
    return {
        "builder": _("Condition"),
        "face": _("How the condition is shown"),
        "asForm": _("Builder"),
        "asText": _("Text"),
        "undo": _("Undo"),
        "redo": _("Redo"),
        "undone": _("Undone."),
        "redone": _("Done again."),
        "how": _("How these belong together"),
        "kinds": {
            "and": _("all of these"),
            "or": _("any of these"),
            "not-and": _("not all of these"),
            "not-or": _("none of these"),
        },
        "joined": {"and": _("and"), "or": _("or")},
        "empty": _("Nothing here yet: everyone belongs to it."),
        "emptyGroup": _("An empty group fits everyone."),
        "condition": _("Condition {number}"),
        "group": _("Group {number}"),
    }


def _adding() -> Json:
    return {
        "addCondition": _("Add a condition"),
        "addGroup": _("Add a group"),
        "addDetail": _("Add a detail"),
        "addStep": _("Add a step"),
        "removeStep": _("Remove step {number}"),
        "addValue": _("Add a value"),
        "removeValue": _("Remove {value}"),
        "added": _("Added."),
        "search": _("Type to search"),
        "nothingFound": _("Nothing fits."),
        "narrow": _("{count} more; type to narrow them down."),
    }


def _blanks() -> Json:
    return {
        "field": _("What it is about"),
        "operator": _("How it compares"),
        "value": _("Value"),
        "unit": _("Unit"),
        "from": _("From"),
        "to": _("To"),
        "and": _("and"),
        "yes": _("yes"),
        "no": _("no"),
        "units": {
            "w": _("weeks"),
            "d": _("days"),
            "h": _("hours"),
            "m": _("minutes"),
            "s": _("seconds"),
        },
        "otherField": _("Another field"),
        "compareField": _("Compare with another field"),
        "compareValue": _("Compare with a value"),
        "onClock": _("time in {zone}"),
    }


def _behaviour() -> Json:
    return {
        "countedEntry": _("{field}: how often"),
        "howOften": _("How often"),
        "modes": {
            "atLeast": _("at least"),
            "atMost": _("at most"),
            "exactly": _("exactly"),
            "some": _("at least once"),
            "none": _("never"),
            "all": _("nothing but"),
        },
        "amount": _("How many"),
        "counted": {"times": _("times:"), "percent": _("percent of all:")},
        "kind": _("What was done"),
        "anything": _("anything"),
        "where": _("where"),
        "time": _("When"),
        "anyTime": _("at any time"),
        "times": {
            "withinLast": _("within the last"),
            "olderThan": _("longer ago than"),
            "before": _("before"),
            "after": _("after"),
            "between": _("between"),
        },
        "first": _("First"),
        "then": _("then"),
        "ending": _("Whether the last step happened"),
        "did": _("followed by"),
        "didNot": _("not followed by"),
        "within": _("within"),
        "ofFirst": _("of the first step"),
        "asGroup": _("Show as a group"),
        "asSentence": _("Show as a sentence"),
    }


def _moving() -> Json:
    return {
        "actions": _("More"),
        "move": _("Move"),
        "moveHelp": _(
            "Drag, or press the arrow keys: up and down, left out of its group, right into one."
        ),
        "up": _("Move up"),
        "down": _("Move down"),
        "in": _("Move into the group beside"),
        "out": _("Move out of the group"),
        "duplicate": _("Duplicate"),
        "remove": _("Remove"),
        "moved": _("Now at place {place} of {count} in “{group}”."),
        "stays": _("It cannot go further that way."),
        "removed": _("Removed. Undo brings it back."),
        "duplicated": _("Duplicated."),
    }


def _said() -> Json:
    return {
        "broken": _("this is not JSON; look for a missing comma, quote or bracket."),
        "notDrawable": _("This text is not a condition."),
        "line": _("Line {line}"),
        "show": _("Show it"),
        "reading": _("In plain words, and how many"),
        "counting": _("Counting …"),
        "notReady": _("not ready"),
        "sample": _("sample"),
        "overlaps": _("Who is in it is also in"),
        "examples": _("For example"),
        "unreachable": _(
            "The studio cannot be reached. What you wrote stays here; the next change asks again."
        ),
    }
