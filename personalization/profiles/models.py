"""What we may know of a visitor."""

from typing import ClassVar, Final

from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from personalization.govern.models import Site
from personalization.privacy import Subject

INDEXED_LETTERS: Final = 100  # PostgreSQL cannot index texts of any length
CUT: Final = INDEXED_LETTERS + 1
WITH_PLACES: Final = "summaries_by_visits"


class Profile(models.Model):
    """One visitor of one site, under a keyed hash. Times are microseconds since 1970, UTC.

    The JSON texts `recent`, `traits`, `scores`, `shown` and `stages` are what a page view reads, in
    one query. `Summary`, `Event`, `Trait`, `Score` and `Affinity`, and `Stay` are the same facts,
    typed and indexed, for counting audiences; one transaction writes both. `recent` holds every
    event that was counted in, is stored, and stands at or after (`recent_at`, `recent_id`).
    """

    site = models.ForeignKey(Site, models.CASCADE, related_name="profiles", verbose_name=_("site"))
    key = models.CharField(_("visitor"), max_length=64)
    key_id = models.CharField(max_length=32, editable=False)  # in the key store
    sealed_id = models.BinaryField(editable=False)  # the site's own id, under the visitor's key
    sealed_personal = models.BinaryField(editable=False, default=b"")  # personal traits
    sealed_unit = models.BinaryField(editable=False, default=b"")  # unit of before a merge
    purposes = models.PositiveSmallIntegerField(_("purposes"), default=0)  # bits, govern.purposes
    consented_us = models.BigIntegerField(default=0)  # receipt of the newest choice
    policy = models.CharField(_("policy"), max_length=100, blank=True)
    first_seen = models.BigIntegerField(null=True)
    last_seen = models.BigIntegerField(null=True)
    visits = models.PositiveIntegerField(_("visits"), default=0)
    frequency = models.PositiveIntegerField(_("purchases"), default=0)
    monetary = models.BigIntegerField(_("spent"), default=0)  # minor units, the site's currency
    applied = models.PositiveIntegerField(default=0, editable=False)  # events ever counted here
    recent = models.TextField(default="[]", editable=False)
    recent_at = models.BigIntegerField(default=0, editable=False)
    recent_id = models.CharField(max_length=100, default="", editable=False)
    traits = models.TextField(default="{}", editable=False)
    scores = models.TextField(default="{}", editable=False)  # what workers found: field to value
    shown = models.TextField(default="{}", editable=False)
    stages = models.TextField(default="[]", editable=False)  # of journeys: ["cart:waiting"]
    is_unsettled = models.BooleanField(default=False, editable=False)  # journeys have yet to look
    created_at = models.DateTimeField(auto_now_add=True)

    privacy: ClassVar = Subject("id")

    class Meta:
        verbose_name = _("visitor")
        verbose_name_plural = _("visitors")
        constraints = [
            models.UniqueConstraint(fields=["site", "key"], name="one_profile_per_visitor")
        ]
        indexes = [
            models.Index(
                fields=["site", "id"],
                condition=models.Q(is_unsettled=True),
                name="profiles_unsettled",
            ),
        ]

    def __str__(self) -> str:
        return self.key[:8]


class Placed(models.Model):
    """Columns for the traits and scores that audiences ask most; `profiles.places` says for which.

    They stand in the index `WITH_PLACES`, and on PostgreSQL each leads one of its own (migration
    0019). An entry of its indexes has at most 2,700 bytes, so a text is cut after `INDEXED_LETTERS`
    and one more.
    """

    number_1 = models.BigIntegerField(null=True)  # rules.number_key
    number_2 = models.BigIntegerField(null=True)
    number_3 = models.BigIntegerField(null=True)
    number_4 = models.BigIntegerField(null=True)
    time_1 = models.BigIntegerField(null=True)  # microseconds since 1970, UTC
    text_1 = models.CharField(max_length=CUT, null=True)  # noqa: DJ001 - NULL: there is none
    text_2 = models.CharField(max_length=CUT, null=True)  # noqa: DJ001 - likewise
    text_3 = models.CharField(max_length=CUT, null=True)  # noqa: DJ001 - likewise
    text_4 = models.CharField(max_length=CUT, null=True)  # noqa: DJ001 - likewise

    class Meta:
        abstract = True


