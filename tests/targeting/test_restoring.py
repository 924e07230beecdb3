"""What was deleted can be brought back, as it was, from the audit trail."""

import pytest

from personalization.exceptions import Conflict, Malformed
from personalization.govern.models import AuditEntry
from personalization.targeting import documents
from personalization.targeting.restoring import restore


def deleted(site, row):
    documents.delete(row, by="test")
    return AuditEntry.objects.filter(site=site, action__endswith=".deleted").latest("id")


@pytest.fixture
def rule(site, hero):
    document = {"key": "spring", "slot": "home.hero", "content": "plain", "cap": 3}
    return documents.save_rule(site, document, by="test")


def test_every_kind_of_document_comes_back_as_it_was(site, rule, note):
    note("spare")
    condition = {"combinator": "and", "rules": []}
    documents.save_segment(site, {"key": "all", "condition": condition}, by="test")
    documents.save_campaign(site, {"key": "xmas", "name": "Xmas"}, by="test")

    for kind, key in (
        ("rules", "spring"),
        ("content", "spare"),
        ("segments", "all"),
        ("campaigns", "xmas"),
    ):
        row = documents.KINDS[kind].model._default_manager.get(site=site, key=key)
        before = documents.to_document(row)

        again = restore(deleted(site, row), by="Ada")

        assert documents.to_document(again) == before


def test_what_somebody_made_anew_is_not_written_over(site, rule):
    entry = deleted(site, rule)
    document = {"key": "spring", "slot": "home.hero", "content": "plain"}
    documents.save_rule(site, document, by="test")

    with pytest.raises(Conflict, match="there already"):
        restore(entry, by="Ada")


def test_what_lost_its_content_meanwhile_says_so(site, hero, note):
    content = note("gift")
    document = {"key": "spring", "slot": "home.hero", "content": "gift"}
    entry = deleted(site, documents.save_rule(site, document, by="test"))
    documents.delete(content, by="test")

    with pytest.raises(Malformed, match="no content “gift”"):
        restore(entry, by="Ada")


def test_an_entry_that_deleted_nothing_cannot_be_undone(site, rule):
    entry = AuditEntry.objects.filter(action="rule.made").get()

    with pytest.raises(Conflict):
        restore(entry, by="Ada")
