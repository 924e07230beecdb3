"""What jobs are called, and the one verb that each of them is."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from personalization import clock
from personalization.catalog.looking_again import LOOK_AGAIN
from personalization.collect.retention import retain
from personalization.drafts.asking import WRITE
from personalization.drafts.lapses import look_again
from personalization.drafts.notices import REMIND, TELL, ask_where_due
from personalization.drafts.receiving import abandon
from personalization.exceptions import NotFound
from personalization.govern.models import Site
from personalization.journeys import moving
from personalization.journeys.deliveries import SEND, ask_for_the_due
from personalization.journeys.draft_news import tell_of_drafts
from personalization.journeys.sending import send_due
from personalization.learn import snapshots
from personalization.profiles.moving import MOVE
from personalization.publish.releases import LOOK_FOR, activate_due
from personalization.targeting import places
from workers.learning import engines, training
from workers.learning.scratch import sweep
from workers.scoring import night

Say = Callable[[str], None]
Arguments = Mapping[str, Any]  # JSON values
Task = Callable[[Arguments, Say], Any]  # -> a JSON value


def train(arguments: Arguments, say: Say) -> Any:
    site = Site.objects.get(pk=arguments["site_id"])
    seed = arguments.get("seed", 1)
    if arguments.get("engine", engines.LOCAL) == engines.SPARK:
        return engines.spark()(site, seed=seed, say=say).to_document()
    report = training.train(
        site,
        seed=seed,
        say=say,
        reweight=arguments.get("reweight"),
        trials=arguments.get("trials"),
        is_fresh=arguments.get("fresh", False),
    )
    return report.to_document()


def score(arguments: Arguments, say: Say) -> Any:
    site = Site.objects.get(pk=arguments["site_id"])
    report = night.score(site, seed=arguments.get("seed", 1), now=clock.now(), say=say)
    return {"sentence": report.sentence, "visitors": report.run.visitors}


def refresh(arguments: Arguments, say: Say) -> Any:
    return {"learned": snapshots.refresh(Site.objects.get(pk=arguments["site_id"])).number}


def activate(arguments: Arguments, say: Say) -> Any:
    return {"sites": activate_due()}


def delete_aged(arguments: Arguments, say: Say) -> Any:
    sweep()
    return dict(retain())


def move(arguments: Arguments, say: Say) -> Any:
    return moving.move(Site.objects.get(pk=arguments["site_id"]), say=say)


def look(arguments: Arguments, say: Say) -> Any:
    return moving.look(Site.objects.get(pk=arguments["site_id"]), say=say)


def ask_for_moves(arguments: Arguments, say: Say) -> Any:
    return {"sites": moving.ask_where_due(), "webhooks": ask_for_the_due(clock.now())}


def ask_for_looks(arguments: Arguments, say: Say) -> Any:
    return {"sites": moving.ask_to_look()}


def send(arguments: Arguments, say: Say) -> Any:
    return send_due(arguments["webhook_id"], say=say)


def tell(arguments: Arguments, say: Say) -> Any:
    return tell_of_drafts(Site.objects.get(pk=arguments["site_id"]), clock.now())


def remind(arguments: Arguments, say: Say) -> Any:
    return {"sites": ask_where_due(clock.now())}


def look_at_drafts_again(arguments: Arguments, say: Say) -> Any:
    return {"drafts": look_again(Site.objects.get(pk=arguments["site_id"]))}


def settle_places(arguments: Arguments, say: Say) -> Any:
    return {"filled": places.settle(arguments["site_id"])}


def write(arguments: Arguments, say: Say) -> Any:
    try:
        from workers.writing.writer import write as write_order  # noqa: PLC0415 - imports openai
    except ModuleNotFoundError:
        abandon(arguments["order_id"], "no_client")
        raise
    return write_order(arguments["order_id"], say)


def end_order(arguments: Arguments) -> None:
    abandon(arguments["order_id"], "given_up")


TASKS: Final[Mapping[str, Task]] = {
    "learn.train": train,
    "learn.score": score,
    "learn.refresh": refresh,
    "publish.activate_due": activate,
    "govern.retain": delete_aged,
    "journeys.tick": ask_for_moves,
    "journeys.sweep": ask_for_looks,
    MOVE: move,
    LOOK_FOR: look,
    SEND: send,
    WRITE: write,
    LOOK_AGAIN: look_at_drafts_again,
    TELL: tell,
    REMIND: remind,
    places.SETTLE: settle_places,
}
GIVEN_UP: Final[Mapping[str, Callable[[Arguments], None]]] = {WRITE: end_order}
OF_EACH_SITE: Final = frozenset({"learn.train", "learn.score", "learn.refresh", places.SETTLE})


def perform(name: str, arguments: Arguments, say: Say) -> Any:  # a JSON value
    """Do it. A site that was deleted meanwhile leaves nothing to do."""
    task = TASKS.get(name)
    if task is None:
        raise NotFound(f"There is no task “{name}”. Tasks are: {', '.join(TASKS)}.")
    try:
        return task(arguments, say)
    except Site.DoesNotExist:
        return {"sentence": "The site is gone."}


def give_up(name: str, arguments: Arguments) -> None:
    """The job has failed for good: what waits for it is told."""
    if name in GIVEN_UP:
        GIVEN_UP[name](arguments)
