"""The settings of a site as a form: checked, and never saved over somebody else's unseen."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, ClassVar, Final

from django.core.exceptions import ValidationError
from django.forms import CharField
from django.utils.text import capfirst
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

from personalization.exceptions import Malformed
from personalization.govern.models import Site
from personalization.govern.sites import check_origin
from personalization.studio.audit_form import AUDIT_FIELDS, AuditForm
from personalization.studio.conflicts import WHOLE, Standoff
from personalization.studio.json_text import read_typed
from personalization.studio.two_versions import TwoVersionsForm
from personalization.targeting.versions import last_of

Document = dict[str, Any]  # JSON
CHANGED: Final = "site.changed"
SETTINGS: Final = (
    *("name", "locale", "zone", "currency", "holdout_share", "min_audience", "two_people"),
    *AUDIT_FIELDS,
)


class SiteForm(AuditForm, TwoVersionsForm):
    names: ClassVar[Mapping[str, str]] = {"origins": "origins_text"}

    origins_text = CharField(
        label=capfirst(_("origins")),
        required=False,
        widget=UnfoldAdminTextareaWidget({"rows": 3}),
        help_text=_("Addresses whose pages may use the publishable key, one a line."),
    )

    class Meta:
        model = Site
        fields = SETTINGS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["origins_text"].initial = "\n".join(self.instance.origins)

    def clean_origins_text(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["origins_text"].splitlines()]
        try:
            return [check_origin(line) for line in lines if line]
        except Malformed as refused:
            raise ValidationError(refused.detail) from refused

    def clean_holdout_share(self) -> float:
        share = float(self.cleaned_data["holdout_share"])
        if not 0 <= share <= 0.5:
            raise ValidationError(_t("Hold out between 0 and 0.5 of the visitors."))
        return share

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            self._compare(cleaned)
        return cleaned

    def site_of_both(self) -> Site:
        site: Site = self.instance
        return site

    def opened_as(self) -> str:
        """The settings that the form was filled from; a form that comes back keeps its own."""
        sent = self.data.get(WHOLE) if self.is_bound else None
        return sent or json.dumps(written(self.instance), ensure_ascii=False)

    def _compare(self, cleaned: dict[str, Any]) -> None:
        """Nobody else saves between this look and our saving: the row is locked."""
        stored = Site.objects.select_for_update().get(pk=self.instance.pk)
        theirs, mine = written(stored), {name: cleaned[self.place_of(name)] for name in PARTS}
        standoff = self._standoff(stored, theirs, mine)
        if standoff is None:
            return
        if not standoff.is_settled_by(self.data):
            self.standoff = standoff
            self.add_error(None, _t("Nothing is saved yet: choose between the two versions."))
            return
        chosen = standoff.settled(self.data, self.fields, self.place_of)
        cleaned.update({self.place_of(name): value for name, value in chosen.items()})

    def _standoff(self, stored: Site, theirs: Document, mine: Document) -> Standoff | None:
        try:
            opened = read_typed(self.opened_as())
        except ValueError:  # a form that nobody opened
            opened = theirs
        if opened == theirs:
            return None
        version = sha256(json.dumps(theirs, sort_keys=True).encode()).hexdigest()
        return Standoff.of(version, opened, theirs, mine, last_of(stored.pk, CHANGED))


PARTS: Final = (*SETTINGS, "origins")


def written(site: Site) -> Document:
    return {name: getattr(site, name) for name in PARTS}
