"""A refusal over HTTP is English unless the asker reads German, its names filled in either way."""

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _english_afterwards():
    yield
    translation.deactivate()


def one_rule(**rule):
    return {"name": "Some", "condition": {"combinator": "and", "rules": [rule]}}


def refused(answer):
    assert answer.status_code == 400, answer.content
    return [(each["path"], each["detail"]) for each in answer.json()["errors"]]


@pytest.mark.parametrize(
    ("address", "document", "path", "english", "german"),
    [
        (
            "segments/some",
            one_rule(field="shoe_size", operator="=", value=1),
            "condition.rules[0].field",
            "There is no field 'shoe_size'; choose one of the catalogue.",
            "Ein Feld 'shoe_size' gibt es nicht; wählen Sie eines des Katalogs.",
        ),
        (
            "segments/some",
            one_rule(field="visits", operator="=", value="country", valueSource="field"),
            "condition.rules[0].value",
            "“visits” and “country” are of different types.",
            "„visits“ und „country“ sind von verschiedenem Typ.",
        ),
        (
            "rules/germany",
            {
                **{"slot": "home.hero", "segment": "german", "content": "servus", "position": 0},
                "when": {"days": [8]},
            },
            "when.days",
            "Days are whole numbers from 1 (Monday) to 7 (Sunday).",
            "Tage sind ganze Zahlen von 1 (Montag) bis 7 (Sonntag).",
        ),
        (
            "traits-schema",
            {"age": {"type": "integer"}},
            "age.type",
            "Choose one of string, number, boolean, datetime, version, list.",
            "Wählen Sie eines von string, number, boolean, datetime, version, list.",
        ),
    ],
)
def test_a_refusal_is_read_in_english_and_in_german(
    server, shop, address, document, path, english, german
):
    assert refused(server.put(address, document)) == [(path, english)]
    assert refused(server.put(address, document, **{"Accept-Language": "de"})) == [(path, german)]


def test_a_release_says_in_german_what_stands_in_its_way(server, shop, site):
    segment = site.segments.get(key="german")
    segment.condition = {"rules": [{"field": "gone", "operator": "null"}]}
    segment.save()

    answer = server.ask("POST", "releases", {"note": ""}, **{"Accept-Language": "de"})

    assert "Ein Feld 'gone' gibt es nicht; wählen Sie eines des Katalogs." in [
        detail for _path, detail in refused(answer)
    ]
