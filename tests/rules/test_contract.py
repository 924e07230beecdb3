"""The names and shapes that others call: `rules.*` of DESIGN §4 and §5, kept to the letter."""

import inspect
import json
from datetime import UTC, datetime

import pytest

import rules

NOW = datetime(2026, 3, 2, tzinfo=UTC)
CATALOGUE = rules.Catalogue.from_dict(
    {
        "country": {"type": "string", "purpose": None},
        "age": {"type": "number", "purpose": "personalization"},
        "pets": {"type": "list", "of": {"name": {"type": "string"}}},
        "app": {"type": "version"},
        "seen": {"type": "datetime"},
        "member": {"type": "boolean"},
        "sizes": {"type": "list", "of": "number"},
    }
)
ADULT = {
    "combinator": "and",
    "not": False,
    "rules": [{"field": "age", "operator": ">=", "value": 18}],
}


def test_a_catalogue_is_read_from_its_document_and_written_back():
    document = CATALOGUE.to_dict()

    assert json.loads(json.dumps(document)) == document
    assert rules.Catalogue.from_dict(document).to_dict() == document
    assert document["age"] == {"type": "number", "purpose": "personalization"}


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ([], ""),
        ({"age": "number"}, "age"),
        ({"age": {"type": "integer"}}, "age/type"),
        ({"age": {}}, "age/type"),
        ({"age": {"type": "number", "purpose": "fun"}}, "age/purpose"),
        ({"age": {"type": "number", "personal": "yes"}}, "age/personal"),
        ({"age": {"type": "number", "unit": "years"}}, "age/unit"),
        ({"1st": {"type": "number"}}, "1st"),
        ({"pets": {"type": "list", "of": {}}}, "pets/of"),
        ({"pets": {"type": "list", "of": {"toys": {"type": "list"}}}}, "pets/of"),
    ],
)
def test_a_catalogue_that_cannot_be_read_is_refused_where_it_is_wrong(document, path):
    with pytest.raises(rules.Invalid) as refused:
        rules.Catalogue.from_dict(document)

    assert refused.value.path == path


def test_parse_answers_a_condition_or_raises_the_path_and_a_sentence():
    condition = rules.parse(ADULT, CATALOGUE)

    assert isinstance(condition, rules.Condition)
    assert condition == rules.parse(ADULT, CATALOGUE)
    assert hash(condition)
    with pytest.raises(rules.Invalid) as refused:
        rules.parse({"combinator": "and", "rules": [{"field": "shoe"}]}, CATALOGUE)
    assert (refused.value.path, refused.value.detail[-1]) == ("rules/0/field", ".")
    assert isinstance(refused.value, ValueError)


def test_compile_answers_the_names_that_are_true():
    matcher = rules.compile({"adult": rules.parse(ADULT, CATALOGUE)})

    assert matcher({"age": 18}, NOW) == frozenset({"adult"})
    assert matcher({"age": 17}, NOW) == matcher({}, NOW) == frozenset()
    assert isinstance(matcher({}, NOW), frozenset)
    assert rules.compile({})({}, NOW) == frozenset()


def test_describe_explain_and_jsonlogic_take_a_condition():
    condition = rules.parse(ADULT, CATALOGUE)

    assert rules.describe(condition) == "age is at least 18"
    assert rules.explain(condition, {"age": 20}, NOW).truth is True
    assert rules.explain(condition, {}, NOW).parts[0].truth is None
    exported = rules.to_jsonlogic(condition)
    assert exported == {"and": [{">=": [{"var": "age"}, 18]}]}
    assert rules.from_jsonlogic(exported, CATALOGUE) == condition


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("parse", ("tree", "catalogue")),
        ("compile", ("conditions",)),
        ("describe", ("condition",)),
        ("explain", ("condition", "facts", "now")),
        ("to_jsonlogic", ("condition",)),
        ("from_jsonlogic", ("tree", "catalogue")),
        ("assign", ("seed", "unit", "version")),
        ("bucket_ranges", ("n", "coverage", "weights")),
        ("choose", ("value", "ranges")),
        ("in_namespace", ("unit", "namespace")),
    ],
)
def test_the_promised_functions_can_be_called_as_promised(name, parameters):
    signature = inspect.signature(getattr(rules, name))

    assert tuple(signature.parameters)[: len(parameters)] == parameters
    signature.bind(*parameters)


def test_bucketing_answers_what_its_contract_names():
    place = rules.assign("seed", "unit", 2)
    ranges = rules.bucket_ranges(2, 1.0, [0.5, 0.5])

    assert 0 <= place < 1
    assert [list(each) for each in ranges] == [[0.0, 0.5], [0.5, 1.0]]
    assert rules.choose(place, ranges) == (0 if place < 0.5 else 1)
    assert rules.choose(0.9, rules.bucket_ranges(2, 0.5, [0.5, 0.5])) == -1
    assert rules.in_namespace("unit", ("page", 0, 1)) is True
    assert rules.in_namespace("unit", ("page", 0, 0)) is False
