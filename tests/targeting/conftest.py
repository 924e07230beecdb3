"""A site whose editors wrote a block of their own, and what they say in it."""

import pytest

from personalization.targeting import documents

NOTE = {
    "key": "note",
    "template": "<p>{{ content.text }}</p>",
    "schema": {
        "type": "object",
        "title": "Note",
        "properties": {"text": {"type": "string", "maxLength": 300}},
        "required": ["text"],
    },
}


@pytest.fixture
def note(site):
    """Write a content that shows this text."""
    documents.save_block(site, NOTE, by="test")

    def write(key, text=None):
        fields = {"en": {"text": text or key}}
        return documents.save_content(
            site, {"key": key, "block": "note", "fields": fields}, by="test"
        )

    return write


@pytest.fixture
def hero(site, note):
    """A slot with a default."""
    note("plain")
    return documents.save_slot(site, {"key": "home.hero", "default": "plain"}, by="test")
