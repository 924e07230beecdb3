"""An order from its row to stored drafts: prompt, call, answer, checks, drafts.

In:  an order's id. Out: drafts that wait for a person, or one failure that everybody sees.

At most three calls leave for a text. Between two of them nobody waits: the job comes back later.
Whatever a worker dies of, the calls that left are rows, and the order ends once.
"""

import hashlib
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from personalization.drafts.failures import Unwritten
from personalization.drafts.models import Brief, Order
from personalization.drafts.pieces import Piece, piece_of
from personalization.drafts.pricing import cost_of, longest_answer, most_for, tokens
from personalization.drafts.prompting import Message, message_for
from personalization.drafts.receiving import begin, fail, name_writer, put_off, receive, tell
from personalization.drafts.spending import Ended
from personalization.drafts.writers import Writer, writer_of
from workers.later import Later
from workers.writing.calling import Errand, Received, go
from workers.writing.client import Asked, client_of
from workers.writing.drawing import draw
from workers.writing.hearing import Answer, Failed
from workers.writing.replies import Unusable, read_plan, read_variants

Say = Callable[[str], None]
Read = TypeVar("Read")


def write(order_id: int, say: Say) -> dict[str, Any]:  # JSON
    """Write it, unless it has ended. `Later` says when to come back."""
    order = begin(order_id)
    if order is None:
        return {"state": "ended"}
    try:
        drafts = _write(order, say)
    except Unwritten as why:
        fail(order, why.code, why.detail)
        return {"state": "failed", "failure": why.code}
    except Ended:
        return {"state": "cancelled"}
    except Later as later:
        put_off(order, _("Waits %d seconds for another try") % later.delay.total_seconds())
        raise
    return {"state": "written", "drafts": drafts}


def seed_of(order: Order) -> int:
    """The same for the same piece in the same round."""
    said = f"{order.brief_id}/{order.item}/{order.locale}/{order.round}"
    return int.from_bytes(hashlib.sha256(said.encode()).digest()[:4], "big") >> 1


def _write(order: Order, say: Say) -> int:
    writer = writer_of(order.brief.site)
    if writer is None:
        raise Unwritten("no_writer")
    piece = piece_of(order)
    message = message_for(piece)
    name_writer(order, writer, version=message.version, seed=seed_of(order))
    if order.brief.kind == Brief.IMAGE:
        return len(draw(piece, writer, ask(piece, writer, message, read_plan, say)))
    variants = ask(piece, writer, message, partial(read_variants, piece=piece), say)
    return len(receive(order, variants))


def ask(
    piece: Piece, writer: Writer, message: Message, read: Callable[[str], Read], say: Say
) -> Read:
    """An answer that was paid for already, by a worker that died since, is not asked for again."""
    if piece.order.answer:
        return _read_kept(piece.order.answer, read)
    answer_length = longest_answer(piece, writer)

    def run(key: str, tried: int) -> Received[Read]:
        asked = Asked(message, seed_of(piece.order) + tried - 1, answer_length, key)
        answer = client_of(writer).write(asked, partial(_hear, piece, say))
        return _read(answer, message, writer, read)

    return go(
        Errand(
            order=piece.order,
            writer=writer,
            kind=Brief.TEXT,
            most=most_for(message, writer, answer_length),
            run=run,
            price=partial(cost_of, writer),
        )
    )


def _read_kept(answer: str, read: Callable[[str], Read]) -> Read:
    try:
        return read(answer)
    except Unusable as why:  # the block changed since
        raise Unwritten(why.code, why.detail) from why


def _read(
    answer: Answer, message: Message, writer: Writer, read: Callable[[str], Read]
) -> Received[Read]:
    """A server that does not count is counted for, by our rule."""
    sent = tokens(message.characters) if answer.tokens_in is None else answer.tokens_in
    received = tokens(len(answer.text)) if answer.tokens_out is None else answer.tokens_out
    try:
        value = read(answer.text)
    except Unusable as why:
        raise Failed(why.code, why.detail, tokens_in=sent, tokens_out=received) from why
    return Received(value, sent, received, cost_of(writer, sent, received), kept=answer.text)


def _hear(piece: Piece, say: Say, text: str) -> None:
    """Tell how far it is; an order that was cancelled meanwhile ends here."""
    progress = _progress(piece, text)
    if not tell(piece.order, progress):
        raise Ended
    say(progress)


def _progress(piece: Piece, text: str) -> str:
    """A variant begins with its first field."""
    if piece.brief.kind == Brief.IMAGE:
        return _("Thinks of a picture")
    first = piece.texts[0].path.split(".")[0].split("[")[0]
    number = min(max(1, text.count(f'"{first}"')), piece.brief.variants)
    return _("Variant %(number)d of %(variants)d") % {
        "number": number,
        "variants": piece.brief.variants,
    }
