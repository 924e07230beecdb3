"""Random catalogues, visitors and conditions that go with them."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

NOW = datetime(2026, 3, 2, 9, 30, 15, 123456, tzinfo=UTC)
PLAIN = ("string", "number", "boolean", "datetime", "version")
EVENT = {"id": "string", "at": "datetime", "type": "string", "value": "number"}
TYPES = {
    **{f"{kind}_{n}": kind for kind in PLAIN for n in (1, 2)},
    **{f"list_{kind}": f"list of {kind}" for kind in PLAIN if kind != "boolean"},
    "events": EVENT,
}
CATALOGUE = {
    name: {"type": kind}
    if kind in PLAIN
    else {"type": "list", "of": {inner: {"type": t} for inner, t in kind.items()}}
    if isinstance(kind, dict)
    else {"type": "list", "of": kind.removeprefix("list of ")}
    for name, kind in TYPES.items()
} | {"segment": {"type": "list", "of": "string"}}

# Few words that often meet, and odd ones: composed and decomposed accents, capitals that fold,
# characters beyond the first plane, and everything that means something to LIKE, GLOB or SQL.
words = st.one_of(
    st.sampled_from(
        [
            "",
            "a",
            "b",
            "ab",
            "abc",
            "A",
            "é",
            "e\u0301",
            "ß",
            "SS",
            "İ",
            "𝕏",
            "\U0001f600",
            "%",
            "_",
            "*",
            "?",
            "[a]",
            "\\",
            "'",
            '"',
            " a",
            "a ",
            "\n",
            "a\nb",
            "%s",
            "{e}",
            "{}",
            "\ufffd",
            "\uffff",
        ]
    ),
    st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=6),
)
numbers = st.one_of(
    st.integers(-3, 3),
    st.sampled_from([0.1, 0.5, 1e300, -1e300, 2**53, -(2**53), 1.5, 2**53 - 1, 5e-324]),
    st.floats(allow_nan=False, allow_infinity=False, width=64),
)
moments = st.one_of(
    st.sampled_from([NOW, NOW - timedelta(days=7), NOW - timedelta(days=7, microseconds=1)]),
    st.timedeltas(timedelta(days=-20), timedelta(days=5)).map(lambda gap: NOW + gap),
)
versions = st.one_of(
    st.sampled_from(
        ["1", "1.0", "1.2", "1.10", "2.0-alpha", "2.0-alpha.1", "2.0-1", "2.0", "2.0-beta"]
    ),
    st.lists(st.integers(0, 12), min_size=1, max_size=4).map(
        lambda parts: ".".join(map(str, parts))
    ),
)
VALUES = {
    "string": words,
    "number": numbers,
    "boolean": st.booleans(),
    "datetime": moments,
    "version": versions,
}


def facts_of(kind):
    if isinstance(kind, dict):
        element = {inner: st.none() | VALUES[t] for inner, t in kind.items()}
        element["id"] = st.text("abc1", min_size=1, max_size=2)
        element["type"] = st.sampled_from(["view", "cart", "buy", "VIEW"])
        element["at"] = moments
        return st.lists(st.fixed_dictionaries(element), max_size=6, unique_by=lambda e: e["id"])
    if kind.startswith("list of "):
        return st.lists(VALUES[kind.removeprefix("list of ")], max_size=4)
    return VALUES[kind]


def known(facts):
    return {name: value for name, value in facts.items() if value is not None}


visitors = st.fixed_dictionaries({n: st.none() | facts_of(k) for n, k in TYPES.items()}).map(known)


def spelled(value):
    return value.isoformat() if isinstance(value, datetime) else value


durations = st.tuples(st.integers(1, 15), st.sampled_from("dh")).map(lambda d: f"{d[0]}{d[1]}")
ORDER = ["=", "!=", "<", ">", "<=", ">="]
TEXT = [
    "contains",
    "doesNotContain",
    "beginsWith",
    "doesNotBeginWith",
    "endsWith",
    "doesNotEndWith",
]
OPERATORS = {
    "string": [*ORDER, *TEXT, "in", "notIn", "between", "notBetween", "matches", "doesNotMatch"],
    "number": [*ORDER, "in", "notIn", "between", "notBetween"],
    "boolean": ["=", "!="],
    "datetime": [*ORDER, "before", "after", "between", "notBetween", "withinLast", "olderThan"],
    "version": [*ORDER, "in", "notIn", "between", "notBetween", "versionAtLeast"],
}
patterns = st.text("ab*?[]%_\\é", max_size=6)


@st.composite
def tests(draw, types, depth=0):
    name = draw(st.sampled_from(sorted(types)))
    kind = types[name]
    if isinstance(kind, dict):
        return draw(behaviours(name, kind))
    if draw(st.integers(0, 9)) == 0:
        return {
            "field": name,
            "operator": draw(st.sampled_from(["null", "notNull"])),
            "value": None,
        }
    if kind.startswith("list of "):
        return draw(plain_lists(name, kind.removeprefix("list of ")))
    operator = draw(st.sampled_from(OPERATORS[kind]))
    others = [other for other in types if types[other] == kind and other != name]
    if others and operator in ORDER and draw(st.integers(0, 4)) == 0:
        other = draw(st.sampled_from(others))
        return {"field": name, "operator": operator, "value": other, "valueSource": "field"}
    if operator in ("withinLast", "olderThan"):
        value = draw(durations)
    elif operator in ("matches", "doesNotMatch"):
        value = draw(patterns)
    elif operator in ("in", "notIn"):
        value = [spelled(v) for v in draw(st.lists(VALUES[kind], min_size=1, max_size=4))]
    elif operator in ("between", "notBetween"):
        value = [spelled(draw(VALUES[kind])), spelled(draw(VALUES[kind]))]
    else:
        value = spelled(draw(VALUES[kind]))
    return {"field": name, "operator": operator, "value": value}


@st.composite
def plain_lists(draw, name, inner):
    if draw(st.booleans()):
        operator = draw(st.sampled_from(["hasAny", "hasAll", "hasNone"]))
        value = [spelled(v) for v in draw(st.lists(VALUES[inner], min_size=1, max_size=3))]
        return {"field": name, "operator": operator, "value": value}
    inside = draw(groups({"value": inner}, leaves=2))
    return {"field": name, "operator": "=", "match": draw(modes), "value": inside}


modes = st.one_of(
    st.sampled_from([{"mode": "some"}, {"mode": "none"}, {"mode": "all"}]),
    st.fixed_dictionaries(
        {
            "mode": st.sampled_from(["atLeast", "atMost", "exactly"]),
            "threshold": st.integers(0, 4) | st.sampled_from([0.1, 0.3, 0.5, 0.7]),
        }
    ),
)


@st.composite
def behaviours(draw, name, kind):
    if "at" in kind and draw(st.booleans()):
        value = {
            "steps": draw(st.lists(groups(kind, leaves=2), min_size=2, max_size=4)),
            "within": draw(durations),
            "then": draw(st.sampled_from(["did", "didNot"])),
        }
        return {"field": name, "operator": "sequence", "value": value}
    inside = draw(groups(kind, leaves=3))
    return {"field": name, "operator": "=", "match": draw(modes), "value": inside}


def groups(types, leaves=6):
    def group(rules):
        return st.fixed_dictionaries(
            {
                "combinator": st.sampled_from(["and", "or"]),
                "not": st.booleans(),
                "rules": st.lists(rules, max_size=3),
            }
        )

    return group(st.recursive(tests(types), group, max_leaves=leaves))


def segment_tests(keys):
    return st.fixed_dictionaries(
        {
            "field": st.just("segment"),
            "operator": st.sampled_from(["in", "notIn"]),
            "value": st.lists(st.sampled_from(keys), min_size=1, max_size=2),
        }
    )


@st.composite
def releases(draw):
    """Named conditions; later ones may name earlier ones as segments."""
    found = {}
    for index in range(draw(st.integers(1, 4))):
        tree = draw(groups(TYPES))
        if found:
            named = st.lists(segment_tests(sorted(found)), max_size=3)
            tree["rules"] = [*tree["rules"], *draw(named)]
        found[f"s{index}"] = tree
    return found
