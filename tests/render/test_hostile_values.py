"""Hostile values through every block: they come out as text, never as markup or addresses."""

import json
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest

from personalization.blocks.checking import check_fields
from personalization.blocks.files import shipped_blocks
from personalization.render.core import page
from rules.codec import from_document
from rules.purposes import ALL_PURPOSES
from rules.types import Item, Learned, Scored, Visitor
from tests.rules.worlds import CATALOGUE, asking, document, slot

NAME = "{{ visitor.first_name }}"
HARMLESS = "harmless"
SCHEMES = {"", "http", "https", "mailto", "tel"}


def everywhere(value, rules):
    """The example's value with the visitor's name in every text that may hold it."""
    if rules.get("type") == "string" and "enum" not in rules and rules.get("format") != "date":
        return NAME
    return value


def published():
    blocks, contents = [], []
    for name, files in shipped_blocks().items():
        properties = files.block.schema["properties"]
        fields = {
            each: everywhere(files.example.get(each), properties[each]) for each in properties
        }
        fields = {"en": {each: value for each, value in fields.items() if value is not None}}
        if name == "json":
            fields = {"en": {"data": {"name": NAME, "deep": [{"name": NAME}]}}}
        facts = check_fields(files.block, fields, CATALOGUE)
        spec = facts.suggestions
        blocks.append(
            {
                "name": name,
                "template": files.block.template,
                "schema": dict(files.block.schema),
                "kind": files.block.kind,
                "trusted": True,
            }
        )
        contents.append(
            {
                "key": name,
                "block": name,
                "fields": fields,
                "reads": sorted(facts.reads),
                "suggestions": spec and {"strategy": spec.strategy, "limit": 2, "shelf": {}},
                "provenance": {},
                "pictures": {},
            }
        )
    written = document(*(slot(name, name) for name in shipped_blocks()), contents=contents)
    return from_document({**written, "blocks": blocks})


RELEASE = published()
ASKED = asking(*shipped_blocks())


def pages(payload):
    """All blocks with this payload as the visitor's name and as everything about an item."""
    someone = Visitor("u", ALL_PURPOSES, personal={"first_name": payload})
    item = Item("k" + payload, payload, payload, payload, payload, 5, payload[:3], (payload,))
    shelf = Learned(1, {item.key: item}, (Scored(item.key, 1.0),))
    slots = page(RELEASE, shelf, someone, ASKED, report).slots
    assert {each.reason.kind for each in slots.values()} == {"default"}
    return slots


def report(slot_key, content, error):
    raise AssertionError(slot_key) from error


class Marks(HTMLParser):
    """What a browser would make of it."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.names, self.addresses = [], set(), []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.names |= {name for name, _ in attrs}
        self.addresses += [
            value or "" for name, value in attrs if name in ("href", "src", "action", "srcset")
        ]


def scheme(address):
    try:
        return urlsplit("".join(address.split())).scheme
    except ValueError:
        return ""


SHAPES = {name: Marks(each.html) for name, each in pages(HARMLESS).items()}


def check(payload):
    for name, each in pages(payload).items():
        found = Marks(each.html)
        added = set(found.tags) - set(SHAPES[name].tags)
        assert not found.names & {"style", "srcdoc"}, (name, payload)
        assert not [one for one in found.names if one.startswith("on")], (name, payload)
        assert {scheme(one) for one in found.addresses} <= SCHEMES, (name, payload)
        assert not added & {"script", "style", "iframe", "svg", "math", "form", "object", "base"}
        if name not in ("text_image", "coupon", "newsletter"):  # these have formatted text
            assert set(found.tags) <= set(SHAPES[name].tags), (name, payload)


def payloads(path):
    return path.read_text(encoding="utf-8", errors="surrogateescape").splitlines()


@pytest.mark.parametrize("part", range(8))
def test_scripts_in_values_come_out_inert(shared, part):
    found = payloads(shared("hostile-text/xss.txt"))[part::8]

    assert len(found) > 500
    for payload in found:
        check(payload)


def test_naughty_and_injected_texts_come_out_inert(shared):
    naughty = json.loads(shared("hostile-text/blns.json").read_text(encoding="utf-8"))

    for payload in [*naughty, *payloads(shared("hostile-text/ssti.txt"))]:
        check(payload)


@pytest.mark.parametrize(
    "payload",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        " \x01javascript:alert(1)",
        "java\tscript:alert(1)",
        "java\u2028script:alert(1)",
        "data:text/html,<script>",
        "vbscript:x",
        '//evil.example/"onerror=1',
        "\\\\evil.example",
        'https://shop.example/" onload="x',
        "\ud800\udc00\ud800",
        "\0",
        "\u202egnp.exe",
        "</textarea></title></style></script><img src=x onerror=1>",
        "-->",
        "]]>",
        "{{ 7 * 7 }}",
        "&lt;script&gt;",
        "&#106;avascript:alert(1)",
        "a" * 2_000,
    ],
    ids=ascii,
)
def test_tricks_come_out_inert(payload):
    check(payload)
    json.dumps(pages(payload)["json"].data).encode()


def test_data_holds_values_as_they_are():
    assert pages("<b>&\"'")["json"].data == {"name": "<b>&\"'", "deep": [{"name": "<b>&\"'"}]}
