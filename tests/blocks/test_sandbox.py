"""What templates may say and cost. Everything else is refused when it is saved."""

import json

import pytest

from personalization.blocks.checking import check_fields, check_template
from personalization.blocks.filters import FILTERS, Price
from personalization.blocks.limits import OUTPUT_BYTES, TooMuch
from personalization.blocks.sandbox import Compiled
from personalization.exceptions import Malformed
from personalization.render.preview import preview
from rules import BUILT_IN
from rules.purposes import ALL_PURPOSES
from rules.types import STRANGER, Block, Visitor
from tests.rules.worlds import CATALOGUE, NOW

SCHEMA = {
    "type": "object",
    "properties": {
        "text": {"type": "string"},
        "body": {"type": "string", "format": "html"},
        "link": {"type": "string", "format": "uri-reference"},
        "steps": {"type": "array", "items": {"type": "string"}},
        "data": {"type": "object"},
    },
}
NOBODY = {"visitor": {}, "context": {}, "site": {"locale": "en", "currency": "EUR"}, "items": []}


def rendered(source, **values):
    check_template(source, SCHEMA, CATALOGUE)
    return Compiled(source, guarded=True, html=True).render({**NOBODY, **values})


def refusal(source):
    with pytest.raises(Malformed) as refused:
        check_template(source, SCHEMA, CATALOGUE)
    assert refused.value.errors[0].path == "template"
    return refused.value.errors[0].detail


REFUSED = {
    "code by attributes": "{{ ''.__class__.__mro__ }}",
    "code by items": "{{ ''['__class__'] }}",
    "code by filter": "{{ ''|attr('__class__') }}",
    "methods": "{{ content.text.upper() }}",
    "import": "{% import 'x' as y %}",
    "from": "{% from 'x' import y %}",
    "include": "{% include 'x' %}",
    "extends": "{% extends 'x' %}",
    "block": "{% block a %}{% endblock %}",
    "autoescape": "{% autoescape false %}{{ content.text }}{% endautoescape %}",
    "self": "{{ self }}",
    "super": "{{ super() }}",
    "safe": "{{ content.text | safe }}",
    "random": "{{ [1, 2] | random }}",
    "lipsum": "{{ lipsum(n=1000) }}",
    "cycler": "{{ cycler(1) }}",
    "namespace": "{% set n = namespace() %}",
    "powers": "{{ 9 ** 9 }}",
    "texts many times": "{{ 'a' * 1000000000 }}",
    "width of a format": "{{ '%1000000000d' % 1 }}",
    "padding": "{{ 'x' | center(1000000000) }}",
    "a macro that calls itself": "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
    "macros that call each other": (
        "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{{ a() }}{% endmacro %}"
    ),
    "a macro twice": "{% macro a() %}{% endmacro %}{% macro a() %}{{ a() }}{% endmacro %}",
    "a macro handed over": "{% macro a(b) %}{{ b(b) }}{% endmacro %}{{ a(a) }}",
    "a shadow of a macro": (
        "{% macro a() %}{% endmacro %}{% macro b(a) %}{{ a(a) }}{% endmacro %}{{ b(b) }}"
    ),
    "a shadow of a root": "{% set visitor = 1 %}",
    "recursive loops": "{% for a in range(2) recursive %}{{ loop(range(2)) }}{% endfor %}",
    "deep loops": "{% for a in range(1) %}" * 4 + "{% endfor %}" * 4,
    "deep branches": "{% if 1 %}" * 200 + "{% endif %}" * 200,
    "deep brackets": "{{" + "(" * 3000 + "1" + ")" * 3000 + "}}",
    "long chains": "{{ content" + ".a" * 3000 + " }}",
    "many signs": "{{ " + "-" * 5000 + "1 }}",
    "many nodes": "{{ content.text }}" * 2000,
    "long sources": "a" * 40_000,
    "huge numbers": "{{ 99999999999999999999 }}",
    "the whole visitor": "{{ visitor }}",
    "a computed field": "{{ visitor['pl' ~ 'an'] }}",
    "an unknown field": "{{ visitor.password }}",
    "behaviour": "{{ visitor.events }}",
    "an unknown name": "{{ request }}",
    "an unknown field of the block": "{{ content.nothing }}",
    "an unknown filter": "{{ content.text | shout }}",
    "an unknown test": "{% if content.text is callable %}{% endif %}",
    "what is no template": "{{ content.text",
    "hidden names": "{% set _budget = 1 %}",
}


