"""How a task says that it wants to go on later, without keeping a worker waiting."""

from datetime import timedelta


class Later(Exception):
    """Take this job up again after `delay`; it has not failed."""

    def __init__(self, delay: timedelta) -> None:
        super().__init__(f"in {delay.total_seconds():.0f} s")
        self.delay = delay
