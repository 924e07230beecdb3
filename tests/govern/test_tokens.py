"""Tokens: only the right visitor, on the right site, in time, from our hand."""

import time

from hypothesis import given
from hypothesis import strategies as st

from personalization.govern import tokens

ids = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)


@given(ids)
def test_a_token_proves_its_visitor_to_its_site_only(visitor):
    token = tokens.visitor_token(1, visitor)

    assert tokens.read_visitor_token(1, token) == visitor
    assert tokens.read_visitor_token(2, token) is None


@given(st.text())
def test_what_we_did_not_sign_proves_nobody(text):
    assert tokens.read_visitor_token(1, text) is None


@given(ids, st.integers(min_value=0), st.characters(codec="ascii"))
def test_a_token_changed_in_one_place_proves_nobody(visitor, place, letter):
    token = tokens.visitor_token(1, visitor)
    place %= len(token)
    changed = token[:place] + letter + token[place + 1 :]

    assert changed == token or tokens.read_visitor_token(1, changed) is None


def test_a_token_ends_with_its_days(settings, monkeypatch):
    settings.PERSONALIZATION = {**settings.PERSONALIZATION, "TOKEN_DAYS": 2}
    token = tokens.visitor_token(1, "v")
    later = time.time() + 2 * 86_400 + 1

    monkeypatch.setattr(time, "time", lambda: later)

    assert tokens.read_visitor_token(1, token) is None


def test_an_exposure_token_is_no_visitor_token():
    token = tokens.sign_exposure({"site": 1, "token": "a"})

    assert tokens.read_exposure(1, token) == {"site": 1, "token": "a"}
    assert tokens.read_visitor_token(1, token) is None
    assert tokens.read_exposure(2, token) is None


def test_a_rotated_secret_still_reads_its_tokens(settings):
    token = tokens.visitor_token(1, "v")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "new"

    assert tokens.read_visitor_token(1, token) == "v"

    settings.SECRET_KEY_FALLBACKS = []
    assert tokens.read_visitor_token(1, token) is None
