"""What the linter says of visitors seen lately, and of texts that nobody else has read."""

import pytest

from personalization.profiles.models import Profile
from personalization.publish import releases
from personalization.publish.approval import approve
from personalization.publish.lint import lint
from personalization.targeting import documents
from tests.summaries import summarized

OVERLAP = ("overlapping_audiences", "rules.twice")


def often(times):
    rules = [{"field": "visits", "operator": ">=", "value": times}]
    return {"combinator": "and", "rules": rules}


@pytest.fixture
def visitors(drafts):
    """A hundred visitors of one site: `few` of them came twice, all others five times."""

    def come(few):
        facts = {"site": drafts, "key_id": "k", "sealed_id": b"", "purposes": 15, "first_seen": 1}
        summarized(
            Profile.objects.bulk_create(
                Profile(**facts, key=f"v{n}", last_seen=n + 1, visits=2 if n < few else 5)
                for n in range(100)
            )
        )

    return come


@pytest.fixture
def rules(drafts):
    """First who came five times; then who came twice."""

    def save(**first):
        for key, times, more in (("five", 5, first), ("twice", 2, {})):
            rule = {"key": key, "slot": "home.hero", "content": "servus", "condition": often(times)}
            documents.save_rule(drafts, {**rule, **more}, by="test")

    return save


def found(site):
    return {(finding.code, finding.where) for finding in lint(site)}


@pytest.mark.parametrize(("few", "is_said"), [(5, True), (40, False)])
def test_a_rule_whose_visitors_nearly_all_see_another_is_said(
    drafts, visitors, rules, few, is_said
):
    visitors(few)
    rules()

    assert (OVERLAP in found(drafts)) is is_said


def test_a_rule_that_is_not_always_there_takes_nobody_for_good(drafts, visitors, rules):
    visitors(5)
    rules(cap={"times": 1})

    assert OVERLAP not in found(drafts)


def test_where_two_people_publish_what_no_colleague_read_is_said(drafts, note):
    drafts.two_people = True
    drafts.save()
    before = {where for code, where in found(drafts) if code == "content_not_approved"}
    proposed = releases.publish(drafts, by="Ada")
    approve(drafts, proposed.number, by="Grace", sha256=proposed.sha256, replaces=None)
    drafts.refresh_from_db()
    approved = found(drafts)

    note("servus", "Griaß di")

    assert before == {"content.servus", "content.plain"}
    assert approved == set()
    assert found(drafts) == {("content_not_approved", "content.servus")}
