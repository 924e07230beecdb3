"""By what a site has its models audited: three settings of the site's form."""

from typing import Any, Final

from django.forms import ChoiceField, MultipleChoiceField
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminSelectWidget

from personalization.learn import audited
from personalization.studio.row_form import RowForm

AUDIT_FIELDS: Final = ("audited", "reweighted_by", "provider")


class AuditForm(RowForm):
    audited = MultipleChoiceField(
        label=_("Compare suggestions between visitors by"),
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_(
            "The page of each model then says whether lists are worse for some of them. It looks at"
            " visitors who allow reports, training and personalization, in groups of 50 and more."
        ),
    )
    reweighted_by = ChoiceField(
        label=_("Let small groups count more by"),
        required=False,
        widget=UnfoldAdminSelectWidget,
        help_text=_(
            "Models are trained as if the groups were of one size. Each model's page says what that"
            " costs the others."
        ),
    )
    provider = ChoiceField(
        label=_("Compare how often items are shown by"),
        required=False,
        widget=UnfoldAdminSelectWidget,
        help_text=_("Brand or category: is each shown about as often as visitors ask for it?"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        site = self.instance
        visitors = [
            (name, audited.title_of(name, each)) for name, each in audited.offered(site).items()
        ]
        self._offer("audited", visitors)
        self._offer("reweighted_by", [("", _("nobody")), *visitors])
        items = audited.offered_of_items(site)
        self._offer("provider", [("", _("nothing")), *((name, name) for name in items)])

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined] # a field with choices
