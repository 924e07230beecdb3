"""`evaluate` on files: who gets what, and what is refused with its line."""

import csv
import gzip

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.workers.tastes import ITEMS_OF_A_CAMP, N_ITEMS, camp_of, camps


@pytest.fixture
def files(tmp_path):
    """Train, items and visitors on disk: camps of 60 visitors, and one item nobody touched."""
    events = camps()
    rows = zip(events.visitors, events.items, events.at, strict=True)
    train = ["visitor,item,at,type,value"]
    train += [f"v{who},i{item},{1_700_000_000 + at:.0f},view," for who, item, at in rows]
    items = ["item,title,category,tags,price,colour"]
    items += [f"i{n},thing {n},camp {camp_of(n)},tag|gift,{n}.50,red" for n in range(N_ITEMS)]
    items.append("new,thing new,camp 0,tag,1.0,red")
    (tmp_path / "train.csv").write_text("\n".join(train) + "\n", encoding="utf-8")
    (tmp_path / "items.csv").write_text("\n".join(items) + "\n", encoding="utf-8")
    (tmp_path / "users.txt").write_text("v0\nv1\nstranger\nv2\n", encoding="utf-8")
    return tmp_path


def evaluate(folder, train="train.csv", items="items.csv", top=4, output="recs.csv", **options):
    call_command(
        "evaluate",
        train=folder / train,
        items=folder / items,
        predict=folder / "users.txt",
        top=top,
        output=folder / output,
        **options,
    )
    return (folder / output).read_text(encoding="utf-8")


def lists(text):
    found = {}
    for row in csv.DictReader(text.splitlines()):
        found.setdefault(row["visitor"], []).append(row)
    return found


def test_every_visitor_gets_a_ranked_list_in_the_order_of_the_file(files):
    found = lists(evaluate(files))

    assert list(found) == ["v0", "v1", "stranger", "v2"]
    for rows in found.values():
        assert [row["rank"] for row in rows] == ["1", "2", "3", "4"]
        scores = [float(row["score"]) for row in rows]
        assert scores == sorted(scores, reverse=True)


def test_visitors_get_the_rest_of_their_camp_first(files):
    found = lists(evaluate(files, top=2))

    assert {camp_of(int(row["item"][1:])) for row in found["v1"]} == {1}


def test_what_a_visitor_has_is_not_suggested(files):
    had = {
        (row["visitor"], row["item"])
        for row in csv.DictReader((files / "train.csv").open(encoding="utf-8"))
    }
    found = lists(evaluate(files, top=N_ITEMS))

    assert not {(who, row["item"]) for who, rows in found.items() for row in rows} & had


def test_items_without_events_are_eligible(files):
    found = lists(evaluate(files, top=N_ITEMS))

    assert "new" in {row["item"] for row in found["v0"]}


@pytest.mark.parametrize("column", ["text", "story"])
def test_items_without_events_are_ordered_by_what_their_texts_say(files, column):
    """Titles and categories tell nothing; prose in a column of one's own is text too."""
    prose = "A long and winding story about everything that people of camp number{} like so much."
    items = [f"item,title,category,tags,{column}"]
    items += [f"i{n},thing,all,,{prose.format(camp_of(n))}" for n in range(N_ITEMS)]
    items += [f"new{camp},thing,all,,{prose.format(camp)}" for camp in range(3)]
    (files / "told.csv").write_text("\n".join(items), encoding="utf-8")

    found = lists(evaluate(files, items="told.csv", top=30))

    for visitor in (0, 1, 2):
        new = [row["item"] for row in found[f"v{visitor}"] if row["item"].startswith("new")]
        assert new[0] == f"new{visitor % 3}"


def test_unknown_visitors_get_what_is_popular(files):
    more = [f"extra{n},i5,1700000000,view," for n in range(30)]
    with (files / "train.csv").open("a", encoding="utf-8") as file:
        file.write("\n".join(more) + "\n")

    assert lists(evaluate(files))["stranger"][0]["item"] == "i5"


