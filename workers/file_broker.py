"""The broker in a file: messages taken up within a moment, and none kept once it is taken.

Kombu's own transport looks once a second, which a batch of two hundred orders waits for two hundred
times, and keeps every message that it ever delivered. Here a message only wakes a worker and the
work is a row elsewhere, so a delivered one is worth nothing.
"""

from typing import Any, Final

from kombu.transport import TRANSPORT_ALIASES, sqlalchemy

NAME: Final = "file"  # of this transport in addresses, before the plus
THEIRS: Final = "sqla+sqlite:"


class Channel(sqlalchemy.Channel):
    def _get(self, queue: str) -> Any:  # type: ignore[override]  # as its parent does
        base: Any = super()
        message = base._get(queue)
        delivered = base._query_all(queue).filter(self.message_cls.visible.is_(False))
        delivered.delete(synchronize_session=False)
        self.session.commit()
        return message


class Transport(sqlalchemy.Transport):
    Channel = Channel
    polling_interval = 0.2  # seconds


def address(broker: str) -> str:
    """The same broker, a file of SQLite by way of this transport."""
    if not broker.startswith(THEIRS):
        return broker
    TRANSPORT_ALIASES[NAME] = f"{__name__}:{Transport.__name__}"
    return f"{NAME}+sqlite:{broker.removeprefix(THEIRS)}"
