"""All settings of the plugin, read in one place.

A host project may set any of them in `settings.PERSONALIZATION`; each also reads the environment
variable of the same name where DESIGN names one. They are read once: a page view asks for several.
"""

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

from django.conf import settings
from django.core.signals import setting_changed

Worked = TypeVar("Worked", bound=Callable[..., Any])  # what was decorated, of its own type


def once_a_process(work_out: Worked) -> Worked:
    """Keep each answer until a test changes a setting; nobody else does while a process runs."""
    kept = cache(work_out)

    def forget(**_sent: object) -> None:
        kept.cache_clear()

    setting_changed.connect(forget, weak=False)
    return cast(Worked, kept)


DEFAULTS: dict[str, Any] = {  # values of many types
    "PSEUDONYM_KEY": "",  # secret; keyed hashes of visitor ids. Empty: derived from SECRET_KEY
    "PSEUDONYM_KEY_OLD": "",  # the key before the last rotation
    "DATA_DIR": "",  # artefacts, keys, local broker. Empty: BASE_DIR/.data
    "KEYS_URL": "",  # the key store's database. Empty: sqlite at DATA_DIR/keys.sqlite3
    "PUBLIC_URL": "",  # where browsers reach this server, without a trailing slash
    "TOKEN_DAYS": 390,  # a visitor token's life
    "SITE": "",  # whose slots the template tags fill. Empty: the only site's
    "RECENT_EVENTS": 100,  # recent events kept for conditions, per visitor
    "TUNING_TRIALS": 0,  # forms of each family that training tries beyond the grid (extra `tuning`)
    "GUARDED_GROUPS": (),  # of new, known, regular visitors: no model goes live by itself that is
    # not surely better for each of them
    "FORETOLD_DAYS": 14,  # likelihoods to buy and to lapse are those of so many days to come
    "EVENT_DAYS": 400,  # events older than this are deleted by retention
    "EXPOSURE_HOURS": 72,  # an exposure token's life
    "RATE_PER_KEY": 6000,  # requests a minute of one key; 0: unlimited
    "RATE_PER_VISITOR": 240,  # requests a minute of one visitor; 0: unlimited
    "BLOCKS_DIRS": (),  # further folders with blocks, searched before ours
    "PREVIEW_STYLES": {},  # site -> stylesheets (addresses, or static files) that previews wear
    "UNDECLARED_SECONDS": 5,  # undeclared slots are noted this often; 0: only when asked to
    "WEBHOOK_HOSTS_INSIDE": "",  # hosts in private networks that webhooks may reach, by commas
    "SPARK_MASTER": "",  # where `train --engine spark` runs. Empty: all cores of this machine
    "SPARK_MEMORY": "2g",  # of the Java process here
    "COUNTRY_HEADER": "",  # a header set by a trusted proxy, e.g. "CF-IPCountry"
    "OPENAI_API_KEY": "",  # secret; of the model that writes copy. Empty: nothing is written
    "OPENAI_BASE_URL": "",  # where it is asked; any server that speaks the same protocol
    "LLM_MODEL": "gpt-4.1-mini",
    "LLM_PRICE_IN": "5",  # for a million tokens sent; dear on purpose, so that the budget binds
    "LLM_PRICE_OUT": "20",  # for a million tokens received
    "LLM_PER_MINUTE": 300,  # calls to the model, of all workers together
    "WRITERS": {},  # several models by name, instead of the six above (docs/generated-copy.md)
}


@once_a_process
def get(name: str) -> Any:  # each setting has its own type
    configured = getattr(settings, "PERSONALIZATION", {})
    if name in configured:
        return configured[name]
    value = os.environ.get(name)
    default = DEFAULTS[name]
    return default if value is None else type(default)(value)


def pseudonym_key() -> bytes:
    return (get("PSEUDONYM_KEY") or f"pseudonym:{settings.SECRET_KEY}").encode()


def data_dir() -> Path:
    """The folder for artefacts, keys and the local broker; made when missing."""
    configured = get("DATA_DIR") or Path(getattr(settings, "BASE_DIR", Path.cwd())) / ".data"
    return _made(Path(configured))


@cache
def _made(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    return path
