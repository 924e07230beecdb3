"""One hundred rules: our one generated function beside the GrowthBook SDK and zen-engine.

In:  nothing; the same 100 rules (399 conditions) and the same visitors for everybody, in one
     interleaved run. Only the ratios travel.
Out: rows, after a check that all peers give the same answers. `make bench` installs the peers
     (`benchmarks/requirements.txt`); one that is not installed is named and left out.

    python -m benchmarks.conditions
"""

import gc
import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.table import Figure, report
from rules import Catalogue, compile, parse

ROUNDS, VISITORS, RULES = 40, 40, 100
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
WORDS = {  # what a page view and a declared trait may say
    "country": ["DE", "AT", "CH", "FR", "GB", "NL", "SE"],
    "device": ["mobile", "tablet", "desktop"],
    "locale": ["de-DE", "de-CH", "fr-FR", "en-GB", "nl-NL"],
    "url": [f"https://shop.example/{part}" for part in ("", "shoes", "coats/rain", "cart?step=2")],
    "path": ["/", "/shoes", "/shoes/boots", "/cart", "/coats", "/coats/rain"],
    "query": ["", "step=2", "q=boots", "utm_source=newsletter"],
    "referrer": ["", "https://search.example/", "https://social.example/feed"],
    "utm_source": ["", "newsletter", "search", "social", "partner"],
    "utm_medium": ["", "email", "cpc", "post"],
    "utm_campaign": ["", "spring", "sale", "boots"],
    "cluster": ["c1", "c2", "c3", "c4"],
    "plan": ["free", "pro", "team"],
    "shop": ["Berlin", "Graz", "Lyon", "Leeds"],
}
NUMBERS = {
    **{"hour": 24, "weekday": 8, "visits": 40, "recency": 90, "frequency": 12, "monetary": 900},
    **{"age": 80, "points": 5000},
}
TYPES, CATEGORIES, EVENTS = ["view", "click", "add_to_cart", "purchase"], ["boots", "coats"], 20
TEXT = {"type": "string"}
CATALOGUE = Catalogue.from_dict(
    dict.fromkeys(WORDS, TEXT)
    | {name: {"type": "number"} for name in NUMBERS}
    | {"events": {"type": "list", "of": dict.fromkeys(("id", "type", "item", "category"), TEXT)}}
)
Facts = Mapping[str, Any]  # texts and numbers
Rule = dict[str, Any]  # JSON
Rules = list[list[Rule]]
Peer = Callable[[Facts], Collection[Any]]  # names that are true, or all answers in order
PEERS_AT = str(Path(__file__).resolve().parents[1] / ".venv" / "bench")  # as `make bench` has it
OURS, GROWTHBOOK, ZEN = "ours, one generated function", "GrowthBook's SDK", "zen-engine"
PEERS = {"growthbook": GROWTHBOOK, "zen": ZEN}
PROMISED = {GROWTHBOOK: 40, ZEN: 4}


def main() -> None:
    chance = random.Random(7)
    rules = [list(conditions(chance, index)) for index in range(RULES)]
    visitors = [visitor(chance) for _ in range(VISITORS)]
    peers = contestants(rules)
    check_agreement(peers, visitors)
    times = interleaved(peers, visitors)
    count = sum(map(len, rules))
    print(f"{RULES} rules, {count} conditions, for one visitor: {times[OURS] * 1e6:.1f} µs")
    report(rows(times))


def rows(times: dict[str, float]) -> Iterator[Figure]:
    for module, name in PEERS.items():
        what = f"{name}, of our time for {RULES} rules"
        if name in times:
            yield Figure("conditions", what, times[name] / times[OURS], least=PROMISED[name])
        else:
            note = f"not installed: module {module}"
            yield Figure("conditions", what, None, least=PROMISED[name], note=note)


def conditions(chance: random.Random, index: int) -> Iterator[Rule]:
    """Three or four conditions over different fields; every tenth rule asks for behaviour."""
    behaves = index % 10 == 0
    for name in chance.sample([*WORDS, *NUMBERS], 4 - behaves - (index == 1)):
        yield of_word(chance, name) if name in WORDS else of_number(chance, name)
    if behaves:
        yield of_behaviour(chance)


def of_behaviour(chance: random.Random) -> Rule:
    wanted = {"type": chance.choice(TYPES), "category": chance.choice(CATEGORIES)}
    rules = [{"field": name, "operator": "=", "value": value} for name, value in wanted.items()]
    inner = {"combinator": "and", "rules": rules}
    return {"field": "events", "operator": "=", "match": {"mode": "some"}, "value": inner}


def of_word(chance: random.Random, name: str) -> Rule:
    operator = chance.choice(["=", "!=", "in", "notIn", "beginsWith"])
    value: Any = chance.choice(WORDS[name])
    if operator in ("in", "notIn"):
        value = chance.sample(WORDS[name], 2)
    elif operator == "beginsWith":
        value = value[:5]
    return {"field": name, "operator": operator, "value": value}


