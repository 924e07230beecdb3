"""How far a long run is: often on a terminal, rarely in a log."""

from dataclasses import dataclass, field
from time import monotonic
from typing import Protocol

ON_TERMINAL, IN_LOG = 0.5, 15.0  # seconds between two words


class Output(Protocol):
    def isatty(self) -> bool: ...
    def write(self, text: str) -> object: ...
    def flush(self) -> object: ...


@dataclass(slots=True)
class Progress:
    output: Output
    said_at: float = field(default_factory=monotonic)

    def say(self, sentence: str) -> None:
        is_terminal = self.output.isatty()
        if monotonic() - self.said_at < (ON_TERMINAL if is_terminal else IN_LOG):
            return
        self.said_at = monotonic()
        self.output.write(f"\r{sentence:<78}" if is_terminal else f"{sentence}\n")
        self.output.flush()

    def end(self) -> None:
        if self.output.isatty():
            self.output.write("\r" + " " * 78 + "\r")
