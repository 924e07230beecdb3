"""The demo's traits and segments, as documents that the targeting verbs read."""

from typing import Any

from personalization.host.shop.assortment import DEPARTMENTS

Document = dict[str, Any]  # JSON

TRAITS: Document = {
    "plan": {
        "type": "string",
        "label": "plan",
        "choices": [["guest", "guest"], ["member", "member of the Timber Club"]],
    },
    "points": {"type": "number", "label": "club points"},
    "home_country": {"type": "string", "label": "country of delivery"},
    "first_name": {"type": "string", "label": "first name", "personal": True},
}

AUDITED = ["home_country", "visits"]  # by which models are compared between visitors


def into(department: str) -> str:
    return f"into-{department}"


def segments() -> list[Document]:
    return [
        *(_into(each.key, each.title) for each in DEPARTMENTS),
        _segment("members", "Members of the club", _is("plan", "=", "member")),
        _segment(
            "returning-buyers",
            "Bought twice or more, and still around",
            _is("frequency", ">=", 2),
            _is("last_seen", "withinLast", "30d"),
        ),
        _segment("big-spenders", "Spent 500 euros or more", _is("monetary", ">=", 500)),
        _segment(
            "evening-phone",
            "In the evening, on the phone",
            _is("device", "=", "mobile"),
            _is("hour", "between", [18, 23]),
        ),
        _segment("left-in-basket", "Left something in the basket", _left_in_basket()),
        _segment("long-gone", "Not seen for three weeks", _is("last_seen", "olderThan", "21d")),
    ]


def three_times(category: str, within: str) -> Document:
    """Three clicks or three page views: whichever a website sends."""
    return {
        "combinator": "or",
        "not": False,
        "rules": [_three("click", category, within), _three("view", category, within)],
    }


def _into(key: str, title: str) -> Document:
    return {
        "key": into(key),
        "name": f"Into {title.lower()}",
        "condition": three_times(key, "30d"),
    }


def _three(kind: str, category: str, within: str) -> Document:
    rules = [
        _is("type", "=", kind),
        _is("category", "=", category),
        _is("at", "withinLast", within),
    ]
    return {
        "field": "events",
        "operator": "=",
        "match": {"mode": "atLeast", "threshold": 3},
        "value": _all(*rules),
    }


def _left_in_basket() -> Document:
    """Two days went by without a purchase, and no more than a week."""
    added = _all(_is("type", "=", "add_to_cart"), _is("at", "withinLast", "7d"))
    steps = [added, _all(_is("type", "=", "purchase"))]
    return {
        "field": "events",
        "operator": "sequence",
        "value": {"steps": steps, "within": "2d", "then": "didNot"},
    }


def _segment(key: str, name: str, *rules: Document) -> Document:
    return {"key": key, "name": name, "condition": _all(*rules)}


def _all(*rules: Document) -> Document:
    return {"combinator": "and", "not": False, "rules": list(rules)}


def _is(field: str, operator: str, value: object) -> Document:
    return {"field": field, "operator": operator, "value": value}
