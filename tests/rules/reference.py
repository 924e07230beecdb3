"""A plain interpreter of conditions: slow, obvious, and the measure of the other two.

It walks the stored JSON tree, not our parsed values, and answers True, False or None (unknown).
"""

import fnmatch
import re
from datetime import UTC, datetime, timedelta
from fractions import Fraction

UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}


def truth(tree, facts, types, now, segments=None):
    """Kleene's truth of a group over facts; `types` maps each field to its type."""
    answers = [_rule(rule, facts, types, now, segments or {}) for rule in tree["rules"]]
    if tree["combinator"] == "and" or not answers:
        found = False if False in answers else None if None in answers else True
    else:
        found = True if True in answers else None if None in answers else False
    return found if found is None or not tree.get("not") else not found


def _rule(rule, facts, types, now, segments):  # noqa: PLR0911 - a table of meanings
    if "rules" in rule:
        return truth(rule, facts, types, now, segments)
    if rule["field"] == "segment":
        inner = {"combinator": "or", "not": rule["operator"] == "notIn", "rules": []}
        inner["rules"] = [segments[key] for key in rule["value"]]
        return truth(inner, facts, types, now, segments)
    value, kind = facts.get(rule["field"]), types[rule["field"]]
    operator = rule["operator"]
    if operator in ("null", "notNull"):
        return (value is None) == (operator == "null")
    if value is None:
        return None
    if rule.get("match"):
        return _match(rule, value, kind, now)
    if operator == "sequence":
        return _sequence(rule["value"], value, kind, now)
    wanted = rule["value"]
    if rule.get("valueSource") == "field":
        wanted = facts.get(wanted)
        if wanted is None:
            return None
    return _compare(operator, value, wanted, kind, now)


def _compare(operator, value, wanted, kind, now):  # noqa: PLR0911 - a table of meanings
    negations = {
        "!=": "=",
        "doesNotContain": "contains",
        "doesNotBeginWith": "beginsWith",
        "doesNotEndWith": "endsWith",
        "notIn": "in",
        "notBetween": "between",
        "doesNotMatch": "matches",
        "hasNone": "hasAny",
    }
    if operator in negations:
        return not _compare(negations[operator], value, wanted, kind, now)
    if operator in ("hasAny", "hasAll"):
        inner = kind.removeprefix("list of ")
        have = [_typed(inner, each) for each in value]
        want = [_typed(inner, each) for each in wanted]
        return (any if operator == "hasAny" else all)(each in have for each in want)
    if operator in ("withinLast", "olderThan"):
        age = timedelta(0) + UNITS[wanted[-1]] * int(wanted[:-1])
        return now - age <= value <= now if operator == "withinLast" else value < now - age
    if operator == "matches":
        pattern = "".join("[[]" if letter == "[" else letter for letter in wanted)
        return re.match(fnmatch.translate(pattern), value) is not None
    mine = _typed(kind, value)
    if operator == "in":
        return mine in [_typed(kind, each) for each in wanted]
    if operator == "between":
        low, high = sorted(_typed(kind, each) for each in wanted)
        return low <= mine <= high
    other = _typed(kind, wanted)
    return {
        "=": lambda: mine == other,
        "<": lambda: mine < other,
        ">": lambda: mine > other,
        "<=": lambda: mine <= other,
        ">=": lambda: mine >= other,
        "before": lambda: mine < other,
        "after": lambda: mine > other,
        "versionAtLeast": lambda: mine >= other,
        "contains": lambda: other in mine,
        "beginsWith": lambda: mine[: len(other)] == other,
        "endsWith": lambda: other == "" or mine[-len(other) :] == other,
    }[operator]()


def _typed(kind, value):
    if kind == "version":
        return _version(value)
    if kind == "datetime" and isinstance(value, str):
        return datetime.fromisoformat(value).astimezone(UTC)
    return value


def _version(text):
    """Semantic Versioning 2.0.0, item 11, over six numbers."""
    numbers, _, before = text.partition("-")
    parts = [int(part) for part in numbers.split(".")]
    release = 0 if before else 1
    rest = (
        [(0, int(p), "") if p.isdigit() else (1, 0, p) for p in before.split(".")] if before else []
    )
    return parts + [0] * (6 - len(parts)), release, rest


def _match(rule, elements, kind, now):
    wanted = rule["match"].get("threshold", 0)
    matching = sum(_fits(rule["value"], each, kind, now) for each in elements)
    total = len(elements)
    if 0 < wanted < 1:
        wanted = wanted * total
    return {
        "some": matching > 0,
        "none": matching == 0,
        "all": matching == total,
        "atLeast": Fraction(matching) >= Fraction(wanted),
        "atMost": Fraction(matching) <= Fraction(wanted),
        "exactly": Fraction(matching) == Fraction(wanted),
    }[rule["match"]["mode"]]


def _fits(tree, element, kind, now):
    types = kind if isinstance(kind, dict) else {"value": kind.removeprefix("list of ")}
    facts = element if isinstance(kind, dict) else {"value": element}
    return truth(tree, facts, types, now) is True


def _sequence(value, elements, types, now):
    """Try every chain of elements."""
    within = UNITS[value["within"][-1]] * int(value["within"][:-1])
    placed = [e for e in elements if e.get("at") is not None and e.get("id") is not None]
    place = lambda e: (e["at"], e["id"])  # noqa: E731
    chains = [[e] for e in placed if _fits(value["steps"][0], e, types, now)]

    def extended(chain, step):
        return [
            [*chain, e]
            for e in placed
            if place(e) > place(chain[-1])
            and e["at"] - chain[0]["at"] <= within
            and _fits(step, e, types, now)
        ]

    for step in value["steps"][1:-1]:
        chains = [longer for chain in chains for longer in extended(chain, step)]
    last = value["steps"][-1]
    if value["then"] == "did":
        return any(extended(chain, last) for chain in chains)
    return any(now - chain[0]["at"] > within and not extended(chain, last) for chain in chains)
