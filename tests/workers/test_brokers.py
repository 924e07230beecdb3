"""A real worker and scheduler over each broker: work is done, once, whoever dies or is away."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.workers.door import Door
from tests.workers.office import BROKERS, HOLD, PREPARE, Office, kill, reachable


@pytest.fixture(params=BROKERS, ids=list(BROKERS))
def broker(request):
    return request.param


@pytest.fixture
def open_office(tmp_path):
    opened = []

    def make(address: str) -> Office:
        opened.append(Office(tmp_path, address))
        opened[-1].run(PREPARE)
        return opened[-1]

    yield make
    for office in opened:
        office.close()


def test_a_worker_killed_in_the_middle_is_followed_by_another_that_ends_the_work(
    broker, open_office
):
    office = open_office(reachable(broker))
    worker = office.start("worker", "--concurrency", "1")
    office.start("beat")
    office.until(lambda: office.jobs() == [("done", 1)])

    office.run(HOLD)
    office.until(lambda: office.lines("begun") == 1)
    kill(worker)
    office.start("worker", "--concurrency", "1")
    office.until(lambda: office.lines("begun") == 2)
    (office.folder / "gate").touch()

    office.until(lambda: office.jobs("test.hold") == [("done", 2)])
    assert office.lines("ended") == 1


def test_work_asked_for_while_the_broker_is_away_is_done_when_it_is_back(
    broker, open_office, tmp_path
):
    address, bring_back = away(broker, tmp_path)
    office = open_office(address)
    (office.folder / "gate").touch()
    office.run(HOLD)
    office.start("beat")
    office.until(lambda: "relay.waiting" in office.log())
    assert office.jobs("test.hold") == [("waiting", 0)]

    bring_back()
    office.start("worker", "--concurrency", "1")

    office.until(lambda: office.jobs("test.hold") == [("done", 1)])
    assert office.lines("ended") == 1


def away(name: str, folder: Path):
    """An address at which the broker does not answer until it is brought back."""
    address = reachable(name)
    if not address:
        place = folder / "mount"
        return f"sqla+sqlite:///{place}/broker.sqlite3", place.mkdir
    parts = urlsplit(address)
    door = Door((parts.hostname or "", parts.port or 0))
    moved = parts.netloc.rpartition("@")[0]
    netloc = f"{moved}@127.0.0.1:{door.port}" if moved else f"127.0.0.1:{door.port}"
    return parts._replace(netloc=netloc).geturl(), door.open
