"""Crawlers are told by their names; people's browsers are not taken for crawlers."""

import json
from pathlib import Path

import pytest

from personalization.govern.crawlers import is_crawler

BROWSERS = (Path(__file__).parents[1] / "cases" / "browsers.txt").read_text().splitlines()


def test_of_the_shared_crawlers_at_least_99_in_100_are_told(shared):
    patterns = json.loads(shared("bots/crawler-user-agents.json").read_text(encoding="utf-8"))
    agents = [agent for pattern in patterns for agent in pattern["instances"]]

    missed = [agent for agent in agents if not is_crawler(agent)]

    assert len(agents) > 2000
    assert len(missed) <= len(agents) / 100, missed


@pytest.mark.parametrize("agent", BROWSERS)
def test_a_persons_browser_is_none(agent):
    assert not is_crawler(agent)


@pytest.mark.parametrize(
    "agent", ["python-requests/2.32.5", "python-httpx/0.28.1", "Python-urllib/3.13", "curl/8.14.1"]
)
def test_a_library_that_calls_with_a_key_is_none(agent):
    assert not is_crawler(agent)


@pytest.mark.parametrize("agent", [None, ""])
def test_silence_is_held_against_nobody(agent):
    assert not is_crawler(agent)
