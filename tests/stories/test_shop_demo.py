"""A newcomer's story: one command opens the shop, Ctrl-C closes it, a second start is quick."""

import json
import stat
import subprocess
import sys
from urllib.request import Request, urlopen

import pytest

from tests.stories.demo_process import ROOT, Demo, free_port, lives

SLOTS = ["home.hero", "home.carousel", "home.promotion"]


def render(demo: Demo, visitor: str) -> dict:
    secret = json.loads((demo.folder / "keys.json").read_text())["secret"]
    request = Request(
        f"{demo.address}/api/v1/render",
        data=json.dumps({"visitor": visitor, "slots": SLOTS}).encode(),
        headers={"Authorization": f"Bearer {secret}", "Content-Type": "application/json"},
    )
    with urlopen(request) as response:
        return json.load(response)


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """Started, asked, stopped, started again: what was seen on the way."""
    demo = Demo(tmp_path_factory.mktemp("demo"), free_port()).start()
    try:
        seen = {
            "first": list(demo.lines),
            "pids": demo.descendants(),
            "pages": [render(demo, f"demo-{number:04d}") for number in range(1, 41)],
            "keys": json.loads((demo.folder / "keys.json").read_text()),
            "modes": [
                stat.S_IMODE((demo.folder / name).stat().st_mode)
                for name in ("keys.json", "logins.json")
            ],
            "second demo": subprocess.run(
                [sys.executable, "manage.py", "demo", "--port", str(demo.port)],
                cwd=ROOT,
                env=demo.environment(),
                capture_output=True,
                text=True,
                check=False,
            ),
        }
    finally:
        seen_code = demo.stop()
    again = Demo(demo.folder, free_port()).start()
    try:
        seen["again"] = list(again.lines)
        seen["page again"] = render(again, "demo-0001")
        seen["keys again"] = json.loads((demo.folder / "keys.json").read_text())
    finally:
        again.stop()
    return {**seen, "code": seen_code}


def test_it_says_what_to_open_and_who_may_log_in(story):
    said = "\n".join(story["first"])

    for word in ("/admin/", "marketer", "reviewer", "privacy", "306 products", "NDCG@10"):
        assert word in said
    assert all(key in said for key in story["keys"].values())


def test_its_keys_stand_in_a_file_that_only_the_owner_reads(story):
    assert set(story["keys"]) == {"publishable", "secret"}
    assert story["modes"] == [0o600, 0o600]


def test_pages_differ_by_visitor_and_say_why(story):
    heroes = {page["slots"]["home.hero"]["content"] for page in story["pages"]}
    shelves = {
        tuple(item["item"] for item in page["slots"]["home.carousel"]["items"])
        for page in story["pages"]
    }

    assert len(heroes) > 3
    assert len(shelves) > 10
    assert all(page["slots"][slot]["html"] for page in story["pages"] for slot in SLOTS)
    assert all(page["learned"] for page in story["pages"])


def test_ctrl_c_stops_everything_that_it_started(story):
    assert len(story["pids"]) >= 3
    assert not [pid for pid in story["pids"] if lives(pid)]
    assert story["code"] == 0


def test_a_taken_port_is_said_and_another_one_offered(story):
    refused = story["second demo"]

    assert refused.returncode == 1
    assert "is taken" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_second_start_keeps_the_data_and_trains_nothing(story):
    said = "\n".join(story["again"])

    assert "products" not in said
    assert "NDCG" not in said
    assert story["keys again"] == story["keys"]
    assert story["page again"]["release"] == story["pages"][0]["release"]
