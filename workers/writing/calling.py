"""A paid call: reserved before it leaves, settled by its answer, tried again later at most twice.

In:  an order, a writer, what is to be called and how its answer is read.
Out: the answer as it was read. `Later`: another try is due. `Unwritten`: there is none.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Generic, TypeVar

from django.db import transaction

from personalization.drafts.failures import Unwritten
from personalization.drafts.models import Call, Order
from personalization.drafts.spending import TRIES, Ended, TriesUsed, lose, reserve, settle
from personalization.drafts.writers import Writer
from personalization.exceptions import TooMany
from workers.later import Later
from workers.writing.hearing import Failed

FIRST_PAUSE: Final = 2.0  # seconds; the next is twice as long, and both up to half as long again
LONGEST_PAUSE: Final = 900.0
Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Received(Generic[Read]):
    """What a call brought, and what it cost. `kept`: what is written down of it, as it came."""

    value: Read
    tokens_in: int
    tokens_out: int
    cost: int
    kept: str = ""


@dataclass(frozen=True, slots=True)
class Errand(Generic[Read]):
    """`run` goes there and back; it gets the call's idempotency key and which try this is."""

    order: Order
    writer: Writer
    kind: str
    most: int  # millionths that it may cost
    run: Callable[[str, int], Received[Read]]
    price: Callable[[int, int], int]  # tokens sent, tokens received


def go(errand: Errand[Read]) -> Read:
    """A server that does not take a part of the call is asked again at once, without it."""
    while True:
        call = _reserved(errand)
        tried = Call.objects.filter(order=errand.order, kind=errand.kind).count()
        try:
            return _once(errand, call, tried)
        except Failed as why:
            if not why.is_worth_another or tried >= TRIES or why.retry_after > LONGEST_PAUSE:
                raise Unwritten(why.code, why.detail) from why
            if why.code != "refused":
                raise Later(pause(errand.order, tried, why.retry_after)) from why


def pause(order: Order, tried: int, at_least: float = 0.0) -> timedelta:
    """Twice as long each time, spread by a hash so that a batch does not come back as one."""
    usual = FIRST_PAUSE * 2 ** (tried - 1)
    spread = hashlib.sha256(f"{order.pk}/{tried}".encode()).digest()[0] / 255 / 2
    return timedelta(seconds=max(at_least, 0.0) + usual * (1 + spread))


def _reserved(errand: Errand[Read]) -> Call:
    try:
        return reserve(errand.order, errand.writer, cost=errand.most, kind=errand.kind)
    except TooMany as busy:
        raise Later(timedelta(seconds=busy.retry_after)) from busy
    except TriesUsed as used:  # the worker of the last one died
        last = Call.objects.filter(order=errand.order, kind=errand.kind).first()
        raise Unwritten((last and last.failure) or "cut") from used


def _once(errand: Errand[Read], call: Call, tried: int) -> Read:
    try:
        received = errand.run(_key(errand.order, call), tried)
    except Ended:
        lose(call, "cancelled")
        raise
    except Failed as why:
        if why.came_back:
            cost = errand.price(why.tokens_in, why.tokens_out)
            settle(
                call,
                tokens_in=why.tokens_in,
                tokens_out=why.tokens_out,
                cost=cost,
                failure=why.code,
            )
        else:
            lose(call, why.code)
        raise
    _keep(errand.order, call, received)
    return received.value


@transaction.atomic
def _keep(order: Order, call: Call, received: Received[Read]) -> None:
    """Settled and written down at once: what was paid for is there, whoever dies next."""
    settle(call, tokens_in=received.tokens_in, tokens_out=received.tokens_out, cost=received.cost)
    if received.kept:
        order.answer = received.kept
        order.save(update_fields=["answer"])


def _key(order: Order, call: Call) -> str:
    """The same for nothing else, so that a server which heard it before charges nothing."""
    return f"order-{order.pk}-{order.created_at:%Y%m%d%H%M%S%f}-{call.number}"
