"""A slot through somebody's eyes: a stranger's, a member's, or those whom a rule describes."""

from datetime import timedelta

import pytest

from personalization.render.slot_picture import look_at_slot
from tests.rules.worlds import NOW, learned, release, rule, slot, where

CONDITIONS = {
    "pro": where("plan", "=", "pro"),
    "rule:own": where("country", "=", "DE"),
    "nobody": {**where("plan", "=", "pro"), "rules": [], "not": True},
}


def html(eyes, *rules, at=NOW):
    published = release(slot(rules=rules), conditions=CONDITIONS)
    shown = look_at_slot(published, "home", learned(), eyes, at)
    return None if shown is None else shown.html


RULES = (rule("r", "gold", "pro"), rule("own", "silver", "rule:own"))


@pytest.mark.parametrize(
    ("eyes", "shown"),
    [
        ("stranger", "<p>plain</p>"),
        ("segment:pro", "<p>gold</p>"),
        ("segment:rule:own", "<p>silver</p>"),
        ("segment:gone", "<p>plain</p>"),
        ("", "<p>plain</p>"),
    ],
)
def test_it_shows_what_they_would_see(eyes, shown):
    assert html(eyes, *RULES) == shown


def test_nobody_is_made_up_for_what_cannot_be():
    assert html("segment:nobody", *RULES) is None


def test_it_shows_the_slot_at_the_time_asked_for():
    later = rule("r", "gold", start=(NOW + timedelta(days=1)).isoformat())

    assert html("stranger", later) == "<p>plain</p>"
    assert html("stranger", later, at=NOW + timedelta(days=2)) == "<p>gold</p>"
