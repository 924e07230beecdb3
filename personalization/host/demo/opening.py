"""The demo from an empty folder to an open shop, and back to silence.

In:  a port, how many visitors, and a way to say what happens.
Out: returns only through `Stopped`; whatever happens, nothing that was started is left behind.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from django.core.management import call_command
from django.utils import timezone

from personalization import conf
from personalization.exceptions import Refusal
from personalization.govern.models import Site
from personalization.host.demo import programs, training, writing
from personalization.host.demo.colleagues import COLLEAGUES, prepare_colleagues
from personalization.host.demo.household import Household
from personalization.host.demo.port import HOST, answers, is_free
from personalization.host.demo.seeding import is_seeded, seed
from personalization.host.demo.website import prepare_keys, prepare_site

Say = Callable[[str], None]


class PortTaken(Refusal):
    """Somebody else serves at our address."""

    code = "port_taken"


@dataclass(frozen=True, slots=True)
class Opened:
    """What somebody needs to know of an open shop."""

    address: str
    keys: Mapping[str, str]
    passwords: Mapping[str, str]


def open_shop(*, port: int, visitors: int, say: Say) -> None:
    """Prepare what is missing, start everything, say what to open, and stay."""
    if not is_free(port):
        raise PortTaken(
            f"Port {port} on {HOST} is taken, perhaps by another demo. Stop that one, "
            f"or choose another port: PORT={port + 1} make demo"
        )
    with _timed("database", say):
        call_command("migrate", verbosity=0, interactive=False)
    site = prepare_site([f"http://{name}:{port}" for name in (HOST, "localhost")])
    opened = Opened(programs.address(port), prepare_keys(site), prepare_colleagues(site))
    if not is_seeded(site):
        with _timed("the shop", say):
            seed(site, visitors=visitors, now=timezone.now(), say=say)
    with Household(logs=conf.data_dir() / "logs", say=say) as house:
        _start(house, site, port, say)
        for line in summary(opened):
            say(line)
        house.stay()


def _start(house: Household, site: Site, port: int, say: Say) -> None:
    pen = writing.connect()
    if pen is not None:
        house.start(programs.writer(port, pen))
    for program in (programs.worker(port), programs.scheduler(port), programs.web(port)):
        house.start(program)
    if not training.is_trained(site):
        _train(house, site, say)
    if not training.is_scored(site):
        _score(house, site, say)
    with _timed("web server", say):
        while not answers(f"{programs.address(port)}/"):
            house.look_after()
            time.sleep(0.1)
    if pen is not None:
        writing.ask(site)


def _train(house: Household, site: Site, say: Say) -> None:
    """A shop without a model is still a shop: it shows what is popular."""
    with _timed("model", say):
        try:
            model = training.train(site, look_after=house.look_after, say=say)
        except training.NotTrained as why:
            say(f"The model could not be trained: {why}")
        else:
            say(f"{model}: {training.measured(model)}")


def _score(house: Household, site: Site, say: Say) -> None:
    """Without scores the shop serves as well: what workers find is unknown until the night."""
    with _timed("scores", say):
        try:
            say(training.score(site, look_after=house.look_after, say=say))
        except training.NotTrained as why:
            say(f"The visitors could not be scored: {why}")


def summary(opened: Opened) -> Iterator[str]:
    yield ""
    yield f"The shop        {opened.address}/"
    yield f"The studio      {opened.address}/admin/"
    yield f"The API         {opened.address}/api/v1/schema"
    yield ""
    yield "Who may log in  (passwords are kept in DATA_DIR/logins.json)"
    for each in COLLEAGUES:
        role = each.role.replace("_", " ")
        yield f"  {each.login:<12}  {opened.passwords[each.login]}  {role}"
    yield ""
    yield "Keys            (kept in DATA_DIR/keys.json)"
    for kind, key in opened.keys.items():
        yield f"  {kind:<12}  {key}"
    yield ""
    yield f"Data and logs   {conf.data_dir()}"
    yield "Ctrl-C stops everything; starting again keeps the data."


@contextmanager
def _timed(what: str, say: Say) -> Iterator[None]:
    started = time.monotonic()
    yield
    say(f"{what} ready ({time.monotonic() - started:.1f} s)")
