"""The index of all tables: one label, one line of migrations. Each room defines its own."""

from personalization.catalog.models import Item, Media
from personalization.collect.models import Event, Exposure
from personalization.drafts.brand_models import (
    BrandGuide,
    BriefTemplate,
    PromptText,
    WritingPolicy,
)
from personalization.drafts.models import (
    Brief,
    Call,
    Draft,
    Fingerprint,
    Lesson,
    Order,
    Review,
    Revision,
)
from personalization.govern.models import (
    ApiKey,
    AuditEntry,
    ConsentRecord,
    ErasureReceipt,
    Membership,
    Site,
)
from personalization.journeys.models import Delivery, LiveJourney
from personalization.learn.models import FoundGroup, LearnedSnapshot, ModelVersion, ScoringRun
from personalization.outbox import Job
from personalization.profiles.models import Affinity, Profile, Score, Stay, Step, Summary, Trait
from personalization.publish.models import PublishedRelease
from personalization.targeting.models import (
    Campaign,
    Content,
    CustomBlock,
    Experiment,
    Journey,
    Rule,
    Segment,
    Slot,
    UndeclaredSlot,
    Webhook,
)

__all__ = [
    "Affinity",
    "ApiKey",
    "AuditEntry",
    "BrandGuide",
    "Brief",
    "BriefTemplate",
    "Call",
    "Campaign",
    "ConsentRecord",
    "Content",
    "CustomBlock",
    "Delivery",
    "Draft",
    "ErasureReceipt",
    "Event",
    "Experiment",
    "Exposure",
    "Fingerprint",
    "FoundGroup",
    "Item",
    "Job",
    "Journey",
    "LearnedSnapshot",
    "Lesson",
    "LiveJourney",
    "Media",
    "Membership",
    "ModelVersion",
    "Order",
    "Profile",
    "PromptText",
    "PublishedRelease",
    "Review",
    "Revision",
    "Rule",
    "Score",
    "ScoringRun",
    "Segment",
    "Site",
    "Slot",
    "Stay",
    "Step",
    "Summary",
    "Trait",
    "UndeclaredSlot",
    "Webhook",
    "WritingPolicy",
]
