"""Ids that we make can be given to every command and address as they are."""

import secrets

from personalization.profiles.ids import new_id


def test_no_id_looks_like_an_option_of_a_command(monkeypatch):
    drawn = iter(["-starts-so", "--help", "a-b_c"])
    monkeypatch.setattr(secrets, "token_urlsafe", lambda size: next(drawn))

    assert new_id(12) == "a-b_c"


def test_ids_are_long_and_never_the_same():
    made = {new_id(12) for _ in range(500)}

    assert len(made) == 500
    assert all(len(each) == 16 and not each.startswith("-") for each in made)
