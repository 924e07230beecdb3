"""The documents of the management API as OpenAPI describes them; the verbs do the checking."""

from typing import Any

from rest_framework import serializers

from rules.items import KINDS
from rules.shelf_codec import DOES, LAST_PLACE, LONGEST, MOST_EXPLORED, MOST_PROMOTIONS

Serializer = serializers.Serializer[object]


class Problem(Serializer):
    """A refusal, as in RFC 9457."""

    class _Error(Serializer):
        path = serializers.CharField()
        code = serializers.CharField()
        detail = serializers.CharField()

    type = serializers.CharField(required=False)
    title = serializers.CharField(required=False)
    status = serializers.IntegerField(required=False)
    code = serializers.CharField()
    detail = serializers.CharField()
    errors = _Error(many=True)  # type: ignore[assignment] # RFC 9457's name, taken by DRF too


class Keyed(Serializer):
    key = serializers.RegexField(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")
    name = serializers.CharField(required=False, allow_blank=True, max_length=200)
    warnings = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Said after a write; not read."
    )


class Windowed(Keyed):
    start = serializers.DateTimeField(required=False, allow_null=True)
    end = serializers.DateTimeField(required=False, allow_null=True)


class CampaignForm(Windowed):
    description = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    owner = serializers.CharField(
        required=False, allow_null=True, max_length=254, help_text="A user name of this site."
    )
    enabled = serializers.BooleanField(required=False)


class SegmentForm(Keyed):
    description = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    condition = serializers.JSONField(help_text="A react-querybuilder tree.")


class JourneyForm(Keyed):
    class _Stage(Serializer):
        key = serializers.CharField(max_length=100)
        name = serializers.CharField(required=False, allow_blank=True, max_length=200)
        enter = serializers.JSONField(
            required=False,
            allow_null=True,
            help_text='{"condition": tree}, or {"event": a group over one event}.',
        )
        leave = serializers.JSONField(
            required=False, allow_null=True, help_text="Likewise: out of the journey."
        )
        after = serializers.CharField(
            required=False, allow_null=True, help_text="Goes on after this time: 2d, 12h, 30m."
        )
        to = serializers.CharField(
            required=False, allow_null=True, help_text="The stage then; null: out."
        )
        webhook = serializers.CharField(
            required=False, allow_null=True, help_text="Told of each who enters."
        )

        def get_fields(self) -> dict[str, "serializers.Field[Any, Any, Any, Any]"]:
            """`from` is no name that a class body can hold."""
            origins = serializers.ListField(
                child=serializers.CharField(),
                required=False,
                help_text="Comes in from these stages only; none: from outside.",
            )
            return {**super().get_fields(), "from": origins}

    description = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    campaign = serializers.CharField(required=False, allow_null=True, max_length=100)
    again = serializers.CharField(
        required=False, allow_null=True, help_text="May come back so long after leaving; 7d."
    )
    enabled = serializers.BooleanField(required=False)
    stages = _Stage(many=True)


class BlockForm(Keyed):
    template = serializers.CharField(max_length=100_000)
    schema = serializers.DictField(help_text="A JSON Schema of the block's fields.")
    example = serializers.DictField(required=False)


class Promotion(Serializer):
    """What is done by hand with an item, or with all of a category or tag; name one of them."""

    do = serializers.ChoiceField(DOES)
    item = serializers.CharField(required=False, max_length=LONGEST)
    category = serializers.CharField(required=False, max_length=LONGEST)
    tag = serializers.CharField(required=False, max_length=LONGEST)
    place = serializers.IntegerField(required=False, min_value=1, max_value=LAST_PLACE)
    strength = serializers.FloatField(
        required=False, max_value=1, help_text="Above 0: the share of the list to move by."
    )
    start = serializers.DateTimeField(required=False)
    end = serializers.DateTimeField(required=False)


class Shelf(Serializer):
    """Which items a carousel shows, and in which order."""

    keep = serializers.DictField(required=False, help_text="A condition over fields of an item.")
    fields = serializers.DictField(  # type: ignore[assignment] # the contract's own name
        child=serializers.ChoiceField(KINDS),
        required=False,
        help_text="The attributes that `keep` asks, and their kinds.",
    )
    promotions = serializers.ListField(
        child=Promotion(), required=False, max_length=MOST_PROMOTIONS
    )
    one_per = serializers.CharField(required=False, max_length=LONGEST)
    diversity = serializers.FloatField(required=False, min_value=0, max_value=1)
    hide_bought = serializers.BooleanField(required=False)
    no_repeats = serializers.BooleanField(required=False)
    explore = serializers.FloatField(required=False, min_value=0, max_value=MOST_EXPLORED)


