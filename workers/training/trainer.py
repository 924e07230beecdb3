"""What every trainer promises."""

from typing import Protocol

from workers.training.interactions import Column, Interactions


class Trainer(Protocol):
    """From events to arrays over items. The same events and seed give the same arrays.

    Too few events raise `NotEnoughData`. No array says anything about one visitor.
    """

    @property
    def name(self) -> str: ...

    def fit(self, interactions: Interactions, *, seed: int) -> dict[str, Column]: ...