@pytest.mark.parametrize("source", REFUSED.values(), ids=REFUSED.keys())
def test_a_block_is_refused_for(source):
    assert refusal(source).startswith("Line 1, column 1")


def test_a_refusal_names_line_and_column():
    assert refusal("<p>\n  <b>{{ lipsum() }}</b></p>").startswith("Line 2, column 6: ")


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("<a class={{ content.text }}>x</a>", "Line 1, column 10"),
        ("<p>\n<a title=x{{ content.text }}>x</a>", "Line 2, column 11"),
        ("<p {{ content.text }}>", "Line 1, column 4"),
        ("<p data-{{ content.text }}='1'>", "Line 1, column 9"),
        ("<{{ content.text }}>", "Line 1, column 2"),
        ("</{{ content.text }}>", "Line 1, column 3"),
        ("<p class='a'{{ content.text }}>", "Line 1, column 13"),
        ("{{ content.text }}<a href='x{{ content.text }}'>", "Line 1, column 29"),
        ("<a href='{{ content.text }}{{ content.text }}'>", "Line 1, column 28"),
        ("<a href='https:{{ content.text }}'>", "Line 1, column 16"),
        ("<a href='{{ content.text }}:x'>", "Line 1"),
        ("<a href='&#106;avascript:{{ content.text }}'>", "Line 1"),
        ("<a href='javascript:{{ content.text }}'>", "Line 1"),
        ("<p style='color: {{ content.text }}'>", "Line 1"),
        ("<p onclick='{{ content.text }}'>", "Line 1"),
        ("<p ONclick='x'>", "Line 1"),
        ("<p/onclick='x'>", "Line 1"),
        ("<script>{{ content.text }}</script>", "Line 1"),
        ("<STYLE>{{ content.text }}</STYLE>", "Line 1"),
        ("<iframe srcdoc='{{ content.text }}'>", "Line 1"),
        ("<textarea><p title='</textarea><img src={{ content.text }}>'>", "Line 1"),
        ("<!-- {{ content.text }} -->", "Line 1"),
        ("<p class='{% if 1 %}'{% endif %}>", "Line 1"),
        ("<p {% if 1 %}on{% endif %}click='{{ content.text }}'>", "Line 1"),
        ("<p {% if 1 %}title={% endif %}'{{ content.text }}'>", "Line 1"),
        ("<a href='{% if 1 %}/x{% else %}y{% endif %}{{ content.text }}'>", "Line 1"),
        ("<p{% if 1 %} {% endif %}class='{{ content.text }}'>", "Line 1"),
        ("<p {% for a in range(2) %}title='{% endfor %}'>", "Line 1"),
        ("{% macro a() %}<p {% endmacro %}", "Line 1"),
        ("<p ", "Line 1"),
    ],
)
def test_a_placeholder_is_refused_where_escaping_cannot_help(source, place):
    assert refusal(source).startswith(place)


