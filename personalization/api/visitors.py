"""Visitors over HTTP: their choice, their token, their traits, and all that is known of them.

Whoever names a visitor without that visitor's token, or without a server's key, is refused before
anything is looked up; an unknown visitor answers in the shape of a known one.
"""

from collections.abc import Mapping
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from personalization.api import rates
from personalization.api.described import described
from personalization.api.keyed_views import KeyedView, actor, has_gpc, key_of, site_of
from personalization.api.management import REFUSALS
from personalization.api.management_http import sent
from personalization.api.visitor_forms import (
    ChoiceForm,
    ChosenForm,
    ErasedForm,
    ExportForm,
    MergedForm,
    MergeForm,
    MintedForm,
    PatchedForm,
    TokenForm,
    WhyForm,
)
from personalization.collect import consent
from personalization.collect.consent import Chosen
from personalization.collect.merging import merge
from personalization.govern.erasure import erase
from personalization.govern.export import export
from personalization.govern.purposes import as_document, read_purposes
from personalization.govern.tokens import visitor_token
from personalization.profiles import traits
from personalization.profiles.ids import check_text, check_visitor_id
from personalization.report.why import why
from personalization.targeting.reading import Document
from rules.purposes import Purposes


class NewVisitorsView(KeyedView):
    """Visitors whom we give an id."""

    counted_as = rates.CHOICES

    @described(request=ChoiceForm, responses={**REFUSALS, 201: MintedForm})
    def create(self, request: Request) -> Response:
        """Record a first choice; the browser gets a random id and the token that proves it."""
        self.no_crawlers(request)
        minted = consent.mint(site_of(request), gpc=has_gpc(request), **_choice(request))
        document = {
            "visitor": minted.visitor,
            "token": minted.token,
            "purposes": as_document(minted.purposes),
            "receipt": minted.receipt,
        }
        return Response(document, status=201)


class ConsentView(KeyedView):
    """What one visitor allows."""

    counted_as = rates.CHOICES

    @described(responses={**REFUSALS, 200: ChosenForm})
    def retrieve(self, request: Request, visitor: str) -> Response:
        return Response(_chosen(consent.consent_of(site_of(request), visitor)))

    @described(request=ChoiceForm, responses={**REFUSALS, 200: ChosenForm})
    def update(self, request: Request, visitor: str) -> Response:
        """Record a choice; what it withdraws is taken back in the same moment."""
        self.no_crawlers(request)
        choice = _choice(request)
        chosen = consent.choose(site_of(request), visitor, gpc=has_gpc(request), **choice)
        return Response(_chosen(chosen))


class TokenView(KeyedView):
    """The proof that a browser is this visitor."""

    @described(request=None, responses={**REFUSALS, 200: TokenForm})
    def create(self, request: Request, visitor: str) -> Response:
        """A fresh token: for a server, or for whoever holds one that is still good."""
        return Response({"token": visitor_token(key_of(request).site_id, visitor)})


class TraitsView(KeyedView):
    """What a site says about a visitor, in the fields that it declared."""

    @described(
        request={"application/json": {"type": "object", "additionalProperties": True}},
        responses={**REFUSALS, 200: PatchedForm},
    )
    def partial_update(self, request: Request, visitor: str) -> Response:
        """Set the traits that are named; null deletes one."""
        patched = traits.patch(self.only_servers(request), visitor, _unwrapped(sent(request)))
        return Response({"stored": patched.stored, "withheld": patched.withheld})


class MergeView(KeyedView):
    """Two ids turn out to be one person."""

    @described(request=MergeForm, responses={**REFUSALS, 200: MergedForm})
    def create(self, request: Request, visitor: str) -> Response:
        """Move what is known to `into`, whose own choice wins."""
        site = self.only_servers(request)
        reading = Document(sent(request))
        into = check_visitor_id(reading.value("into"), "into")
        reading.finish()
        allowed = merge(site, visitor, into, by=actor(request))
        return Response({"visitor": into, "purposes": as_document(allowed)})


class VisitorView(KeyedView):
    """Everything about one visitor."""

    counted_as = rates.CHOICES

    @described(responses={**REFUSALS, 200: ExportForm})
    def retrieve(self, request: Request, visitor: str) -> Response:
        """Everything that is stored of the visitor."""
        return Response(export(site_of(request), visitor))

    @described(responses={**REFUSALS, 200: ErasedForm})
    def destroy(self, request: Request, visitor: str) -> Response:
        """Erase the visitor. Repeatable; the receipt stays the same."""
        receipt = erase(site_of(request), visitor, by=actor(request))
        return Response({"receipt": receipt.reference, "at": receipt.at.isoformat()})


class WhyView(KeyedView):
    """Why pages look as they do to one visitor."""

    @described(responses={**REFUSALS, 200: WhyForm})
    def retrieve(self, request: Request, visitor: str) -> Response:
        """What we go by: the choice, the segments in words, what was looked at and shown."""
        return Response(why(site_of(request), visitor))


def _choice(request: Request) -> dict[str, Any]:  # arguments of choose and mint
    reading = Document(sent(request))
    purposes: Purposes = read_purposes(reading.value("purposes"))
    policy = check_text(reading.value("policy", ""), "policy")
    source = check_text(reading.value("source", ""), "source")
    reading.finish()
    return {"purposes": purposes, "policy": policy, "source": source}


def _chosen(chosen: Chosen) -> dict[str, Any]:  # JSON
    return {"purposes": as_document(chosen.purposes), "receipt": chosen.receipt}


def _unwrapped(body: object) -> object:
    """`{"traits": {…}}` says the same as the object itself."""
    if isinstance(body, Mapping) and body.keys() == {"traits"}:
        inner = body["traits"]
        return inner if isinstance(inner, Mapping) else body
    return body
