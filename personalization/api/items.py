"""`POST catalog/items`: a site's server feeds what pages can show."""

from dataclasses import asdict
from typing import Final

from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from personalization.api.answers import clean
from personalization.api.described import described
from personalization.api.keyed_views import KeyedView, actor
from personalization.api.management import REFUSALS
from personalization.api.management_http import sent
from personalization.api.visitor_forms import FedForm, ItemsForm
from personalization.catalog.feed import upsert_items
from personalization.exceptions import TooLarge
from personalization.targeting.reading import Document

MOST_ITEMS: Final = 1000


class ItemsView(KeyedView):
    """Items of the catalogue."""

    server_scope = "catalog"

    @described(request=ItemsForm, responses={**REFUSALS, 200: FedForm})
    def create(self, request: Request) -> Response:
        """Make or change items; a bad one is rejected, the others are taken."""
        site = self.only_servers(request)
        reading = Document(sent(request))
        rows = reading.plain("items", list)
        if rows is None:
            reading.refuse("items", "required", _("Send a list of items."))
        reading.finish()
        if len(rows) > MOST_ITEMS:
            raise TooLarge(_("Send at most %d items at once.") % MOST_ITEMS)
        fed = asdict(upsert_items(site, rows, by=actor(request)))
        for each in fed["rejected"]:
            each["detail"] = clean(each["detail"])
        return Response(fed)