def of_number(chance: random.Random, name: str) -> Rule:
    operator = chance.choice(["<", ">=", "between"])
    low, high = sorted(chance.sample(range(NUMBERS[name]), 2))
    value: Any = {"<": high, ">=": low, "between": [low, high]}[operator]
    return {"field": name, "operator": operator, "value": value}


def visitor(chance: random.Random) -> Facts:
    facts: Rule = {name: chance.choice(options) for name, options in WORDS.items()}
    facts |= {name: chance.randrange(top) for name, top in NUMBERS.items()}
    return facts | {"events": [event(chance, index) for index in range(EVENTS)]}


def event(chance: random.Random, index: int) -> Rule:
    item = f"item-{chance.randrange(300)}"
    kind, category = chance.choice(TYPES), chance.choice(CATEGORIES)
    return {"id": f"e{index}", "type": kind, "item": item, "category": category}


def contestants(rules: Rules) -> dict[str, Peer]:
    sys.path.append(PEERS_AT)
    peers = {OURS: our_own(rules)}
    if find_spec("growthbook"):
        peers[GROWTHBOOK] = growthbook(import_module("growthbook"), rules)
    if find_spec("zen"):
        peers[ZEN] = zen_engine(import_module("zen"), rules)
    return peers


def our_own(rules: Rules) -> Peer:
    trees = ({"combinator": "and", "rules": each} for each in rules)
    match = compile({f"r{index}": parse(tree, CATALOGUE) for index, tree in enumerate(trees)})
    return lambda facts: match(facts, NOW)


def growthbook(module: ModuleType, rules: Rules) -> Peer:
    """As its users ask it: a feature for each rule, on where the rule's condition holds."""
    conditions = ({"$and": [in_growthbook(each) for each in rule]} for rule in rules)
    features = {
        f"r{index}": {"defaultValue": False, "rules": [{"condition": each, "force": True}]}
        for index, each in enumerate(conditions)
    }
    sdk = module.GrowthBook(features=features)

    def answer(facts: Facts) -> list[bool]:
        sdk.set_attributes(facts)
        return [sdk.is_on(name) for name in features]

    return answer


def in_growthbook(rule: Rule) -> Rule:
    value = rule["value"]
    if "match" in rule:
        inner = {"$and": [in_growthbook(each) for each in value["rules"]]}
        return {rule["field"]: {"$elemMatch": inner}}
    match rule["operator"]:
        case "beginsWith":
            return {rule["field"]: {"$regex": f"^{value}"}}
        case "between":
            return {rule["field"]: {"$gte": value[0], "$lte": value[1]}}
        case operator:
            names = {"=": "$eq", "!=": "$ne", "<": "$lt", ">=": "$gte", "in": "$in"}
            return {rule["field"]: {names.get(operator, "$nin"): value}}


def zen_engine(module: ModuleType, rules: Rules) -> Peer:
    """One compiled expression that gives all the answers as a list."""
    parts = [" and ".join(in_zen(each) for each in rule) for rule in rules]
    compiled = module.compile_expression(f"[{', '.join(parts)}]")
    return compiled.evaluate  # type: ignore[no-any-return] # a native function without types


def in_zen(rule: Rule, of: str = "") -> str:
    name, value = of + rule["field"], rule["value"]
    if "match" in rule:
        return f"some({name}, {' and '.join(in_zen(each, of='#.') for each in value['rules'])})"
    match rule["operator"]:
        case "beginsWith":
            return f"startsWith({name}, {json.dumps(value)})"
        case "between":
            return f"{name} in [{value[0]}..{value[1]}]"
        case operator:
            signs = {"=": "==", "notIn": "not in"}
            return f"{name} {signs.get(operator, operator)} {json.dumps(value)}"


def check_agreement(peers: dict[str, Peer], visitors: list[Facts]) -> None:
    for facts in visitors:
        if len({matching(peer(facts)) for peer in peers.values()}) != 1:
            raise SystemExit(f"the peers do not agree about {facts}")
    usual = statistics.mean(len(matching(peers[OURS](facts))) for facts in visitors)
    if not 1 < usual < RULES / 2:
        raise SystemExit(f"{usual:.1f} rules match a visitor: nothing to compare")


def matching(answer: Collection[Any]) -> frozenset[str]:
    if isinstance(answer, frozenset):
        return answer
    return frozenset(f"r{index}" for index, holds in enumerate(answer) if holds)


def interleaved(peers: dict[str, Peer], visitors: list[Facts]) -> dict[str, float]:
    """Seconds for one visitor: the median of rounds in which everybody had a turn."""
    taken: dict[str, list[float]] = {name: [] for name in peers}
    gc.disable()
    for _ in range(ROUNDS):
        for name, peer in peers.items():
            start = time.perf_counter()
            for facts in visitors:
                peer(facts)
            taken[name].append((time.perf_counter() - start) / len(visitors))
    return {name: statistics.median(each) for name, each in taken.items()}


if __name__ == "__main__":
    main()
