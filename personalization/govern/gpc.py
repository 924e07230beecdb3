"""Global Privacy Control: the header that opts a browser out."""

from typing import Protocol

from rules.purposes import Purpose, Purposes

ALWAYS: Purposes = frozenset({Purpose.TRAINING, Purpose.PROFILING_AI})


class OptOuts(Protocol):
    """A site, or what is remembered of one."""

    @property
    def gpc_opts_out(self) -> object: ...


def opts_out(header: str | None) -> bool:
    """Is the signal sent? Exactly `1`; servers join repeated headers by commas."""
    if not header:
        return False
    return any(value.strip(" \t") == "1" for value in header.split(","))


def opted_out(site: OptOuts) -> Purposes:
    """What the signal takes away on this site: training and profiling, and what it sets more."""
    more = site.gpc_opts_out
    if not isinstance(more, list | tuple | set | frozenset):
        return ALWAYS
    return ALWAYS | {Purpose(name) for name in more if name in set(Purpose)}