def test_the_same_files_and_seed_give_the_same_bytes(files):
    assert evaluate(files, seed=3) == evaluate(files, seed=3, output="again.csv")


def test_gzip_and_a_byte_order_mark_are_read(files):
    plain = (files / "train.csv").read_bytes()
    (files / "train.csv.gz").write_bytes(gzip.compress(b"\xef\xbb\xbf" + plain))

    assert evaluate(files, train="train.csv.gz") == evaluate(files, output="plain.csv")


def test_times_may_be_iso_seconds_or_milliseconds(files):
    text = (files / "train.csv").read_text(encoding="utf-8").splitlines()
    head, rows = text[0], [line.split(",") for line in text[1:]]
    for row in rows:
        row[2] += "000"
    (files / "ms.csv").write_text(
        "\n".join([head, *(",".join(row) for row in rows)]), encoding="utf-8"
    )

    assert evaluate(files, train="ms.csv") == evaluate(files, output="plain.csv")


def test_a_few_events_give_everybody_popularity(files):
    (files / "few.csv").write_text(
        "visitor,item,at\nv0,i1,2026-01-01\nv1,i2,2026-01-02T10:00:00Z\nv2,i2,2026-01-03\n",
        encoding="utf-8",
    )
    found = lists(evaluate(files, train="few.csv", top=1))

    assert {who: rows[0]["item"] for who, rows in found.items()} == {
        "v0": "i2",
        "v1": "i1",
        "stranger": "i2",
        "v2": "i1",
    }


def test_unavailable_items_are_not_suggested(files):
    (files / "shut.csv").write_text(
        "item,title,category,tags,available\n"
        + "\n".join(f"i{n},t,c,,{'false' if n < ITEMS_OF_A_CAMP else 'true'}" for n in range(24)),
        encoding="utf-8",
    )
    found = lists(evaluate(files, items="shut.csv", top=N_ITEMS))

    assert {camp_of(int(row["item"][1:])) for rows in found.values() for row in rows} <= {1, 2}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("visitor,at\nv,2026-01-01\n", "line 1 has no column item"),
        ("", "line 1 has no column visitor, item, at"),
        ("visitor,item,at\n", "no rows"),
        ("visitor,item,at\nv,i1,yesterday\n", "line 2 has “yesterday”"),
        ("visitor,item,at\nv,i1,nan\n", "line 2 has “nan”"),
        ("visitor,item,at\nv,i1,2026-01-01\nv,,2026-01-01\n", "line 3 has no item"),
        ("visitor,item,at\nv,i1\n", "line 2 has 2 values for 3 columns"),
        ("visitor,item,at\nv,i1,2026-01-01,extra\n", "line 2 has 4 values for 3 columns"),
        ('visitor,item,at\nv,"i1,2026-01-01\n', "is not CSV"),
        ("visitor,item,at\nv,i1,99999-01-01\n", "line 2 has"),
        ("visitor,item,at\nv\x00,i1,2026-01-01\n", "NUL"),
    ],
)
def test_bad_files_are_refused_with_their_line(files, text, sentence):
    (files / "bad.csv").write_text(text, encoding="utf-8")

    with pytest.raises(CommandError, match=sentence):
        evaluate(files, train="bad.csv")
    assert not (files / "recs.csv").exists()


def test_bytes_that_are_not_utf8_or_not_gzip_are_refused(files):
    (files / "latin.csv").write_bytes("visitor,item,at\nvé,i1,2026-01-01\n".encode("latin-1"))
    (files / "cut.csv.gz").write_bytes(gzip.compress((files / "train.csv").read_bytes())[:200])

    with pytest.raises(CommandError, match="UTF-8"):
        evaluate(files, train="latin.csv")
    with pytest.raises(CommandError, match="cannot be read"):
        evaluate(files, train="cut.csv.gz")
    with pytest.raises(CommandError, match="cannot be read"):
        evaluate(files, train="absent.csv")


def test_a_top_below_one_is_refused(files):
    with pytest.raises(CommandError, match="at least 1"):
        evaluate(files, top=0)
