"""The tables of generated copy, each with its page."""

from typing import Final

from personalization.drafts.models import Draft
from personalization.studio.drafts.review_pages import DraftAdmin

DRAFTS: Final = ((Draft, DraftAdmin),)
