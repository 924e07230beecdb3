"""docs/journeys.md says what the code does: its numbers, its fields, and its own example run."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest

from personalization.journeys import planning
from personalization.journeys.counting import LATELY
from personalization.journeys.deliveries import FACTOR, FIRST_PAUSE, LONGEST_PAUSE, TRIES
from personalization.journeys.posting import SECONDS
from personalization.journeys.sending import PATIENCE
from personalization.journeys.signing import signed_headers
from personalization.targeting import documents
from personalization.targeting.journey_stages import MOST_STAGES
from rules import BUILT_IN
from workers.schedule import SCHEDULE

TEXT = (Path(__file__).parents[2] / "docs" / "journeys.md").read_text(encoding="utf-8")
LINE = " ".join(TEXT.split())
SECRET, RAW = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def block(language, holds):
    found = re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)
    return next(each for each in found if holds in each)


@pytest.fixture
def is_ours():
    place = {}
    exec(block("python", "def is_ours"), place)
    return place["is_ours"]


def signed(body, at):
    import base64

    return signed_headers("msg_1", at, body, base64.b64decode(RAW))


def test_the_example_takes_what_we_sign_and_nothing_else(is_ours):
    headers, body = signed(b'{"type":"test"}', 1_700_000_000), b'{"type":"test"}'

    assert is_ours(headers, body, SECRET, now=1_700_000_010)
    assert not is_ours(headers, body + b" ", SECRET, now=1_700_000_010)
    assert not is_ours(headers, body, SECRET.replace("M", "N"), now=1_700_000_010)
    assert not is_ours({**headers, "Webhook-Id": "msg_2"}, body, SECRET, now=1_700_000_010)
    assert not is_ours(headers, body, SECRET, now=1_700_000_400)


def test_the_pauses_are_those_of_the_code():
    told = re.search(r"tried again, (\d+) times in all: after (.*?), each up to a fifth", LINE)
    pauses = [min(FIRST_PAUSE * FACTOR**n, LONGEST_PAUSE) for n in range(TRIES - 1)]

    assert int(told[1]) == TRIES
    assert told[2] == (
        "30 seconds, 2 minutes, 8 minutes, 32 minutes, about 2 hours, about 8½ hours and 12 hours"
    )
    assert [round(each / timedelta(seconds=1)) for each in pauses] == [
        *(30, 120, 480, 1920, 7680, 30720, 43200)
    ]


@pytest.mark.parametrize(
    "said",
    [
        f"at most {MOST_STAGES} stages",
        f"in the last {LATELY.days} days",
        f"for {planning.REMEMBERED.days} days those who were in it",
        {10.0: "within ten seconds"}[SECONDS],
        {3: "After three failures in one round"}[PATIENCE],
        "`410` is given up at once",
        "every 10 minutes of everybody",
    ],
)
def test_the_numbers_are_those_of_the_code(said):
    assert said in LINE


def test_the_schedule_looks_as_often_as_the_page_says():
    looks = SCHEDULE["Look for whom conditions of journeys hold"]["schedule"]
    moves = SCHEDULE["Move visitors through journeys"]["schedule"]

    assert looks.minute == set(range(0, 60, 10))
    assert moves.minute == set(range(60))


def test_the_example_of_a_journey_saves_and_every_field_of_a_stage_is_listed(site):
    row = documents.save_journey(site, json.loads(block("json", '"stages"')), by="test")

    listed = re.findall(r"`(\w+)`", " ".join(re.findall(r"^\| (.*?) \|", TEXT, re.MULTILINE)))
    assert set(listed) == set(row.stages[0])
    events = BUILT_IN.fields["events"].of
    assert set(re.search(r"over one event: (.*?) \|", TEXT)[1].replace("`", "").split()) == set(
        events
    )
