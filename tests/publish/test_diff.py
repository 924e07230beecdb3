"""What publishing would change, said before it is done."""

from personalization.publish.diff import between, changes
from personalization.targeting import documents


def found(site):
    return {(change.kind, change.key, change.what) for change in changes(site)}


def test_before_the_first_release_everything_is_new(drafts):
    everything = found(drafts)

    assert {what for _kind, _key, what in everything} == {"added"}
    assert ("rule", "germany", "added") in everything
    assert not any(kind == "trait" for kind, _key, _what in everything), "ours are not news"


def test_after_publishing_nothing_is_left_to_publish(drafts, publish):
    publish()

    assert changes(drafts) == ()


def test_each_change_of_a_draft_is_named_with_what_differs(drafts, publish, note):
    publish()
    note("servus", "Griaß di")
    documents.save_traits_schema(drafts, {"plan": {"type": "string"}}, by="test")
    documents.save_slot(drafts, {"key": "side"}, by="test")
    rule = {"key": "germany", "slot": "home.hero", "content": "servus", "cap": 3}
    documents.save_rule(drafts, rule, by="test")

    assert found(drafts) == {
        ("trait", "plan", "added"),
        ("slot", "side", "added"),
        ("rule", "germany", "changed"),
        ("content", "servus", "changed"),
        ("segment", "german", "removed"),
    }
    summaries = {change.key: change.summary for change in changes(drafts)}
    assert "Griaß di" in summaries["servus"]
    assert 'cap: null → {"times": 3, "seconds": null}' in summaries["germany"]


def test_two_rules_that_change_places_are_both_named(drafts, publish, note):
    rule = {"key": "second", "slot": "home.hero", "content": "plain", "position": 9}
    documents.save_rule(drafts, rule, by="test")
    publish()

    documents.save_rule(drafts, rule | {"position": 0}, by="test")
    germany = {"key": "germany", "slot": "home.hero", "segment": "german", "content": "servus"}
    documents.save_rule(drafts, germany | {"position": 1}, by="test")

    assert found(drafts) == {("rule", "second", "changed"), ("rule", "germany", "changed")}


def test_two_releases_can_be_compared(drafts, publish, note):
    publish()
    note("servus", "Griaß di")
    publish()

    assert [(change.kind, change.key) for change in between(drafts, 1, 2)] == [
        ("content", "servus")
    ]


def test_the_number_of_the_release_is_no_change(drafts, publish):
    publish()
    publish()

    assert between(drafts, 1, 2) == ()