@pytest.mark.parametrize(
    "source",
    [
        "<p>{{ content.text }}</p>",
        "<p class='a {{ content.text }}' title=\"{{ content.text }}\">",
        "<a href='{{ content.link }}'>x</a>",
        "<a href='/a/{{ content.text }}?q={{ content.text }}#{{ content.text }}'>x</a>",
        "<a href='https://shop.example/{{ content.text }}'>x</a>",
        "<a href='mailto:{{ content.text }}'>x</a>",
        "<source srcset='{{ content.link }}'>",
        "<input {% if content.text %} required {% endif %}>",
        "<p{% if content.text %} class='a'{% endif %}>x</p>",
        "<p{% if content.text %} class='a'{% endif %} id='b'>x</p>",
        "<p class='{% if content.text %}a{% else %}b{% endif %}'>x</p>",
        "<p>1 < 2 and 3 <4 </p>",
        "{% macro a(b, c=1) %}<b>{{ b }}</b>{% endmacro %}{{ a('x') }}{% call a(1) %}{% endcall %}",
        "{% set n = 2 %}{{ n * 3 + 1 }}",
        "{% for a in content.steps %}{{ loop.index }}{{ a }}{% else %}-{% endfor %}",
        "{# a comment #}{% raw %}{{ x }}{% endraw %}",
    ],
)
def test_what_is_safe_is_allowed(source):
    check_template(source, SCHEMA, CATALOGUE)


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("<p>{{ content.text }}</p>", "<b>&", "<p>&lt;b&gt;&amp;</p>"),
        ("<p title='{{ content.text }}'>", "' onclick=", "<p title='&#39; onclick='>"),
        ("<a href='{{ content.text }}'>", "javascript:alert(1)", "<a href=''>"),
        ("<a href='{{ content.text }}'>", " JaVa\tscript:alert(1)", "<a href=''>"),
        ("<a href='{{ content.text }}'>", "\x01javascript:alert(1)", "<a href=''>"),
        ("<a href='{{ content.text }}'>", "data:text/html,x", "<a href=''>"),
        ("<a href='{{ content.text }}'>", "/a?b=c&d", "<a href='/a?b=c&amp;d'>"),
        ("<a href='/x/{{ content.text }}'>", "/../é'", "<a href='/x/%2F..%2F%C3%A9%27'>"),
        ("<source srcset='{{ content.text }}'>", "/a b,c 2x", "<source srcset='/a%20b%2Cc%202x'>"),
    ],
)
def test_a_value_is_made_safe_for_the_spot_where_it_stands(source, text, expected):
    assert rendered(source, content={"text": text}) == expected


def test_formatted_text_cannot_end_an_attribute():
    from personalization.blocks.cleaning import clean_text

    body = clean_text('<b>"</b>" onclick="x')

    assert rendered('<p title="{{ content.body }}">', content={"body": body}) == (
        '<p title="&lt;b&gt;&#34;&lt;/b&gt;&#34; onclick=&#34;x">'
    )


DOUBLING = "{% set a = 'aaaaaaaaaaaaaaaa' %}" + "".join(
    f"{{% set a{n} = a{n - 1 if n else ''} ~ a{n - 1 if n else ''} %}}" for n in range(40)
)
LAUGHS = "".join(
    f"{{% macro m{n}() %}}{f'{{{{ m{n - 1}() }}}}' * 9 if n else 'ha'}{{% endmacro %}}"
    for n in range(20)
)
NESTED = "{% for a in range(100) %}" * 3 + "x" + "{% endfor %}" * 3


@pytest.mark.parametrize(
    "source",
    [
        DOUBLING,
        LAUGHS + "{{ m19() }}",
        NESTED,
        "{% for a in range(100) %}{{ content.text }}{% endfor %}",
        "{{ range(1000000) | length }}",
        "{% set a = 9007199254740992 %}{{ a * a }}",
        "{{ content.steps | join(content.text) }}",
    ],
    ids=["doubling", "laughs", "loops", "output", "range", "numbers", "join"],
)
def test_a_bomb_is_stopped_by_its_budget(source):
    with pytest.raises(TooMuch):
        rendered(source, content={"text": "x" * 9_000, "steps": ["a"] * 20})


