"""Whatever is typed is refused with a sentence, or rendered within its limits."""

import html
from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st

from personalization.blocks.checking import check_template
from personalization.blocks.cleaning import clean_block, clean_text, readable
from personalization.blocks.html_contexts import FORBIDDEN_ELEMENTS
from personalization.blocks.limits import TooMuch
from personalization.blocks.sandbox import Compiled
from personalization.blocks.urls import SCHEMES, safe_url
from personalization.exceptions import Malformed
from tests.rules.worlds import CATALOGUE

SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "array"}}}
PIECES = [
    "<p", "<a", ">", "</p>", " href=", " title=", " class=", "'", '"', "/", "=", " ", "on", "style",
    "click", "javascript:", "https:", "?", "#", "<", "x", "&#106;", "<!--", "-->", "<script>",
    "{{ content.a }}", "{{ content.b }}", "{{ visitor.plan | upper }}", "{{ 1 }}", "{{ 'x' ~ 1 }}",
    "{% if content.a %}", "{% else %}", "{% endif %}", "{% for i in content.b %}", "{{ i }}",
    "{% endfor %}", "{% macro m(i) %}", "{% endmacro %}", "{{ m(1) }}", "{% call m(2) %}",
    "{% endcall %}", "{{ caller() }}", "{% set v = content.a %}", "{{ v }}", "{# c #}", "\n",
    "<p>", "<p title='", "<a href='", "'>", '<a href="/x/', '">', "<input ", "srcset='", "mailto:",
    "{% raw %}", "{% endraw %}", "{{", "}}", "{%", "%}", "\0", "\ud800", "é",
]  # fmt: skip
templates = st.lists(st.sampled_from(PIECES), max_size=14).map("".join) | st.text(max_size=30)
payloads = st.sampled_from(
    [
        "x",
        "",
        "javascript:alert(1)",
        '"><img src=x onerror=alert(1)>',
        "' onmouseover='alert(1)",
        "x onclick=alert(1)",
        "</script><script>alert(1)</script>",
        "-->",
        "`",
        "/",
    ]
)
VALUE = {"visitor": {}, "context": {}, "site": {}, "items": []}


class Seen(HTMLParser):
    def __init__(self, source):
        super().__init__()
        self.found = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, tuple(sorted(name for name, _ in attrs))))
        for name, value in attrs:
            assert not name.startswith("on"), (tag, attrs)
            assert name not in ("style", "srcdoc")
            if name == "href":
                bare = "".join(html.unescape(value or "").split()).lower()
                assert not bare.startswith("javascript:"), value
        assert tag not in FORBIDDEN_ELEMENTS


@given(templates, payloads, st.lists(payloads, max_size=2))
@settings(max_examples=500, deadline=None)
def test_an_accepted_template_keeps_its_shape_whatever_stands_in_its_values(source, text, more):
    """The tags and attributes are those that the same template has with harmless values."""
    try:
        check_template(source, SCHEMA, CATALOGUE)
    except Malformed as refused:
        assert refused.errors[0].detail.startswith("Line ")
        return

    compiled = Compiled(source, guarded=True, html=True)
    hostile = {**VALUE, "content": {"a": text, "b": more}}
    harmless = {
        **VALUE,
        "content": {"a": text and "harmless", "b": [each and "harmless" for each in more]},
    }
    try:
        found, expected = compiled.render(hostile), compiled.render(harmless)
    except (TooMuch, TypeError, ZeroDivisionError):
        return
    assert Seen(found).found == Seen(expected).found


@given(st.text() | templates)
def test_cleaned_html_stays_clean_and_can_be_sent(source):
    for clean in (clean_block, clean_text):
        once = clean(source)
        assert clean(once) == once
        assert once.encode() is not None
        Seen(once)


@given(st.text())
def test_readable_text_can_be_sent(text):
    assert readable(text).encode() is not None
    assert "\0" not in readable(text)


@given(st.text() | st.builds("{}{}:{}".format, st.text(max_size=3), payloads, st.text(max_size=5)))
def test_an_address_is_of_an_allowed_scheme_or_empty(address):
    found = safe_url(address)

    bare = "".join(each for each in found if each > " " and each.isprintable())
    head = bare.split("/")[0].split("?")[0].split("#")[0]
    assert ":" not in head or head.split(":")[0].lower() in SCHEMES
    assert found.encode() is not None
    assert safe_url(str(found)) == found
