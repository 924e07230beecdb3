"""Texts that a model may write, and workers that take up what was asked."""

from django.db.models.functions import Now

from personalization.drafts.asking import WRITE
from personalization.drafts.models import Call, Order
from personalization.outbox import Job
from workers import jobs

TENT = {
    "item": "t1",
    "title": "Norrsken family tent",
    "category": "tents",
    "price": 289.00,
    "currency": "EUR",
    "url": "/p/t1",
    "text": "Room to stand up in, and a porch for wet boots.",
    "attributes": {"material": "cotton canvas", "colour": "moss"},
}
GOOD = {
    "headline": "A porch for wet boots",
    "eyebrow": "New in tents",
    "text": "Stand up in the morning and leave the mud outside. That is the whole idea of it.",
    "button_label": "See the tent",
}
OTHER = {
    "headline": "Stand up when you wake up",
    "eyebrow": None,
    "text": "Canvas that breathes, and room enough for everybody who came along this weekend.",
    "button_label": "Look inside",
}


def work() -> None:
    """Take up every job until none is left; what waits for another try is due at once."""
    for _ in range(40):
        waiting = Job.objects.filter(task=WRITE, state=Job.WAITING)
        waiting.update(due_at=Now())
        job = waiting.order_by("pk").first()
        if job is None:
            return
        jobs.run_now(job)
    raise AssertionError("there is no end to it")


def ended(order: Order) -> Order:
    """The order after all that workers do."""
    work()
    order.refresh_from_db()
    return order


def findings(draft) -> set[str]:
    return {each["code"] for each in draft.revisions.get().findings}


def calls(order: Order) -> list[Call]:
    return list(Call.objects.filter(order=order).order_by("number"))
