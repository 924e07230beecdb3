"""All that can answer a condition, each asked in the same words: `ask(trees, people, now)`.

In:  trees by name, the one in question under "it"; facts of several people.
Out: for each of them True, False or None (unknown).
"""

from functools import cache

from rules import Catalogue, compile, explain, parse, to_sql
from tests.rules.stored_visitors import postgresql_store, sqlite_store
from tests.rules.strategies import CATALOGUE

FIELDS = Catalogue.from_dict(CATALOGUE)


def by_python(trees, people, now):
    """The generated function knows no third answer: unknown is what neither way matches."""
    matcher = compile(with_negation(trees))
    found = (matcher(facts, now) for facts in people)
    return [answer("it" in names, "not it" in names) for names in found]


def by_explanation(trees, people, now):
    conditions = parsed(trees)
    return [explain(conditions["it"], facts, now, conditions).truth for facts in people]


def by_sqlite(trees, people, now):
    return by_sql(stored_in(sqlite_store), trees, people, now)


def by_postgresql(trees, people, now):
    return by_sql(stored_in(postgresql_store), trees, people, now)


EVALUATORS = (by_python, by_explanation, by_sqlite, by_postgresql)


def by_sql(store, trees, people, now):
    conditions = with_negation(trees)
    store.fill(people)

    def found(name):
        written = to_sql(conditions[name], conditions, store.columns, store.dialect, now)
        return store.matching(*written)

    true, false = found("it"), found("not it")
    return [answer(number in true, number in false) for number in range(len(people))]


def answer(is_true, is_false):
    assert not (is_true and is_false)
    return True if is_true else False if is_false else None


def parsed(trees):
    return {name: parse(tree, FIELDS) for name, tree in trees.items()}


def with_negation(trees):
    return parsed({**trees, "not it": {"combinator": "and", "not": True, "rules": [trees["it"]]}})


stored_in = cache(lambda make: make())
