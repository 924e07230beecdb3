"""Refusals: the same sentence in English and in the words of whoever reads it, names filled in."""

import ast
from pathlib import Path

import pytest

from rules import BUILT_IN, Invalid, parse
from rules.words import _

ROOMS = Path(__file__).resolve().parents[2] / "rules"
GERMAN = {"“%(name)s” is no list.": "Keine Liste: „%(name)s“.", "Write 100 %.": "Schreib 100 %."}


def into_german(text):
    return GERMAN[text]


@pytest.mark.parametrize(
    ("invalid", "english", "german"),
    [
        (
            Invalid("rules/0", _("“%(name)s” is no list."), name="age %s"),
            "“age %s” is no list.",
            "Keine Liste: „age %s“.",
        ),
        (Invalid("rules/0", _("Write 100 %.")), "Write 100 %.", "Schreib 100 %."),
    ],
)
def test_names_are_filled_in_after_the_translation(invalid, english, german):
    assert invalid.detail == english
    assert str(invalid) == f"rules/0: {english}"
    assert invalid.said(into_german) == german
    assert invalid.placed(into_german) == f"rules/0: {german}"


def test_what_concerns_the_whole_document_is_said_without_a_place():
    assert str(Invalid("", _("Write a text."))) == "Write a text."


def test_a_refusal_of_a_part_says_where_the_part_stands_and_stays_translatable():
    inner = Invalid("rules/0/value/field", _("“%(name)s” is no list."), name="age")

    outer = inner.under("stages/1/enter", instead_of="rules/0/value")

    assert outer.path == "stages/1/enter/field"
    assert inner.under("keep").path == "keep/rules/0/value/field"
    assert outer.said(into_german) == "Keine Liste: „age“."


def test_the_sentence_in_english_is_what_it_always_was():
    with pytest.raises(Invalid) as refused:
        parse({"rules": [{"field": "shoe_size", "operator": "=", "value": 1}]}, BUILT_IN)

    assert refused.value.path == "rules/0/field"
    assert refused.value.detail == "There is no field 'shoe_size'; choose one of the catalogue."


def refusals(tree):
    """Every `Invalid(path, text, …)` of a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Invalid":
            yield node


def is_marked(text):
    """A whole sentence in `_("…")`, with nothing put into it: translators can find it."""
    return (
        isinstance(text, ast.Call)
        and getattr(text.func, "id", "") == "_"
        and [type(each) for each in text.args] == [ast.Constant]
    )


def fits(text, named):
    """What is filled in is what is named, no more and no less."""
    try:
        filled = text % dict.fromkeys(named, "…") if named else text
    except (KeyError, ValueError, TypeError):
        return False
    return filled.count("…") >= len(named)


def test_no_refusal_of_the_rules_is_beyond_translation():
    found, wrong = 0, []
    for module in sorted(ROOMS.glob("*.py")):
        if module.name == "invalid.py":  # hands a text on, as it was given
            continue
        for call in refusals(ast.parse(module.read_text(encoding="utf-8"))):
            found += 1
            named = [each.arg for each in call.keywords]
            if not is_marked(call.args[1]) or not fits(call.args[1].args[0].value, named):
                wrong.append(f"{module.name}:{call.lineno}")

    assert found > 90
    assert wrong == []
