"""Times as editors read and type them: by the clock of the site, to the minute."""

from datetime import datetime
from typing import Any, ClassVar, Final

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from unfold.widgets import INPUT_CLASSES

from personalization.studio.current import current_site
from personalization.studio.documents import DocumentAdmin
from personalization.studio.zones import in_zone_of, rendered

FOUR_DIGITS: Final = 1000


class MomentWidget(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__({"class": " ".join([*INPUT_CLASSES, "pz-moment"])}, "%Y-%m-%dT%H:%M")


class MomentField(forms.DateTimeField):
    """Refuses the year 26, which browsers make of a hasty 2026, and an hour that is no hour."""

    widget = MomentWidget

    def to_python(self, value: Any) -> datetime | None:
        try:
            moment = super().to_python(value)
        except forms.ValidationError as refused:
            if refused.code != "ambiguous_timezone":
                raise
            raise forms.ValidationError(
                _(
                    "The clocks change that night: this time comes twice, or not at all. Choose "
                    "one an hour earlier or later."
                )
            ) from refused
        if moment is not None and moment.year < FOUR_DIGITS:
            raise forms.ValidationError(_("Write the year with four digits, as 2026."))
        return moment


class ClockWidget(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__({"class": " ".join([*INPUT_CLASSES, "pz-clock"])}, "%H:%M")


class ZonedAdmin(DocumentAdmin):
    """Rows with times: read and typed by the clock of their own site."""

    class Media:
        css: ClassVar = {"all": ["personalization/slot.css"]}

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> Any:  # Django's own type
        row = self.get_object(request, object_id) if object_id else None
        site = row.site if row else current_site(request, self.abilities["add"])
        with in_zone_of(site):
            context = {**(extra_context or {}), "zone": site.zone if site else ""}
            response = super().changeform_view(request, object_id, form_url, context)
            return rendered(response)


def as_typed(moment: datetime | None, stored: datetime | None) -> str | None:
    """What a document says; a form that tells no seconds takes none away."""
    if (
        moment is not None
        and stored is not None
        and moment == stored.replace(second=0, microsecond=0)
    ):
        moment = stored
    return moment.isoformat() if moment else None


def window_in_words(start: datetime | None, end: datetime | None) -> str:
    """“always”, or from when until when by the clock of the site."""
    if start is None and end is None:
        return _("always")
    said = {"start": start and shown(start), "end": end and shown(end)}
    if end is None:
        return _("from %(start)s") % said
    if start is None:
        return _("until %(end)s") % said
    return _("%(start)s to %(end)s") % said


def shown(moment: datetime) -> str:
    """The year only where it is not this one, the time only where it is not midnight."""
    local, today = timezone.localtime(moment), timezone.localdate()
    day = date_format(local, "j M" if local.year == today.year else "j M Y")
    return day if (local.hour, local.minute) == (0, 0) else f"{day}, {date_format(local, 'H:i')}"
