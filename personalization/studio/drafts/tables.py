"""The tables of generated copy, each with its page."""

from typing import Final

from personalization.drafts.models import Brief, Draft, Lesson
from personalization.studio.drafts.brief_list import BriefAdmin
from personalization.studio.drafts.lessons import LessonAdmin
from personalization.studio.drafts.review_pages import DraftAdmin

DRAFTS: Final = ((Brief, BriefAdmin), (Draft, DraftAdmin), (Lesson, LessonAdmin))