def test_the_output_of_a_slot_is_capped():
    assert len(rendered("{{ content.text }}", content={"text": "a" * OUTPUT_BYTES})) == OUTPUT_BYTES
    with pytest.raises(TooMuch):
        rendered("{{ content.text }}b", content={"text": "a" * OUTPUT_BYTES})


def test_a_shipped_block_is_stopped_too():
    with pytest.raises(TooMuch):
        Compiled(NESTED, guarded=False, html=True).render(NOBODY)


class Treasure:
    """An object that a mistake of ours put into the page's values."""

    secret = "s3cret"

    def open(self):
        return self.secret


@pytest.mark.parametrize(
    "source",
    ["{{ content.text.secret }}", "{{ content.text['secret'] }}", "{{ content.text.open }}"],
)
def test_attributes_of_objects_are_out_of_reach(source):
    assert rendered(source, content={"text": Treasure()}) == ""


def test_nothing_but_macros_can_be_called_even_when_unchecked():
    with pytest.raises(TooMuch):
        Compiled("{{ content.text() }}", guarded=True, html=True).render(
            {**NOBODY, "content": {"text": Treasure().open}}
        )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ content.nothing.at.all | default('x') }}", "x"),
        ("{{ '' | default('x') }}", "x"),
        ("{{ price | money }}", "€12.34"),
        ("{{ price | money('JPY') }}", "¥1,234"),
        ("{{ 1234567.5 | number }}", "1,234,567.50"),
        ("{{ '2026-11-23' | date }}", "Nov. 23, 2026"),
        ("{{ '2026-11-23' | date('j F Y') }}", "23 November 2026"),
        ("{{ 'nonsense' | date }}", ""),
        ("{{ '0001-01-01T00:00:00+14:00' | date }}", ""),
        ("{{ 'ab cd' | title }}", "Ab Cd"),
        ("{{ 'ab' | upper }}{{ 'AB' | lower }}{{ 'ab' | capitalize }}", "ABabAb"),
        ("{{ ' a ' | trim }}", "a"),
        ("{{ 'one two three' | truncate(9) }}", "one two…"),
        ("{{ ['a', 'b'] | join(' & ') }}", "a &amp; b"),
        ("{{ [1, 2, 3] | first }}{{ [1, 2, 3] | last }}{{ [1, 2, 3] | length }}", "133"),
        ("{{ 2.6 | round }}", "3"),
        ("{{ 1 }} item{{ 1 | plural }}, {{ 2 }} item{{ 2 | plural }}", "1 item, 2 items"),
    ],
)
def test_what_filters_make(source, expected):
    values = {**NOBODY, "price": Price(1234, "EUR")}

    assert Compiled(source, guarded=True, html=True).render(values) == expected


@pytest.mark.parametrize("name", sorted(FILTERS))
@pytest.mark.parametrize(
    "value", [None, True, -1, 2.5, float("nan"), "x", "", [], ["a", 1], {}, {"a": 1}, NOW], ids=repr
)
def test_every_filter_takes_every_value(name, value):
    text = Compiled(f"{{{{ value | {name} }}}}", guarded=True, html=True)

    assert isinstance(text.render({**NOBODY, "value": value}), str)
    assert isinstance(text.render(NOBODY), str)


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("en", "€1,234.50"),
        ("de", "1.234,50\xa0€"),
        ("de-CH", "€\xa01’234.50"),
        ("fr", "1\xa0234,50\xa0€"),
        ("xx", "1,234.50\xa0€"),
    ],
)
def test_money_reads_as_the_language_writes_it(locale, expected):
    values = {**NOBODY, "site": {"locale": locale, "currency": "EUR"}}

    assert Compiled("{{ 123450 | money }}", guarded=True, html=True).render(values) == expected


# ---------------------------------------------------------------- texts of editors and visitors

LINE = Block("line", "<p>{{ content.text }}</p>", SCHEMA)


def lines(path):
    return path.read_text(encoding="utf-8", errors="surrogateescape").splitlines()


