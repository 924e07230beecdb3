"""The broker in a file: each message comes once, in order, and none is kept once it is taken."""

import sqlite3

import pytest
from kombu import Connection

from workers import file_broker


@pytest.fixture
def path(tmp_path):
    return tmp_path / "broker.sqlite3"


@pytest.fixture
def address(path):
    return file_broker.address(f"sqla+sqlite:///{path}")


@pytest.fixture
def connection(address):
    with Connection(address) as opened:
        yield opened


def kept(path):
    with sqlite3.connect(path) as database:
        return database.execute("SELECT count(*) FROM kombu_message").fetchone()[0]


def take(queue):
    message = queue.get(block=False)
    message.ack()
    return message.payload


def test_messages_come_once_and_in_order_and_only_those_that_wait_are_kept(connection, path):
    with connection.SimpleQueue("work") as queue, connection.SimpleQueue("other") as other:
        for number in range(3):
            queue.put(number)
        other.put("waits")

        taken = [take(queue) for _ in range(2)]

        assert taken == [0, 1]
        assert kept(path) == 2
        assert take(queue) == 2
        with pytest.raises(queue.Empty):
            take(queue)
        assert take(other) == "waits"
    assert kept(path) == 0


def test_two_who_take_from_one_queue_never_get_the_same_message(connection, address, path):
    with connection.SimpleQueue("work") as queue, Connection(address) as second:
        for number in range(10):
            queue.put(number)
        with second.SimpleQueue("work") as beside:
            taken = [take(each) for _ in range(5) for each in (queue, beside)]

    assert sorted(taken) == list(range(10))
    assert kept(path) == 0


@pytest.mark.parametrize("address", ["redis://127.0.0.1/0", "amqp://guest@here//", "memory://"])
def test_other_brokers_are_reached_as_they_were(address):
    assert file_broker.address(address) == address
