"""The audit trail says in the reader's words who did what, and what changed."""

import pytest
from django.utils.translation import override

from personalization.govern.audit_words import in_words, part_in_words


@pytest.mark.parametrize(
    ("action", "target", "words"),
    [
        ("rule.changed", "autumn", "changed the rule “autumn”"),
        ("preview.shared", "draft", "shared a link to a preview “draft”"),
        ("webhook.tested", "crm", "sent a test to the webhook “crm”"),
        ("something.else", "it", "something.else it"),
    ],
)
def test_a_deed_is_a_sentence(action, target, words):
    assert in_words(action, target) == words


@pytest.mark.parametrize(
    ("action", "name", "words"),
    [
        ("rule.changed", "is_enabled", "An"),
        ("model.promoted", "from", "vorher"),
        ("traits.declared", "first_name", "first name"),
        ("content.changed", "a_field_of_old", "a field of old"),
    ],
)
def test_what_changed_is_called_as_in_the_forms(action, name, words):
    with override("de"):
        assert part_in_words(action, name).lower() == words.lower()