def shown_to(someone, text):
    """What a line with this text shows; None where it is refused."""
    fields = {"en": {"text": text}}
    seen = preview(LINE, fields, catalogue=CATALOGUE, now=NOW, locale="en", visitor=someone)
    return None if seen.errors else seen.text


def test_injections_in_a_field_are_refused_or_stay_as_they_are(shared):
    """`{{ … }}` of others' template languages: nothing is worked out."""
    accepted = []
    for payload in lines(shared("hostile-text/ssti.txt")):
        shown = shown_to(STRANGER, payload)
        if shown is None:
            continue
        accepted.append(payload)
        assert shown == Compiled("<p>{{ text }}</p>", guarded=True, html=True).render(
            {**NOBODY, "text": payload}
        )

    assert not [payload for payload in accepted if "{{" in payload or "{%" in payload]


def test_injections_in_a_template_are_refused_or_stay_as_they_are(shared):
    for payload in lines(shared("hostile-text/ssti.txt")):
        try:
            check_template(payload, SCHEMA, CATALOGUE)
        except Malformed:
            continue
        shown = Compiled(payload, guarded=True, html=True).render(NOBODY)
        assert shown in (payload, "49", "$49", "16[[5*5]]"), payload


def test_what_a_visitor_is_called_is_never_a_template(shared):
    for payload in [*lines(shared("hostile-text/ssti.txt")), "{{ 7*7 }}"]:
        someone = Visitor("u", ALL_PURPOSES, personal={"first_name": payload})

        shown = shown_to(someone, "Hi {{ visitor.first_name }}")

        expected = Compiled("<p>Hi {{ text }}</p>", guarded=True, html=True)
        assert shown == expected.render({**NOBODY, "text": payload})


def test_naughty_texts_never_break_a_page(shared):
    for text in json.loads(shared("hostile-text/blns.json").read_text(encoding="utf-8")):
        someone = Visitor("u", ALL_PURPOSES, personal={"first_name": text})

        shown = shown_to(someone, "{{ visitor.first_name | upper | truncate(9) }}")

        assert shown.encode()


def test_a_field_may_hold_conditions_but_no_loops_and_no_arithmetic():
    def save(text):
        check_fields(LINE, {"en": {"text": text}}, CATALOGUE)

    save("{% if visitor.plan == 'pro' %}Hi{% else %}Hello{% endif %} {{ visitor.plan | title }}")
    for refused in ("{% for a in [1] %}{% endfor %}", "{% set a = 1 %}", "{{ 1 + 1 }}"):
        with pytest.raises(Malformed):
            save(refused)


def test_an_items_values_are_for_fields_of_items_only():
    with pytest.raises(Malformed):
        check_fields(LINE, {"en": {"text": "{{ item.title }}"}}, CATALOGUE)


def test_every_wrong_field_is_named_at_once():
    block = Block("b", LINE.template, {**SCHEMA, "required": ["text"]})
    fields = {
        "en": {"text": "{{ nobody }}", "link": "javascript:x", "steps": ["ok", "{{"]},
        "de": {"tex": 1},
    }

    with pytest.raises(Malformed) as refused:
        check_fields(block, fields, BUILT_IN)

    assert {each.path for each in refused.value.errors} == {
        "fields.en.text",
        "fields.en.link",
        "fields.en.steps[1]",
        "fields.de",
    }


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "array"},
        {"type": "nonsense"},
        {"type": "object", "properties": {"a": {"$ref": "https://example.com"}}},
        {"type": "object", "properties": {"a": {"pattern": "(a+)+$"}}},
        {"type": "object", "description": "x" * 70_000},
        [],
    ],
)
def test_a_schema_that_cannot_be_trusted_is_refused(schema):
    with pytest.raises(Malformed) as refused:
        check_template("", schema, BUILT_IN)

    assert refused.value.errors[0].path == "schema"
