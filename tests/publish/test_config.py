"""A configuration is written down and taken in without loss, all or nothing."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from personalization.exceptions import Conflict, Malformed
from personalization.govern.models import AuditEntry
from personalization.govern.sites import make_site
from personalization.publish.config import export_config, import_config
from personalization.publish.config_text import read_text, write_text
from personalization.targeting import documents
from personalization.targeting.models import Content, Rule, Segment


@pytest.fixture
def rich(drafts):
    """One of everything, and segments whose names sort against their dependence."""
    site = drafts
    documents.save_traits_schema(site, {"plan": {"type": "string"}}, by="test")
    for key, inner in (("z", "german"), ("a", "z")):
        tree = {
            "combinator": "and",
            "rules": [{"field": "segment", "operator": "in", "value": inner}],
        }
        documents.save_segment(site, {"key": key, "condition": tree}, by="test")
    campaign = {"key": "xmas", "name": "Xmas ✨", "start": "2026-12-01T00:00:00.000001+01:00"}
    documents.save_campaign(site, campaign, by="test")
    rule = {"key": "capped", "slot": "home.hero", "content": "servus", "campaign": "xmas"}
    when = {"days": [6, 7], "from": "10:30", "until": "18:00"}  # YAML takes 18:00 for a number
    rule |= {"cap": {"times": 2, "within": "90m"}, "when": when}
    documents.save_rule(site, rule, by="test")
    arms = [{"key": "a", "content": "servus"}, {"key": "b", "content": None}]
    experiment = {"key": "x", "slot": "home.hero", "arms": arms, "weights": [1 / 3, 2 / 3]}
    documents.save_experiment(site, experiment, by="test")
    return site


def test_another_site_can_take_everything_in_without_loss(rich):
    other = make_site(name="Other", origins=[], by="test").site
    text = write_text(export_config(rich))

    import_config(other, read_text(text), by="test")

    assert export_config(other) == export_config(rich)
    assert write_text(export_config(other)) == text


def test_taking_it_in_again_changes_nothing(rich):
    before = AuditEntry.objects.count()

    changes = import_config(rich, read_text(write_text(export_config(rich))), by="test")

    assert changes == ()
    assert AuditEntry.objects.count() == before


def test_a_rehearsal_says_what_would_change_and_changes_nothing(rich):
    config = export_config(rich)
    config["content"][0]["fields"] = {"en": {"text": "new"}}
    config["rules"] = []
    before = export_config(rich)

    changes = import_config(rich, config, by="test", prune=True, dry_run=True)

    assert {(change.what, change.kind, change.key) for change in changes} == {
        ("changed", "content", config["content"][0]["key"]),
        ("removed", "rules", "capped"),
        ("removed", "rules", "germany"),
    }
    assert export_config(rich) == before


def test_pruning_deletes_what_the_file_does_not_name_users_first(rich):
    config = export_config(rich)
    config["rules"], config["experiments"], config["segments"] = [], [], []

    import_config(rich, config, by="test", prune=True)

    assert not Segment.objects.exists()
    assert not Rule.objects.exists()
    assert Content.objects.count() == 2


def test_pruning_leaves_kinds_alone_that_the_file_does_not_speak_of(rich):
    import_config(rich, {"format": 1, "experiments": []}, by="test", prune=True)

    assert Rule.objects.count() == 2


def test_pruning_what_is_in_use_is_refused_as_a_whole(rich):
    before = export_config(rich)

    with pytest.raises(Conflict, match="is used by"):
        import_config(rich, {"campaigns": [], "content": []}, by="test", prune=True)

    assert export_config(rich) == before


def test_one_wrong_document_refuses_all_and_each_is_named(rich):
    config = export_config(rich)
    config["segments"][0]["name"] = "changed"
    config["rules"][0]["content"] = "gone"
    config["rules"][1]["cap"] = -1
    before = export_config(rich)

    with pytest.raises(Malformed) as caught:
        import_config(rich, config, by="test")

    assert {error.path for error in caught.value.errors} == {
        "rules.capped.content",
        "rules.germany.cap",
    }
    assert export_config(rich) == before


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "rules: 3",
        "rules: [3]",
        "rules: [{key: 3}]",
        "colours: []",
        "format: 2",
        "format: 1\nformat: 1",
        "a: &a [1]\nb: *a",
        "rules: [{key: a, key: b}]",
        "segments: [{key: s, condition: 2026-01-01}]",
        "segments: [{key: s, name: 99999-01-01, condition: {rules: [], 1: 2}}]",
        "a: 2026-13-45",
        "!!python/object/apply:os.system ['true']",
        "? [a]\n: 1",
        "traits: {x: .nan}",
        "{" * 5000,
        "\ttab",
        "- - -\n:",
    ],
)
def test_odd_text_is_refused_and_nothing_is_written(site, text):
    before = export_config(site)

    with pytest.raises(Malformed):
        import_config(site, read_text(text), by="test")

    assert export_config(site) == before


def test_yaml_may_give_a_time_as_such(rich):
    text = "campaigns: [{key: xmas, start: 2026-12-01T00:00:00Z}]"

    import_config(rich, read_text(text), by="test")

    assert export_config(rich)["campaigns"][0]["start"] == "2026-12-01T00:00:00+00:00"


TEXT = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(JSON)
def test_any_json_survives_being_written_as_yaml(value):
    assert json.dumps(read_text(write_text(value))) == json.dumps(value)


def test_the_commands_write_rehearse_and_read(rich, tmp_path):
    file = tmp_path / "config.yaml"
    call_command("export_config", output=str(file))
    other = make_site(name="Other", origins=[], by="test").site
    said = StringIO()

    call_command("import_config", str(file), site="other", dry_run=True, stdout=said)
    assert "+ segments german" in said.getvalue()
    assert "12 would change" in said.getvalue()
    assert export_config(other)["segments"] == []
    call_command("import_config", str(file), site="other", stdout=said)

    other.refresh_from_db()
    assert export_config(other) == export_config(rich)


def test_a_refused_file_exits_with_the_place_of_each_mistake(rich, tmp_path):
    file = tmp_path / "config.yaml"
    file.write_text("rules: [{key: x, slot: gone, content: servus}]")

    with pytest.raises(CommandError, match=r"rules\.x\.slot: There is no slot"):
        call_command("import_config", str(file))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_config", str(tmp_path / "missing.yaml"))
