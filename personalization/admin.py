"""The table of contents of the studio: which page shows which table.

Without django-unfold in INSTALLED_APPS there is no studio, and the system check says so.
"""

from django.apps import apps
from django.conf import settings
from django.contrib import admin

if apps.is_installed("unfold"):
    from personalization.catalog.models import Media
    from personalization.govern.models import Membership
    from personalization.publish.models import PublishedRelease
    from personalization.studio.campaigns import CampaignAdmin
    from personalization.studio.contents import ContentAdmin
    from personalization.studio.drafts.tables import DRAFTS
    from personalization.studio.experiments import ExperimentAdmin
    from personalization.studio.journeys import JourneyAdmin
    from personalization.studio.learning import LEARNING
    from personalization.studio.own_blocks import CustomBlockAdmin
    from personalization.studio.people import MembershipAdmin
    from personalization.studio.pictures import MediaAdmin
    from personalization.studio.records import RECORDS
    from personalization.studio.releases import ReleaseAdmin
    from personalization.studio.rules import RuleAdmin
    from personalization.studio.segments import SegmentAdmin
    from personalization.studio.sites import SITES
    from personalization.studio.slots import SlotAdmin
    from personalization.studio.webhooks import WEBHOOKS
    from personalization.targeting.models import (
        Campaign,
        Content,
        CustomBlock,
        Experiment,
        Journey,
        Rule,
        Segment,
        Slot,
    )

    PAGES = (
        (Campaign, CampaignAdmin),
        (Content, ContentAdmin),
        (CustomBlock, CustomBlockAdmin),
        (Experiment, ExperimentAdmin),
        (Journey, JourneyAdmin),
        (Media, MediaAdmin),
        (Membership, MembershipAdmin),
        (PublishedRelease, ReleaseAdmin),
        (Rule, RuleAdmin),
        (Segment, SegmentAdmin),
        (Slot, SlotAdmin),
        *DRAFTS,
        *LEARNING,
        *RECORDS,
        *SITES,
        *WEBHOOKS,
    )
    for model, page in PAGES:
        admin.site.register(model, page)
    if getattr(settings, "UNFOLD", {}).get("DASHBOARD_CALLBACK", "").startswith("personalization."):
        admin.site.index_template = "studio/home.html"
