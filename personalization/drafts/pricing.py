"""What a brief will cost, before anybody is asked.

In:  a brief, saved or not, and the writer of its site.
Out: calls, tokens and cost, as we guess and at most.

The rule is plain: four characters are a token. A reservation counts two bytes as one, which no
usual text exceeds. Costs are in millionths of the currency that prices are given in.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final, TypeVar

from personalization.drafts.models import Brief, Order
from personalization.drafts.pieces import Piece, piece_of
from personalization.drafts.prompting import Message, message_for
from personalization.drafts.shape import Text
from personalization.drafts.writers import Writer, writer_of

CHARACTERS: Final = 4  # a token
OF_LONGEST: Final = 0.6  # of what a field may hold is usually written
FRAME: Final = 60  # tokens of names and braces around an answer
MEASURED: Final = 10  # pieces of a batch; the others count like them
MILLION: Final = 1_000_000
Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Estimate:
    """`cost` as we guess, `at_most` if every text is as long as it may be."""

    calls: int
    tokens_in: int
    tokens_out: int
    cost: int
    at_most: int


@dataclass(frozen=True, slots=True)
class _Guess:
    tokens_in: int
    tokens_out: int
    cost: int
    at_most: int


def estimate(brief: Brief) -> Estimate:
    """Of long batches ten pieces are measured, evenly chosen; without a writer nothing costs."""
    pieces = list(product(brief.items or [""], brief.locales))
    measured = _evenly(pieces, MEASURED)
    writer = writer_of(brief.site)
    guesses = [
        _guess(piece_of(Order(brief=brief, item=i, locale=at)), writer) for i, at in measured
    ]
    times = len(pieces) / max(1, len(measured))

    return Estimate(
        calls=len(pieces) * (2 if brief.kind == Brief.IMAGE else 1),
        tokens_in=math.ceil(sum(each.tokens_in for each in guesses) * times),
        tokens_out=math.ceil(sum(each.tokens_out for each in guesses) * times),
        cost=math.ceil(sum(each.cost for each in guesses) * times),
        at_most=math.ceil(sum(each.at_most for each in guesses) * times),
    )


def tokens(characters: int) -> int:
    return math.ceil(characters / CHARACTERS)


def tokens_at_most(text: str) -> int:
    return math.ceil(len(text.encode()) / 2)


def longest_answer(piece: Piece, writer: Writer) -> int:
    """Tokens that an answer may have, a model's thinking included."""
    if piece.brief.kind == Brief.IMAGE:
        return 1000 + writer.headroom
    each = sum(text.most for text in piece.texts) / 2 + FRAME
    return math.ceil(each * piece.brief.variants) + writer.headroom


def cost_of(writer: Writer, tokens_in: int, tokens_out: int) -> int:
    return math.ceil(tokens_in * writer.price_in + tokens_out * writer.price_out)


def cost_of_pictures(writer: Writer, number: int) -> int:
    return math.ceil(number * writer.price_image * MILLION)


def most_for(message: Message, writer: Writer, answer: int) -> int:
    sent = tokens_at_most(message.system) + tokens_at_most(message.user)
    return cost_of(writer, sent, answer)


def _guess(piece: Piece, writer: Writer | None) -> _Guess:
    message = message_for(piece)
    sent = tokens(message.characters)
    received = math.ceil(sum(map(_usual, piece.texts)) + FRAME) * piece.brief.variants
    if writer is None:
        return _Guess(sent, received, 0, 0)
    pictures = cost_of_pictures(writer, piece.brief.variants)
    beside = pictures if piece.brief.kind == Brief.IMAGE else 0
    cost = cost_of(writer, sent, received) + beside
    most = most_for(message, writer, longest_answer(piece, writer)) + beside
    return _Guess(sent, received, cost, most)


def _usual(text: Text) -> float:
    return (text.best or text.most) * OF_LONGEST / CHARACTERS


def _evenly(things: Sequence[Thing], most: int) -> Sequence[Thing]:
    if len(things) <= most:
        return things
    return [things[place * len(things) // most] for place in range(most)]
