"""The documents of the management API as OpenAPI describes them; the verbs do the checking."""

from rest_framework import serializers

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
    pass


class SegmentForm(Keyed):
    description = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    condition = serializers.JSONField(help_text="A react-querybuilder tree.")


class BlockForm(Keyed):
    template = serializers.CharField(max_length=100_000)
    schema = serializers.DictField(help_text="A JSON Schema of the block's fields.")
    example = serializers.DictField(required=False)


class ContentForm(Keyed):
    block = serializers.CharField(max_length=100)
    fields = serializers.DictField(  # type: ignore[assignment] # the contract's own name
        child=serializers.DictField(), help_text="Per language, then per field of the block."
    )


class SlotForm(Keyed):
    description = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    default = serializers.CharField(required=False, allow_null=True, max_length=100)
    min_height = serializers.IntegerField(required=False, min_value=0, max_value=10_000)
    enabled = serializers.BooleanField(required=False)


class RuleForm(Windowed):
    slot = serializers.CharField(max_length=100)
    segment = serializers.CharField(required=False, allow_null=True, max_length=100)
    condition = serializers.JSONField(required=False)  # null too: a JSONField takes any JSON
    content = serializers.CharField(max_length=100)
    campaign = serializers.CharField(required=False, allow_null=True, max_length=100)
    position = serializers.IntegerField(required=False, min_value=0, max_value=2**31 - 1)
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
    due_at = serializers.DateTimeField(allow_null=True)


FORMS = {
    "blocks": BlockForm,
    "segments": SegmentForm,
    "campaigns": CampaignForm,
    "content": ContentForm,
    "slots": SlotForm,
    "rules": RuleForm,
    "experiments": ExperimentForm,
}
