"""What a marketer reads before publishing."""

from personalization.publish.diff import changes
from personalization.publish.freeze import freeze
from personalization.publish.reading import read_release
from personalization.publish.wording import Part, in_words
from personalization.targeting import documents


def said(site):
    before = read_release(site.pk, site.live_release) if site.live_release else None
    after = freeze(site, 99)
    found = changes(site, frozen=after)
    return {(c.kind, c.key): in_words(c, before, after) for c in found}


def parts(wording):
    return {part.label: (part.before, part.after) for part in wording.parts}


def test_a_rule_is_named_with_its_slot_and_its_parts_in_words(drafts, publish):
    documents.save_slot(drafts, {"key": "home.hero", "name": "Top of the page"}, by="test")
    publish()
    rule = {
        "key": "germany",
        "name": "Servus",
        "slot": "home.hero",
        "content": "servus",
        "cap": {"times": 3, "within": "12h"},
        "start": "2026-12-01T08:00:00+00:00",
    }
    documents.save_rule(drafts, rule, by="test")

    wording = said(drafts)["rule", "germany"]

    assert wording.called == "rule “Servus” in “Top of the page”"
    assert parts(wording) == {
        "audience": ("german", "everyone"),
        "at most": ("as often as it likes", "3 times per visitor within 12 hours"),
        "from": ("open", "Dec. 1, 2026, 8 a.m."),
    }


def test_times_read_as_on_the_cards_of_a_slot(drafts, publish):
    publish()
    rule = {
        "key": "nightly",
        "slot": "home.hero",
        "content": "servus",
        "cap": {"times": 3, "within": "7d"},
        "when": {"days": [1], "from": "22:00", "until": "02:00"},
    }
    documents.save_rule(drafts, rule, by="test")

    said_of_it = parts(said(drafts)["rule", "nightly"])

    assert said_of_it["at most"] == ("", "3 times per visitor within 7 days")
    assert said_of_it["days and hours"] == ("", "Monday, 22:00 to 02:00")


def test_a_new_experiment_says_what_its_arms_show_and_nothing_of_hashing(drafts, publish):
    publish()
    arms = [{"key": "a", "content": "servus"}, {"key": "b", "content": None}]
    experiment = {"key": "greeting", "slot": "home.hero", "arms": arms}
    documents.save_experiment(drafts, experiment, by="test")

    said_of_it = parts(said(drafts)["experiment", "greeting"])

    assert said_of_it["arms"] == ("", "a: servus, b: the default")
    assert not {"seed", "hash version", "phase", "namespace"} & said_of_it.keys()


def test_what_goes_is_said_without_what_it_never_had(drafts, publish):
    rule = {"key": "plain", "slot": "home.hero", "content": "servus"}
    documents.save_rule(drafts, rule, by="test")
    publish()
    documents.save_rule(drafts, {**rule, "enabled": False}, by="test")

    assert (
        not {"from", "until", "campaign", "at most"} & parts(said(drafts)["rule", "plain"]).keys()
    )


def test_a_condition_is_a_sentence_before_and_after(drafts, publish):
    publish()
    tree = {
        "combinator": "and",
        "rules": [{"field": "country", "operator": "in", "value": ["DE", "AT"]}],
    }
    documents.save_segment(drafts, {"key": "german", "condition": tree}, by="test")

    assert parts(said(drafts)["segment", "german"]) == {
        "who belongs to it": ("country is “DE”", "country is one of “DE” or “AT”")
    }


def test_words_of_a_content_are_compared_language_by_language(drafts, publish, note):
    publish()
    note("servus", "Griaß di")

    wording = said(drafts)["content", "servus"]

    assert parts(wording) == {"Text (en)": ("servus", "Griaß di")}


def test_before_the_first_release_everything_is_said_as_new(drafts):
    assert all(part.before == "" for wording in said(drafts).values() for part in wording.parts)


def test_words_that_stay_go_and_come_are_told_apart():
    part = Part("headline", "Boots for rainy days", "Warm boots for snowy days!")

    kept = "".join(text for kind, text in part.marks if kind != "new")
    now = "".join(text for kind, text in part.marks if kind != "gone")

    assert (kept, now) == (part.before, part.after)
    assert ("same", " days") in part.marks or any("days" in t for k, t in part.marks if k == "same")


def test_words_that_have_little_in_common_are_not_shredded():
    part = Part("headline", "Come in, look around", "Warm feet for two")

    assert part.marks == (("gone", "Come in, look around"), ("new", "Warm feet for two"))


def test_a_trait_is_told_in_words_not_as_json(drafts, publish):
    publish()
    plan = {"type": "string", "choices": [["pro", "Professional"], ["free", "Free"]]}
    documents.save_traits_schema(drafts, {"plan": plan}, by="test")

    told = parts(said(drafts)["trait", "plan"])

    assert told["kind"] == ("", "text")
    assert told["choices"] == ("", "Professional, Free")


def test_what_is_held_out_is_told_as_a_share(drafts, publish):
    publish()
    drafts.holdout_share = 0.05
    drafts.save()

    assert parts(said(drafts)["settings", ""]) == {"held out": ("nothing", "5 %")}


def test_a_content_is_told_in_the_words_of_its_form(drafts):
    fields = {"headline": "Dry", "eyebrow": "New", "image_alt": "A tent"}
    content = {"key": "tents", "block": "hero_banner", "fields": {"en": fields}}
    documents.save_content(drafts, content, by="test")
    documents.save_slot(drafts, {"key": "home.top", "default": "tents"}, by="test")

    told = said(drafts)

    assert told["block", "hero_banner"].called == "block “Hero banner”"
    assert parts(told["content", "tents"]) == {
        "block": ("", "Hero banner"),
        "Headline (en)": ("", "Dry"),
        "Small line above the headline (en)": ("", "New"),
        "Picture in words (en)": ("", "A tent"),
    }