PLACES: Final = tuple(field.name for field in Placed._meta.local_fields)


class Summary(Placed):
    """What audiences ask most of a visitor, in a narrow row that no page view reads.

    `profiles.summaries` copies what stands in the profile too, in the transaction that writes it.
    Counted there, each visitor would cost a look at another page: profiles are wide.
    """

    profile = models.OneToOneField(
        Profile, models.CASCADE, primary_key=True, related_name="summary", db_column="id"
    )
    site = models.ForeignKey(Site, models.CASCADE, related_name="+", db_index=False)
    monetary = models.BigIntegerField(default=0)
    visits = models.PositiveIntegerField(default=0)
    frequency = models.PositiveIntegerField(default=0)
    purposes = models.PositiveSmallIntegerField(default=0)
    first_seen = models.BigIntegerField(null=True)
    last_seen = models.BigIntegerField(null=True)
    recent_at = models.BigIntegerField(default=0)
    recent_id = models.CharField(max_length=100, default="")

    privacy: ClassVar = Subject("profile_id", is_copy=True)

    class Meta:
        verbose_name = _("summary of a visitor")
        verbose_name_plural = _("summaries of visitors")
        # Most audiences are counted by one of these alone: each begins with what narrows most, and
        # carries the rest; the placed columns stand in one of them, since whoever updates a visitor
        # pays for all. `benchmarks.audiences` measures it.
        indexes = [
            models.Index(
                fields=[
                    *("site", "purposes", "last_seen", "visits", "frequency", "monetary"),
                    "profile",
                ],
                name="summaries_by_last_seen",
            ),
            models.Index(
                fields=[
                    *("site", "purposes", "visits", "last_seen", "frequency", "monetary"),
                    *(*PLACES, "profile"),
                ],
                name=WITH_PLACES,
            ),
            models.Index(
                fields=[
                    *("site", "purposes", "frequency", "last_seen", "visits", "monetary"),
                    "profile",
                ],
                name="summaries_by_frequency",
            ),
        ]

    def __str__(self) -> str:
        return str(self.profile_id)


PLAIN: Final = models.Q(position=0, member="")  # a trait that is no list, or the length of one


