"""Pictures of an order: drawn through the images endpoint, measured, kept out of the library.

In:  what is to be drawn. Out: drafts, each with a picture that no content may use before a yes.
"""

from functools import partial
from typing import Final

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from personalization.blocks.advice import alternative_of
from personalization.catalog.models import Media
from personalization.catalog.pictures import save_picture
from personalization.drafts.failures import Unwritten
from personalization.drafts.models import Brief, Draft
from personalization.drafts.pieces import Piece
from personalization.drafts.pricing import cost_of_pictures
from personalization.drafts.receiving import Variant, locked, receive, tell
from personalization.drafts.shape import picture_fields
from personalization.drafts.spending import Ended
from personalization.drafts.writers import Writer
from personalization.exceptions import Malformed
from workers.writing.calling import Errand, Received, go
from workers.writing.client import client_of
from workers.writing.hearing import Failed

MOST_PICTURES: Final = 4


def draw(piece: Piece, writer: Writer, plan: dict[str, str]) -> list[Draft]:
    names = picture_fields(piece.block.schema)
    if not names:
        raise Unwritten("nothing_to_write")
    number = min(piece.brief.variants, MOST_PICTURES)
    if not tell(piece.order, _("Draws")):
        raise Ended
    cost = cost_of_pictures(writer, number)
    pictures = go(
        Errand(
            order=piece.order,
            writer=writer,
            kind=Brief.IMAGE,
            most=cost,
            run=partial(_draw, writer, plan["picture"], number),
            price=lambda _sent, _received: 0,
        )
    )
    return _store(piece, writer, names[0], pictures, plan)


def _draw(
    writer: Writer, description: str, number: int, key: str, tried: int
) -> Received[list[bytes]]:
    pictures = client_of(writer).draw(description, number, idempotency_key=key)
    if not pictures:
        raise Failed("empty")
    return Received(pictures[:number], 0, 0, cost_of_pictures(writer, len(pictures)))


@transaction.atomic
def _store(
    piece: Piece, writer: Writer, name: str, pictures: list[bytes], plan: dict[str, str]
) -> list[Draft]:
    """Together with the drafts or not at all."""
    if not locked(piece.order):
        return []
    media = [_media(piece, writer, each, plan["alternative"]) for each in pictures]
    found = [_variant(piece, name, each) for each in media]
    return receive(piece.order, found)


def _variant(piece: Piece, name: str, stored: Media) -> Variant:
    words = alternative_of(name, piece.block.schema)
    fields = {**piece.standing, name: stored.file.url}
    if words:
        fields[words] = stored.alternative
    return Variant(fields, picture=stored)


def _media(piece: Piece, writer: Writer, picture: bytes, alternative: str) -> Media:
    """`generated` names who drew it; who described what to draw is the order's model."""
    order = piece.order
    try:
        return save_picture(
            piece.site,
            title=piece.brief.name,
            alternative=alternative,
            file=ContentFile(picture, name=f"drawn-{order.pk}"),
            by=order.model,
            generated={"model": writer.image_model, "prompt": order.prompt, "order": order.pk},
        )
    except Malformed as refused:
        raise Unwritten("no_picture", refused.detail) from refused
