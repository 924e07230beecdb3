"""The documents of visitors, suggestions and items, as OpenAPI describes them."""

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from rules.recommendations import STRATEGIES

Serializer = serializers.Serializer[object]


class PurposesForm(Serializer):
    analytics = serializers.BooleanField(required=False)
    personalization = serializers.BooleanField(required=False)
    training = serializers.BooleanField(required=False)
    profiling_ai = serializers.BooleanField(required=False)


class ChoiceForm(Serializer):
    """A visitor's choice; a purpose that is not named is refused."""

    purposes = PurposesForm()
    policy = serializers.CharField(
        max_length=100, required=False, allow_blank=True, help_text="The text that was agreed to."
    )
    source = serializers.CharField(  # type: ignore[assignment] # the contract's name, taken by DRF
        max_length=100, required=False, allow_blank=True, help_text="Where: a banner, a form."
    )


class ChosenForm(Serializer):
    purposes = PurposesForm()
    receipt = serializers.CharField(allow_null=True)


class MintedForm(ChosenForm):
    visitor = serializers.CharField()
    token = serializers.CharField(help_text="Send it as X-Visitor-Token with this visitor's id.")
    receipt = serializers.CharField()


class TokenForm(Serializer):
    token = serializers.CharField()


class PatchedForm(Serializer):
    stored = serializers.ListField(child=serializers.CharField())
    withheld = serializers.ListField(
        child=serializers.CharField(), help_text="Not stored for lack of consent."
    )


class MergeForm(Serializer):
    into = serializers.CharField(max_length=200)


class MergedForm(Serializer):
    visitor = serializers.CharField()
    purposes = PurposesForm()


class ErasedForm(Serializer):
    receipt = serializers.CharField()
    at = serializers.DateTimeField()


class ExportForm(Serializer):
    visitor = serializers.CharField()
    purposes = PurposesForm()
    choices = serializers.ListField(child=serializers.DictField())
    stored = serializers.DictField(child=serializers.ListField(child=serializers.DictField()))


class WhyForm(Serializer):
    class _Segment(Serializer):
        segment = serializers.CharField()
        name = serializers.CharField()
        text = serializers.CharField()

    class _Shown(Serializer):
        at = serializers.DateTimeField()
        slot = serializers.CharField()
        content = serializers.CharField(allow_null=True)
        reason = serializers.CharField()
        rule = serializers.CharField(allow_null=True)
        experiment = serializers.CharField(allow_null=True)
        arm = serializers.CharField(allow_null=True)
        items = serializers.ListField(child=serializers.CharField())

    visitor = serializers.CharField()
    purposes = PurposesForm()
    release = serializers.IntegerField()
    segments = _Segment(many=True)
    looked_at = serializers.ListField(child=serializers.CharField())
    shown = _Shown(many=True)


@extend_schema_serializer(many=False)
class SuggestedForm(Serializer):
    class _Item(Serializer):
        item = serializers.CharField()
        title = serializers.CharField(allow_blank=True)
        url = serializers.CharField(allow_blank=True)
        reason = serializers.CharField()
        score = serializers.FloatField(required=False, help_text="With a secret key only.")

    strategy = serializers.ChoiceField(sorted(STRATEGIES))
    model = serializers.CharField(allow_null=True)
    items = _Item(many=True)


class ItemForm(Serializer):
    item = serializers.CharField(max_length=200)
    title = serializers.CharField(max_length=500)
    category = serializers.CharField(required=False, allow_null=True, max_length=200)
    price = serializers.FloatField(required=False, allow_null=True, help_text="Major units.")
    currency = serializers.CharField(required=False, allow_null=True, max_length=3)
    tags = serializers.ListField(
        child=serializers.CharField(max_length=200), required=False, allow_null=True
    )
    url = serializers.CharField(required=False, allow_null=True, max_length=2000)
    image = serializers.CharField(required=False, allow_null=True, max_length=2000)
    text = serializers.CharField(required=False, allow_null=True, max_length=20_000)
    available = serializers.BooleanField(required=False)
    attributes = serializers.DictField(required=False, allow_null=True)


class ItemsForm(Serializer):
    items = ItemForm(many=True)


class RejectionForm(Serializer):
    index = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()


class FedForm(Serializer):
    created = serializers.IntegerField()
    updated = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    rejected = RejectionForm(many=True)