class Trait(models.Model):
    """One declared trait of a visitor, typed and indexed.

    A list is one row at position 0 with its length, and one row an element from position 1; an
    object in a list is one row with `truth` set, and one row a member (`member`). Exactly one of
    the value columns is set; `version` texts are kept as their sortable key.
    """

    site = models.ForeignKey(Site, models.CASCADE, related_name="+")
    profile = models.ForeignKey(Profile, models.CASCADE, related_name="typed_traits")
    name = models.CharField(max_length=64)
    position = models.PositiveSmallIntegerField(default=0)
    member = models.CharField(max_length=64, default="")
    text = models.TextField(null=True)  # noqa: DJ001 - NULL: the value is of another type
    number = models.FloatField(null=True)
    truth = models.BooleanField(null=True)
    at = models.BigIntegerField(null=True)

    privacy: ClassVar = Subject("profile_id")

    class Meta:
        verbose_name = _("trait")
        verbose_name_plural = _("traits")
        constraints = [
            models.UniqueConstraint(
                fields=["profile", "name", "position", "member"], name="one_value_per_trait"
            )
        ]
        indexes = [
            models.Index(
                fields=["site", "name", "position", "member", "number", "profile"],
                name="traits_by_number",
                condition=PLAIN & models.Q(number__isnull=False),
            ),
            models.Index(
                fields=["site", "name", "position", "member", "at", "profile"],
                name="traits_by_time",
                condition=PLAIN & models.Q(at__isnull=False),
            ),
            models.Index(
                fields=["site", "name", "position", "member", "text", "profile"],
                name="traits_by_text",
                condition=PLAIN & models.Q(LessThanOrEqual(Length("text"), INDEXED_LETTERS)),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Score(models.Model):
    """What the workers found out about a visitor, as columns named after the fields of conditions.

    NULL is unknown. Strengths are the chances and shares of `workers.training`; the `rfm_` ones run
    from 1 to 5.
    """

    site = models.ForeignKey(Site, models.CASCADE, related_name="+", db_index=False)
    profile = models.OneToOneField(Profile, models.CASCADE, related_name="score")
    propensity_buy = models.FloatField(null=True)
    propensity_lapse = models.FloatField(null=True)
    rfm_recency = models.PositiveSmallIntegerField(null=True)
    rfm_frequency = models.PositiveSmallIntegerField(null=True)
    rfm_monetary = models.PositiveSmallIntegerField(null=True)
    favourite_category = models.CharField(max_length=200, null=True)  # noqa: DJ001 - likewise
    cluster = models.CharField(max_length=64, null=True)  # noqa: DJ001 - likewise

    privacy: ClassVar = Subject("profile_id")

    class Meta:
        verbose_name = _("model score")
        verbose_name_plural = _("model scores")
        indexes = [
            models.Index(fields=["site", name, "profile"], name=f"scores_by_{name}"[:30])
            for name in (
                "propensity_buy",
                "propensity_lapse",
                "rfm_recency",
                "rfm_frequency",
                "rfm_monetary",
                "favourite_category",
                "cluster",
            )
        ]

    def __str__(self) -> str:
        return f"{self.cluster or '-'}"


class Affinity(models.Model):
    """Which share of a visitor's recent behaviour, weighted, is about this category."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="+", db_index=False)
    profile = models.ForeignKey(Profile, models.CASCADE, related_name="affinities", db_index=False)
    category = models.CharField(_("category"), max_length=200)
    score = models.FloatField(_("share"))

    privacy: ClassVar = Subject("profile_id")

    class Meta:
        verbose_name = _("affinity")
        verbose_name_plural = _("affinities")
        constraints = [
            models.UniqueConstraint(
                fields=["profile", "category"], name="one_affinity_per_category"
            )
        ]
        indexes = [
            models.Index(
                fields=["site", "category", "score", "profile"], name="affinities_by_category"
            )
        ]

    def __str__(self) -> str:
        return self.category


class Stay(models.Model):
    """Where a visitor stands in a journey, and since when. No stage: they were in it, and left."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="+")
    profile = models.ForeignKey(Profile, models.CASCADE, related_name="stays")
    journey = models.CharField(_("journey"), max_length=100)
    stage = models.CharField(_("stage"), max_length=100, blank=True)
    named = models.CharField(max_length=201, blank=True)  # "journey:stage", as conditions say it
    since = models.BigIntegerField(_("since"))  # microseconds since 1970, UTC

    privacy: ClassVar = Subject("profile_id")

    class Meta:
        verbose_name = _("stay in a stage")
        verbose_name_plural = _("stays in stages")
        constraints = [
            models.UniqueConstraint(fields=["profile", "journey"], name="one_stay_per_journey")
        ]
        indexes = [models.Index(fields=["site", "named", "since"], name="stays_by_stage")]

    def __str__(self) -> str:
        return self.named


class Step(models.Model):
    """A visitor came from one stage of a journey into another; no stage is outside of it."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="+")
    profile = models.ForeignKey(Profile, models.CASCADE, related_name="steps")
    journey = models.CharField(_("journey"), max_length=100)
    before = models.CharField(_("from"), max_length=100, blank=True)
    stage = models.CharField(_("stage"), max_length=100, blank=True)
    at = models.BigIntegerField(_("at"))  # microseconds since 1970, UTC
    by = models.CharField(_("because of"), max_length=10)  # event, condition, time or end

    privacy: ClassVar = Subject("profile_id", ages_by="at")

    class Meta:
        verbose_name = _("step of a journey")
        verbose_name_plural = _("steps of journeys")
        indexes = [models.Index(fields=["site", "journey", "at"], name="steps_by_time")]

    def __str__(self) -> str:
        return f"{self.journey}: {self.before or '-'} → {self.stage or '-'}"
