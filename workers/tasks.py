"""What jobs are called, and the one verb that each of them is."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from personalization import clock
from personalization.collect.retention import retain
from personalization.exceptions import NotFound
from personalization.govern.models import Site
from personalization.journeys import moving
from personalization.journeys.deliveries import SEND, ask_for_the_due
from personalization.journeys.sending import send_due
from personalization.learn import snapshots
from personalization.profiles.moving import MOVE
from personalization.publish.releases import LOOK_FOR, activate_due
from workers.learning import training

Say = Callable[[str], None]
Arguments = Mapping[str, Any]  # JSON values
Task = Callable[[Arguments, Say], Any]  # -> a JSON value


def train(arguments: Arguments, say: Say) -> Any:
    site = Site.objects.get(pk=arguments["site_id"])
    report = training.train(
        site,
        seed=arguments.get("seed", 1),
        say=say,
        trials=arguments.get("trials"),
        is_fresh=arguments.get("fresh", False),
    )
    return report.to_document()


def refresh(arguments: Arguments, say: Say) -> Any:
    return {"learned": snapshots.refresh(Site.objects.get(pk=arguments["site_id"])).number}


def activate(arguments: Arguments, say: Say) -> Any:
    return {"sites": activate_due()}


def delete_aged(arguments: Arguments, say: Say) -> Any:
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


TASKS: Final[Mapping[str, Task]] = {
    "learn.train": train,
    "learn.refresh": refresh,
    "publish.activate_due": activate,
    "govern.retain": delete_aged,
    "journeys.tick": ask_for_moves,
    "journeys.sweep": ask_for_looks,
    MOVE: move,
    LOOK_FOR: look,
    SEND: send,
}
OF_EACH_SITE: Final = frozenset({"learn.train", "learn.refresh"})


def perform(name: str, arguments: Arguments, say: Say) -> Any:  # a JSON value
    """Do it. A site that was deleted meanwhile leaves nothing to do."""
    task = TASKS.get(name)
    if task is None:
        raise NotFound(f"There is no task “{name}”. Tasks are: {', '.join(TASKS)}.")
    try:
        return task(arguments, say)
    except Site.DoesNotExist:
        return {"sentence": "The site is gone."}
