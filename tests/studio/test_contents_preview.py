"""The picture beside the form: as whom one looks, what is advised, and that nothing in it runs."""

from functools import cache

import pytest
from django.urls import reverse

from personalization.profiles import traits
from personalization.profiles.models import Profile
from personalization.targeting import documents
from personalization.targeting.traits import save_traits_schema

GREETING = 'Hello {{ visitor.first_name | default("there") }}'
LOYAL = {"combinator": "and", "rules": [{"field": "visits", "operator": ">", "value": 7}]}
NEVER = {"combinator": "and", "not": True, "rules": []}


@pytest.fixture
def site(site):
    save_traits_schema(site, {"first_name": {"type": "string", "personal": True}}, by="test")
    for key, tree in (("loyal", LOYAL), ("nobody", NEVER)):
        documents.save_segment(site, {"key": key, "condition": tree}, by="test")
    return site


@pytest.fixture
def look(site, colleague):
    """Ask for the picture of a promotion bar as somebody."""
    clients = cache(colleague)

    def ask(seen_by="stranger", role="editor", locales=("en",), shown=None, visitor="", **typed):
        fields = {f"field__en__{name}": value for name, value in typed.items()}
        sent = {
            "site": site.pk,
            "as": seen_by,
            "_visitor": visitor,
            "locale": list(locales),
            "shown": list(shown or locales),
            "field__en__tone": "accent",
            **fields,
        }
        where = reverse("admin:personalization_content_preview", args=("promotion_bar",))
        return clients(role).post(where, sent).json()

    return ask


def page(answer, locale="en"):
    return answer["frames"][locale]["page"]


def codes(remarks):
    return {(each["path"], each["code"]) for each in remarks}


@pytest.mark.parametrize(
    ("seen_by", "text"),
    [("stranger", "Hello there"), ("known", "Hello Alex"), ("segment:loyal", "Hello Alex")],
)
def test_a_placeholder_is_seen_as_this_visitor_would(look, seen_by, text):
    answer = look(seen_by, message=GREETING)

    assert text in page(answer)
    assert answer["errors"] == []


def test_it_says_what_the_content_asks_of_the_visitor(look):
    known = look("known", message="{{ visitor.visits }} {{ context.country }}")["known"]

    assert known == [["number of visits", "12"]]


def test_a_segment_to_which_nobody_can_belong_has_no_persona(look):
    assert "Nobody can be invented" in look("segment:nobody", message="Hi")["refusal"]


def test_only_who_may_see_visitors_looks_as_a_real_one(site, look, visitor):
    visitor("v1")
    key = Profile.objects.get().key

    assert "Hi" in page(look(f"visitor:{key}", role="admin", message="Hi"))
    assert "no such visitor" in look(f"visitor:{key}", role="marketer", message="Hi")["refusal"]


def test_any_visitor_is_named_by_their_id_or_their_pseudonym(site, look, visitor):
    visitor("v1")
    key = Profile.objects.get().key
    asked = {"message": "{{ visitor.visits }}", "locales": ("en",)}

    for name in ("v1", key, key[:12]):
        assert look(role="admin", visitor=name, **asked)["known"] == [["number of visits", "0"]]
    for name in ("v2", key[:11], "%"):
        assert "no such visitor" in look(role="admin", visitor=name, **asked)["refusal"]
    assert "no such visitor" in look(role="marketer", visitor="v1", **asked)["refusal"]


def test_personal_traits_of_a_real_visitor_stay_sealed(site, look, visitor):
    visitor("v1")
    traits.patch(site, "v1", {"first_name": "Konstanze"})
    key = Profile.objects.get().key

    answer = look(f"visitor:{key}", role="admin", message=GREETING)

    assert "Hello there" in page(answer)
    assert "Konstanze" not in str(answer)


def test_a_language_that_says_nothing_shows_what_visitors_would_get(look):
    answer = look(message="Hello", locales=("en", "de"))

    assert "Hello" in page(answer, "de")
    assert answer["frames"]["de"]["fallback"] == "English"
    assert answer["frames"]["en"]["fallback"] == ""


def test_what_is_not_finished_is_drawn_and_said(look):
    empty = look(message="")
    wrong = look(message="Hello {{ visitor.nobody }}")

    assert codes(empty["errors"]) == {("", "required")}
    assert codes(wrong["errors"]) == {("message", "template")}
    assert "Line" not in wrong["errors"][0]["text"]
    assert "frames" in empty
    assert "frames" in wrong


def test_advice_comes_with_the_picture_but_not_where_something_is_refused(look):
    advice = look(message="Hello {{ visitor.first_name }}", link_label="Go", link_url="#")["advice"]
    wrong = look(message="{{ visitor.nobody }}")["advice"]

    assert codes(advice) == {
        ("message", "placeholder_without_fallback"),
        ("link_url", "link_to_nowhere"),
    }
    assert wrong == []


def test_nothing_in_the_picture_may_run(look):
    shown = page(look(message="<script>alert(1)</script>"))

    assert "script-src 'none'" in shown
    assert "<script" not in shown


def test_a_site_that_is_not_theirs_is_refused(look, other_site, colleague):
    where = reverse("admin:personalization_content_preview", args=("promotion_bar",))
    sent = {"site": other_site.pk, "locale": "en", "shown": "en"}

    assert colleague("editor").post(where, sent).status_code == 403


def test_an_unknown_block_is_said(site, colleague):
    where = reverse("admin:personalization_content_preview", args=("gone",))

    assert colleague("editor").post(where, {"site": site.pk}).status_code == 404