class ContentForm(Keyed):
    block = serializers.CharField(max_length=100)
    fields = serializers.DictField(  # type: ignore[assignment] # the contract's own name
        child=serializers.DictField(), help_text="Per language, then per field of the block."
    )
    shelf = Shelf(required=False, allow_null=True)
    generated = serializers.DictField(
        child=serializers.DictField(),
        required=False,
        help_text="Per language that a model wrote: where it came from. Left out, it stays.",
    )
    campaign = serializers.CharField(required=False, allow_null=True, max_length=100)


class SlotForm(Keyed):
    description = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    default = serializers.CharField(required=False, allow_null=True, max_length=100)
    min_height = serializers.IntegerField(required=False, min_value=0, max_value=10_000)
    enabled = serializers.BooleanField(required=False)


class When(Serializer):
    """Days and hours by the clock of the site."""

    days = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=7),
        required=False,
        allow_null=True,
        allow_empty=False,
        help_text="ISO weekdays, Monday 1; none: every day.",
    )
    until = serializers.RegexField(
        r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$",
        required=False,
        allow_null=True,
        help_text="Where it is not later than `from`: on the next day.",
    )

    def get_fields(self) -> dict[str, "serializers.Field[Any, Any, Any, Any]"]:
        """`from` is no name that a class body can hold."""
        start = serializers.RegexField(
            r"^([01][0-9]|2[0-3]):[0-5][0-9]$", required=False, allow_null=True
        )
        return {**super().get_fields(), "from": start}


class RuleForm(Windowed):
    slot = serializers.CharField(max_length=100)
    segment = serializers.CharField(required=False, allow_null=True, max_length=100)
    condition = serializers.JSONField(required=False)  # null too: a JSONField takes any JSON
    content = serializers.CharField(max_length=100)
    campaign = serializers.CharField(required=False, allow_null=True, max_length=100)
    position = serializers.IntegerField(required=False, min_value=0, max_value=2**31 - 1)
    when = When(required=False, allow_null=True)
    cap = serializers.JSONField(required=False, help_text='3, or {"times": 3, "within": "7d"}.')
    enabled = serializers.BooleanField(required=False)


class ExperimentForm(Windowed):
    class _Arm(Serializer):
        key = serializers.CharField(max_length=100)
        content = serializers.CharField(required=False, allow_null=True, max_length=100)

    slot = serializers.CharField(max_length=100)
    segment = serializers.CharField(required=False, allow_null=True, max_length=100)
    campaign = serializers.CharField(required=False, allow_null=True, max_length=100)
    arms = _Arm(many=True)
    weights = serializers.ListField(
        child=serializers.FloatField(min_value=0, max_value=1), required=False
    )
    coverage = serializers.FloatField(required=False, min_value=0, max_value=1)
    seed = serializers.CharField(required=False, max_length=100, allow_blank=True)
    hash_version = serializers.ChoiceField(choices=[1, 2], required=False)
    namespace = serializers.JSONField(required=False, allow_null=True, help_text='["name", 0, 0.5]')
    phase = serializers.IntegerField(required=False, min_value=1)
    position = serializers.IntegerField(required=False, min_value=0, max_value=2**31 - 1)
    enabled = serializers.BooleanField(required=False)


class ReleaseRequest(Serializer):
    note = serializers.CharField(required=False, allow_blank=True, max_length=500)
    due_at = serializers.DateTimeField(required=False, allow_null=True)


class ReleaseAnswer(Serializer):
    release = serializers.IntegerField()


class ReleaseForm(Serializer):
    release = serializers.IntegerField()
    note = serializers.CharField()
    by = serializers.CharField()
    published = serializers.DateTimeField()
    live = serializers.BooleanField()
    state = serializers.ChoiceField(["live", "waiting", "declined", "scheduled", "earlier"])
    due_at = serializers.DateTimeField(allow_null=True)


FORMS = {
    "blocks": BlockForm,
    "segments": SegmentForm,
    "campaigns": CampaignForm,
    "journeys": JourneyForm,
    "content": ContentForm,
    "slots": SlotForm,
    "rules": RuleForm,
    "experiments": ExperimentForm,
}
