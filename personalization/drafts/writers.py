"""Which models may write for a site: from the settings, without asking any of them.

In:  `PERSONALIZATION["WRITERS"]`, or the triple OPENAI_API_KEY, OPENAI_BASE_URL, LLM_MODEL.
Out: writers by name, the one of a site, and a sentence where there is none.

Prices are for a million tokens: the same number is a token's price in millionths of the currency.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from personalization import conf
from personalization.drafts.brand_models import WritingPolicy
from personalization.govern.models import Site

USUAL: Final = "default"
DEMONSTRATION: Final = "demonstration-writer"


@dataclass(frozen=True, slots=True)
class Writer:
    """A model at a server. `temperature` None is not sent, for models that refuse it.

    `headroom`: tokens that a model may think with, beside those it writes. `timeout` in seconds,
    for the whole of one answer. `key_env` names the environment variable that holds the key.
    """

    name: str
    model: str
    base_url: str = ""
    api_key: str = field(default="", repr=False)
    key_env: str = ""
    price_in: float = 5.0
    price_out: float = 20.0
    image_model: str = "gpt-image-1"
    price_image: float = 0.25  # of one picture
    temperature: float | None = 0.8
    per_minute: int = 300  # calls, of all workers together
    timeout: float = 90.0
    headroom: int = 500

    @property
    def key(self) -> str:
        return self.api_key or os.environ.get(self.key_env, "")

    @property
    def is_ready(self) -> bool:
        """A server of one's own needs no key."""
        return bool(self.key or self.base_url)

    @property
    def is_demonstration(self) -> bool:
        return self.model == DEMONSTRATION


@dataclass(frozen=True, slots=True)
class WriterState:
    """What the studio says of who writes; `remedy` is empty where somebody does."""

    name: str
    model: str
    is_ready: bool
    is_demonstration: bool
    remedy: str = ""


def writer_state(site: Site) -> WriterState:
    writer = writer_of(site)
    if writer is None:
        return WriterState("", "", False, False, _remedy())
    return WriterState(writer.name, writer.model, True, writer.is_demonstration)


def writer_of(site: Site) -> Writer | None:
    """The one that the site chose, else the first; None if it has no key."""
    known = writers()
    chosen = WritingPolicy.objects.filter(site=site).values_list("writer", flat=True).first()
    writer = known.get(chosen or "") or next(iter(known.values()))
    return writer if writer.is_ready else None


def writers() -> Mapping[str, Writer]:
    """By name, in the order of the settings; never empty."""
    configured = conf.get("WRITERS")
    if configured:
        return {name: _read(name, document) for name, document in configured.items()}
    return {USUAL: _usual()}


def _usual() -> Writer:
    model = conf.get("LLM_MODEL")
    beside = {"image_model": model, "price_image": 0.0} if model == DEMONSTRATION else {}
    return Writer(
        name=USUAL,
        model=model,
        base_url=conf.get("OPENAI_BASE_URL"),
        api_key=conf.get("OPENAI_API_KEY"),
        price_in=_price("LLM_PRICE_IN"),
        price_out=_price("LLM_PRICE_OUT"),
        per_minute=conf.get("LLM_PER_MINUTE"),
        **beside,
    )


def _price(name: str) -> float:
    try:
        return float(conf.get(name))
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{name} is a number, the price of a million tokens: 0.5"
        ) from error


def _read(name: str, document: Mapping[str, Any]) -> Writer:  # a setting
    """A misspelt setting is told at once; a budget that does not bind would be told too late."""
    known = {each.name for each in fields(Writer)} - {"name"}
    unknown = set(document) - known
    if unknown or not document.get("model"):
        raise ImproperlyConfigured(
            f"WRITERS[{name!r}] needs a “model”, and may have: {', '.join(sorted(known))}."
            + (f" Unknown: {', '.join(sorted(unknown))}." if unknown else "")
        )
    return Writer(name=name, **document)


def _remedy() -> str:
    return _(
        "No model is connected yet, so nothing can be written. Whoever runs this server sets "
        "OPENAI_API_KEY (and, for another server that speaks the same protocol, OPENAI_BASE_URL "
        "and LLM_MODEL) and starts web and worker again. Everything else works without."
    )
